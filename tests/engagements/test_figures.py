from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagements.figures import STEP, CategoryKind, Interval, Presence, course, told, union
from tests.factories import START

MINUTE = timedelta(minutes=1)
WINDOW = (START - timedelta(hours=2), START + timedelta(hours=6))

OFFSETS = st.integers(-30, 240).map(lambda minutes: START + minutes * MINUTE)
INTERVALS = st.tuples(OFFSETS, st.integers(0, 90)).map(
    lambda pair: (pair[0], pair[0] + pair[1] * MINUTE)
)
PEOPLE = st.lists(st.lists(INTERVALS, max_size=4).map(tuple).map(Presence), max_size=8)


def between(start: float, end: float) -> Interval:
    return START + start * MINUTE, START + end * MINUTE


def steps(*people: Presence) -> list[tuple[datetime, int, int]]:
    return [(step.at, step.present, step.arrived) for step in course(people, window=WINDOW).steps]


class TestUnion:
    def test_joins_what_overlaps_or_touches(self) -> None:
        intervals = [between(10, 20), between(0, 5), between(5, 7), between(12, 15)]
        assert union(intervals) == [between(0, 7), between(10, 20)]

    def test_refuses_an_end_before_its_beginning(self) -> None:
        with pytest.raises(ValueError, match="is before"):
            union([between(5, 4)])

    @given(st.lists(INTERVALS), st.lists(OFFSETS))
    def test_splitting_changes_nothing(
        self, intervals: list[Interval], cuts: list[datetime]
    ) -> None:
        pieces = intervals
        for cut in cuts:
            pieces = [
                part
                for start, end in pieces
                for part in ([(start, cut), (cut, end)] if start < cut < end else [(start, end)])
            ]
        assert union(pieces) == union(intervals)
        assert union(union(intervals)) == union(intervals)


class TestCourse:
    def test_counts_each_person_once_in_a_step(self) -> None:
        came_and_went = Presence((between(1, 2), between(3, 4), between(3.5, 11)))
        assert steps(came_and_went, Presence((between(5, 6),))) == [
            (START, 1, 1),
            (START + STEP, 2, 1),
            (START + 2 * STEP, 1, 0),
        ]

    def test_who_leaves_as_a_step_begins_was_not_there_in_it(self) -> None:
        assert steps(Presence((between(0, 5),))) == [(START, 1, 1)]
        assert steps(Presence((between(5, 5),))) == [(START + STEP, 1, 1)]

    def test_steps_are_those_of_the_clock(self) -> None:
        assert steps(Presence((between(-3, -1),))) == [(START - STEP, 1, 1)]

    def test_quiet_times_are_told_as_nobody(self) -> None:
        people = (Presence((between(0, 1),)), Presence((between(16, 17),)))
        assert [present for _at, present, _arrived in steps(*people)] == [1, 0, 0, 1]

    def test_the_peak_is_the_first_of_the_highest(self) -> None:
        found = course([Presence((between(3, 11),)), Presence((between(7, 12),))], window=WINDOW)
        assert found.peak is not None
        assert (found.peak.at, found.peak.present) == (START + STEP, 2)

    def test_minutes_are_of_those_whose_time_has_a_length(self) -> None:
        people = [
            Presence((between(0, 10), between(5, 20))),
            Presence(seconds=90 * 60),
            Presence((between(0, 30),), seconds=1),
            Presence((between(3, 3),)),
            Presence(),
        ]
        found = course(people, window=WINDOW)
        assert (found.timed, found.measured) == (3, 3)
        assert (found.mean_minutes, found.median_minutes) == (47, 30)

    def test_of_nobody(self) -> None:
        found = course([], window=WINDOW)
        assert (found.steps, found.peak, found.mean_minutes) == ((), None, None)

    def test_a_wrong_clock_does_not_stretch_the_chart(self) -> None:
        years_ago = Presence((between(-(10**6), -(10**6) + 5),))
        too_long = Presence((between(-(10**6), 10**6),))
        found = course([years_ago, too_long], window=WINDOW)
        assert (found.timed, found.outside) == (2, 1)
        assert (found.steps[0].at, found.steps[-1].at + STEP) == WINDOW

    @given(PEOPLE)
    def test_bounds(self, people: list[Presence]) -> None:
        found = course(people, window=WINDOW)
        present = [step.present for step in found.steps]
        assert found.outside == 0
        assert sum(step.arrived for step in found.steps) == found.timed
        assert all(step.arrived <= step.present <= found.timed for step in found.steps)
        assert found.timed <= sum(present) <= found.timed * len(present)
        assert (found.peak.present if found.peak else 0) == max(present, default=0)
        if present:
            assert present[0] > 0
            assert present[-1] > 0

    @given(PEOPLE)
    def test_a_step_has_who_was_there_in_it(self, people: list[Presence]) -> None:
        for step in course(people, window=WINDOW).steps:
            there = [
                one
                for one in people
                if any(
                    start < step.at + STEP and (end > step.at or start == end == step.at)
                    for start, end in union(one.intervals)
                )
            ]
            assert step.present == len(there)


class TestTold:
    @pytest.mark.parametrize(
        ("figures", "people", "expected"),
        [
            ([("ordinary", 15), ("other", 4)], 19, None),
            ([("ordinary", 16), ("other", 4)], 20, [16, 4]),
            ([("ordinary", 16), ("ordinary", 4), ("other", 0)], 20, [16, None, 4]),
            ([("ordinary", 16), ("ordinary", 4)], 20, None),
            ([("ordinary", 16), ("ordinary", 0), ("not_stated", 4)], 20, [16, 0, 4]),
            ([("ordinary", 4), ("ordinary", 3), ("other", 20)], 27, None),
            ([("ordinary", 15), ("ordinary", 5)], 20, [15, 5]),
        ],
    )
    def test_small_ones_are_told_with_the_other(
        self,
        figures: list[tuple[CategoryKind, int]],
        people: int,
        expected: list[int | None] | None,
    ) -> None:
        assert told(figures, people=people) == expected

    @given(st.lists(st.integers(0, 60), max_size=6), st.integers(0, 60))
    def test_keeps_the_total_and_tells_no_small_role(self, people: list[int], others: int) -> None:
        figures: list[tuple[CategoryKind, int]] = [("ordinary", count) for count in people]
        figures.append(("other", others))
        total = sum(people) + others
        found = told(figures, people=total)
        if found is None:
            return
        assert total >= 20
        assert sum(count or 0 for count in found) == total
        assert not any(count is not None and 0 < count < 5 for count in found[:-1])
