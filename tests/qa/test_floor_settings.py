"""What the office sets for a floor; where its times go when the engagement moves."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from engagements import clock
from engagements.actions import cloning, mailing, running
from engagements.models import AuditEntry, Engagement, Mailing, OutgoingMail
from engagements.refusals import NotAllowed, Refused
from qa import projection, queries, states
from qa.actions import asking, bulk, floor_settings, moderating
from qa.forms.floor import FloorSettingsForm
from qa.models import Floor, FloorEvent
from tests import factories
from tests.factories import START

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from engagements.models import Registration, User

pytestmark = pytest.mark.django_db

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
END = START + HOUR
DAY = timedelta(days=1)
BEFORE = START - 3 * DAY


def test_rooms_are_told_what_concerns_them_and_the_rest_is_kept(
    floor: Floor, omar: User, mia: User
) -> None:
    with pytest.raises(NotAllowed):
        floor_settings.change(floor, by=mia, most_each=3)

    floor_settings.change(floor, by=omar, most_each=3)
    assert FloorEvent.objects.count() == 0
    floor_settings.change(floor, by=omar, attribution=states.NAMED, seconds_between=30)
    floor_settings.change(floor, by=omar, seconds_between=30)

    told = [event.payload for event in FloorEvent.objects.all()]
    assert [(one["attribution"], one["seconds_between"]) for one in told] == [("name", 30)]
    entries = AuditEntry.objects.filter(action="floor.settings").order_by("pk")
    assert [entry.detail["fields"] for entry in entries] == [
        ["most_each"],
        ["attribution", "seconds_between"],
    ]


def test_the_second_of_two_is_told_who_was_first(floor: Floor, omar: User, cora: User) -> None:
    before = floor_settings.seen(floor)
    floor_settings.change(floor, by=omar, before=before, most_each=3)

    with pytest.raises(Refused) as refusal:
        floor_settings.change(floor, by=cora, before=before, seconds_between=9)
    assert refusal.value.code == "changed_meanwhile"
    assert "Omar changed that on" in str(refusal.value)
    floor.refresh_from_db()
    assert (floor.most_each, floor.seconds_between) == (3, 0)


@pytest.mark.parametrize(
    ("times", "field"),
    [
        ({"early_opens_at": START}, "early_opens_at"),
        ({"early_closes_at": START - DAY}, "early_opens_at"),
        ({"early_opens_at": START - DAY, "early_closes_at": START - DAY}, "early_closes_at"),
        ({"early_opens_at": START - DAY, "early_closes_at": START + MINUTE}, "early_closes_at"),
        ({"opens_at": START - MINUTE}, "opens_at"),
        ({"opens_at": END}, "opens_at"),
        ({"closes_at": END + MINUTE}, "closes_at"),
        ({"opens_at": START + MINUTE, "closes_at": START + MINUTE}, "closes_at"),
        ({"late_until": END}, "late_until"),
        ({"late_until": END + 31 * DAY}, "late_until"),
    ],
)
def test_what_cannot_be_true_is_said_at_its_field(
    engagement: Engagement, omar: User, times: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        floor_settings.change(engagement.floor, by=omar, **times)
    assert refusal.value.code == field
    fitting: Any = {"early_opens_at": START - DAY, "closes_at": END, "late_until": END + 30 * DAY}
    assert floor_settings.change(engagement.floor, by=omar, **fitting).late_until is not None


def test_a_window_that_is_set_to_begin_earlier_than_now_opens_at_once_and_only_then(
    engagement: Engagement, omar: User
) -> None:
    with clock.set_to(BEFORE):
        floor = floor_settings.change(engagement.floor, by=omar, early_opens_at=BEFORE - HOUR)
        assert floor.is_open
        Floor.objects.update(state=states.FLOOR_CLOSED)
        changed = floor_settings.change(floor, by=omar, early_closes_at=START - HOUR)
    # A moderator had closed it, and nothing that was set anew has passed.
    assert not changed.is_open
    with clock.set_to(START - HOUR):
        assert changed.due(clock.now()) == (START - HOUR, states.FLOOR_CLOSED)


def test_times_move_along_with_the_engagement_and_what_does_not_fit_is_taken_away(
    engagement: Engagement, cora: User, sign_in: Callable[[User], Client]
) -> None:
    times: Any = {
        "early_opens_at": START - 5 * DAY,
        "early_closes_at": START - HOUR,
        "opens_at": START + 40 * MINUTE,
        "closes_at": END,
        "late_until": END + DAY,
    }
    later = START + 7 * DAY
    with clock.set_to(BEFORE):
        floor_settings.change(engagement.floor, by=cora, **times)
        moved = running.edit(engagement, by=cora, starts_at=later, ends_at=later + 30 * MINUTE)
    floor = Floor.objects.get(engagement=engagement)
    assert {name: getattr(floor, name) for name in times} == {
        "early_opens_at": START + 2 * DAY,
        "early_closes_at": later - HOUR,
        "opens_at": None,
        "closes_at": later + 30 * MINUTE,
        "late_until": later + 30 * MINUTE + DAY,
    }
    assert moved.consequences == (
        (
            "The times set for the floor moved along. Please look at them on the floor's page. "
            "Taken away, because they do not fit the new time: opens by the clock."
        ),
    )
    assert queries.has_moved_along(engagement)
    page = sign_in(cora).get(reverse("floor-settings", args=[engagement.slug]))
    assert "The engagement was moved" in page.content.decode()


def test_times_keep_the_hour_on_the_wall_when_the_clocks_change(
    engagement: Engagement, cora: User
) -> None:
    opens = datetime(2021, 4, 13, 13, 0, tzinfo=engagement.zone)
    # A week after the clocks were set back.
    later = datetime(2021, 11, 10, 14, 0, tzinfo=engagement.zone)
    with clock.set_to(BEFORE):
        floor_settings.change(engagement.floor, by=cora, early_opens_at=opens)
        running.edit(engagement, by=cora, starts_at=later, ends_at=later + HOUR)

    floor = Floor.objects.get(engagement=engagement)
    assert floor.early_opens_at == datetime(2021, 11, 9, 13, 0, tzinfo=engagement.zone)


def test_a_clone_has_the_labels_and_settings_and_none_of_the_times(
    engagement: Engagement, cora: User
) -> None:
    floor_settings.change(
        engagement.floor,
        by=cora,
        attribution=states.OWN_CHOICE,
        most_each=4,
        early_opens_at=START - DAY,
    )
    for position, name in enumerate(("Fees", "Forms"), start=1):
        engagement.labels.create(name=name, position=position)

    def cloned(*parts: str) -> tuple[str, int | None, datetime | None, list[str]]:
        made = cloning.clone(engagement, by=cora, title="Next", starts_at=START, parts=parts)
        floor = Floor.objects.get(engagement=made)
        names = [label.name for label in made.labels.all()]
        return floor.attribution, floor.most_each, floor.early_opens_at, names

    assert cloned("floor") == ("choice", 4, None, ["Fees", "Forms"])
    assert cloned("speakers") == ("anonymous", None, None, [])


def test_the_page_saves_local_times_and_keeps_what_was_typed_over_a_conflict(
    engagement: Engagement, omar: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(omar)
    address = reverse("floor-settings", args=[engagement.slug])
    typed = {
        "attribution": "choice",
        "voting": "public",
        "seconds_between": "20",
        "early_opens_at": "2021-04-12T09:00",
        "before": floor_settings.seen(engagement.floor),
    }
    with clock.set_to(BEFORE):
        assert client.post(address, typed | {"opens_at": "2021-04-14T13:59"}).status_code == 400
        assert client.post(address, typed).status_code == 302
        conflict = client.post(address, typed | {"seconds_between": "40"})
        page = client.get(address).content.decode()

    floor = Floor.objects.get(engagement=engagement)
    assert floor.early_opens_at == datetime(2021, 4, 12, 9, 0, tzinfo=engagement.zone)
    assert (floor.seconds_between, floor.attribution) == (20, "choice")
    assert conflict.status_code == 409
    assert "Somebody else has changed these settings" in conflict.content.decode()
    assert conflict.context["differences"] == [
        ("Slow mode: seconds between two questions of one person", "20")
    ]
    assert "opens it on Monday, April 12, 9 a.m. EDT" in page
    assert "zone America/New_York" in page
    form = FloorSettingsForm(typed | {"before": floor_settings.seen(floor)}, floor=floor)
    assert form.is_valid()
    assert form.settings() == {}


def test_the_link_for_late_questions_is_mailed_once_to_each(
    engagement: Engagement, cora: User, sign_in: Callable[[User], Client]
) -> None:
    ana, ben, eve = (factories.make_registration(engagement, name) for name in ("Ana", "Ben", "E"))
    factories.make_registration(engagement, "Zoe", cancelled_at=START)
    factories.make_attendance(ana)
    with clock.set_to(START):
        floor_settings.change(engagement.floor, by=cora, late_until=END + DAY)
        running.start(engagement, by=cora)
    with clock.set_to(END):
        running.end(engagement, by=cora)
        mailing.lay_due()
        thanks = OutgoingMail.objects.get(template="engagements/thanks")
        page = sign_in(cora).get(reverse("floor-settings", args=[engagement.slug]))
        assert page.context["late_mail"] == {"registered": 2, "came": 0}
        floor = Floor.objects.get(engagement=engagement)
        late = floor_settings.mail_late(floor, by=cora, only_who_came=False)
        mailing.lay_due()
        with pytest.raises(Refused) as refusal:
            floor_settings.mail_late(floor, by=cora, only_who_came=False)

    assert refusal.value.code == "nobody"
    mails = OutgoingMail.objects.filter(mailing=late).order_by("registration")
    assert [mail.registration_id for mail in mails] == [ben.pk, eve.pk]
    said = "Until Thursday, April 15, 2021, 3 p.m. EDT"
    for person, mail in ((ana, thanks), (ben, mails[0])):
        assert said in mail.body
        assert f"/late/{person.token()}" in mail.body
        assert f"/late/{person.token()}" in mail.html
    assert Mailing.objects.get(pk=late.pk).mails == 2


def test_late_mail_that_comes_too_late_is_dropped(engagement: Engagement, cora: User) -> None:
    factories.make_registration(engagement, "Ana")
    Engagement.objects.update(state=Engagement.State.ENDED, ended_at=END)
    engagement.refresh_from_db()
    Floor.objects.update(late_until=END + HOUR)
    floor = Floor.objects.get(engagement=engagement)
    with clock.set_to(END):
        late = floor_settings.mail_late(floor, by=cora, only_who_came=False)
    with clock.set_to(END + HOUR):
        mailing.lay_due()
        with pytest.raises(Refused):
            floor_settings.mail_late(floor, by=cora, only_who_came=False)
    late.refresh_from_db()
    assert late.state == Mailing.State.DISCARDED


def test_with_nobody_reads_who_asked_the_names_are_gone_for_good(
    floor: Floor, omar: User, ana: Registration
) -> None:
    """From rows, from what everybody is told, and from the log that later ones read."""
    floor_settings.change(floor, by=omar, attribution=states.NAMED)
    for number, state in enumerate((states.SHOWN, states.WAITING), start=1):
        asking.ask(floor, by=ana, text=f"When? {number}", client_id=uuid.uuid4())
        if state == states.SHOWN:
            moderating.show(floor, by=omar, number=number, seen=1)
    start = queries.position(floor.pk)
    named = floor.questions.get(number=1).asker_name
    assert named

    floor_settings.change(floor, by=omar, attribution=states.ANONYMOUS)
    floor_settings.change(floor, by=omar, attribution=states.OWN_CHOICE)

    told = queries.events_since(floor.pk, start.head, most=9)
    acts = [one["payload"].get("act") for one in told]
    assert acts == [None, "question.name_taken_off", "question.name_taken_off", None]
    assert "question.name_taken_off" in projection.MASKING
    assert [one["public_number"] is not None for one in told] == [True, True, False, True]
    log = FloorEvent.objects.filter(kind="question")
    assert {event.payload["question"]["asker_name"] for event in log} == {""}
    for audience in projection.AUDIENCES:
        assert named not in str(queries.snapshot(floor.pk, audience)["questions"])
    assert {one["asker_name"] for one in queries.own(ana.pk)["questions"]} == {""}
    assert set(floor.questions.values_list("asker", flat=True)) == {ana.pk}
    undone = bulk.apply(floor, by=omar, move="hold", questions=[(1, 3)])
    assert undone.refused == []
