"""What the figures do not support is not said, whatever the house prefers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readouts import wording
from readouts.facts import DispositionCount, Facts
from readouts.wording import HOUSE, VARIANTS, House, Unsupported, said
from tests.readouts.contact_center import (
    FACTS,
    JOINED,
    SHARES,
    answered,
    with_people,
)
from tests.readouts.spanish import PHRASES as SPANISH

UNKNOWN = replace(FACTS, joined=None, categories=())
REFUSED = [
    ("attendance", "total", UNKNOWN, "attendance_unknown"),
    ("attendance", "rounded", UNKNOWN, "attendance_unknown"),
    ("attendance", "rounded", replace(FACTS, joined=300, categories=()), "not_more_than_hundreds"),
    ("attendance", "rounded", replace(FACTS, joined=99, categories=()), "not_more_than_hundreds"),
    ("attendance", "shares", UNKNOWN, "attendance_unknown"),
    ("attendance", "shares", replace(FACTS, categories=()), "no_categories"),
    ("attendance", "shares", with_people(1), "one_person"),
    ("attendance", "names", with_people(0), "nobody"),
    ("attendance", "names", replace(FACTS, categories=()), "no_categories"),
    ("attendance", "names", with_people(other=30, not_stated=20), "no_categories"),
    ("attendance", "names_uncounted", UNKNOWN, "attendance_unknown"),
    ("questions", "uncounted", replace(FACTS, questions=1), "one_question"),
    ("answered", "could", answered(0), "none_answered"),
    ("answered", "could", answered(0, answered_in_writing=9), "none_answered"),
    ("answered", "could", replace(FACTS, questions=0), "no_questions"),
    ("answered", "possible", answered(0), "none_answered"),
    ("answered", "all", FACTS, "answers_unknown"),
    ("answered", "all", answered(0), "none_answered"),
    ("answered", "all", answered(162), "some_unanswered"),
    ("promise", "list", replace(FACTS, questions=0), "no_questions"),
    ("promise", "unattributed", replace(FACTS, questions=0), "no_questions"),
]


@pytest.mark.parametrize(("slot", "variant", "facts", "reason"), REFUSED)
def test_a_sentence_that_the_numbers_do_not_support_is_refused(
    slot: str, variant: str, facts: Facts, reason: str
) -> None:
    with pytest.raises(Unsupported) as refusal:
        said(slot, variant, facts)
    assert refusal.value.reason == reason
    assert reason in wording.REASONS
    tried = {(one.slot, one.variant): one for one in wording.tried(facts)}
    assert (tried[slot, variant].reason, tried[slot, variant].words) == (reason, "")
    assert not tried[slot, variant].is_used
    # The same sentence of other facts is said.
    other = replace(FACTS, joined=841, categories=()) if variant == "rounded" else FACTS
    assert said(slot, variant, answered(163) if variant == "all" else other)


@pytest.mark.parametrize(
    ("slot", "chosen", "facts", "used"),
    [
        ("attendance", "shares", replace(FACTS, categories=()), "total"),
        ("attendance", "names", replace(FACTS, categories=()), "total"),
        ("attendance", "names_uncounted", replace(FACTS, categories=()), "nothing"),
        ("attendance", "rounded", with_people(99), "total"),
        ("attendance", "shares", UNKNOWN, "nothing"),
        ("questions", "uncounted", replace(FACTS, questions=1), "count"),
        ("answered", "could", answered(0), "nothing"),
        ("answered", "all", answered(3), "nothing"),
        ("answered", "all", answered(160, merged=3), "all"),
        ("promise", "list", replace(FACTS, questions=0), "nothing"),
    ],
)
def test_the_next_variant_that_is_supported_is_said(
    slot: str, chosen: str, facts: Facts, used: str
) -> None:
    house = House.from_json("en", {f"{slot}_by": chosen})
    found = [one.variant for one in wording.tried(facts, house=house) if one.is_used]
    assert found[list(VARIANTS).index(slot)] == used


def test_nothing_answered_live_is_not_called_as_many_as_they_could() -> None:
    assert wording.attendance(answered(0), samples=0) == (
        f"{JOINED} {SHARES} Participants submitted 163 written questions."
    )


def test_a_sentence_never_begins_with_a_figure() -> None:
    house = replace(HOUSE, joined="$people people came.", attendance_by="total")
    few = replace(FACTS, joined=43, categories=(), questions=0)
    assert wording.attendance(few, samples=0, house=house).startswith("Forty-three people came.")
    with pytest.raises(Unsupported) as refusal:
        said("attendance", "total", FACTS, house=house)
    assert refusal.value.reason == "begins_with_figure"


@given(
    st.sampled_from([*VARIANTS["attendance"]]),
    st.sampled_from([*VARIANTS["questions"]]),
    st.sampled_from([*VARIANTS["answered"]]),
    st.lists(st.integers(0, 300), max_size=5),
    st.integers(0, 200),
    st.integers(0, 200),
    st.sampled_from([HOUSE, House.from_json("es", SPANISH)]),
)
def test_no_choice_of_variants_states_what_the_facts_do_not(
    attendance: str,
    questions: str,
    answers: str,
    people: list[int],
    live: int,
    still_open: int,
    house: House,
) -> None:
    facts = replace(
        with_people(*people, questions=live + still_open),
        dispositions=(
            DispositionCount("answered_live", live),
            DispositionCount("open", still_open),
        ),
    )
    chosen = replace(house, attendance_by=attendance, questions_by=questions, answered_by=answers)
    words = wording.attendance(facts, samples=3, house=chosen)
    assert "$" not in words
    assert not words[:1].isdigit()
    clauses = (house.answered_could, house.answered_possible, house.answered_all)
    if not live:
        assert not any(clause in words for clause in clauses)
    if still_open:
        assert house.answered_all not in words
