"""A readout as plain text: for mail, for search, for whoever wants nothing but the words."""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING

from readouts import blocks
from readouts.files.markup import to_plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from readouts.document import Document


def plain(document: Document, *, notice: str = "", version: str = "") -> str:
    """A paragraph is a line, between blank lines."""
    parts = [
        document.label,
        document.title,
        version,
        *(_text(block) for block in blocks.blocks(document, notice=notice)),
    ]
    return "\n\n".join(filter(None, (part.strip() for part in parts)))


@singledispatch
def _text(block: blocks.Block) -> str:
    raise TypeError(f"{type(block).__name__} is no part of a document")


@_text.register(blocks.Heading)
@_text.register(blocks.Notice)
@_text.register(blocks.Paragraph)
def _words(block: blocks.Heading | blocks.Notice | blocks.Paragraph) -> str:
    return block.words


@_text.register(blocks.Prose)
def _prose(block: blocks.Prose) -> str:
    return to_plain(block.source, with_addresses=True)


@_text.register(blocks.Bullets)
def _bullets(block: blocks.Bullets) -> str:
    return _listed(_one_line(item) for item in block.items)


@_text.register(blocks.People)
def _people(block: blocks.People) -> str:
    return "\n".join(block.lines)


@_text.register(blocks.Links)
def _links(block: blocks.Links) -> str:
    return _listed(
        f"{one.title} ({one.note}): {one.address}" if one.note else f"{one.title}: {one.address}"
        for one in block.materials
    )


@_text.register(blocks.Answer)
def _answer(block: blocks.Answer) -> str:
    parts = (
        _one_line(block.question),
        to_plain(block.source, with_addresses=True),
        block.answered_by,
    )
    return "\n\n".join(filter(None, parts))


@_text.register(blocks.Chart)
def _chart(block: blocks.Chart) -> str:
    rows = (f"{bar.words}: {bar.told} ({bar.share})" for bar in block.bars)
    return _listed(rows)


def _listed(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _one_line(text: str) -> str:
    return " ".join(text.split())
