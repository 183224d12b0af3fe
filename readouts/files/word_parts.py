"""What python-docx leaves to its users: links, directions, lists that count anew, languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, cast

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from readouts.files.directions import runs_left

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.document import Document as Word
    from docx.shared import Length
    from docx.styles.style import BaseStyle, ParagraphStyle
    from docx.table import Table
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

# XML 1.0 has no place for the others.
_IMPOSSIBLE: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_REGIONS: Final = {
    "en": "en-US",
    "es": "es-US",
    "ar": "ar-SA",
    "zh": "zh-CN",
    "fr": "fr-FR",
    "ht": "ht-HT",
    "ko": "ko-KR",
    "vi": "vi-VN",
}
"""Word knows languages by their region."""


def possible(text: str) -> str:
    """Without what no XML file can carry."""
    return _IMPOSSIBLE.sub("\ufffd", text)


def region_of(language: str) -> str:
    return _REGIONS.get(language, language)


def add_paragraph(word: Word, style: str = "") -> Paragraph:
    """As the library does it, which looks through all styles each time."""
    made = word.add_paragraph()
    if style:
        cast("Any", made._p).style = style_key(style)
    return made


def style_run(run: Run, style: str) -> None:
    cast("Any", run._r).style = style_key(style)


def style_key(name: str) -> str:
    """Under which a style of the template, or one added by its name, is kept."""
    return name.replace(" ", "")


def add_words(paragraph: Paragraph, text: str, *, bold: bool = False, italic: bool = False) -> Run:
    """Words as a run of their own, which runs in their own direction."""
    run = paragraph.add_run(possible(text))
    run.bold, run.italic = bold or None, italic or None
    if runs_left(text):
        run.font.rtl = True
    return run


def turn(paragraph: Paragraph, text: str) -> None:
    """Let a paragraph run from right to left where its text does."""
    if runs_left(text):
        properties = cast("Any", paragraph._p.get_or_add_pPr())
        properties.append(OxmlElement("w:bidi"))
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
        # In a paragraph that is turned, "left" is where its lines begin.


def add_link(paragraph: Paragraph, address: str) -> Any:
    """An empty link into which runs can be moved. The address is a relationship of the file."""
    key = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), key)
    paragraph._p.append(link)
    return link


def link_words(paragraph: Paragraph, text: str, address: str) -> None:
    run = add_words(paragraph, text)
    style_run(run, "Hyperlink")
    add_link(paragraph, address).append(run._r)


def number_anew(word: Word, style: str, start: int) -> int:
    """The number of a list of its own in this style, which begins at `start`."""
    numbering = cast("Any", word.part.numbering_part.element)
    style_element = cast("Any", word.styles[style].element)
    first = numbering.num_having_numId(style_element.pPr.numPr.numId.val)
    made = numbering.add_num(first.abstractNumId.val)
    made.add_lvlOverride(ilvl=0).add_startOverride(start)
    return int(made.numId)


def number_with(paragraph: Paragraph, number: int) -> None:
    properties = cast("Any", paragraph._p.get_or_add_pPr()).get_or_add_numPr()
    properties.get_or_add_ilvl().val = 0
    properties.get_or_add_numId().val = number


def set_widths(table: Table, widths: Sequence[Length]) -> None:
    """Of the columns; some programs read them from the cells."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width


def repeat_header(table: Table) -> None:
    """The first row is a header, for readers and on every page that the table reaches."""
    row = cast("Any", table.rows[0]._tr).get_or_add_trPr()
    row.append(OxmlElement("w:tblHeader"))
    for other in table.rows:
        cast("Any", other._tr).get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def describe_table(table: Table, words: str) -> None:
    properties = cast("Any", table._tbl.tblPr)
    description = OxmlElement("w:tblDescription")
    description.set(qn("w:val"), possible(words))
    properties.append(description)


def describe_picture(run: Run, title: str, words: str) -> None:
    for properties in run._r.iter(qn("wp:docPr")):
        properties.set("title", possible(title))
        properties.set("descr", possible(words))


def add_field(paragraph: Paragraph, instruction: str) -> None:
    """A field that the program fills in, such as PAGE."""
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", instruction), ("separate", ""), ("end", "")):
        if kind:
            sign = OxmlElement("w:fldChar")
            sign.set(qn("w:fldCharType"), kind)
        else:
            sign = OxmlElement("w:instrText")
            sign.text = text
        run._r.append(sign)


def name_face(style: BaseStyle, face: str) -> None:
    """A typeface in place of that of the theme, which would win over it."""
    fonts = cast("Any", style.element).get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        if name.lower().endswith("theme"):
            del fonts.attrib[name]
    for script in ("w:ascii", "w:hAnsi", "w:cs"):
        fonts.set(qn(script), face)


def set_language(word: Word, language: str) -> None:
    for found in cast("Any", word.styles.element).iter(qn("w:lang")):
        found.set(qn("w:val"), region_of(language))
    word.core_properties.language = region_of(language)


def without_border(style: ParagraphStyle) -> None:
    properties = cast("Any", style.element).pPr
    for border in properties.findall(qn("w:pBdr")):
        properties.remove(border)


def drop_thumbnail(word: Word) -> None:
    """The picture of an empty page that the template brings."""
    relationships = word.part.package.rels
    for key in [key for key, one in relationships.items() if one.reltype.endswith("/thumbnail")]:
        del relationships[key]
