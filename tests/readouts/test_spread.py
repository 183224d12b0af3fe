from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from readouts import spread
from readouts.spread import DIMENSIONS, Asked, Suggestion

if TYPE_CHECKING:
    from readouts.spread import Dimension


def asked(
    pk: int,
    label: str = "",
    category: str = "attorney",
    *,
    votes: int = 0,
    became: str = "open",
    people: int = 1,
    quotable: bool = True,
    chosen: bool = False,
) -> Asked:
    groups: dict[Dimension, str] = {
        "label": label,
        "category": category,
        "votes": spread.band_of(votes),
        "disposition": became,
    }
    return Asked(pk, groups, people, votes, quotable, chosen)


def shares(questions: list[Asked], dimension: Dimension = "label") -> list[tuple[str, int, int]]:
    found = spread.spread(questions, dimension, order=["fees", "dates"])
    return [(group.key, group.asked_percent, group.chosen_percent) for group in found]


@pytest.mark.parametrize(
    ("votes", "band"),
    [(0, "0"), (1, "1"), (4, "1"), (5, "5"), (19, "5"), (20, "20"), (99, "20"), (100, "100")],
)
def test_votes_are_compared_in_bands(votes: int, band: str) -> None:
    assert spread.band_of(votes) == band
    assert band in spread.BANDS


def test_shares_of_choice_and_of_all_stand_beside_each_other_in_the_order_of_the_agenda() -> None:
    questions = [
        asked(1, ""),
        asked(2, "dates", chosen=True),
        asked(3, "fees"),
        asked(4, "fees", chosen=True),
        asked(5, "dates", chosen=True),
        asked(6, "fees"),
    ]
    assert shares(questions) == [("fees", 50, 33), ("dates", 33, 67), ("", 17, 0)]
    fees, dates, without = spread.spread(questions, "label", order=["fees", "dates"])
    assert (fees.gap, dates.gap, without.gap) == (-17, 34, -17)
    assert (fees.asked, fees.chosen) == (3, 1)
    assert [group.is_missing for group in (fees, dates, without)] == [False, False, True]


def test_without_a_choice_or_a_question_no_share_is_made_up() -> None:
    assert shares([asked(1, "fees")]) == [("fees", 100, 0)]
    assert shares([]) == []
    assert spread.missing([]) == []
    assert spread.suggestions([]) == []


def test_a_tenth_of_all_questions_is_missed_and_less_is_not() -> None:
    questions = [asked(pk, "fees", chosen=pk == 1) for pk in range(1, 19)]
    questions += [asked(19, "dates"), asked(20, "dates")]
    assert spread.missing(questions) == [("label", "dates")]
    assert spread.missing([*questions, asked(21, "fees")]) == []


def test_what_cannot_be_quoted_is_counted_and_not_missed() -> None:
    questions = [asked(1, chosen=True), asked(2, became="dismissed", quotable=False)]
    dismissed = spread.spread(questions, "disposition", order=["dismissed"])[0]
    assert (dismissed.key, dismissed.asked_percent, dismissed.is_notable) == ("dismissed", 50, True)
    assert not dismissed.is_quotable
    assert not dismissed.is_missing
    assert spread.missing(questions) == []


def test_suggestions_mend_most_with_each_question_and_prefer_what_more_people_asked() -> None:
    questions = [
        asked(1, "fees", chosen=True),
        asked(2, "dates", votes=7),
        asked(3, "dates", "employer", votes=7),
        asked(4, "dates", "employer", votes=7, people=3),
        asked(5, "online"),
        asked(6, "online", votes=3, quotable=False),
    ]
    assert spread.suggestions(questions) == [
        Suggestion(4, (("label", "dates"), ("category", "employer"), ("votes", "5"))),
        Suggestion(5, (("label", "online"),)),
    ]
    assert [one.pk for one in spread.suggestions(questions, most=1)] == [4]


def test_before_a_first_choice_the_suggestions_cover_all_large_groups() -> None:
    questions = [asked(pk, label, people=pk) for pk, label in enumerate(["a", "a", "b", "c"], 1)]
    assert [one.pk for one in spread.suggestions(questions)] == [4, 3, 2]


@pytest.mark.parametrize("seed", range(20))
def test_figures_always_add_up_and_suggestions_leave_nothing_to_mend(seed: int) -> None:
    chance = random.Random(seed)
    questions = [
        asked(
            pk,
            chance.choice(["", "fees", "dates"]),
            chance.choice(["attorney", "employer", "other"]),
            votes=chance.choice([0, 0, 3, 8, 40]),
            became=chance.choice(["open", "answered_live", "merged"]),
            people=chance.randint(1, 9),
            quotable=chance.random() < 0.8,
            chosen=chance.random() < 0.05,
        )
        for pk in range(1, chance.randint(2, 200))
    ]
    for dimension in DIMENSIONS:
        groups = spread.spread(questions, dimension, order=[])
        assert sum(group.asked for group in groups) == len(questions)
        assert sum(group.asked_percent for group in groups) == 100
        assert sum(group.chosen for group in groups) == sum(one.is_chosen for one in questions)
        assert sum(group.chosen_percent for group in groups) in {0, 100}
    picked = {one.pk for one in spread.suggestions(questions, most=99)}
    assert all(one.is_quotable and not one.is_chosen for one in questions if one.pk in picked)
    after = [
        Asked(one.pk, one.groups, one.people, one.votes, one.is_quotable, is_chosen=True)
        if one.pk in picked
        else one
        for one in questions
    ]
    assert not picked or spread.missing(after) == []
