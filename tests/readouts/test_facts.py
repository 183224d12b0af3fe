"""Facts, their shares, and the privacy of small groups."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagements.figures import shares
from readouts.facts import CategoryCount, Facts, publishable
from tests.readouts.contact_center import FACTS, with_people


class TestFacts:
    def test_survive_json(self) -> None:
        stored = json.loads(json.dumps(FACTS.to_json()))
        assert stored == FACTS.to_json()
        assert Facts.from_json(stored) == FACTS

    def test_title_has_the_series_before_it(self) -> None:
        assert FACTS.full_title == "The CIS Ombudsman's Webinar Series: The USCIS Contact Center"
        assert replace(FACTS, series="").full_title == "The USCIS Contact Center"

    @pytest.mark.parametrize(
        "changes", [{"joined": 827}, {"joined": None}, {"joined": -1}, {"questions": -1}]
    )
    def test_refuse_numbers_that_contradict_each_other(self, changes: dict[str, Any]) -> None:
        with pytest.raises(ValueError, match="joined"):
            replace(FACTS, **changes)

    def test_refuse_a_category_that_cannot_be(self) -> None:
        with pytest.raises(ValueError, match="-1 people"):
            CategoryCount("employers", "were", -1)
        with pytest.raises(ValueError, match="kind of category"):
            CategoryCount(**(asdict(FACTS.categories[0]) | {"kind": "special"}))

    def test_unknown_attendance_may_list_the_empty_categories(self) -> None:
        facts = replace(with_people(0, 0), joined=None)
        assert (facts.joined, len(facts.categories)) == (None, 4)


class TestShares:
    def test_of_the_worked_example(self) -> None:
        assert shares([356, 157, 66, 58, 17, 174]) == [43, 19, 8, 7, 2, 21]

    @pytest.mark.parametrize(
        ("people", "expected"),
        [
            ([], []),
            ([0, 0], [0, 0]),
            ([1], [100]),
            ([5, 5, 5], [34, 33, 33]),
            ([1, 999], [0, 100]),
            ([0, 3, 0], [0, 100, 0]),
        ],
    )
    def test_of_small_numbers(self, people: list[int], expected: list[int]) -> None:
        assert shares(people) == expected

    def test_a_tie_goes_to_the_larger_category(self) -> None:
        # 12.5%, 12.5% and 75%; 0.5% and 99.5%.
        assert shares([1, 1, 6]) == [13, 12, 75]
        assert shares([1, 199]) == [0, 100]

    def test_nobody_can_be_fewer_than_none(self) -> None:
        with pytest.raises(ValueError, match="fewer than 0"):
            shares([3, -1])

    @given(st.lists(st.integers(0, 10**7), max_size=12))
    def test_sum_to_a_hundred_and_stay_within_a_point(self, people: list[int]) -> None:
        found = shares(people)
        total = sum(people)
        assert sum(found) == (100 if total else 0)
        for count, share in zip(people, found, strict=True):
            assert abs(share - Fraction(count * 100, total or 1)) < 1

    @given(st.lists(st.integers(0, 2_000), max_size=12))
    def test_never_give_more_people_a_smaller_share(self, people: list[int]) -> None:
        ranked = sorted(zip(people, shares(people), strict=True))
        assert [share for _count, share in ranked] == sorted(share for _count, share in ranked)


class TestPublishable:
    def test_leaves_large_groups_alone(self) -> None:
        assert publishable(FACTS) == FACTS

    @pytest.mark.parametrize(("joined", "shown"), [(19, 0), (20, 3)])
    def test_needs_twenty_people(self, joined: int, shown: int) -> None:
        assert len(publishable(with_people(joined)).categories) == (shown and 3)

    def test_counts_fewer_than_five_as_other(self) -> None:
        merged = publishable(with_people(30, 5, 4, 1, 0, other=2))
        assert [(one.noun_phrase, one.people) for one in merged.categories] == [
            ("group a", 30),
            ("group b", 5),
            ("group e", 0),
            ("other", 7),
            ("a category", 0),
        ]
        assert merged.joined == 42

    def test_makes_an_other_where_there_is_none(self) -> None:
        facts = with_people(30, 4)
        merged = publishable(replace(facts, categories=facts.categories[:2]))
        assert merged.categories == (
            CategoryCount("group a", "were", 30),
            CategoryCount("other", "identified as", 4, "other"),
        )

    def test_does_not_say_other_of_those_who_did_not_state_a_category(self) -> None:
        facts = with_people(30, 6, not_stated=2)
        assert publishable(facts) == facts

    def test_leaves_figures_out_where_only_other_would_remain(self) -> None:
        assert publishable(with_people(4, 4, 4, 4, 4)).categories == ()
        facts = with_people(0, other=30)
        assert publishable(facts) == facts

    def test_of_unknown_attendance_is_unknown(self) -> None:
        assert publishable(replace(FACTS, joined=None, categories=())).joined is None

    @given(st.lists(st.integers(0, 30), max_size=12), st.integers(0, 9), st.integers(0, 9))
    def test_keeps_the_total_and_shows_no_small_role(
        self, people: list[int], other: int, not_stated: int
    ) -> None:
        facts = with_people(*people, other=other, not_stated=not_stated)
        shown = publishable(facts)
        assert shown.joined == facts.joined
        assert [
            one for one in shown.categories if one.kind == "ordinary" and 0 < one.people < 5
        ] == []
