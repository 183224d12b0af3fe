"""The floor moves by its clock: each moment once, whoever looks first."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from asgiref.sync import sync_to_async
from django.db import connection

import qa.tasks
from engagements import clock
from engagements.actions import running
from engagements.models import AuditEntry, Engagement, Role
from engagements.refusals import Refused
from qa import queries, states
from qa.actions import asking, clocking, voting
from qa.actions import floor as floors
from qa.live.hub import Hub
from qa.models import Floor, FloorEvent
from tests import factories
from tests.factories import START

if TYPE_CHECKING:
    from datetime import datetime

    from engagements.models import Registration, User

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
OPENS, CLOSES = START + 10 * MINUTE, START + 50 * MINUTE


def wind(floor: Floor, **moments: datetime) -> Floor:
    """Closed, with these moments still to come."""
    values = {"state": states.FLOOR_CLOSED, "clock_at": START - timedelta(days=30)}
    Floor.objects.filter(pk=floor.pk).update(**values, **moments)
    floor.refresh_from_db()
    return floor


def ask(floor: Floor, by: Registration, at: datetime) -> int | str:
    """The question's number, or why it was not taken."""
    with clock.set_to(at):
        try:
            return asking.ask(floor, by=by, text="Why?", client_id=uuid.uuid4()).number
        except Refused as refused:
            return refused.code


def moves() -> list[tuple[str, str]]:
    """What the log says of the floor, and who did it."""
    found = AuditEntry.objects.filter(action__startswith="floor.").order_by("pk")
    return [(entry.action, entry.actor_label.split(":")[0]) for entry in found]


def told() -> list[str]:
    found = FloorEvent.objects.filter(kind="floor").order_by("number")
    return [event.payload["state"] for event in found]


def test_a_question_is_taken_from_the_opening_moment_until_before_the_closing_one(
    floor: Floor, ana: Registration
) -> None:
    wind(floor, opens_at=OPENS, closes_at=CLOSES)
    second = timedelta(microseconds=1)

    moments = (OPENS - second, OPENS, CLOSES - second, CLOSES)
    assert [ask(floor, ana, at) for at in moments] == ["floor_closed", 1, 2, "floor_closed"]
    assert told() == ["open", "closed"]
    assert moves() == [("floor.open", "clock"), ("floor.closed", "clock")]


def test_votes_end_with_the_closing_moment(floor: Floor, ana: Registration) -> None:
    wind(floor, opens_at=OPENS, closes_at=CLOSES)
    shown = factories.make_question(floor, state=states.SHOWN)

    with clock.set_to(OPENS):
        assert voting.vote(floor, by=ana, number=shown.number, is_cast=True)
    with clock.set_to(CLOSES), pytest.raises(Refused) as refusal:
        voting.vote(floor, by=ana, number=shown.number, is_cast=False)
    assert refusal.value.code == "voting_closed"


def test_what_a_moderator_does_stands_until_the_next_moment(
    floor: Floor, ana: Registration, omar: User
) -> None:
    wind(floor, opens_at=OPENS, closes_at=CLOSES)
    assert ask(floor, ana, OPENS) == 1

    with clock.set_to(OPENS + MINUTE):
        floors.set_state(floor, state=states.FLOOR_CLOSED, by=omar)
    assert ask(floor, ana, CLOSES - MINUTE) == "floor_closed"
    assert ask(floor, ana, CLOSES) == "floor_closed"
    with clock.set_to(CLOSES + MINUTE):
        floors.set_state(floor, state=states.FLOOR_OPEN, by=omar)
    assert ask(floor, ana, CLOSES + 2 * MINUTE) == 2
    assert told() == ["open", "closed", "open"]


def test_moments_that_nobody_saw_count_as_the_last_of_them(floor: Floor) -> None:
    wind(floor, opens_at=OPENS, closes_at=CLOSES)

    with clock.set_to(CLOSES + MINUTE):
        assert queries.floors_due(clock.now()) == [floor.pk]
        assert qa.tasks.move_floors() == 0
        assert queries.floors_due(clock.now()) == []
    assert told() == []


