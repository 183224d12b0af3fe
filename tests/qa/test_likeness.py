"""Suggestions of like questions: enough of them, few enough, and never more than that."""

from __future__ import annotations

import time

import pytest
from rapidfuzz.utils import default_process

from qa.likeness import LEAST, likely, likeness, nearest

ASKED = [
    (1, "How long does it take to renew a work permit?"),
    (2, "Will the office in Tucson open on Saturdays?"),
    (3, "Can a lawyer see the status of a case online?"),
    (4, "¿Cuánto tiempo tarda la renovación del permiso de trabajo?"),
    (5, "Does the fee rise if I have already filed?"),
    (6, "Does the fee rise if I have not already filed?"),
    (7, "ما هي المدة اللازمة لتجديد تصريح العمل؟"),
]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("How long does it take to renew a work permit", 1),
        ("how long will the renewal of a work permit take?", 1),
        ("Will the Tucson office be open on a Saturday?", 2),
        ("May lawyers see the status of their case online?", 3),
        ("Cuanto tiempo tarda la renovación de un permiso de trabajo", 4),
        ("ما المدة اللازمة لتجديد تصريح العمل؟", 7),
    ],
)
def test_the_same_in_other_words_comes_first(text: str, found: int) -> None:
    assert likely(text, ASKED)[0][0] == found


@pytest.mark.parametrize(
    "text",
    ["Where can I find the recording of this event?", "What is a naturalization interview like?"],
)
def test_something_else_is_not_suggested(text: str) -> None:
    assert likely(text, ASKED) == []


def test_opposite_questions_are_alike_so_that_only_people_may_decide() -> None:
    """The most alike pair of real questions is one like this."""
    [(first, most), (second, less)] = likely(ASKED[4][1], ASKED[4:6])

    assert (first, most, second) == (5, 1.0, 6)
    assert less > 0.9


def test_gives_no_more_than_asked_for_the_best_first_and_equals_by_key() -> None:
    others = [(key, "Does the fee rise if I have filed?") for key in (9, 7, 8)] + ASKED
    found = likely("Does the fee rise if I have filed?", others, most=4)

    assert [key for key, _likeness in found[:3]] == [7, 8, 9]
    assert len(found) == 4
    assert all(LEAST <= likeness <= 1 for _key, likeness in found)


@pytest.mark.parametrize("text", ["", "???", " \n"])
def test_a_text_without_words_is_like_nothing(text: str) -> None:
    assert likely(text, [(1, ""), (2, "???"), *ASKED]) == []


def test_all_at_once_is_as_each_by_itself() -> None:
    for text in (*(text for _key, text in ASKED), "work permit", "fee fee fee fee"):
        words = default_process(text)
        each = [(key, likeness(words, default_process(other))) for key, other in ASKED]
        found = [one for one in each if one[1] >= LEAST]

        assert likely(text, ASKED, most=99) == sorted(found, key=lambda one: (-one[1], one[0]))


def test_what_shares_the_most_words_is_looked_at_first() -> None:
    assert nearest("Does the fee rise on Saturdays?", ASKED, most=3) == [
        ASKED[4],
        ASKED[5],
        ASKED[1],
    ]
    assert nearest("Does the fee rise?", ASKED, most=len(ASKED)) == ASKED


def test_a_text_made_to_be_slow_is_soon_compared_with_two_thousand_others() -> None:
    others = [(key, f"{key} " + ASKED[key % len(ASKED)][1]) for key in range(2_000)]
    began = time.process_time()

    likely("a " * 1_000, nearest("a " * 1_000, others, most=200))

    assert time.process_time() - began < 0.5
