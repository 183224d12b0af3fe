"""A readout as a Word document: real styles, for whoever has to work on with it."""

from __future__ import annotations

from datetime import UTC, datetime, time
from functools import singledispatch
from io import BytesIO
from itertools import zip_longest
from typing import TYPE_CHECKING, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Inches, Pt, RGBColor

from readouts import blocks
from readouts.document import Letterhead
from readouts.files import word_parts
from readouts.files.parts import contact_lines
from readouts.files.printable import chart_picture
from readouts.files.word_prose import add_prose
from readouts.wording import HOUSE, House, filled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from docx.document import Document as Word
    from docx.text.paragraph import Paragraph

    from readouts.document import Document

FACE: Final = "Georgia"
INK: Final = RGBColor(0x1B, 0x1B, 0x1B)
NAVY: Final = RGBColor(0x16, 0x2E, 0x51)
MUTED: Final = RGBColor(0x56, 0x5C, 0x65)
LINK: Final = RGBColor(0x00, 0x5E, 0xA2)

LONGEST_PROPERTY: Final = 255
"""Of a document, such as its title."""

_SIZES: Final = {"Title": 22, "Heading 1": 14, "Heading 2": 12, "Heading 3": 11, "Heading 4": 11}


def word_document(
    document: Document,
    *,
    published_on: date,
    notice: str = "",
    version: int = 1,
    letterhead: Letterhead | None = None,
    house: House = HOUSE,
) -> bytes:
    """DOCX, the same bytes each time. Its author is the office, never a person."""
    return written(
        blocks.paper(document, notice=notice),
        head=letterhead or Letterhead.of(document.facts),
        line=filled(house.version, version=version, date=house.dated(published_on)),
        page=house.page,
        published_on=published_on,
    )


def written(
    paper: blocks.Paper, *, head: Letterhead, line: str, page: str, published_on: date
) -> bytes:
    """See `word_document`. `line` stands below the title and at the foot, `page` counts there."""
    word = docx.Document()
    _style(word)
    _describe(word, paper, head, published_on)
    _letterhead(word, head)
    _head(word, paper, line)
    for block in paper.parts:
        _add(block, word, paper.language)
    _foot(word, f"{head.short_name} · {line}", page)
    return _repacked(word, published_on)


def _style(word: Word) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Inches(8.5), Inches(11)
    section.left_margin = section.right_margin = Inches(1.2)
    section.top_margin, section.bottom_margin = Inches(1), Inches(1)
    styles = word.styles
    styles["Normal"].font.size = Pt(11)
    styles["Normal"].font.color.rgb = INK
    word_parts.name_face(styles["Normal"], FACE)
    for name, size in _SIZES.items():
        word_parts.name_face(styles[name], FACE)
        styles[name].font.size, styles[name].font.color.rgb = Pt(size), NAVY
        styles[name].font.bold = True
    word_parts.without_border(styles["Title"])
    styles["Quote"].paragraph_format.left_indent = Inches(0.3)
    link = styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER)
    link.font.color.rgb, link.font.underline = LINK, True
    small = styles.add_style("Small Print", WD_STYLE_TYPE.PARAGRAPH)
    small.base_style = styles["Normal"]
    small.font.size, small.font.color.rgb = Pt(9), MUTED
    small.paragraph_format.space_after = Pt(2)
    office = styles.add_style("Office Name", WD_STYLE_TYPE.PARAGRAPH)
    office.base_style = styles["Normal"]
    office.font.size, office.font.bold, office.font.color.rgb = Pt(13), True, NAVY
    office.paragraph_format.space_after = Pt(2)


def _describe(word: Word, paper: blocks.Paper, head: Letterhead, published_on: date) -> None:
    word_parts.set_language(word, paper.language)
    word_parts.drop_thumbnail(word)
    core = word.core_properties
    core.title = word_parts.possible(paper.title)[:LONGEST_PROPERTY]
    core.subject = word_parts.possible(paper.label)[:LONGEST_PROPERTY]
    core.author = core.last_modified_by = word_parts.possible(head.name)[:LONGEST_PROPERTY]
    core.comments = core.keywords = ""
    core.created = core.modified = datetime.combine(published_on, time(), UTC)


def _letterhead(word: Word, head: Letterhead) -> None:
    if head.seal:
        run = word.add_paragraph().add_run()
        run.add_picture(BytesIO(head.seal), height=Inches(0.85))
        word_parts.describe_picture(run, head.name, head.seal_text)
    _line(word, head.department, "Small Print")
    _line(word, head.name, "Office Name")
    for words, address in contact_lines(head):
        paragraph = word_parts.add_paragraph(word, "Small Print")
        if address:
            word_parts.link_words(paragraph, words, address)
        else:
            word_parts.add_words(paragraph, words)


def _head(word: Word, paper: blocks.Paper, version: str) -> None:
    label = _line(word, paper.label, "Small Print")
    label.paragraph_format.space_before = Pt(24)
    _line(word, paper.title, "Title")
    _line(word, version, "Small Print").paragraph_format.space_after = Pt(12)


def _line(word: Word, text: str, style: str = "") -> Paragraph:
    paragraph = word_parts.add_paragraph(word, style)
    word_parts.turn(paragraph, text)
    word_parts.add_words(paragraph, text)
    return paragraph


