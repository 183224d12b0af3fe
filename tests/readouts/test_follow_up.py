"""The document of an edition, and its files: pure, nothing of a database."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader

from readouts import follow_up
from readouts.files import printable, word
from readouts.follow_up import Entry, FollowUpDocument
from tests.readouts.test_outputs import LETTERHEAD

ENTRIES = (
    Entry(
        number=17,
        question="Is there a line for attorneys?\nAnd for employers?",
        status=follow_up.ANSWERED,
        label="Hours",
        answer="Yes.\n\nIt opens at nine.",
        answered_by="Answered by Field Operations Directorate, USCIS",
        notes=("Received April 14, 2021", "Answered May 3, 2021"),
        correction_note="Corrected: the hour",
        version=2,
    ),
    Entry(
        number=3,
        question="¿Cuánto tardará mi trámite?",
        status=follow_up.SEE_PAGE,
        language="es",
        translation="How long will my case take?",
        translation_language="en",
        translated="Translation, made by a person",
        said="See this page:",
        page_url="https://www.uscis.gov/processing-times?form=I-130&office=" + "x" * 200,
    ),
    Entry(
        number=4,
        question="متى يفتح المكتب؟",
        status=follow_up.ANSWERED,
        language="ar",
        answer="يفتح المكتب في التاسعة",
    ),
    Entry(
        number=5,
        question="办公室什么时候开门",
        status=follow_up.DECLINED,
        said="The agency declines to answer.",
        answer="<b>#let x = 1</b> $x$ *not bold* = 1+1",
    ),
    Entry(number=6, question="Why?", status=follow_up.OPEN, said="Not answered yet."),
)
DOCUMENT = FollowUpDocument(
    label="Follow-up questions and answers",
    title="The Ombudsman's Webinar Series: The USCIS Contact Center",
    opening="These questions were asked in writing.",
    counted="So far 131 of 163 questions are answered.",
    unlisted="12 more questions that the agency got are not listed here.",
    other_questions="Other questions",
    correction="Corrected: the hour",
    language="en",
    agency="U.S. Citizenship and Immigration Services",
    answered=131,
    questions=163,
    entries=ENTRIES,
)
OPTIONS: dict[str, Any] = {
    "head": LETTERHEAD,
    "line": "Edition 2, published May 18, 2021",
    "page": "Page $page of $pages",
    "published_on": date(2021, 5, 18),
}


def printed(document: FollowUpDocument) -> bytes:
    return printable.printed(follow_up.paper(document), **OPTIONS)


def test_a_document_comes_back_from_its_json_with_the_same_digest() -> None:
    stored = json.loads(json.dumps(DOCUMENT.to_json()))
    assert FollowUpDocument.from_json(stored) == DOCUMENT
    assert FollowUpDocument.from_json(stored).digest == DOCUMENT.digest
    assert replace(DOCUMENT, answered=132).digest != DOCUMENT.digest


def test_entries_stand_by_topic_and_number_and_headings_only_where_there_are_several() -> None:
    ordered = follow_up.ordered(reversed(ENTRIES), ["Fees", "Hours"])
    assert [entry.number for entry in ordered] == [17, 3, 4, 5, 6]
    assert [heading for heading, _group in DOCUMENT.groups] == ["Hours", "Other questions"]
    alone = replace(DOCUMENT, entries=ENTRIES[1:])
    assert [heading for heading, _group in alone.groups] == [""]
    assert replace(DOCUMENT, entries=()).groups == ()


def test_the_printable_file_has_every_word_and_is_the_same_each_time() -> None:
    file = printed(DOCUMENT)
    reader = PdfReader(io.BytesIO(file))
    words = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    for told in ("Q17.", "A17.", "And for employers?", "It opens at nine.", "Corrected: the hour",
                 "Translation, made by a person", "$x$ *not bold*", "办公室什么时候开门",
                 "131 of 163", "Edition 2, published May 18, 2021"):  # fmt: skip
        assert told in words
    assert reader.metadata is not None
    assert reader.metadata.author == LETTERHEAD.name
    links = [
        note.get_object()["/A"]["/URI"]
        for page in reader.pages
        for note in page.get("/Annots", [])
        if "/A" in note.get_object()
    ]
    assert ENTRIES[1].page_url in links
    assert printed(DOCUMENT) == file


def test_the_word_document_has_every_word_in_its_direction() -> None:
    file = word.written(follow_up.paper(DOCUMENT), **OPTIONS)
    read = docx.Document(io.BytesIO(file))
    texts = [paragraph.text for paragraph in read.paragraphs]
    assert "Q17. Is there a line for attorneys?\nAnd for employers?" in texts
    assert "A17. Yes." in texts
    assert "It opens at nine." in texts
    turned = [
        paragraph.text
        for paragraph in read.paragraphs
        if paragraph._p.pPr is not None and paragraph._p.pPr.find(qn("w:bidi")) is not None
    ]
    assert turned == ["Q4. متى يفتح المكتب؟", "A4. يفتح المكتب في التاسعة"]
    assert read.core_properties.author == LETTERHEAD.name
    asked = read.paragraphs[texts.index("Q17. Is there a line for attorneys?\nAnd for employers?")]
    assert asked.paragraph_format.space_before == docx.shared.Pt(14)
    assert word.written(follow_up.paper(DOCUMENT), **OPTIONS) == file


def test_a_character_that_no_font_has_is_named() -> None:
    strange = replace(ENTRIES[0], answer="\U0001fffd")
    with pytest.raises(printable.Unprintable):
        printed(replace(DOCUMENT, entries=(strange,)))