def test_the_worker_moves_what_is_due_and_nothing_after_the_end(
    floor: Floor, live_engagement: Engagement
) -> None:
    wind(floor, opens_at=OPENS, closes_at=CLOSES)
    other = factories.make_engagement("other", state=Engagement.State.LIVE)
    wind(other.floor, opens_at=OPENS)

    Engagement.objects.filter(pk=live_engagement.pk).update(state=Engagement.State.ENDED)
    with clock.set_to(OPENS):
        assert not queries.position(floor.pk).is_clock_due
        assert queries.position(other.floor.pk).is_clock_due
        assert qa.tasks.move_floors() == 1
        assert not clocking.look(floor.pk)
    floor.refresh_from_db()
    assert floor.state == states.FLOOR_CLOSED
    assert Floor.objects.get(pk=other.floor.pk).is_open


def test_before_the_event_questions_are_taken_in_the_window_and_the_start_ends_it(
    engagement: Engagement, cora: User
) -> None:
    registration = factories.make_registration(engagement, "Early")
    floor = wind(engagement.floor, early_opens_at=START - timedelta(days=2), opens_at=OPENS)

    assert ask(floor, registration, START - timedelta(days=3)) == "floor_closed"
    assert ask(floor, registration, START - timedelta(days=1)) == 1
    with clock.set_to(START - MINUTE):
        running.start(engagement, by=cora)
    assert ask(floor, registration, START) == "floor_closed"
    assert ask(floor, registration, OPENS) == 2


def test_who_starts_late_finds_the_floor_as_the_clock_says(
    engagement: Engagement, cora: User
) -> None:
    registration = factories.make_registration(engagement, "Early")
    floor = wind(engagement.floor, opens_at=OPENS, closes_at=CLOSES)

    assert ask(floor, registration, OPENS + MINUTE) == "floor_closed"
    with clock.set_to(OPENS + 2 * MINUTE):
        running.start(engagement, by=cora)
    assert told() == ["open"]
    assert ask(floor, registration, OPENS + 2 * MINUTE) == 1


def test_before_the_event_it_is_opened_by_hand_in_the_window_only(
    engagement: Engagement, omar: User
) -> None:
    floor = wind(
        engagement.floor, early_opens_at=START - timedelta(days=2), early_closes_at=START - MINUTE
    )

    with clock.set_to(START - timedelta(days=1)):
        floors.set_state(floor, state=states.FLOOR_CLOSED, by=omar)
        assert floors.set_state(floor, state=states.FLOOR_OPEN, by=omar).is_open
    with clock.set_to(START - MINUTE), pytest.raises(Refused) as refusal:
        floors.set_state(floor, state=states.FLOOR_OPEN, by=omar)
    assert refusal.value.code == "not_live"


@pytest.mark.django_db(transaction=True)
def test_two_who_look_at_once_move_it_once() -> None:
    engagement = factories.make_engagement("at-once", state=Engagement.State.LIVE)
    floor = wind(engagement.floor, opens_at=OPENS)
    factories.make_member(factories.make_user("Cora"), engagement, Role.COORDINATOR)

    def look(_turn: int) -> bool:
        try:
            with clock.set_to(OPENS):
                return clocking.look(floor.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(look, range(4))) == [False, False, False, True]
    assert told() == ["open"]
    assert moves() == [("floor.open", "clock")]


@pytest.mark.django_db(transaction=True)
async def test_pages_are_told_by_their_own_process_where_no_worker_runs(floor: Floor) -> None:
    await sync_to_async(wind)(floor, opens_at=OPENS)
    hub = Hub(floor.pk)
    with clock.set_to(OPENS - MINUTE):
        await hub.find_head()
        assert hub.feeds["room"].head == 0
    with clock.set_to(OPENS):
        await hub.find_head()
        await hub.catch_up()
    assert hub.feeds["room"].head == hub.feeds["desk"].head == 1
    assert await sync_to_async(told)() == ["open"]
