"""The editors' Markdown, read one way for every writer, and written for the page.

No raw HTML, no images (their alternative text stays), links to the web and to mail addresses only.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Final

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_block import blockquote, list_block, table
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from markdown_it.parser_block import RuleFuncBlockType
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_core import StateCore

FIRST_HEADING: Final = 3
"""Level on the page, below its title and its sections."""

DEEPEST_HEADING: Final = 6

LONGEST_ADDRESS: Final = 2_000
"""Browsers promise no more, and a printable file holds at most 8,000."""

DEEPEST_BLOCK: Final = 10
"""Levels of lists (two each) and quotations. Deeper signs stay as typed: beyond twenty the parser
would drop the words with them."""

DEEPEST_EMPHASIS: Final = 8

MOST_COLUMNS: Final = 12
"""Of a table. What has more stays as typed: no paper is that wide."""

_SCHEMES: Final = frozenset({"http", "https", "mailto"})

_TAGS: Final = {
    *("p", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "hr"),
    *("strong", "em", "a", "code", "br"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}


def to_html(source: str) -> str:
    """Clean HTML whose first heading is an h3; no level is skipped on the way down."""
    html = _READER.render(source)
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes=set(_SCHEMES),
    )


def tree(source: str) -> SyntaxTreeNode:
    """The Markdown as a tree of what is allowed in it; its headings begin with an h3."""
    return SyntaxTreeNode(_READER.parse(source))


def heading_level(node: SyntaxTreeNode, first: int) -> int:
    """Of a heading, where the first one has this level."""
    return int(node.tag[1]) - FIRST_HEADING + first


def to_plain(source: str, *, with_addresses: bool = False) -> str:
    """Paragraphs on one line each, between blank lines. Of a link its words stay, and where they
    are wanted its address in brackets."""
    tokens = _READER.parse(source)
    if with_addresses:
        for token in tokens:
            token.children = list(_with_addresses(token.children or [])) or None
    return "\n\n".join(_plain_blocks(SyntaxTreeNode(tokens).children))


class _Reader(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 (named by the library)
        """Every link is read as one, so that `_restrict` can leave its words and drop the rest."""
        return True


def _shallow(rule: RuleFuncBlockType) -> RuleFuncBlockType:
    def begins(state: StateBlock, first: int, last: int, silent: bool) -> bool:
        return state.level < DEEPEST_BLOCK and rule(state, first, last, silent)

    return begins


def _narrow(rule: RuleFuncBlockType) -> RuleFuncBlockType:
    def begins(state: StateBlock, first: int, last: int, silent: bool) -> bool:
        header = state.src[state.bMarks[first] : state.eMarks[first]]
        return header.count("|") <= MOST_COLUMNS and rule(state, first, last, silent)

    return begins


def _restrict(state: StateCore) -> None:
    """Headings one below the other and not empty, links allowed, no images, no deep emphasis."""
    for token in state.tokens:
        if token.children:
            token.children = list(_restricted(token.children))
    state.tokens = _without_empty_headings(state.tokens)
    depths: list[int] = []
    for i, token in enumerate(state.tokens):
        if token.type == "heading_open":
            token.tag = f"h{_page_level(depths, int(token.tag[1]))}"
        elif token.type == "heading_close":
            token.tag = state.tokens[i - 2].tag


def _without_empty_headings(tokens: list[Token]) -> list[Token]:
    """Nobody can hear them, and a printable file with one is refused."""
    empty = {
        i
        for i, token in enumerate(tokens)
        if token.type == "heading_open" and not _words(tokens[i + 1].children or []).strip()
    }
    return [token for i, token in enumerate(tokens) if not empty & {i, i - 1, i - 2}]


def _page_level(depths: list[int], typed: int) -> int:
    """The level below the headings that this one stands under, however many the editor skipped."""
    while depths and depths[-1] >= typed:
        depths.pop()
    depths.append(typed)
    return min(FIRST_HEADING - 1 + len(depths), DEEPEST_HEADING)


def _with_addresses(tokens: Iterable[Token]) -> Iterator[Token]:
    """Its address after each link that does not spell it out already."""
    address = words = ""
    for token in tokens:
        if token.type == "link_open":
            address, words = str(token.attrs["href"]).removeprefix("mailto:"), ""
        elif token.type == "link_close" and address.rstrip("/") not in words:
            yield Token("text", "", 0, content=f" ({address})")
        words += token.content
        yield token


def _restricted(tokens: Iterable[Token]) -> Iterator[Token]:
    return _with_few_emphases(_with_allowed_links(tokens))


def _with_allowed_links(tokens: Iterable[Token]) -> Iterator[Token]:
    """Links never stand in links, so the next closing one belongs to the last opened."""
    drops = False
    for token in tokens:
        if token.type == "image":
            yield Token("text", "", 0, content=_words(token.children or []))
        elif token.type == "link_open":
            drops = not _is_allowed(str(token.attrs["href"]))
            if not drops:
                yield token
        elif token.type != "link_close" or not drops:
            yield token


def _with_few_emphases(tokens: Iterable[Token]) -> Iterator[Token]:
    depth = 0
    for token in tokens:
        if token.tag not in {"em", "strong"}:
            yield token
            continue
        depth += max(token.nesting, 0)
        if depth <= DEEPEST_EMPHASIS:
            yield token
        depth += min(token.nesting, 0)


def _is_allowed(address: str) -> bool:
    scheme = address.partition(":")[0].lower()
    return scheme in _SCHEMES and len(address) <= LONGEST_ADDRESS


def _words(tokens: Iterable[Token]) -> str:
    return "".join(_words_of(token) for token in tokens)


def _words_of(token: Token) -> str:
    if token.type in {"softbreak", "hardbreak"}:
        return " "
    return _words(token.children) if token.children else token.content


def _plain_blocks(nodes: Iterable[SyntaxTreeNode]) -> Iterator[str]:
    for node in nodes:
        if node.type in {"paragraph", "heading"}:
            yield plain_line(node)
        elif node.type in {"fence", "code_block"}:
            yield node.content.rstrip("\n")
        elif node.type in {"bullet_list", "ordered_list"}:
            yield "\n".join(_plain_items(node))
        elif node.type == "blockquote":
            yield from _plain_blocks(node.children)
        elif node.type == "table":
            yield "\n".join(" | ".join(plain_line(cell) for cell in row) for row in rows(node))


def _plain_items(node: SyntaxTreeNode) -> Iterator[str]:
    numbers = count(int(node.attrs.get("start", 1)))
    for item in node.children:
        sign = "-" if node.type == "bullet_list" else f"{next(numbers)}."
        body = "\n".join(_plain_blocks(item.children))
        yield f"{sign} " + body.replace("\n", "\n" + " " * (len(sign) + 1))


def rows(node: SyntaxTreeNode) -> list[list[SyntaxTreeNode]]:
    """The cells of a table by row; the first row is its header."""
    return [row.children for part in node.children for row in part.children]


def plain_line(node: SyntaxTreeNode) -> str:
    """The words of a node, on one line."""
    if node.type in {"softbreak", "hardbreak"}:
        return " "
    if node.type in {"text", "code_inline"}:
        return node.content
    return "".join(plain_line(child) for child in node.children)


_INTERRUPTED: Final = ["paragraph", "reference", "blockquote"]

_READER: Final = _Reader("commonmark", {"html": False}).enable("table")
_READER.block.ruler.at("table", _narrow(table), {"alt": ["paragraph", "reference"]})
_READER.block.ruler.at("list", _shallow(list_block), {"alt": _INTERRUPTED})
_READER.block.ruler.at("blockquote", _shallow(blockquote), {"alt": [*_INTERRUPTED, "list"]})
_READER.core.ruler.push("restrict", _restrict)
