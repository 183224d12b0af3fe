"""The editors' Markdown as Typst markup."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from readouts.files.directions import runs_left
from readouts.files.markup import heading_level, plain_line, rows, tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from markdown_it.tree import SyntaxTreeNode

FIRST_HEADING: Final = 2
"""Level in the printable file, below its title."""


def to_typst(source: str) -> str:
    """Typst markup in which every typed word is a string: nothing typed can be run."""
    return _all(tree(source).children)


def _all(nodes: Iterable[SyntaxTreeNode]) -> str:
    return "".join(_WRITERS[node.type](node) for node in nodes)


def _children(node: SyntaxTreeNode) -> str:
    return _all(node.children)


def _paragraph(node: SyntaxTreeNode) -> str:
    return _turned(node, _children(node)) + "\n\n"


def _heading(node: SyntaxTreeNode) -> str:
    level = heading_level(node, FIRST_HEADING)
    return _turned(node, f"#heading(level: {level})[{_children(node)}];") + "\n\n"


def _list(node: SyntaxTreeNode) -> str:
    items = ", ".join(f"[{_children(item)}]" for item in node.children)
    return _turned(node, f"#list({items});") + "\n\n"


def _enumeration(node: SyntaxTreeNode) -> str:
    items = ", ".join(f"[{_children(item)}]" for item in node.children)
    start = int(node.attrs.get("start", 1))
    return _turned(node, f"#enum(start: {start}, {items});") + "\n\n"


def _table(node: SyntaxTreeNode) -> str:
    header, *others = rows(node)
    cells = ", ".join(_cell(cell) for row in others for cell in row)
    head = ", ".join(_cell(cell) for cell in header)
    return f"#table(columns: {len(header)}, table.header({head}), {cells});\n\n"


def _cell(node: SyntaxTreeNode) -> str:
    return f"[{_turned(node, _children(node))}]"


def _code(node: SyntaxTreeNode) -> str:
    return f"#raw({_literal(node.content.rstrip(chr(10)))}, block: true);\n\n"


def _link(node: SyntaxTreeNode) -> str:
    words = _children(node)
    return f"#link({_literal(str(node.attrs['href']))})[{words}];" if words else ""


def _text(node: SyntaxTreeNode) -> str:
    return f"#{_literal(node.content)};" if node.content else ""


def _turned(node: SyntaxTreeNode, markup: str) -> str:
    return f"#turned[{markup}];" if runs_left(plain_line(node)) else markup


def _literal(text: str) -> str:
    """A Typst string. Inside its quotes nothing but backslash and quote has a meaning."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


_WRITERS: Final[dict[str, Callable[[SyntaxTreeNode], str]]] = {
    "paragraph": _paragraph,
    "heading": _heading,
    "bullet_list": _list,
    "ordered_list": _enumeration,
    "table": _table,
    "fence": _code,
    "code_block": _code,
    "blockquote": lambda node: f"#quote(block: true)[{_children(node)}];\n\n",
    "hr": lambda _node: "#pdf.artifact(line(length: 100%, stroke: 0.5pt + luma(60%)));\n\n",
    "inline": _children,
    "text": _text,
    "code_inline": lambda node: f"#raw({_literal(node.content)});",
    "em": lambda node: f"#emph[{_children(node)}];",
    "strong": lambda node: f"#strong[{_children(node)}];",
    "link": _link,
    "softbreak": lambda _node: '#" ";',
    "hardbreak": lambda _node: "#linebreak();",
}
