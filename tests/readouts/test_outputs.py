"""All files of a version, read back: each says the same, and none does what its text says."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from readouts.document import (
    Document,
    FollowUp,
    Letterhead,
    MaterialLine,
    SampleGroup,
    as_paragraph,
    compose,
)
from readouts.files.markdown import markdown
from readouts.files.markup import to_plain
from readouts.files.outputs import write_all
from readouts.files.plain import plain
from readouts.provenance import Exclusion, Provenance, Source
from tests.engagements.test_letterhead import SEAL
from tests.readouts.contact_center import CLOSING, FACTS, OPENING, QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.document import Document as Word

LETTERHEAD = Letterhead(
    department="Department of Homeland Security",
    name="Office of the Citizenship and Immigration Services Ombudsman",
    short_name="CIS Ombudsman",
    address="Mail Stop 1225\nWashington, DC",
    email="office@dhs.example",
    website="https://office.example/",
    seal=SEAL,
    seal_text="Seal of the office",
)
SUMMARY = """# What was said

Staff *met* with [USCIS](https://www.uscis.gov/).

1. first
   - below it
2. second

Then:

5. fifth

## By month

| Month | Calls |
|-------|------:|
| May   | 1,204 |

> Quoted.
"""
DOCUMENT = compose(
    FACTS,
    summary=SUMMARY,
    samples=[
        SampleGroup(("Is there a line for attorneys?", "¿Cuánto tardará mi trámite?")),
        SampleGroup(("متى يفتح المكتب؟", "办公室什么时候开门"), "Hours"),
    ],
    has_chart=True,
    materials=[
        MaterialLine(
            "Slides", "https://x.example/slides", "PDF", 1_400_000, 47, "PDF, 1.4 MB, 47 pages"
        )
    ],
    answers=[FollowUp("Who answers?", "The *agency*.", "Carrie Selby, USCIS")],
)
CHART = (
    "Who joined, by role. Attorneys or legal representatives: 43%; Government employees: 19%; "
    "Employers: 8%; Petitioners or applicants: 7%; Advocacy groups: 2%; Other: 21%."
)
ON = date(2021, 6, 1)
JOINED = Provenance(
    key="joined",
    label="Joined",
    value=828,
    definition="Each once.",
    counted_from="Rows.",
    rows=828,
    counted_at="2021-04-14T19:00:00+00:00",
    digest="ab" * 32,
    exclusions=(Exclusion("Staff", 7), Exclusion("Host", 2)),
    sources=(Source("Jane's list.csv", "cd" * 32, "2021-04-14T18:00:00+00:00", "list", 7),),
    stated=True,
)
STATED = JOINED.to_json()
UNSTATED = replace(JOINED, key="registered", stated=False).to_json()


def written(document: Document = DOCUMENT, **options: Any) -> dict[str, bytes]:
    given: dict[str, Any] = {"notice": "Corrected: a name", "version": 2, "published_on": ON}
    return write_all(document, **given | options)


def opened(content: bytes) -> Word:
    return docx.Document(io.BytesIO(content))


def styled(word: Word) -> list[tuple[str, str]]:
    return [
        (paragraph.style.name, paragraph.text)
        for paragraph in word.paragraphs
        if paragraph.style is not None and paragraph.text
    ]


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return written(letterhead=LETTERHEAD, provenance=[STATED, UNSTATED])


def test_the_same_bytes_each_time(files: dict[str, bytes]) -> None:
    assert list(files) == ["pdf", "docx", "md", "txt", "json"]
    assert written(letterhead=LETTERHEAD, provenance=[STATED, UNSTATED]) == files


def test_every_text_says_the_same_in_the_same_order(files: dict[str, bytes]) -> None:
    pdf = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(files["pdf"])).pages)
    word = opened(files["docx"])
    texts = [pdf, "\n".join(text for _style, text in styled(word))]
    texts += [to_plain(files["md"].decode()), files["txt"].decode()]
    parts = [
        DOCUMENT.title,
        "Version 2, published June 1, 2021",
        "Corrected: a name",
        OPENING,
        "What was said",
        "second",
        "Then:",
        "fifth",
        "By month",
        QUESTIONS,
        "Is there a line for attorneys?",
        "¿Cuánto tardará mi trámite?",
        "Hours",
        CLOSING,
        "Who joined, by role",
        "Nathan Stiefel, Deputy Ombudsman, CIS Ombudsman's Office, DHS",
        "Slides",
        "PDF, 1.4 MB, 47 pages",
        "Who answers?",
        "The agency.",
        "Carrie Selby, USCIS",
    ]
    for text in texts:
        line = " ".join(text.split())
        places: list[int] = []
        for part in parts:
            places.append(line.find(part, places[-1] if places else 0))
        assert -1 not in places, (parts[places.index(-1)], line)


def test_word_has_real_styles(files: dict[str, bytes]) -> None:
    word = opened(files["docx"])
    styles = {text: style for style, text in styled(word)}
    assert [styles[text] for text in (DOCUMENT.title, "What was said", "By month")] == [
        "Title",
        "Heading 1",
        "Heading 2",
    ]
    assert styles["first"] == styles["fifth"] == "List Number"
    assert styles["below it"] == "List Bullet 2"
    assert styles["Quoted."] == "Quote"
    assert styles["Is there a line for attorneys?"] == "List Bullet"
    assert [text for style, text in styled(word) if style == "Heading 1"] == [
        "What was said",
        "Hours",
        "Who joined, by role",
        "Speakers",
        "Materials",
        "Follow-up questions and answers",
    ]


def test_word_tables_repeat_their_header(files: dict[str, bytes]) -> None:
    by_month, by_role = opened(files["docx"]).tables
    for table in (by_month, by_role):
        repeated = [bool(row._tr.findall(".//" + qn("w:tblHeader"))) for row in table.rows]
        assert repeated == [True, *[False] * (len(table.rows) - 1)]
    assert [[cell.text for cell in row.cells] for row in by_role.rows][:3] == [
        ["Role", "People", "Share"],
        ["Attorneys or legal representatives", "356", "43%"],
        ["Government employees", "157", "19%"],
    ]


def test_word_tells_pictures_links_language_and_the_office(files: dict[str, bytes]) -> None:
    word = opened(files["docx"])
    pictures = [one.get("descr") for one in word.element.iter(qn("wp:docPr"))]
    assert pictures == [
        "Seal of the office",
        CHART,
    ]
    targets = {rel.target_ref for rel in word.part.rels.values() if rel.is_external}
    assert targets == {
        "https://office.example/",
        "mailto:office@dhs.example",
        "https://www.uscis.gov/",
        "https://x.example/slides",
    }
    core = word.core_properties
    assert (core.title, core.author, core.last_modified_by) == (
        DOCUMENT.title,
        LETTERHEAD.name,
        LETTERHEAD.name,
    )
    assert (core.language, str(core.created)[:10]) == ("en-US", "2021-06-01")
    numbers = {
        paragraph.text: paragraph._p.find(".//" + qn("w:numId")).get(qn("w:val"))
        for paragraph in word.paragraphs
        if paragraph.text in {"first", "second", "fifth"}
    }
    assert numbers["first"] == numbers["second"] != numbers["fifth"]


def test_word_turns_what_runs_from_right_to_left(files: dict[str, bytes]) -> None:
    turned = [
        paragraph.text
        for paragraph in opened(files["docx"]).paragraphs
        if paragraph._p.findall(".//" + qn("w:bidi"))
    ]
    assert turned == ["متى يفتح المكتب؟"]


def test_json_tells_what_is_stated_as_the_page_does(files: dict[str, bytes]) -> None:
    told = json.loads(files["json"])
    assert told["facts"] == FACTS.to_json()
    hidden = replace(DOCUMENT, facts=replace(FACTS, registered=840, no_shows=12))
    assert json.loads(written(hidden)["json"])["facts"] == FACTS.to_json()
    assert told["document_sha256"] == DOCUMENT.digest
    source = {"sha256": "cd" * 32, "at": "2021-04-14T18:00:00+00:00", "kind": "list"}
    exclusions = [{"reason": "Staff", "count": 7}, {"reason": "Host", "count": None}]
    assert told["numbers"] == [STATED | {"sources": [source], "exclusions": exclusions}]
    assert (told["version"], told["published_on"]) == (2, "2021-06-01")


def test_a_document_in_arabic_runs_from_right_to_left() -> None:
    arabic = replace(DOCUMENT, language="ar", summary="مرحبا بكم")
    root: Any = PdfReader(io.BytesIO(written(arabic)["pdf"])).root_object
    assert (root["/Lang"], arabic.runs_left, DOCUMENT.runs_left) == ("ar", True, False)
    assert opened(written(arabic)["docx"]).core_properties.language == "ar-SA"


HOSTILE = [
    'file:///etc/passwd',
    "http://169.254.169.254/latest/meta-data/",
    "url(http://169.254.169.254/)",
    '#read("/etc/passwd") #image("/etc/passwd") #import "@preview/x:1.0.0"',
    '#eval("1+1") $x$ @ref <label> ] [ \\ `code` {x.__init__}',
    "![x](http://169.254.169.254/x.png) [y](file:///etc/passwd) [z](javascript:alert(1))",
    '<img src="http://169.254.169.254/"><style>*{background:url(file:///etc/passwd)}</style>',
    "=cmd|' /C calc'!A0",
    "]]></w:t></w:r><w:p/> &lt; &amp; <?xml version='1.0'?>",
]  # fmt: skip


@pytest.fixture
def opened_paths() -> Iterator[list[str]]:
    """Everything that Python opens or connects to while the test runs."""
    seen: list[str] = []
    is_on = [True]

    def watch(event: str, args: tuple[Any, ...]) -> None:
        if is_on[0] and event in {"open", "socket.connect", "socket.getaddrinfo", "os.system"}:
            seen.append(f"{event} {args[0]!r}")

    sys.addaudithook(watch)
    yield seen
    is_on[0] = False


def test_hostile_words_stay_words_and_open_nothing(opened_paths: list[str]) -> None:
    text = " ".join(HOSTILE)
    hostile = replace(
        DOCUMENT,
        title=text,
        summary="\n\n".join(HOSTILE),
        attendance=as_paragraph(text),
        closing=as_paragraph(text),
        samples=(SampleGroup(tuple(HOSTILE), text),),
        speakers=(text,),
        materials=(MaterialLine(text, "file:///etc/passwd", note=text),),
        answers=(FollowUp(text, text, text),),
        bars=tuple(replace(bar, words=text) for bar in DOCUMENT.bars),
    )
    head = replace(LETTERHEAD, name=text, address=text, website="file:///etc/passwd", email=text)
    made = written(hostile, notice=text, letterhead=head)
    pdf = PdfReader(io.BytesIO(made["pdf"]))
    said = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    assert '#read("/etc/passwd")' in said
    assert "root:" not in said
    foreign = [one for one in opened_paths if "passwd" in one or "169.254" in one]
    assert foreign == []
    assert [one for one in opened_paths if not one.startswith("open ")] == []


def test_hostile_addresses_are_no_links() -> None:
    made = written(replace(DOCUMENT, summary="\n\n".join(HOSTILE)))
    word = opened(made["docx"])
    targets = {rel.target_ref for rel in word.part.rels.values() if rel.is_external}
    assert targets == {"https://x.example/slides"}
    pdf = PdfReader(io.BytesIO(made["pdf"]))
    links = {
        str(note.get_object()["/A"]["/URI"])
        for page in pdf.pages
        for note in page.get("/Annots", [])
    }
    assert links == {"https://x.example/slides"}
    assert b"javascript:alert" not in made["md"].replace(b"\\", b"")


def test_word_names_no_person_and_no_clock(files: dict[str, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(files["docx"])) as packed:
        assert {part.date_time for part in packed.infolist()} == {(2021, 6, 1, 0, 0, 0)}
        assert not [name for name in packed.namelist() if "thumbnail" in name]
        core = packed.read("docProps/core.xml").decode()
    assert "python-docx" not in core


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="ab1 .)-+=#>*_`[]()<>!|\\~&;\n\t", max_size=80))
def test_words_survive_markdown(words: str) -> None:
    assert to_plain(as_paragraph(words)) == " ".join(words.split())


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="ab1 .)-+=#>|\n", max_size=80))
def test_markdown_reads_like_its_source(summary: str) -> None:
    once = replace(DOCUMENT, summary=summary, samples=())
    again = replace(once, summary=_section(markdown(once)))
    assert plain(again).split() == plain(once).split()


def _section(text: str) -> str:
    """What stands between the opening and the attendance."""
    after = text.split("Contact Center.\n\n", 1)[1]
    return after.split("A total of 828", 1)[0]
