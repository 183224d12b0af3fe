"""Questions that ask the same are joined, counted together, and parted as if nothing had been."""

from __future__ import annotations

import random
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagements.refusals import NotAllowed, Refused
from qa import events, queries, states
from qa.actions import asking, merging, moderating, voting
from qa.models import FloorEvent, Question, Vote
from tests import factories

if TYPE_CHECKING:
    from engagements.models import Registration, User
    from qa.models import Floor

pytestmark = pytest.mark.django_db


def ask(floor: Floor, by: Registration | None, **fields: Any) -> Question:
    category = by.category if by else None
    return factories.make_question(floor, asker=by, category=category, **fields)


def person(floor: Floor, name: str, category: str = "attorney") -> Registration:
    return factories.make_registration(
        floor.engagement, name, category=factories.category(category)
    )


def merge(floor: Floor, by: User, number: int, into: int) -> Question:
    seen = floor.questions.get(number=number).revision
    return merging.merge(floor, by=by, number=number, seen=seen, into=into)


def unmerge(floor: Floor, by: User, number: int) -> Question:
    seen = floor.questions.get(number=number).revision
    return merging.unmerge(floor, by=by, number=number, seen=seen)


def counted(floor: Floor) -> dict[int, tuple[int, int, int]]:
    found = floor.questions.values_list("number", "people", "categories", "votes")
    return {number: (people, categories, votes) for number, people, categories, votes in found}


def test_askers_and_categories_are_counted_once(
    floor: Floor, ana: Registration, omar: User
) -> None:
    ben, eli = person(floor, "Ben"), person(floor, "Eli", "employer")
    ask(floor, ana, state=states.SHOWN)
    for asker in (ben, eli, ana, None, None):
        ask(floor, asker)

    for number in (2, 3, 4):
        merge(floor, omar, number, 1)
    assert counted(floor)[1] == (3, 2, 0)

    for number in (5, 6):
        merge(floor, omar, number, 1)
    shown = queries.snapshot(floor.pk, "room")["questions"]
    assert [(one["number"], one["people"], one["categories"]) for one in shown] == [(1, 5, 2)]
    assert queries.dispositions(floor.engagement) == [
        (states.MERGED, states.NO_OUTCOME, 5),
        (states.SHOWN, states.NO_OUTCOME, 1),
    ]
    assert queries.written_questions(floor.engagement) == 6


def test_votes_come_along_once_per_voter(floor: Floor, ana: Registration, omar: User) -> None:
    ben, eli = person(floor, "Ben"), person(floor, "Eli")
    ask(floor, None, state=states.SHOWN)
    ask(floor, None, state=states.SHOWN)
    for voter, number in ((ana, 1), (ana, 2), (ben, 2), (eli, 2)):
        voting.vote(floor, by=voter, number=number, is_cast=True)
    voting.vote(floor, by=eli, number=2, is_cast=False)
    mark = queries.position(floor.pk).vote_mark

    merge(floor, omar, 2, 1)
    assert counted(floor)[1][2] == 2
    told = queries.votes_since(floor.pk, mark, {"room": mark})
    assert told.own == [(ben.pk, 1, True)]
    assert told.counts["room"]["votes"] == {"1": 2}

    unmerge(floor, omar, 2)
    assert counted(floor) == {1: (1, 1, 1), 2: (1, 1, 2)}
    assert set(Vote.objects.filter(is_cast=True).values_list("voter", "question__number")) == {
        (ana.pk, 1), (ana.pk, 2), (ben.pk, 2),
    }  # fmt: skip


def test_a_carried_vote_that_was_taken_back_stays_so(
    floor: Floor, ana: Registration, omar: User
) -> None:
    for _n in range(3):
        ask(floor, None, state=states.SHOWN)
    voting.vote(floor, by=ana, number=2, is_cast=True)
    merge(floor, omar, 2, 1)
    voting.vote(floor, by=ana, number=1, is_cast=False)

    merge(floor, omar, 3, 1)

    assert counted(floor)[1][2] == 0
    for number in (2, 3):
        unmerge(floor, omar, number)
    assert [votes for _people, _categories, votes in counted(floor).values()] == [0, 0, 0]
    assert not Vote.objects.filter(is_cast=True).exists()


def test_who_votes_again_for_the_root_keeps_that_vote_when_they_part(
    floor: Floor, ana: Registration, omar: User
) -> None:
    for _n in range(3):
        ask(floor, None, state=states.SHOWN)
    ben = person(floor, "Ben")
    for voter, number in ((ana, 2), (ana, 3), (ben, 3)):
        voting.vote(floor, by=voter, number=number, is_cast=True)
    merge(floor, omar, 3, 2)
    merge(floor, omar, 2, 1)
    mark = queries.position(floor.pk).vote_mark
    voting.vote(floor, by=ana, number=1, is_cast=False)
    told = queries.votes_since(floor.pk, mark, {"room": mark})
    assert sorted(told.own) == [(ana.pk, 1, False), (ana.pk, 2, False), (ana.pk, 3, False)]
    assert told.counts["room"]["votes"] == {"1": 1}
    voting.vote(floor, by=ana, number=1, is_cast=True)

    unmerge(floor, omar, 2)
    unmerge(floor, omar, 3)

    assert votes_of(floor) == {(ana.pk, 1), (ben.pk, 3)}
    assert [votes for _people, _categories, votes in counted(floor).values()] == [1, 0, 1]


