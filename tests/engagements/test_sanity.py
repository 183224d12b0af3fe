"""What an engagement refuses to be, seats that change, and two people who save at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engagements import clock, states
from engagements.actions import running
from engagements.actions.running import SpeakerEntry
from engagements.models import AuditEntry, Engagement, Mailing, Registration, User
from engagements.refusals import Refused
from tests import factories

pytestmark = pytest.mark.django_db

START = factories.START
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
State = Registration.State


@pytest.fixture
def seated(engagement: Engagement) -> Engagement:
    """Two seats, both taken, and three people who wait in the order of their names."""
    Engagement.objects.filter(pk=engagement.pk).update(capacity=2)
    for name in ("Ana", "Ben"):
        factories.make_registration(engagement, name)
    for number, name in enumerate(("Cleo", "Dan", "Eli")):
        factories.make_registration(
            engagement,
            name,
            state=State.WAITLISTED,
            waitlisted_at=START - DAY + number * HOUR,
        )
    engagement.refresh_from_db()
    return engagement


def names(engagement: Engagement, state: str) -> list[str]:
    return list(engagement.registrations.filter(state=state).values_list("name", flat=True))


@pytest.mark.parametrize(
    ("wrong", "right", "field"),
    [
        ({"ends_at": START}, {"ends_at": START + HOUR}, "ends_at"),
        (
            {"registration_opens_at": START + HOUR},
            {"registration_opens_at": START},
            "registration_opens_at",
        ),
        (
            {"registration_opens_at": START - DAY, "registration_closes_at": START - DAY},
            {"registration_opens_at": START - DAY, "registration_closes_at": START},
            "registration_closes_at",
        ),
        (
            {"registration_closes_at": START + 2 * HOUR},
            {"registration_closes_at": START + HOUR},
            "registration_closes_at",
        ),
        (
            {"accommodations_until": START + timedelta(seconds=1)},
            {"accommodations_until": START},
            "accommodations_until",
        ),
        ({"capacity": 0}, {"capacity": 1}, "capacity"),
        ({"capacity": 10**7}, {"capacity": None}, "capacity"),
        ({"survey_url": "http://s.example"}, {"survey_url": "https://s.example"}, "survey_url"),
        (
            {"captions_url": "http://c.example"},
            {"captions_url": "https://c.example"},
            "captions_url",
        ),
        ({"survey_url": "javascript:x"}, {"survey_url": ""}, "survey_url"),
        ({"reminders": [0]}, {"reminders": [1]}, "reminders"),
        ({"reminders": [60, 60]}, {"reminders": [60, 15]}, "reminders"),
        ({"reminders": [43_201]}, {"reminders": []}, "reminders"),
        (
            {"invitation_only": True, "takes_walk_ins": True},
            {"invitation_only": True, "takes_walk_ins": False},
            "takes_walk_ins",
        ),
    ],
)
def test_what_contradicts_itself_is_refused_and_changes_nothing(
    engagement: Engagement, cora: User, wrong: Any, right: Any, field: str
) -> None:
    before = Engagement.objects.filter(pk=engagement.pk).values().get()
    with pytest.raises(Refused) as refused:
        running.edit(engagement, by=cora, **wrong)
    assert refused.value.code == field
    assert Engagement.objects.filter(pk=engagement.pk).values().get() == before
    running.edit(engagement, by=cora, **right)
    after = Engagement.objects.filter(pk=engagement.pk).values(*right).get()
    assert after == right


def test_a_contradiction_with_what_is_stored_is_refused_too(
    engagement: Engagement, cora: User
) -> None:
    running.edit(engagement, by=cora, registration_closes_at=START + HOUR)
    with pytest.raises(Refused) as refused:
        running.edit(engagement, by=cora, ends_at=START + HOUR / 2)
    assert refused.value.code == "registration_closes_at"
    engagement.refresh_from_db()
    assert engagement.ends_at == START + HOUR


@pytest.mark.parametrize("state", [states.SCHEDULED, states.LIVE])
def test_more_seats_go_to_who_waits_longest(seated: Engagement, cora: User, state: str) -> None:
    Engagement.objects.filter(pk=seated.pk).update(state=state)
    running.edit(seated, by=cora, capacity=4)
    assert names(seated, State.REGISTERED) == ["Ana", "Ben", "Cleo", "Dan"]
    assert names(seated, State.WAITLISTED) == ["Eli"]
    promoted = AuditEntry.objects.filter(action="registration.promoted")
    assert promoted.count() == 2


def test_no_limit_seats_everybody(seated: Engagement, cora: User) -> None:
    running.edit(seated, by=cora, capacity=None)
    assert names(seated, State.WAITLISTED) == []


def test_fewer_seats_expel_nobody_and_promote_nobody(seated: Engagement, cora: User) -> None:
    running.edit(seated, by=cora, capacity=1)
    assert names(seated, State.REGISTERED) == ["Ana", "Ben"]
    assert names(seated, State.WAITLISTED) == ["Cleo", "Dan", "Eli"]
    running.edit(seated, by=cora, capacity=2)
    assert names(seated, State.WAITLISTED) == ["Cleo", "Dan", "Eli"]
    running.edit(seated, by=cora, capacity=3)
    assert names(seated, State.WAITLISTED) == ["Dan", "Eli"]


def test_the_second_of_two_who_save_at_once_is_told_and_may_save_anyway(
    engagement: Engagement, cora: User, ada: User
) -> None:
    seen = engagement.revision
    with clock.set_to(datetime(2021, 4, 1, 14, 5, tzinfo=UTC)):
        running.edit(engagement, by=ada, seen=seen, title="Ada's title")
    with pytest.raises(Refused) as refused:
        running.edit(
            engagement, by=cora, seen=seen, title="Cora's", speakers=[SpeakerEntry("Lost")]
        )
    assert refused.value.code == "changed_meanwhile"
    assert str(refused.value) == (
        "Somebody else has changed this engagement in the meantime. "
        "Ada changed that on April 1, 10:05 a.m. EDT."
    )
    engagement.refresh_from_db()
    assert (engagement.title, engagement.speakers.count()) == ("Ada's title", 0)
    running.edit(engagement, by=cora, seen=engagement.revision, title="Cora's")
    assert (engagement.title, engagement.revision) == ("Cora's", seen + 2)


def test_a_new_time_is_told_once_the_engagement_is_scheduled(
    engagement: Engagement, cora: User
) -> None:
    def mailings() -> list[str]:
        return list(Mailing.objects.values_list("occasion", flat=True).order_by("pk"))

    with clock.set_to(START - 3 * DAY):
        Engagement.objects.update(state=states.DRAFT)
        running.edit(engagement, by=cora, starts_at=START + HOUR / 4)
        assert (mailings(), engagement.calendar_sequence) == ([], 1)
        Engagement.objects.update(state=states.SCHEDULED)
        running.edit(engagement, by=cora, description="Nothing for a calendar")
        assert (mailings(), engagement.calendar_sequence) == ([], 1)
        running.edit(engagement, by=cora, starts_at=START)
        assert engagement.calendar_sequence == 2
    assert mailings() == ["reminder", "reminder", "moved"]
