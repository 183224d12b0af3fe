"""What was answered, counted; and which of it may be told by role category."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import figures
from qa.figures import Counted, Group

if TYPE_CHECKING:
    from engagements.figures import CategoryKind

groups_of_people = st.lists(
    st.tuples(
        st.sampled_from(["ordinary", "ordinary", "ordinary", "other", "not_stated"]),
        st.integers(0, 30),
    ),
    max_size=8,
)


def group(label: str, answers: int, kind: CategoryKind = "ordinary") -> Group:
    return Group(label, kind, Counted(answers, (answers, 0)))


def told(*groups: Group) -> list[tuple[str, int]] | None:
    found = figures.told_by_group(groups, other="Others")
    return None if found is None else [(label, counted.answers) for label, counted in found]


def test_each_person_counts_once_for_each_answer_chosen() -> None:
    chosen = [([1], 3), ([1, 2], 2), ([3], 1), ([9], 1), ([2, 2], 1)]
    assert figures.count(chosen, places=3) == Counted(8, (5, 3, 1))
    assert figures.count([], places=2) == Counted(0, (0, 0))


@pytest.mark.parametrize(
    ("kind", "answers", "counts", "percents"),
    [
        ("choice", 3, (1, 1, 1), [34, 33, 33]),
        ("scale", 7, (0, 0, 1, 2, 4), [0, 0, 14, 29, 57]),
        ("choice", 0, (0, 0), [0, 0]),
        ("several", 3, (3, 2, 1), [100, 67, 33]),
        ("several", 8, (1, 0), [13, 0]),
        ("several", 0, (0, 0), [0, 0]),
    ],
)
def test_percents(kind: str, answers: int, counts: tuple[int, ...], percents: list[int]) -> None:
    assert figures.percents(Counted(answers, counts), kind=kind) == percents


def test_the_mean_of_a_scale() -> None:
    assert figures.mean(Counted(4, (0, 1, 0, 2, 1))) == 3.8
    assert figures.mean(Counted(0, (0, 0, 0, 0, 0))) is None


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        # Nobody is told with fewer than 20 answers.
        ([group("A", 19)], None),
        ([group("A", 20)], [("A", 20)]),
        # A small category is told within "other", and others join until that is none itself.
        (
            [group("A", 15), group("B", 4), group("C", 2), group("O", 0, "other")],
            [("A", 15), ("O", 6)],
        ),
        ([group("A", 15), group("B", 6), group("C", 1)], [("A", 15), ("Others", 7)]),
        ([group("A", 20), group("C", 1)], None),
        ([group("A", 18), group("N", 2, "not_stated")], None),
        (
            [group("A", 18), group("N", 2, "not_stated"), group("O", 3, "other")],
            [("A", 18), ("O", 5)],
        ),
        ([group("N", 40, "not_stated")], None),
        ([group("A", 20), group("B", 0)], [("A", 20)]),
    ],
)
def test_small_categories(groups: list[Group], expected: list[tuple[str, int]] | None) -> None:
    assert told(*groups) == expected


@given(groups_of_people)
def test_nothing_small_is_ever_told_and_nobody_is_lost(
    drawn: list[tuple[CategoryKind, int]],
) -> None:
    groups = [group(f"G{place}", people, kind) for place, (kind, people) in enumerate(drawn)]
    people = sum(count for _kind, count in drawn)
    found = told(*groups)
    if found is not None:
        assert people >= 20
        assert all(count >= 5 for _label, count in found)
        assert sum(count for _label, count in found) == people