def test_what_was_merged_before_comes_along_and_its_asker_is_told(
    floor: Floor, ana: Registration, omar: User
) -> None:
    ben = person(floor, "Ben", "employer")
    ask(floor, ana)
    ask(floor, ben)
    ask(floor, None)
    merge(floor, omar, 1, 2)
    merge(floor, omar, 2, 3)

    assert queries.own(ana.pk)["questions"][0]["merged_into"] == 3
    assert counted(floor)[3] == (3, 2, 0)
    told = FloorEvent.objects.filter(question_number=1).latest("number").payload
    assert (told["act"], told["question"]["merged_into"]) == ("question.moved_along", 3)

    unmerge(floor, omar, 2)
    assert queries.own(ana.pk)["questions"][0]["merged_into"] == 2
    assert (counted(floor)[2], counted(floor)[3]) == ((2, 2, 0), (1, 1, 0))


def test_the_room_and_the_askers_are_told(floor: Floor, ana: Registration, omar: User) -> None:
    ask(floor, ana, state=states.SHOWN)
    ask(floor, None, state=states.SHOWN)
    start = queries.position(floor.pk)
    merge(floor, omar, 1, 2)

    told = queries.events_since(floor.pk, start.head, most=9)
    assert [one["payload"]["act"] for one in told] == ["question.merged", "question.joined"]
    assert [one["public_number"] for one in told] == [
        start.public_head + 1, start.public_head + 2,
    ]  # fmt: skip
    own = queries.own(ana.pk)["questions"][0]
    assert (own["state"], own["merged_into"], own["outcome"]) == ("merged", 2, "none")


@pytest.mark.parametrize("state", [states.WAITING, states.SHOWN, states.HELD, states.DISMISSED])
def test_undoing_gives_back_the_state_and_the_reason(
    floor: Floor, ana: Registration, omar: User, state: str
) -> None:
    asking.ask(floor, by=ana, text="When?", client_id=uuid.uuid4())
    ask(floor, None, state=states.SHOWN)
    moves: dict[str, Any] = {"shown": moderating.show, "held": moderating.hold}
    if state in moves:
        moves[state](floor, by=omar, number=1, seen=1)
    elif state == states.DISMISSED:
        moderating.dismiss(floor, by=omar, number=1, seen=1, reason="unclear", text="why?")
    fields = "state", "outcome", "dismissal", "dismissal_text", "tells_dismissal", "shown_at"
    before = floor.questions.filter(number=1).values(*fields).get()

    merge(floor, omar, 1, 2)
    assert floor.questions.get(number=1).dismissal_text == ""
    unmerge(floor, omar, 1)

    assert floor.questions.filter(number=1).values(*fields).get() == before


def test_what_was_being_answered_is_not_any_more(floor: Floor, omar: User) -> None:
    ask(floor, None, state=states.SHOWN)
    ask(floor, None, state=states.SHOWN)
    moderating.mark(floor, by=omar, number=1, seen=1, outcome=states.ANSWERING)
    merge(floor, omar, 1, 2)
    assert unmerge(floor, omar, 1).outcome == states.NO_OUTCOME


@pytest.mark.parametrize(
    ("number", "into", "code"),
    [(1, 1, "same"), (1, 4, "merged"), (4, 1, "already"), (1, 5, "not_open"), (5, 1, "already")],
)
def test_refused_with_a_reason(floor: Floor, omar: User, number: int, into: int, code: str) -> None:
    for _n in range(4):
        ask(floor, None)
    ask(floor, None, state=states.WITHDRAWN)
    merge(floor, omar, 4, 3)
    before = counted(floor)

    with pytest.raises(Refused) as refused:
        merge(floor, omar, number, into)

    assert refused.value.code == code
    assert counted(floor) == before
    if code == "merged":
        assert "3" in str(refused.value)


def test_a_second_decision_is_refused_and_told_who_was_first(floor: Floor, omar: User) -> None:
    for _n in range(2):
        ask(floor, None)
    merge(floor, omar, 1, 2)
    with pytest.raises(Refused, match="Omar decided about question 1") as refused:
        merging.merge(floor, by=omar, number=1, seen=1, into=2)
    assert refused.value.code == "decided"


def test_only_moderators_merge(floor: Floor, omar: User, mia: User) -> None:
    for _n in range(2):
        ask(floor, None)
    with pytest.raises(NotAllowed):
        merging.merge(floor, by=mia, number=1, seen=1, into=2)
    assert merging.merge(floor, by=omar, number=1, seen=1, into=2).state == states.MERGED
    with pytest.raises(NotAllowed):
        merging.unmerge(floor, by=mia, number=1, seen=2)


