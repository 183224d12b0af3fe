"""Agencies are reminded of the due date of a list, and the office hears of what is overdue."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

import qa.tasks
from config.schedule import SCHEDULE
from engagements import clock
from engagements.models import AuditEntry, OutgoingMail
from qa import due_dates, states
from qa.due_dates import ESCALATED, REMINDED
from qa.models import ExtensionRequest, Reminder
from tests import factories
from tests.qa.agency.lists import answer, publish

if TYPE_CHECKING:
    from engagements.models import Engagement, User
    from qa.models import Forwarding

NEW_YORK = ZoneInfo("America/New_York")
DUE = date(2021, 6, 15)


def morning(days: int, hour: int = 9, minute: int = 5) -> datetime:
    """So many days after the due date, by the engagement's clock."""
    return datetime(2021, 6, 15, hour, minute, tzinfo=NEW_YORK) + timedelta(days=days)


@pytest.fixture
def due(sent: Forwarding, uma: User, carl: User) -> Forwarding:
    """Due on June 15 in New York; Uma answers for the agency, Carl only what is assigned to him."""
    sent.due_on = sent.first_due_on = DUE
    sent.save()
    return sent


def told(at: datetime) -> list[tuple[str, str]]:
    """Kind of mail and receiver of what is laid down at this moment."""
    before = set(OutgoingMail.objects.values_list("pk", flat=True))
    with clock.set_to(at):
        number = qa.tasks.remind_of_due_dates()
    new = OutgoingMail.objects.exclude(pk__in=before).order_by("template", "to")
    assert new.count() == number
    return [(mail.template.removeprefix("qa/"), mail.to) for mail in new]


@pytest.mark.parametrize(
    ("days", "hour", "expected"),
    [
        (-8, 12, None), (-7, 8, None), (-7, 9, 7), (-5, 12, 7), (-1, 8, 7), (-1, 9, 1),
        (0, 8, 1), (0, 9, 0), (1, 9, -1), (6, 23, -1), (7, 9, -7), (14, 8, -7), (14, 10, None),
        (20, 9, None), (21, 9, -21), (35, 9, -35), (35 + 14 * 20, 9, -35 - 14 * 20),
    ],
)  # fmt: skip
def test_the_latest_step_that_has_come_is_taken(days: int, hour: int, expected: int | None) -> None:
    found = due_dates.step(DUE, REMINDED, now=morning(days, hour), since=morning(-30))
    assert (found.days if found else None) == expected


def test_the_office_hears_of_what_is_overdue_by_a_day_and_then_every_fourteen() -> None:
    steps = Counter(
        found.days
        for days in range(-30, 60)
        if (found := due_dates.step(DUE, ESCALATED, now=morning(days), since=morning(-30)))
    )
    assert set(steps) == {-1, -15, -29, -43, -57}


def test_a_step_from_before_the_date_was_set_is_not_made_up() -> None:
    late = morning(-5)
    assert due_dates.step(DUE, REMINDED, now=morning(-4), since=late) is None
    found = due_dates.step(DUE, REMINDED, now=morning(-1), since=late)
    assert found is not None
    assert found.days == 1


