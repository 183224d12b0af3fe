"""A readout as Markdown that every reader of CommonMark shows alike."""

from __future__ import annotations

from functools import singledispatch
from itertools import count
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from readouts import blocks
from readouts.document import FIRST_SIGN, as_markdown, as_paragraph
from readouts.files.markup import heading_level, rows, tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from markdown_it.tree import SyntaxTreeNode

    from readouts.document import Document

FIRST_HEADING: Final = 2
"""Level below the title."""

# What may stand in an address between < and >, which keep everything else inside.
_ADDRESS_SIGNS: Final = "/:?#[]@!$&'()*+,;=%-._~"


def markdown(document: Document, *, notice: str = "", version: str = "") -> str:
    """The whole document, its title as the one heading of the first level."""
    parts = [
        as_paragraph(document.facts.office.name),
        f"**{as_paragraph(document.label)}**",
        f"# {as_paragraph(document.title)}",
        f"*{as_paragraph(version)}*" if version else "",
        *(_part(block) for block in blocks.blocks(document, notice=notice)),
    ]
    return "\n\n".join(filter(None, (part.strip("\n") for part in parts))) + "\n"


@singledispatch
def _part(block: blocks.Block) -> str:
    raise TypeError(f"{type(block).__name__} is no part of a document")


@_part.register(blocks.Heading)
def _section(block: blocks.Heading) -> str:
    return f"## {as_paragraph(block.words)}"


@_part.register(blocks.Notice)
def _notice(block: blocks.Notice) -> str:
    return f"> {as_paragraph(block.words)}"


@_part.register(blocks.Paragraph)
def _one(block: blocks.Paragraph) -> str:
    return as_paragraph(block.words)


@_part.register(blocks.Prose)
def _prose(block: blocks.Prose) -> str:
    return _all(tree(block.source).children)


@_part.register(blocks.Bullets)
def _bullets(block: blocks.Bullets) -> str:
    return _items(as_paragraph(item) for item in block.items)


@_part.register(blocks.People)
def _people(block: blocks.People) -> str:
    return _items(as_paragraph(line) for line in block.lines)


@_part.register(blocks.Links)
def _links(block: blocks.Links) -> str:
    return _items(
        f"[{as_paragraph(one.title)}](<{_address(one.address)}>)"
        + (f" ({as_paragraph(one.note)})" if one.note else "")
        for one in block.materials
    )


@_part.register(blocks.Answer)
def _answer(block: blocks.Answer) -> str:
    by = f"*{as_paragraph(block.answered_by)}*" if block.answered_by else ""
    parts = (f"**{as_paragraph(block.question)}**", _all(tree(block.source).children), by)
    return "\n\n".join(filter(None, parts))


@_part.register(blocks.Chart)
def _chart(block: blocks.Chart) -> str:
    lines = [
        [as_paragraph(column) for column in block.columns],
        ["---", "---:", "---:"],
        *([as_paragraph(bar.words), bar.told, bar.share] for bar in block.bars),
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _items(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _address(address: str) -> str:
    return quote(address, safe=_ADDRESS_SIGNS)


def _all(nodes: Iterable[SyntaxTreeNode]) -> str:
    return "\n\n".join(filter(None, (_WRITERS[node.type](node) for node in nodes)))


def _inline(node: SyntaxTreeNode) -> str:
    return "".join(_WRITERS[child.type](child) for child in node.children)


def _paragraph(node: SyntaxTreeNode) -> str:
    lines = _inline(node).split("\n")
    # The first signs of a line do not make it something else.
    return "\n".join(FIRST_SIGN.sub(r"\1\\\2", line.strip(), count=1) for line in lines)


def _heading(node: SyntaxTreeNode) -> str:
    return f"{'#' * heading_level(node, FIRST_HEADING)} {_on_one_line(node)}"


def _on_one_line(node: SyntaxTreeNode) -> str:
    return " ".join(_inline(node).replace("\\\n", " ").split())


def _list(node: SyntaxTreeNode) -> str:
    numbers = count(int(node.attrs.get("start", 1)))
    is_plain = node.type == "bullet_list"
    signs = ("-" if is_plain else f"{next(numbers)}." for _item in node.children)
    return "\n".join(
        f"{sign} {_indented(_all(item.children), len(sign) + 1)}".rstrip()
        for sign, item in zip(signs, node.children, strict=True)
    )


def _indented(text: str, width: int) -> str:
    return text.replace("\n", "\n" + " " * width)


def _table(node: SyntaxTreeNode) -> str:
    header, *others = ([_on_one_line(cell) for cell in row] for row in rows(node))
    lines = [header, ["---"] * len(header), *others]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _code(node: SyntaxTreeNode) -> str:
    lines = node.content.rstrip("\n").split("\n")
    return "\n".join(f"    {line}" for line in lines)


def _code_words(node: SyntaxTreeNode) -> str:
    longest = max((len(run) for run in node.content.split() if not run.strip("`")), default=0)
    fence = "`" * (longest + 1 + node.content.count("`"))
    return f"{fence} {node.content} {fence}"


def _link(node: SyntaxTreeNode) -> str:
    words = _inline(node)
    return f"[{words}](<{_address(str(node.attrs['href']))}>)" if words.strip() else words


def _emphasis(sign: str) -> Callable[[SyntaxTreeNode], str]:
    def write(node: SyntaxTreeNode) -> str:
        words = _inline(node)
        return f"{sign}{words}{sign}" if words.strip() else words

    return write


_WRITERS: Final[dict[str, Callable[[SyntaxTreeNode], str]]] = {
    "paragraph": _paragraph,
    "heading": _heading,
    "bullet_list": _list,
    "ordered_list": _list,
    "table": _table,
    "fence": _code,
    "code_block": _code,
    "blockquote": lambda node: "> " + _all(node.children).replace("\n", "\n> "),
    "hr": lambda _node: "---",
    "inline": _inline,
    "text": lambda node: as_markdown(node.content),
    "code_inline": _code_words,
    "em": _emphasis("*"),
    "strong": _emphasis("**"),
    "link": _link,
    "softbreak": lambda _node: "\n",
    "hardbreak": lambda _node: "\\\n",
}
