"""The editors' Markdown as paragraphs of a Word document, in its real styles."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from docx.enum.text import WD_BREAK

from readouts.files.markup import heading_level, plain_line, rows, tree
from readouts.files.word_parts import (
    add_link,
    add_paragraph,
    add_words,
    number_anew,
    number_with,
    possible,
    repeat_header,
    style_run,
    turn,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from docx.document import Document as Word
    from docx.text.paragraph import Paragraph
    from markdown_it.tree import SyntaxTreeNode

FIRST_HEADING: Final = 1
"""Level below the title, which has a style of its own."""

DEEPEST_LIST: Final = 3
"""Word's template has styles for so many levels."""


@dataclass(frozen=True)
class _Place:
    """Where blocks are put: so deep in lists, and in which style."""

    word: Word
    depth: int = 0
    style: str = ""
    number: int = 0

    def paragraph(self, text: str) -> Paragraph:
        made = add_paragraph(self.word, self.style)
        if self.number:
            number_with(made, self.number)
        turn(made, text)
        return made


@dataclass(frozen=True)
class _Look:
    """How the words of a run look."""

    bold: bool = False
    italic: bool = False
    is_code: bool = False
    is_link: bool = False


def add_prose(word: Word, source: str) -> None:
    _blocks(_Place(word), tree(source).children)


def _blocks(place: _Place, nodes: Iterable[SyntaxTreeNode]) -> None:
    for node in nodes:
        _WRITERS[node.type](place, node)


def _paragraph(place: _Place, node: SyntaxTreeNode) -> None:
    _runs(place.paragraph(plain_line(node)), node, _Look())


def _heading(place: _Place, node: SyntaxTreeNode) -> None:
    style = f"Heading {heading_level(node, FIRST_HEADING)}"
    _runs(replace(place, style=style, number=0).paragraph(plain_line(node)), node, _Look())


def _list(place: _Place, node: SyntaxTreeNode) -> None:
    level = min(place.depth + 1, DEEPEST_LIST)
    is_plain = node.type == "bullet_list"
    style = ("List Bullet" if is_plain else "List Number") + (f" {level}" if level > 1 else "")
    start = int(node.attrs.get("start", 1))
    number = 0 if is_plain else number_anew(place.word, style, start)
    following = "List Continue" + (f" {level}" if level > 1 else "")
    for item in node.children:
        own = replace(place, depth=level, style=style, number=number)
        begins = bool(item.children) and item.children[0].type == "paragraph"
        if begins:
            _paragraph(own, item.children[0])
        else:
            own.paragraph("")
        continued = replace(place, depth=level, style=following, number=0)
        _blocks(continued, item.children[begins:])


def _quote(place: _Place, node: SyntaxTreeNode) -> None:
    _blocks(replace(place, style="Quote", number=0), node.children)


def _code(place: _Place, node: SyntaxTreeNode) -> None:
    run = place.paragraph("").add_run(possible(node.content.rstrip("\n")))
    style_run(run, "Macro Text Char")


def _table(place: _Place, node: SyntaxTreeNode) -> None:
    cells = rows(node)
    table = place.word.add_table(len(cells), len(cells[0]), style="Table Grid")
    for row, given in zip(table.rows, cells, strict=True):
        for cell, words in zip(row.cells, given, strict=True):
            paragraph = cell.paragraphs[0]
            turn(paragraph, plain_line(words))
            _runs(paragraph, words, _Look(bold=given is cells[0]))
    repeat_header(table)
    place.word.add_paragraph()


def _runs(paragraph: Paragraph, node: SyntaxTreeNode, look: _Look) -> None:
    for child in node.children:
        _INLINE[child.type](paragraph, child, look)


def _text(paragraph: Paragraph, node: SyntaxTreeNode, look: _Look) -> None:
    if not node.content:
        return
    run = add_words(paragraph, node.content, bold=look.bold, italic=look.italic)
    if look.is_code or look.is_link:
        style_run(run, "Macro Text Char" if look.is_code else "Hyperlink")


def _space(paragraph: Paragraph, _node: SyntaxTreeNode, _look: _Look) -> None:
    paragraph.add_run(" ")


def _break(paragraph: Paragraph, _node: SyntaxTreeNode, _look: _Look) -> None:
    paragraph.add_run().add_break(WD_BREAK.LINE)


def _link(paragraph: Paragraph, node: SyntaxTreeNode, look: _Look) -> None:
    before = len(paragraph._p)
    _runs(paragraph, node, replace(look, is_link=True))
    made = list(paragraph._p)[before:]
    if made:
        link = add_link(paragraph, possible(str(node.attrs["href"])))
        link.extend(made)


_WRITERS: Final[dict[str, Callable[[_Place, SyntaxTreeNode], None]]] = {
    "paragraph": _paragraph,
    "heading": _heading,
    "bullet_list": _list,
    "ordered_list": _list,
    "table": _table,
    "fence": _code,
    "code_block": _code,
    "blockquote": _quote,
    "hr": lambda _place, _node: None,
}

_INLINE: Final[dict[str, Callable[[Paragraph, SyntaxTreeNode, _Look], None]]] = {
    "inline": _runs,
    "text": _text,
    "code_inline": lambda paragraph, node, look: _text(
        paragraph, node, replace(look, is_code=True)
    ),
    "em": lambda paragraph, node, look: _runs(paragraph, node, replace(look, italic=True)),
    "strong": lambda paragraph, node, look: _runs(paragraph, node, replace(look, bold=True)),
    "link": _link,
    "softbreak": _space,
    "hardbreak": _break,
}
