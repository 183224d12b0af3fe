"""The file itself is read back: what it says, what a screen reader is told, what it refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from readouts.document import SampleGroup, as_markdown, compose
from readouts.files.printable import Unprintable, printable
from tests.readouts.contact_center import CLOSING, FACTS, OPENING, SHARES

if TYPE_CHECKING:
    from readouts.document import Document

HOSTILE = '#read("/etc/passwd") $x$ @ref <label> ] [ \\ `#eval` // {x.__init__} #include "/x"'
DOCUMENT = compose(
    FACTS,
    summary="# What was said\n\nStaff *engaged* with [USCIS](https://www.uscis.gov/).",
    samples=[
        SampleGroup(
            ("Is there a line for attorneys?", "¿Cuánto tardará mi trámite, señor? ÁÉÍÓÚÜÑ")
        )
    ],
)


def read(document: Document, *, notice: str | None = None, version: int = 1) -> PdfReader:
    pdf = printable(document, published_on=date(2021, 6, 1), notice=notice, version=version)
    return PdfReader(BytesIO(pdf))


def words(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_says_everything_in_order() -> None:
    text = words(read(DOCUMENT))
    parts = [
        "Department of Homeland Security",
        "Office of the Citizenship and Immigration Services Ombudsman",
        "Engagement Readout",
        "The CIS Ombudsman's Webinar Series: The USCIS Contact Center",
        "Version 1, published June 1, 2021",
        OPENING,
        "What was said",
        "Staff engaged with USCIS.",
        SHARES,
        "• Is there a line for attorneys?",
        "• ¿Cuánto tardará mi trámite, señor? ÁÉÍÓÚÜÑ",
        CLOSING,
        "Speakers",
        "Nathan Stiefel, Deputy Ombudsman, CIS Ombudsman's Office, DHS",
        "Page 1 of 1",
    ]
    places = [text.find(part) for part in parts]
    assert -1 not in places
    assert places == sorted(places)


def test_tells_a_screen_reader_what_it_is() -> None:
    reader = read(DOCUMENT)
    root: Any = reader.root_object
    assert reader.metadata is not None
    assert reader.metadata.title == DOCUMENT.title
    assert reader.metadata.author == FACTS.office.name
    assert root["/Lang"] == "en"
    assert str(reader.metadata.creation_date) == "2021-06-01 00:00:00+00:00"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert [entry["/Title"] for entry in (reader.outline[0], *reader.outline[1])] == [
        DOCUMENT.title,
        "What was said",
        "Speakers",
    ]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()


def test_is_the_same_file_each_time() -> None:
    first, second = (printable(DOCUMENT, published_on=date(2021, 6, 1)) for _ in range(2))
    assert first == second
    assert first != printable(DOCUMENT, published_on=date(2021, 6, 2))


def test_a_correction_says_so() -> None:
    text = words(read(DOCUMENT, notice="Corrects the number of questions.", version=2))
    assert "Version 2, published June 1, 2021 Corrects the number of questions. On April" in text


def test_numbers_its_pages() -> None:
    reader = read(replace(DOCUMENT, samples=(SampleGroup(("Why? " * 300,) * 6),)))
    count = len(reader.pages)
    assert count > 1
    assert [page.extract_text().split("\n")[-1].split("2021 ")[-1] for page in reader.pages] == [
        f"Page {n} of {count}" for n in range(1, count + 1)
    ]


def test_hostile_text_stays_text() -> None:
    hostile = replace(
        DOCUMENT,
        title=HOSTILE,
        summary=f"    {HOSTILE}",
        samples=(SampleGroup((HOSTILE,)),),
        speakers=(HOSTILE,),
        closing=as_markdown(HOSTILE),
    )
    assert words(read(hostile, notice=HOSTILE)).count(HOSTILE) == 6


def test_a_word_without_end_stays_on_the_page() -> None:
    reader = read(replace(DOCUMENT, samples=(SampleGroup(("y" * 2_000,)),)))
    assert words(reader).count("y" * 60) > 20


def test_names_characters_that_it_cannot_print() -> None:
    document = replace(
        DOCUMENT, samples=(SampleGroup(("𓀀 and 漢, which is known", "\x01")),), summary="𒀀\u200d𒀁"
    )
    with pytest.raises(Unprintable) as refusal:
        printable(document, published_on=date(2021, 6, 1))
    assert sorted(refusal.value.characters) == ["\x01", "𒀀", "𒀁", "𓀀"]
    assert "𓀀 (U+13000 EGYPTIAN HIEROGLYPH A001)" in str(refusal.value)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.text(alphabet='#"\\$@`[](){}<>*_=-+/~;:.!1 \n\ta', max_size=120))
@example("", "> " * 30 + "x")
@example("\u200b", "# \u200b\n\n# &nbsp;\n\n# \u00ad")
@example("\t\n", "- # a\n\n> ## b\n\n[](http://a) ** **\n\n-\n\n0. x")
def test_any_text_is_printed_or_refused_in_words(typed: str, summary: str) -> None:
    document = replace(
        DOCUMENT, samples=(SampleGroup((typed,)),), summary=summary, speakers=(typed,)
    )
    try:
        pdf = printable(document, published_on=date(2021, 6, 1), notice=typed)
    except Unprintable as refusal:
        assert set(refusal.characters) <= set(typed + summary)
    else:
        assert pdf.startswith(b"%PDF-1.7")
