"""The difference of two texts says all of both, in whole words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.differences import ADDED, KEPT, LONGEST_COMPARED, REMOVED, Piece, differences


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("", "", []),
        ("the same", "the same", [Piece(KEPT, "the same")]),
        ("", "new", [Piece(ADDED, "new")]),
        (
            "How long is the wait?",
            "How long is the average wait?",
            [Piece(KEPT, "How long is the "), Piece(ADDED, "average "), Piece(KEPT, "wait?")],
        ),
        (
            "My agent's office closed.",
            "My lawyer's office closed.",
            [
                Piece(KEPT, "My "),
                Piece(REMOVED, "agent's"),
                Piece(ADDED, "lawyer's"),
                Piece(KEPT, " office closed."),
            ],
        ),
        (
            "please tell me now",
            "kindly show me now",
            [
                Piece(REMOVED, "please tell"),
                Piece(ADDED, "kindly show"),
                Piece(KEPT, " me now"),
            ],
        ),
        (
            "שָׁלוֹם לכם!",
            "שָׁלוֹם לכולם!",
            [
                Piece(KEPT, "שָׁלוֹם "),
                Piece(REMOVED, "לכם"),
                Piece(ADDED, "לכולם"),
                Piece(KEPT, "!"),
            ],
        ),
        (
            "متى يفتح المكتب؟",
            "متى يغلق المكتب؟",
            [
                Piece(KEPT, "متى "),
                Piece(REMOVED, "يفتح"),
                Piece(ADDED, "يغلق"),
                Piece(KEPT, " المكتب؟"),
            ],
        ),
    ],
)
def test_what_was_kept_removed_and_added(before: str, after: str, pieces: list[Piece]) -> None:
    assert differences(before, after) == pieces


TEXTS = st.lists(st.sampled_from(["a", "be", "c'd", " ", "\n", "e\u0301", "؟", "שָׁלוֹם", "—"])).map(
    "".join
)


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_from_it_to_the_letter(before: str, after: str) -> None:
    pieces = differences(before, after)

    assert "".join(one.text for one in pieces if one.kind != ADDED) == before
    assert "".join(one.text for one in pieces if one.kind != REMOVED) == after
    assert all(one.text for one in pieces)


def test_texts_that_are_too_long_are_not_compared() -> None:
    """Comparing these two would take the better part of an hour."""
    before, after = "to be or " * 11_000, "or to be " * 11_000
    assert differences(before, after) == [Piece(REMOVED, before), Piece(ADDED, after)]
    assert differences(before, before) == [Piece(KEPT, before)]
    half = "w" * (LONGEST_COMPARED // 2 - 3)
    assert differences(f"{half} a", f"{half} b")[0] == Piece(KEPT, f"{half} ")