def test_what_was_merged_stands_by_itself_when_the_other_is_withdrawn(
    floor: Floor, ana: Registration, omar: User
) -> None:
    ask(floor, ana)
    ask(floor, None, state=states.SHOWN)
    merge(floor, omar, 2, 1)

    given = asking.withdraw(floor, by=ana, number=1)

    assert given.revision == floor.questions.get(number=1).revision
    assert given.revision == events_of(floor, 1)[-1]["question"]["revision"]
    found = {one.number: (one.state, one.merged_into_id) for one in floor.questions.all()}
    assert found == {1: (states.WITHDRAWN, None), 2: (states.SHOWN, None)}


@pytest.mark.parametrize(("seed", "votes"), [(0, False), (1, False), (0, True), (1, True)])
def test_whatever_is_merged_and_parted_in_any_order_counts_are_restored(
    floor: Floor, omar: User, seed: int, *, votes: bool
) -> None:
    """After each step the counts are those of the trees; parted again, all is as it was."""
    chance = random.Random(seed)
    people = [person(floor, f"P{n}", chance.choice(["attorney", "employer"])) for n in range(5)]
    for _n in range(6):
        ask(floor, chance.choice([*people, None]), state=states.SHOWN)
    for voter in people:
        for number in chance.sample(range(1, 7), 3):
            voting.vote(floor, by=voter, number=number, is_cast=True)
    at_first, cast = counted(floor), votes_of(floor)
    for _step in range(14):
        number, into = chance.sample(range(1, 7), 2)
        if votes:
            vote_or_take_back(floor, chance, people)
            check_trees(floor)
        is_merged = floor.questions.get(number=number).state == states.MERGED
        try:
            unmerge(floor, omar, number) if is_merged else merge(floor, omar, number, into)
        except Refused as refused:
            assert refused.code == "merged"
        check_trees(floor)
    assert queries.written_questions(floor.engagement) == 6
    assert sum(number for *_key, number in queries.dispositions(floor.engagement)) == 6

    own = votes_of(floor)
    for number in chance.sample(range(1, 7), 6):
        if floor.questions.get(number=number).state == states.MERGED:
            unmerge(floor, omar, number)

    check_trees(floor)
    assert votes_of(floor) == own
    assert not Vote.objects.exclude(via=None).exists()
    if not votes:
        assert counted(floor) == at_first
        assert own == cast
    assert set(floor.questions.values_list("state", flat=True)) == {states.SHOWN}


def vote_or_take_back(floor: Floor, chance: random.Random, people: list[Registration]) -> None:
    roots = floor.questions.filter(state=states.SHOWN).values_list("number", flat=True)
    number, voter = chance.choice(list(roots)), chance.choice(people)
    cast = not Vote.objects.filter(question__number=number, voter=voter, is_cast=True).exists()
    voting.vote(floor, by=voter, number=number, is_cast=cast)


def events_of(floor: Floor, number: int) -> list[dict[str, Any]]:
    told = FloorEvent.objects.filter(floor=floor, question_number=number).order_by("number")
    return [event.payload for event in told]


def votes_of(floor: Floor) -> set[tuple[int, int]]:
    cast = Vote.objects.filter(question__floor=floor, is_cast=True, via=None)
    return set(cast.values_list("voter", "question__number"))


def check_trees(floor: Floor) -> None:
    """Counted in another way than the action does."""
    questions = list(floor.questions.select_related("merged_into"))
    for root in questions:
        if root.merged_into_id is not None:
            continue
        tree = [one for one in questions if one.stands_for.pk == root.pk]
        askers = [one.asker_id for one in tree]
        own = Vote.objects.filter(question__in=tree, is_cast=True, via=None)
        assert root.people == len(set(askers) - {None}) + askers.count(None)
        assert root.categories == max(1, len({one.category_id for one in tree} - {None}))
        assert root.votes == len(set(own.values_list("voter", flat=True)))
        assert root.votes == Vote.objects.filter(question=root, is_cast=True).count()
    described = {one.number: events.describe(one)["merged_into"] for one in questions}
    assert described == {
        one.number: one.stands_for.number if one.merged_into_id else None for one in questions
    }


def test_long_ways_to_a_root_cost_no_further_queries(
    floor: Floor, omar: User, django_assert_num_queries: Any
) -> None:
    for _number in range(6):
        ask(floor, None, state=states.SHOWN)
    merge(floor, omar, 2, 1)

    def into() -> list[int | None]:
        questions: Any = queries.snapshot(floor.pk, "desk")["questions"]
        return [one["merged_into"] for one in questions]

    with CaptureQueriesContext(connection) as before:
        assert into() == [None, 1, None, None, None, None]
    for number, other in ((1, 3), (3, 4), (5, 4), (4, 6)):
        merge(floor, omar, number, other)
    with django_assert_num_queries(len(before)):
        assert into() == [6, 6, 6, 6, 6, None]
