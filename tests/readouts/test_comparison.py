from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from qa.differences import ADDED, KEPT, REMOVED
from readouts import comparison
from readouts.comparison import Figure, Line
from readouts.document import Document, SampleGroup, compose
from tests.readouts.contact_center import FACTS

if TYPE_CHECKING:
    from collections.abc import Iterable


def made(summary: str = "One.\n\nTwo.", *, samples: tuple[str, ...] = ("Why?",)) -> Document:
    return compose(FACTS, summary=summary, samples=[SampleGroup(samples)])


def told(lines: Iterable[Line]) -> list[list[tuple[str, str]]]:
    return [[(piece.kind, piece.text) for piece in line.pieces] for line in lines]


def test_the_same_text_differs_in_nothing() -> None:
    assert comparison.sections(made(), made()) == ()
    assert comparison.figures(FACTS, FACTS) == ()


def test_a_changed_word_is_found_in_its_paragraph() -> None:
    [section] = comparison.sections(made("One.\n\nTwo."), made("One.\n\nTwo, too."))
    assert section.key == "summary"
    assert told(section.lines) == [
        [(KEPT, "One.")],
        [(KEPT, "Two"), (ADDED, ", too"), (KEPT, ".")],
    ]


def test_paragraphs_come_and_go() -> None:
    [section] = comparison.sections(made("One.\n\nTwo."), made("Zero.\n\nOne.\n\nThree."))
    assert told(section.lines)[:2] == [[(ADDED, "Zero.")], [(KEPT, "One.")]]
    before = "".join(p.text for line in section.lines for p in line.pieces if p.kind != ADDED)
    after = "".join(p.text for line in section.lines for p in line.pieces if p.kind != REMOVED)
    assert (before, after) == ("One.Two.", "Zero.One.Three.")


def test_samples_title_and_what_follows_from_them() -> None:
    changed = comparison.sections(made(samples=("Why?",)), made(samples=("Why?", "How?")))
    assert [section.key for section in changed] == ["sample"]
    assert told(changed[0].lines) == [[(KEPT, "Why?")], [(ADDED, "How?")]]
    other = compose(replace(FACTS, title="Another"), summary="", samples=[])
    keys = [section.key for section in comparison.sections(made("", samples=()), other)]
    assert keys[0] == "title"


def test_figures_that_differ() -> None:
    fewer = replace(FACTS, joined=None, categories=(), questions=FACTS.questions + 1)
    found = comparison.figures(FACTS, fewer)
    assert found[:2] == (
        Figure("joined", FACTS.joined, None),
        Figure("questions", FACTS.questions, FACTS.questions + 1),
    )
    assert {figure.name for figure in found[2:]} == {
        category.noun_phrase for category in FACTS.categories
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a\n" * 20_000, "b\na\n" * 10_000),
        ("a " * 30_000, "b a " * 15_000),
        ("\n".join(f"x{i} " + "a b " * 75 for i in range(150)),
         "\n".join(f"y{i} " + "b a " * 75 for i in range(150))),
        ("\n".join(f"{i} {i * 7}" for i in range(8_000)),
         "\n".join(f"{i * 3} {i}" for i in range(8_000))),
    ],
    ids=["one line again and again", "one word again and again", "all new", "many lines"],
)  # fmt: skip
def test_the_longest_summaries_are_compared_in_a_moment(before: str, after: str) -> None:
    started = time.process_time()
    [section] = comparison.sections(made(before[:60_000]), made(after[:60_000]))
    assert section.lines
    assert time.process_time() - started < 8
