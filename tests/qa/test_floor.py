from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engagements.models import AuditEntry, Engagement
from engagements.refusals import NotAllowed, Refused
from qa import states
from qa.actions import floor as actions
from qa.models import Floor, FloorEvent
from tests import factories

if TYPE_CHECKING:
    from engagements.models import User

pytestmark = pytest.mark.django_db


def told() -> list[tuple[int, int | None, str]]:
    """What the log says: to the desk, to the room, and which state."""
    return [(e.number, e.public_number, e.payload["state"]) for e in FloorEvent.objects.all()]


def test_the_floor_is_closed_and_opened_again_and_everybody_is_told(
    floor: Floor, omar: User
) -> None:
    actions.set_state(floor, state=states.FLOOR_CLOSED, by=omar)
    actions.set_state(floor, state=states.FLOOR_OPEN, by=omar)

    floor.refresh_from_db()
    assert floor.state == states.FLOOR_OPEN
    assert told() == [(1, 1, "closed"), (2, 2, "open")]
    entries = AuditEntry.objects.order_by("pk").values_list("action", "actor")
    assert list(entries) == [("floor.closed", omar.pk), ("floor.open", omar.pk)]


def test_it_opens_only_while_the_engagement_is_live(engagement: Engagement, omar: User) -> None:
    with pytest.raises(Refused) as refusal:
        actions.set_state(engagement.floor, state=states.FLOOR_OPEN, by=omar)

    assert refusal.value.code == "not_live"
    assert str(refusal.value) == "The floor opens only while the engagement is live."
    assert told() == []
    Engagement.objects.update(state=Engagement.State.LIVE)
    assert actions.set_state(engagement.floor, state=states.FLOOR_OPEN, by=omar).is_open


def test_the_second_of_two_is_told_that_it_is_done(floor: Floor, omar: User, cora: User) -> None:
    actions.set_state(floor, state=states.FLOOR_CLOSED, by=omar)

    with pytest.raises(Refused) as refusal:
        actions.set_state(floor, state=states.FLOOR_CLOSED, by=cora)

    assert str(refusal.value) == "The floor is closed already."
    assert told() == [(1, 1, "closed")]


def test_only_moderators_and_coordinators_here_move_it(
    floor: Floor, omar: User, edna: User, mia: User, ada: User
) -> None:
    for somebody in (edna, mia, ada):
        with pytest.raises(NotAllowed):
            actions.set_state(floor, state=states.FLOOR_CLOSED, by=somebody)
    assert told() == []
    actions.set_state(floor, state=states.FLOOR_CLOSED, by=omar)
    assert told() == [(1, 1, "closed")]


def test_it_closes_with_the_engagement_once(floor: Floor, omar: User) -> None:
    actions.close_with_engagement(floor.engagement, by=omar)
    actions.close_with_engagement(floor.engagement, by=omar)

    assert told() == [(1, 1, "closed"), (2, 2, "live"), (3, 3, "live")]


def test_what_was_being_answered_is_not_when_the_floor_closes_for_good(
    floor: Floor, omar: User
) -> None:
    question = factories.make_question(floor, state=states.SHOWN, outcome=states.ANSWERING)

    actions.close_with_engagement(floor.engagement, by=omar)

    question.refresh_from_db()
    assert question.outcome == states.NO_OUTCOME


def test_an_engagement_has_one_floor(engagement: Engagement) -> None:
    assert actions.lay(engagement) == actions.lay(engagement) == engagement.floor
    other = factories.make_engagement("other")
    assert Floor.objects.filter(engagement=other).count() == 1
