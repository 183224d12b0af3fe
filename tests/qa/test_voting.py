from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engagements.models import AuditEntry
from engagements.refusals import NotAllowed, Refused
from qa import projection, queries, states
from qa.actions import moderating, voting
from qa.actions.voting import Ballot
from qa.models import Floor, FloorEvent, Question, Vote
from tests import factories

if TYPE_CHECKING:
    from engagements.models import Registration, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(floor: Floor) -> Question:
    return factories.make_question(floor, "In the open?", state=states.SHOWN)


def votes() -> list[tuple[int, bool, int]]:
    return list(Vote.objects.order_by("pk").values_list("voter", "is_cast", "mark"))


def test_a_vote_is_cast_once_and_taken_back(
    floor: Floor, shown: Question, ana: Registration
) -> None:
    assert voting.vote(floor, by=ana, number=1, is_cast=True)
    assert voting.vote(floor, by=ana, number=1, is_cast=True)
    shown.refresh_from_db()
    assert (shown.votes, shown.vote_mark) == (1, 1)
    assert votes() == [(ana.pk, True, 1)]

    assert not voting.vote(floor, by=ana, number=1, is_cast=False)
    assert not voting.vote(floor, by=ana, number=1, is_cast=False)
    shown.refresh_from_db()
    assert (shown.votes, shown.vote_mark) == (0, 2)
    assert votes() == [(ana.pk, False, 2)]
    entries = AuditEntry.objects.filter(action="question.voted").order_by("pk")
    assert [entry.detail for entry in entries] == [{"cast": True}, {"cast": False}]


def test_a_batch_counts_each_person_once_and_refuses_each_alone(
    floor: Floor, shown: Question, ana: Registration
) -> None:
    ben = factories.make_registration(floor.engagement, "Ben")
    stranger = factories.make_registration(factories.make_engagement("elsewhere"))
    factories.make_question(floor, "A secret?")

    outcomes = voting.vote_all(
        floor.pk,
        [
            Ballot(ana.pk, 1, is_cast=True),
            Ballot(stranger.pk, 1, is_cast=True),
            Ballot(ben.pk, 1, is_cast=True),
            Ballot(ana.pk, 2, is_cast=True),
            Ballot(ana.pk, 1, is_cast=False),
            Ballot(ana.pk, 1, is_cast=True),
        ],
    )

    told = [one.code if isinstance(one, Refused) else one for one in outcomes]
    assert told == [True, "not_admitted", True, "unknown_question", False, True]
    shown.refresh_from_db()
    assert shown.votes == 2
    assert Vote.objects.filter(is_cast=True).count() == 2


@pytest.mark.parametrize(
    ("state", "setting", "is_taken"),
    [
        ("open", "public", True),
        ("open", "staff", True),
        ("voting_only", "public", True),
        ("closed", "public", False),
        ("open", "off", False),
    ],
)
def test_when_votes_are_taken(
    floor: Floor, shown: Question, ana: Registration, state: str, setting: str, is_taken: bool
) -> None:
    Floor.objects.filter(pk=floor.pk).update(state=state, voting=setting)

    [outcome] = voting.vote_all(floor.pk, [Ballot(ana.pk, 1, is_cast=True)])

    assert (outcome if outcome is True else getattr(outcome, "code", None)) == (
        True if is_taken else "voting_closed"
    )
    assert Vote.objects.exists() is is_taken


def test_who_sees_the_counts_follows_the_setting(
    floor: Floor, shown: Question, ana: Registration, omar: User
) -> None:
    voting.vote(floor, by=ana, number=1, is_cast=True)

    def seen() -> dict[str, dict[str, int]]:
        return {one: queries.snapshot(floor.pk, one)["votes"] for one in projection.AUDIENCES}

    one, nothing = {"1": 1}, dict[str, int]()
    assert seen() == {"room": one, "desk": one, "screen": one}
    voting.set_voting(floor, by=omar, setting="staff")
    assert seen() == {"room": nothing, "desk": one, "screen": nothing}
    voting.set_voting(floor, by=omar, setting="off")
    assert seen() == {"room": nothing, "desk": nothing, "screen": nothing}
    assert Vote.objects.filter(is_cast=True).count() == 1
    told = FloorEvent.objects.order_by("number").values_list("payload", flat=True)
    assert [payload["voting"] for payload in told] == ["staff", "off"]


def test_only_who_moderates_says_who_sees_the_counts(floor: Floor, omar: User, edna: User) -> None:
    with pytest.raises(NotAllowed):
        voting.set_voting(floor, by=edna, setting="off")
    voting.set_voting(floor, by=omar, setting="off")
    with pytest.raises(Refused, match="already"):
        voting.set_voting(floor, by=omar, setting="off")


def test_a_question_that_comes_back_is_told_with_its_votes(
    floor: Floor, shown: Question, ana: Registration, omar: User
) -> None:
    voting.vote(floor, by=ana, number=1, is_cast=True)
    known = dict.fromkeys(projection.AUDIENCES, 1)
    moderating.hold(floor, by=omar, number=1, seen=1)
    assert queries.votes_since(floor.pk, 1, known).counts["room"]["votes"] == {}

    moderating.show(floor, by=omar, number=1, seen=2)

    assert queries.votes_since(floor.pk, 1, known).counts["room"]["votes"] == {"1": 1}