def test_the_morning_is_that_of_the_zone_also_when_its_clocks_change() -> None:
    """In the night to November 7, 2021 New York's clocks went back."""
    found = due_dates.step(
        date(2021, 11, 8),
        REMINDED,
        now=datetime(2021, 11, 7, 9, 0, tzinfo=NEW_YORK),
        since=datetime(2021, 10, 1, tzinfo=NEW_YORK),
    )
    assert found is not None
    assert found.at.astimezone(UTC) == datetime(2021, 11, 7, 14, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_liaisons_are_reminded_before_on_and_after_the_due_date_once_each(
    due: Forwarding, uma: User
) -> None:
    reminded = [("answers_due", uma.email)]
    assert told(morning(-8)) == []
    assert told(morning(-7, hour=8)) == []
    assert told(morning(-7)) == reminded
    assert told(morning(-7, hour=15)) == []
    for days in (-1, 0):
        assert told(morning(days)) == reminded
        assert told(morning(days, hour=15)) == []
    rows = list(due.reminders.order_by("pk").values_list("kind", "days", "due_on"))
    assert rows == [("before", 7, DUE), ("before", 1, DUE), ("due", 0, DUE)]
    subjects = list(OutgoingMail.objects.order_by("pk").values_list("subject", flat=True))
    title = due.engagement.full_title
    assert subjects == [
        f"Answers are due in 7 days: {title}",
        f"Answers are due tomorrow: {title}",
        f"Answers are due today: {title}",
    ]
    mail = OutgoingMail.objects.latest("pk")
    assert "Of 4, 4 questions have no answer from you yet." in mail.body
    assert f"/agency/forwardings/{due.pk}/" in mail.body
    assert [
        entry.detail
        for entry in AuditEntry.objects.filter(action="forwarding.reminded").order_by("pk")
    ] == [{"kind": kind, "days": days, "outstanding": 4, "asked": 4} for kind, days, _due in rows]


@pytest.mark.django_db
def test_the_office_is_told_with_numbers_when_a_list_is_overdue(
    due: Forwarding, uma: User, edna: User, ada: User, paul: User
) -> None:
    """To the engagement's editors and the administrators, each once; Mo is neither."""
    factories.make_user("Mo")
    publish(due, 1, by=edna)
    answer(due, 2, states.ANSWER_SUBMITTED)
    asked = ExtensionRequest.objects.create(
        forwarding=due, until=DUE + timedelta(days=30), reason="Two offices.", asked_by=uma
    )
    told(morning(-1))
    office = sorted({("answers_overdue", one.email) for one in (edna, ada, paul)})
    assert told(morning(1)) == [("answers_due", uma.email), *office]
    assert told(morning(1, hour=16)) == []
    mail = OutgoingMail.objects.filter(template="qa/answers_overdue")[0]
    assert mail.subject == f"USCIS is a day late with its answers: {due.engagement.full_title}"
    for words in (
        "4 questions were to be answered",
        "2 have no answer from the agency",
        "1 answer waits for the office to accept it",
        "1 is answered in public",
        "The agency asks for time until July 15, 2021. Please decide about it.",
        "Nobody at the agency has downloaded the list yet.",
    ):
        assert words in mail.body, words
    assert "Two offices" not in mail.body
    assert told(morning(15)) == office
    assert told(morning(14 * 3 + 1)) == office
    # An extension that was granted moves everything.
    asked.state, asked.decided_by, asked.decided_at = "granted", edna, morning(44)
    asked.save()
    due.due_on = DUE + timedelta(days=60)
    due.save()
    assert told(morning(44)) == []
    assert told(morning(53)) == [("answers_due", uma.email)]


@pytest.mark.django_db
def test_a_reminder_says_why_it_counts_more_than_the_agencys_page(
    due: Forwarding, uma: User
) -> None:
    words = "joined with another one"
    told(morning(-7))
    first, second = (due.engagement.floor.questions.get(number=number) for number in (1, 2))
    first.state, first.merged_into = states.MERGED, second
    first.save()
    told(morning(-1))

    mails = OutgoingMail.objects.filter(to=uma.email).order_by("pk")
    assert [words in mail.body for mail in mails] == [False, True]
    assert ["Of 4, 4 questions" in mail.body for mail in mails] == [True, True]


@pytest.mark.django_db
def test_nobody_is_reminded_of_what_is_returned_recalled_or_superseded(
    due: Forwarding, uma: User, edna: User
) -> None:
    answers = [answer(due, number, states.ANSWER_SUBMITTED) for number in (1, 2, 4)]
    publish(due, 5, by=edna)
    assert told(morning(-7)) == []
    # One comes back from the office: the step is still to be taken.
    answers[0].state = states.ANSWER_RETURNED
    answers[0].save()
    assert told(morning(-6)) == [("answers_due", uma.email)]
    for state in (states.FORWARDING_RECALLED, states.FORWARDING_SUPERSEDED):
        due.state = state
        due.save()
        assert told(morning(-1)) == []
    due.state = states.FORWARDING_SENT
    due.save()
    uma.is_active = False
    uma.save()
    assert told(morning(-1)) == []
    assert Reminder.objects.count() == 1
    uma.is_active = True
    uma.save()
    assert told(morning(-1, hour=17)) == [("answers_due", uma.email)]


@pytest.mark.django_db
def test_a_list_in_another_zone_has_its_own_morning(due: Forwarding, uma: User) -> None:
    engagement: Engagement = due.engagement
    engagement.time_zone = "Pacific/Auckland"
    engagement.save()
    at = datetime(2021, 6, 7, 21, 5, tzinfo=UTC)  # 9:05 on June 8 there
    assert told(at - timedelta(hours=1)) == []
    assert told(at) == [("answers_due", uma.email)]


def test_the_worker_looks_several_times_an_hour() -> None:
    expressions = [line for line, runs in SCHEDULE if runs is qa.tasks.remind_of_due_dates]
    assert expressions == ["35 0,15,30,45 * * * *"]
