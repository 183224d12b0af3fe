"""Mail to many: whom it reaches, when, and that it follows what happens to the engagement."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from engagements import clock, outbox, tasks
from engagements.actions import (
    mailing,
    reviewing,
    running,
    subscribing,
    telling,
)
from engagements.models import (
    AttendanceList,
    AuditEntry,
    Engagement,
    ListedPerson,
    OutgoingMail,
    Registration,
    Series,
    StoredFile,
)
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engagements.models import User

pytestmark = pytest.mark.django_db

START = factories.START
NOW = START - timedelta(days=3)
HOUR = timedelta(hours=1)
State = Registration.State


@pytest.fixture(autouse=True)
def _then() -> Iterator[None]:
    with clock.set_to(NOW):
        yield


def person(engagement: Engagement, name: str, **fields: Any) -> Registration:
    return factories.make_registration(engagement, name, **{"registered_at": NOW} | fields)


def lay(at: Any = NOW) -> int:
    with clock.set_to(at):
        return tasks.lay_mailings()


def planned(engagement: Engagement) -> list[tuple[str, Any, str]]:
    found = engagement.mailings.order_by("pk")
    return [(each.occasion, START - each.due_at, each.state) for each in found]


def written(occasion: str) -> list[str]:
    mails = OutgoingMail.objects.filter(template=f"engagements/{occasion}").order_by("pk")
    return [mail.to.partition("@")[0] for mail in mails]


def unsent(occasion: str) -> list[str]:
    mails = OutgoingMail.objects.filter(template=f"engagements/{occasion}", state="waiting")
    return [mail.to.partition("@")[0] for mail in mails.order_by("pk")]


def move(engagement: Engagement, cora: User, by: timedelta) -> None:
    running.edit(
        engagement,
        by=cora,
        starts_at=engagement.starts_at + by,
        ends_at=engagement.ends_at + by,
    )


@pytest.fixture
def draft(cora: User) -> Engagement:
    made = factories.make_engagement("plan", title="A plan", state=Engagement.State.DRAFT)
    factories.make_member(cora, made, "coordinator")
    return made


def test_scheduling_plans_the_reminders(draft: Engagement, cora: User) -> None:
    running.schedule(draft, by=cora)
    assert planned(draft) == [("reminder", 24 * HOUR, "waiting"), ("reminder", HOUR, "waiting")]


def test_what_is_due_already_is_not_planned(draft: Engagement, cora: User) -> None:
    with clock.set_to(START - 5 * HOUR):
        running.schedule(draft, by=cora)
    assert planned(draft) == [("reminder", HOUR, "waiting")]


def test_a_reminder_reaches_who_has_a_seat_and_an_address(engagement: Engagement) -> None:
    telling.plan(engagement)
    person(engagement, "Ana")
    person(engagement, "Staff", counted=Registration.Counted.STAFF)
    person(engagement, "Waiting", state=State.WAITLISTED, waitlisted_at=NOW)
    person(engagement, "Unsure", state=State.UNCONFIRMED)
    person(engagement, "Gone", state=State.CANCELLED)
    person(engagement, "Removed", removed_at=NOW)
    person(engagement, "Phone", email="")

    assert lay(START - 24 * HOUR - HOUR) == 0
    assert lay(START - 24 * HOUR) == 2

    assert written("reminder") == ["ana", "staff"]
    first = engagement.mailings.earliest("due_at")
    assert (first.state, first.mails) == ("laid", 2)
    entry = AuditEntry.objects.get(action="mailing.laid")
    assert entry.detail == {"occasion": "reminder", "mails": 2}
    assert lay(START - 24 * HOUR) == 0


def test_who_registers_later_gets_none_of_the_passed_reminders(engagement: Engagement) -> None:
    telling.plan(engagement)
    person(engagement, "Ana")
    # The worker was away for an hour.
    person(engagement, "Late", registered_at=START - 23 * HOUR - HOUR / 2)
    lay(START - 23 * HOUR)
    assert written("reminder") == ["ana"]
    lay(START - HOUR)
    assert written("reminder") == ["ana", "ana", "late"]


def test_of_two_reminders_that_are_late_only_the_second_goes(engagement: Engagement) -> None:
    telling.plan(engagement)
    person(engagement, "Ana")
    lay(START - HOUR / 2)
    assert [state for _occasion, _due, state in planned(engagement)] == ["discarded", "laid"]
    assert written("reminder") == ["ana"]


def test_a_reminder_that_is_too_late_does_not_go(engagement: Engagement) -> None:
    telling.plan(engagement)
    person(engagement, "Ana")
    lay(START + HOUR)
    assert written("reminder") == []
    assert AuditEntry.objects.filter(action="mailing.too_late").count() == 2


def test_reminders_follow_a_new_time(engagement: Engagement, cora: User) -> None:
    telling.plan(engagement)
    person(engagement, "Ana")
    lay(START - 24 * HOUR)
    assert unsent("reminder") == ["ana"]

    with clock.set_to(START - 23 * HOUR):
        move(engagement, cora, timedelta(days=7))

    # Laid and not sent: discarded, and planned again for the new time.
    assert unsent("reminder") == []
    assert [state for _occasion, _due, state in planned(engagement)] == [
        "laid",
        "discarded",
        "waiting",
        "waiting",
        "waiting",
    ]
    lay(START - 23 * HOUR)
    assert unsent("moved") == ["ana"]
    lay(START + timedelta(days=6))
    assert unsent("reminder") == ["ana"]
    assert "April 21, 2021" in OutgoingMail.objects.latest("pk").body


def test_who_was_reminded_of_the_old_time_is_reminded_again(
    engagement: Engagement, cora: User
) -> None:
    telling.plan(engagement)
    person(engagement, "Ana")
    lay(START - 24 * HOUR)
    OutgoingMail.objects.update(state="sent")
    with clock.set_to(START - 23 * HOUR):
        move(engagement, cora, timedelta(days=7))
    lay(START + timedelta(days=6))
    assert written("reminder") == ["ana", "ana"]


def test_mail_that_is_not_sent_yet_tells_the_new_time(engagement: Engagement, cora: User) -> None:
    ana, ben = person(engagement, "Ana"), person(engagement, "Ben")
    telling.registered(ana)
    telling.registered(ben)
    telling.waitlisted(person(engagement, "Cay", state=State.WAITLISTED, waitlisted_at=NOW))
    OutgoingMail.objects.filter(registration=ben).update(state="sent")
    before = {mail.to: mail.body for mail in OutgoingMail.objects.all()}

    move(engagement, cora, timedelta(days=7))

    after = {mail.to: mail.body for mail in OutgoingMail.objects.all()}
    assert {to for to in before if before[to] != after[to]} == {ana.email, "cay@public.example"}
    assert all("April 21" in after[to] for to in after if to != ben.email)
    mail = OutgoingMail.objects.get(registration=ana)
    assert "SEQUENCE:1" in mail.calendar
    assert "April 21" in mail.html
    lay()
    assert written("moved") == ["ana", "ben", "cay"]


def test_a_mail_that_somebody_edited_waits_for_them_after_a_move(
    engagement: Engagement, cora: User
) -> None:
    telling.registered(person(engagement, "Ana"))
    mail = OutgoingMail.objects.get()
    reviewing.edit(mail, by=cora, subject="Our words", body="Come at 2 p.m.", seen=1)
    move(engagement, cora, HOUR)
    mail.refresh_from_db()
    assert (mail.state, mail.subject) == ("held", "Our words")


def test_moved_twice_before_anybody_was_told_tells_the_time_that_people_know(
    engagement: Engagement, cora: User
) -> None:
    person(engagement, "Ana")
    move(engagement, cora, HOUR)
    lay()
    move(engagement, cora, HOUR)
    lay()
    assert unsent("moved") == ["ana"]
    assert (
        "planned for Wednesday, April 14, 2021, 2 to 3 p.m."
        in OutgoingMail.objects.get(state="waiting").body
    )

    OutgoingMail.objects.filter(state="waiting").update(state="sent")
    move(engagement, cora, HOUR)
    lay()
    body = OutgoingMail.objects.get(state="waiting").body
    assert "planned for Wednesday, April 14, 2021, 4 to 5 p.m." in body


def test_a_new_title_tells_no_former_time(engagement: Engagement, cora: User) -> None:
    person(engagement, "Ana")
    running.edit(engagement, by=cora, title="Another title")
    lay()
    mail = OutgoingMail.objects.get()
    assert mail.subject == "Changed: Another title"
    assert "planned for" not in mail.body


def test_cancelling_tells_everybody_and_sends_nothing_else(
    engagement: Engagement, cora: User
) -> None:
    telling.plan(engagement)
    for name, state in (("Ana", State.REGISTERED), ("Ben", State.WAITLISTED)):
        telling.link_again(person(engagement, name, state=state, waitlisted_at=NOW))
    telling.confirm_address(person(engagement, "Cay", state=State.UNCONFIRMED))
    person(engagement, "Dan", state=State.CANCELLED)
    mailing.write(
        engagement, by=cora, subject="A", body="B", audience={"states": [State.REGISTERED]}
    )
    lay()

    running.cancel(engagement, by=cora)
    lay()
    lay(START - HOUR)

    assert sorted(OutgoingMail.objects.filter(state="waiting").values_list("template", "to")) == [
        ("engagements/cancelled", "ana@public.example"),
        ("engagements/cancelled", "ben@public.example"),
        ("engagements/cancelled", "cay@public.example"),
    ]
    # What the office wrote in its own words waits for the office.
    assert OutgoingMail.objects.get(template="engagements/letter").state == "held"
    with_file = OutgoingMail.objects.filter(template="engagements/cancelled").exclude(calendar="")
    assert [mail.to for mail in with_file] == ["ana@public.example"]


def test_starting_tells_it_and_makes_reminders_superfluous(
    engagement: Engagement, cora: User
) -> None:
    telling.plan(engagement)
    person(engagement, "Ana")
    lay(START - HOUR)
    with clock.set_to(START):
        running.start(engagement, by=cora)
    lay(START)
    assert (unsent("reminder"), unsent("starting")) == ([], ["ana"])


def test_who_attended_is_thanked_with_the_survey(live_engagement: Engagement, cora: User) -> None:
    live_engagement.survey_url = "https://survey.example/x"
    live_engagement.save()
    ana, ben = person(live_engagement, "Ana"), person(live_engagement, "Ben")
    person(live_engagement, "Cay")
    factories.make_attendance(ana)
    listed(live_engagement, ben)
    with clock.set_to(START + HOUR):
        running.end(live_engagement, by=cora)
    lay(START + HOUR)
    assert written("thanks") == ["ana", "ben"]
    mail = OutgoingMail.objects.latest("pk")
    assert "https://survey.example/x" in mail.body
    assert 'href="https://survey.example/x"' in mail.html


def listed(engagement: Engagement, registration: Registration) -> None:
    file = StoredFile.objects.create(
        name="list.csv", content=b"x", size=1, sha256="0" * 64, content_type="text/csv"
    )
    attendance = AttendanceList.objects.create(
        engagement=engagement,
        file=file,
        platform=AttendanceList.Platform.ZOOM,
        state=AttendanceList.State.APPLIED,
    )
    ListedPerson.objects.create(
        list=attendance,
        position=1,
        name=registration.name,
        category=registration.category,
        registration=registration,
    )


def test_an_engagement_may_send_neither(live_engagement: Engagement, cora: User) -> None:
    live_engagement.sends_thanks = False
    live_engagement.save()
    factories.make_attendance(person(live_engagement, "Ana"))
    running.end(live_engagement, by=cora)
    assert lay(START + HOUR) == 0


def test_news_reach_subscribers_who_have_not_registered(draft: Engagement, cora: User) -> None:
    draft.series = Series.objects.create(name="Evenings")
    draft.save()
    for name in ("ana", "ben", "cay"):
        subscribing.subscribe(
            draft.series, email=f"{name}@public.example", language="en", by="public"
        )
    person(draft, "Ana", email="ANA@public.example")
    subscribing.end(draft.series.subscriptions.get(email_key="ben@public.example"), by="public")

    running.schedule(draft, by=cora)
    lay()

    assert written("news") == ["cay"]
    mail = OutgoingMail.objects.get()
    token = draft.series.subscriptions.get(email_key="cay@public.example").token()
    link = outbox.absolute(reverse("news", args=[token]))
    assert mail.unsubscribe == link
    assert link in mail.body
    message = tasks.mail.message_of(mail)
    assert message.extra_headers["List-Unsubscribe"] == f"<{link}>"
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    move(draft, cora, timedelta(days=7))
    mail.refresh_from_db()
    assert "April 21" in mail.body