def _foot(word: Word, words: str, page: str) -> None:
    paragraph = word.sections[0].footer.paragraphs[0]
    paragraph.style = "Small Print"
    word_parts.add_words(paragraph, f"{words} · ")
    for text, field in _fields(page):
        word_parts.add_words(paragraph, text)
        if field:
            word_parts.add_field(paragraph, field)


def _fields(page: str) -> Iterator[tuple[str, str]]:
    """ "Page $page of $pages" in pieces, each with the field that follows it."""
    before, _sign, rest = page.partition("$pages")
    texts = [*before.split("$page"), rest]
    yield from zip_longest(texts, ["PAGE", "NUMPAGES"][: len(texts) - 1], fillvalue="")


@singledispatch
def _add(block: blocks.Block, word: Word, language: str) -> None:
    raise TypeError(f"{type(block).__name__} is no part of a document")


@_add.register(blocks.Heading)
def _heading(block: blocks.Heading, word: Word, language: str) -> None:
    _line(word, block.words, "Heading 1")


@_add.register(blocks.Notice)
def _notice(block: blocks.Notice, word: Word, language: str) -> None:
    _line(word, block.words, "Intense Quote")


@_add.register(blocks.Paragraph)
def _paragraph(block: blocks.Paragraph, word: Word, language: str) -> None:
    _line(word, block.words)


@_add.register(blocks.Prose)
def _prose(block: blocks.Prose, word: Word, language: str) -> None:
    add_prose(word, block.source)
    if block.leads and word.paragraphs:
        word.paragraphs[-1].paragraph_format.keep_with_next = True


@_add.register(blocks.Bullets)
def _bullets(block: blocks.Bullets, word: Word, language: str) -> None:
    for item in block.items:
        _line(word, item, "List Bullet")


@_add.register(blocks.People)
def _people(block: blocks.People, word: Word, language: str) -> None:
    for line in block.lines:
        _line(word, line).paragraph_format.space_after = Pt(4)


@_add.register(blocks.Links)
def _links(block: blocks.Links, word: Word, language: str) -> None:
    for one in block.materials:
        paragraph = word_parts.add_paragraph(word, "List Bullet")
        word_parts.link_words(paragraph, one.title, one.address)
        if one.note:
            word_parts.add_words(paragraph, f" ({one.note})")


@_add.register(blocks.Answer)
def _answer(block: blocks.Answer, word: Word, language: str) -> None:
    question = word.add_paragraph()
    word_parts.turn(question, block.question)
    word_parts.add_words(question, block.question, bold=True)
    question.paragraph_format.keep_with_next = True
    add_prose(word, block.source)
    if block.answered_by:
        _line(word, block.answered_by, "Small Print")


@_add.register(blocks.Exchange)
def _exchange(block: blocks.Exchange, word: Word, language: str) -> None:
    _signed(word, block.question_sign, block.question, bold=True)
    if block.translation:
        _line(word, block.translated, "Small Print").paragraph_format.keep_with_next = True
        _line(word, block.translation).paragraph_format.keep_with_next = True
    _signed(word, block.answer_sign, block.answer[0] if block.answer else "")
    for words in block.answer[1:]:
        _line(word, words)
    if block.address:
        word_parts.link_words(word.add_paragraph(), block.address, block.address)
    for words in block.notes:
        _line(word, words, "Small Print")


def _signed(word: Word, sign: str, words: str, *, bold: bool = False) -> None:
    paragraph = word.add_paragraph()
    word_parts.turn(paragraph, words)
    word_parts.add_words(paragraph, f"{sign} ", bold=True)
    word_parts.add_words(paragraph, words, bold=bold)
    paragraph.paragraph_format.keep_with_next = bold or None
    if bold:
        paragraph.paragraph_format.space_before = Pt(14)


@_add.register(blocks.Chart)
def _chart(block: blocks.Chart, word: Word, language: str) -> None:
    run = word.add_paragraph().add_run()
    run.add_picture(BytesIO(chart_picture(block, language)), width=Inches(6))
    word_parts.describe_picture(run, block.title, block.words)
    lines = [block.columns, *((bar.words, bar.told, bar.share) for bar in block.bars)]
    table = word.add_table(len(lines), len(block.columns), style="Table Grid")
    for row, line in zip(table.rows, lines, strict=True):
        for place, (cell, words) in enumerate(zip(row.cells, line, strict=True)):
            paragraph = cell.paragraphs[0]
            word_parts.add_words(paragraph, words, bold=line is block.columns)
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(3)
            if place:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    word_parts.set_widths(table, (Inches(4), Inches(1.05), Inches(1.05)))
    word_parts.repeat_header(table)
    word_parts.describe_table(table, block.title)
    word.add_paragraph()


def _repacked(word: Word, published_on: date) -> bytes:
    """With the day of publication in place of the minute at which it was packed."""
    saved, packed = BytesIO(), BytesIO()
    word.save(saved)
    day = (max(published_on.year, 1980), published_on.month, published_on.day, 0, 0, 0)
    with ZipFile(saved) as before, ZipFile(packed, "w", ZIP_DEFLATED) as after:
        for part in before.infolist():
            named = ZipInfo(part.filename, day)
            named.compress_type = ZIP_DEFLATED
            after.writestr(named, before.read(part))
    return packed.getvalue()
