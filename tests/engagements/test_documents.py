"""What is taken as a document, by its content, and what is refused."""

from __future__ import annotations

import time

import pytest

from engagements.files import documents
from engagements.refusals import Refused
from tests.engagements import papers
from tests.engagements.papers import OPEN_DOCUMENT, OPEN_XML

LOCKED_ODT = (
    '<m:manifest xmlns:m="x"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>'
)


@pytest.mark.parametrize(
    ("name", "content", "content_type", "pages"),
    [
        ("a.pdf", papers.pdf(3), "application/pdf", 3),
        ("A.PDF", papers.pdf(), "application/pdf", 1),
        ("a.docx", papers.open_xml("docx"), f"{OPEN_XML}wordprocessingml.document", None),
        ("a.pptx", papers.slides(12), f"{OPEN_XML}presentationml.presentation", 12),
        ("a.xlsx", papers.open_xml("xlsx"), f"{OPEN_XML}spreadsheetml.sheet", None),
        ("a.odt", papers.open_document("text"), f"{OPEN_DOCUMENT}text", None),
        ("a.odp", papers.open_document("presentation"), f"{OPEN_DOCUMENT}presentation", None),
        ("a.txt", "Grüße\n".encode(), "text/plain", None),
        ("a.txt", "Grüße\n".encode("utf-16"), "text/plain", None),
        ("a.csv", b"\xef\xbb\xbfa,b\n=1+1,2\n", "text/csv", None),
        ("a.png", papers.png(), "image/png", None),
        ("a.jpg", papers.JPEG, "image/jpeg", None),
        ("a.jpeg", papers.JPEG, "image/jpeg", None),
    ],
)
def test_a_document_is_what_its_content_says(
    name: str, content: bytes, content_type: str, pages: int | None
) -> None:
    assert documents.read(name, content) == documents.Document(name, content_type, content, pages)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.exe", b"MZ", "file_type"),
        ("a.html", b"<p>", "file_type"),
        ("a.svg", b"<svg/>", "file_type"),
        ("a.docm", papers.open_xml("docx"), "file_type"),
        ("pdf", papers.pdf(), "file_type"),
        ("a.pdf.exe", papers.pdf(), "file_type"),
        ("a.pdf", b"", "file_empty"),
        ("a.pdf", b"<html>", "file_content"),
        ("a.pdf", b"%PDF-1.7 and nothing more", "file_damaged"),
        ("a.pdf", papers.pdf(2)[:200], "file_damaged"),
        ("a.pdf", papers.pdf(password="secret"), "file_locked"),
        ("a.docx", papers.pdf(), "file_content"),
        ("a.docx", papers.open_xml("xlsx"), "file_content"),
        ("a.docx", papers.packed({"a.txt": "a"}), "file_content"),
        ("a.docx", papers.open_xml("docx")[:60], "file_damaged"),
        ("a.docx", papers.OLD_OFFICE, "file_locked"),
        ("a.docx", papers.open_xml("docx", more={"word/vbaProject.bin": b"x"}), "file_macros"),
        (
            "a.xlsx",
            papers.open_xml("xlsx", more={"xl/macrosheets/sheet1.xml": b"x"}),
            "file_macros",
        ),
        (
            "a.docx",
            papers.open_xml("docx", "application/vnd.ms-word.document.macroEnabled.main+xml"),
            "file_macros",
        ),
        ("a.docx", papers.bomb(40), "file_bomb"),
        (
            "a.docx",
            papers.open_xml("docx", more={f"{number}": b"" for number in range(10_001)}),
            "file_bomb",
        ),
        ("a.odt", papers.open_document("text", LOCKED_ODT), "file_locked"),
        ("a.odt", papers.open_document("text", more={"Basic/script.xml": "<x/>"}), "file_macros"),
        ("a.odt", papers.open_document("presentation"), "file_content"),
        ("a.txt", b"MZ\x00\x01", "file_content"),
        ("a.txt", "Grüße".encode("latin-1"), "file_text"),
        ("a.csv", papers.png(), "file_text"),
        ("a.png", papers.JPEG, "file_content"),
        ("a.jpg", b"GIF89a", "file_content"),
        ("a.txt", b"a" * (documents.MOST_BYTES + 1), "file_large"),
    ],
)
def test_what_is_no_document_is_refused_in_words(name: str, content: bytes, code: str) -> None:
    started = time.process_time()
    with pytest.raises(Refused) as refused:
        documents.read(name, content)
    assert refused.value.code == code
    assert str(refused.value).endswith(".")
    assert time.process_time() - started < 2


def test_what_unpacks_to_more_than_any_document_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = papers.open_xml("docx")
    monkeypatch.setattr(documents, "MOST_UNPACKED", 300)
    assert documents.read("a.docx", content).name == "a.docx"
    monkeypatch.setattr(documents, "MOST_UNPACKED", 100)
    with pytest.raises(Refused) as refused:
        documents.read("a.docx", content)
    assert refused.value.code == "file_bomb"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\Users\\nell\\Slides.txt", "Slides.txt"),
        ("../../etc/notes.txt", "notes.txt"),
        ('a"\r\nSet-Cookie: x.txt', 'a" Set-Cookie: x.txt'),
        ("\u202egnp.txt", "gnp.txt"),
        ("x" * 300 + ".txt", "x" * 120 + ".txt"),
        ("...txt", "file.txt"),
    ],
)
def test_a_name_is_kept_as_the_last_part_of_a_path_in_one_line(given: str, kept: str) -> None:
    assert documents.read(given, b"a").name == kept
