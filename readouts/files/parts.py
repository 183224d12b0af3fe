"""The parts of a document as the printable file's template takes them: data, nothing to run."""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING, Any

from readouts import blocks
from readouts.files.directions import runs_left
from readouts.files.typeset import to_typst

if TYPE_CHECKING:
    from collections.abc import Iterable

    from readouts.document import Letterhead


def directed(words: str) -> dict[str, Any]:
    return {"words": words, "left": runs_left(words)}


def contact_lines(head: Letterhead) -> list[tuple[str, str]]:
    """Words and the address that they lead to, or "": where the office is and how it is reached."""
    lines = [(line.strip(), "") for line in head.address.splitlines() if line.strip()]
    if head.website:
        lines.append((head.website.removeprefix("https://").rstrip("/"), head.website))
    if head.email:
        lines.append((head.email, f"mailto:{head.email}"))
    return lines


@singledispatch
def part(block: blocks.Block) -> dict[str, Any]:
    raise TypeError(f"{type(block).__name__} is no part of a document")


@part.register(blocks.Heading)
def _heading(block: blocks.Heading) -> dict[str, Any]:
    return {"kind": "heading"} | directed(block.words)


@part.register(blocks.Notice)
def _notice(block: blocks.Notice) -> dict[str, Any]:
    return {"kind": "notice"} | directed(block.words)


@part.register(blocks.Paragraph)
def _paragraph(block: blocks.Paragraph) -> dict[str, Any]:
    return {"kind": "paragraph"} | directed(block.words)


@part.register(blocks.Prose)
def _prose(block: blocks.Prose) -> dict[str, Any]:
    return {"kind": "prose", "source": to_typst(block.source), "leads": block.leads}


@part.register(blocks.Bullets)
def _bullets(block: blocks.Bullets) -> dict[str, Any]:
    return {"kind": "bullets", "items": _all(block.items)}


@part.register(blocks.People)
def _people(block: blocks.People) -> dict[str, Any]:
    return {"kind": "people", "items": _all(block.lines)}


@part.register(blocks.Links)
def _links(block: blocks.Links) -> dict[str, Any]:
    materials = [
        directed(one.title) | {"address": one.address, "note": one.note} for one in block.materials
    ]
    return {"kind": "links", "materials": materials}


@part.register(blocks.Answer)
def _answer(block: blocks.Answer) -> dict[str, Any]:
    said = {"kind": "answer", "source": to_typst(block.source), "by": block.answered_by}
    return said | directed(block.question)


@part.register(blocks.Exchange)
def _exchange(block: blocks.Exchange) -> dict[str, Any]:
    return {
        "kind": "exchange",
        "question_sign": block.question_sign,
        "question": directed(block.question),
        "translated": block.translated,
        "translation": directed(block.translation),
        "answer_sign": block.answer_sign,
        "answer": _all(block.answer),
        "address": block.address,
        "notes": _all(block.notes),
    }


@part.register(blocks.Chart)
def _chart(block: blocks.Chart) -> dict[str, Any]:
    bars = [
        {
            "words": bar.words,
            "people": bar.people,
            "told": bar.told,
            "share": bar.share,
        }
        for bar in block.bars
    ]
    return {"kind": "chart", "words": block.words, "columns": block.columns, "bars": bars}


def _all(lines: Iterable[str]) -> list[dict[str, Any]]:
    return [directed(line) for line in lines]
