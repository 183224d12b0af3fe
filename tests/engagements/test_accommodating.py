from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from engagements import clock, states
from engagements.actions import accommodating
from engagements.models import (
    Accommodation,
    AuditEntry,
    Engagement,
    OutgoingMail,
    Registration,
)
from engagements.refusals import NotAllowed, Refused
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

    from engagements.models import User

    SignIn = Callable[[User], Client]

pytestmark = pytest.mark.django_db

State = Accommodation.State


@pytest.fixture
def ben(engagement: Engagement) -> Registration:
    return factories.make_registration(engagement, "Ben")


@pytest.fixture
def office(cora: User, sign_in: SignIn) -> Client:
    return sign_in(cora)


def page(response: Response) -> str:
    return response.content.decode()


def needs(registration: Registration) -> list[tuple[str, str, str]]:
    rows = registration.accommodations.order_by("kind")
    return list(rows.values_list("kind", "detail", "state"))


def log() -> list[tuple[str, Any]]:
    rows = AuditEntry.objects.filter(action__startswith="accommodation.").order_by("pk")
    return [(row.action, row.detail) for row in rows]


# Requesting


def test_what_is_wanted_stands_and_the_rest_is_withdrawn(ben: Registration) -> None:
    accommodating.request(ben, wanted={"captions": "", "language": "Spanish"}, by=ben)
    accommodating.request(ben, wanted={"language": "Spanish", "other": "A ramp"}, by=ben)

    assert needs(ben) == [
        ("captions", "", "withdrawn"),
        ("language", "Spanish", "requested"),
        ("other", "A ramp", "requested"),
    ]
    assert log() == [
        ("accommodation.requested", {}),
        ("accommodation.requested", {}),
        ("accommodation.requested", {}),
        ("accommodation.withdrawn", {}),
    ]


def test_what_stays_the_same_stays_arranged_and_what_changes_is_open_again(
    ben: Registration, cora: User
) -> None:
    both = {"captions": "", "language": "Spanish"}
    accommodating.request(ben, wanted=both, by=ben)
    for one in ben.accommodations.all():
        accommodating.decide(one, by=cora, state=State.ARRANGED, seen=State.REQUESTED)
    accommodating.request(ben, wanted=both | {"language": "French"}, by=ben)

    assert needs(ben) == [("captions", "", "arranged"), ("language", "French", "requested")]
    again = ben.accommodations.get(kind="language")
    assert (again.decided_at, again.decided_by) == (None, None)


def test_after_the_deadline_nothing_new_but_withdrawing(ben: Registration, cora: User) -> None:
    Engagement.objects.update(state=states.SCHEDULED, accommodations_until=None)
    accommodating.request(ben, wanted={"captions": ""}, by=ben)
    until = clock.now() - timedelta(minutes=1)
    Engagement.objects.update(accommodations_until=until)
    ben.refresh_from_db()

    with pytest.raises(Refused, match="no longer be requested"):
        accommodating.request(ben, wanted={"captions": "", "other": "A ramp"}, by=ben)
    assert needs(ben) == [("captions", "", "requested")]
    accommodating.request(ben, wanted={}, by=ben)
    assert needs(ben) == [("captions", "", "withdrawn")]
    # The office decides itself what it can still arrange.
    accommodating.request(ben, wanted={"captions": ""}, by=cora)
    assert needs(ben) == [("captions", "", "requested")]


def test_a_kind_that_is_not_offered(ben: Registration) -> None:
    with pytest.raises(Refused, match="that are offered"):
        accommodating.request(ben, wanted={"captions": "", "throne": ""}, by=ben)
    assert needs(ben) == []


# Deciding


def test_decided_and_back_with_notes_and_who_was_slower_is_told(
    ben: Registration, cora: User
) -> None:
    one = factories.make_accommodation(ben)
    accommodating.decide(
        one, by=cora, state=State.ARRANGED, seen=State.REQUESTED, notes="Booked", tells=True
    )
    assert (one.state, one.notes, one.decided_by) == (State.ARRANGED, "Booked", cora)
    with pytest.raises(Refused, match="changed this request meanwhile"):
        accommodating.decide(one, by=cora, state=State.DECLINED, seen=State.REQUESTED)
    accommodating.decide(one, by=cora, state=State.ARRANGED, seen=State.ARRANGED, notes="Paid")
    accommodating.decide(one, by=cora, state=State.REQUESTED, seen=State.ARRANGED)
    one.refresh_from_db()
    assert (one.state, one.notes, one.decided_at) == (State.REQUESTED, "Paid", None)
    assert log() == [
        ("accommodation.arranged", {}),
        ("accommodation.noted", {}),
        ("accommodation.requested", {}),
    ]
    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.registration) == ("ben@public.example", ben)
    assert "captions" not in mail.body.lower() + mail.subject.lower()


@pytest.mark.parametrize("state", [State.WITHDRAWN, "done"])
def test_what_is_no_decision(ben: Registration, cora: User, state: str) -> None:
    one = factories.make_accommodation(ben)
    with pytest.raises(Refused):
        accommodating.decide(one, by=cora, state=state, seen=State.REQUESTED)
    gone = factories.make_accommodation(ben, kind="other", state=State.WITHDRAWN)
    with pytest.raises(Refused):
        accommodating.decide(gone, by=cora, state=State.ARRANGED, seen=State.WITHDRAWN)
    assert needs(ben) == [("captions", "", "requested"), ("other", "", "withdrawn")]


def test_only_coordinators_decide(
    ben: Registration, cora: User, omar: User, ada: User, edna: User
) -> None:
    one = factories.make_accommodation(ben)
    for user in (omar, ada, edna):
        with pytest.raises(NotAllowed):
            accommodating.decide(one, by=user, state=State.ARRANGED, seen=State.REQUESTED)
    accommodating.decide(one, by=cora, state=State.ARRANGED, seen=State.REQUESTED)
    assert log() == [("accommodation.arranged", {})]


# The pages


def test_the_page_is_for_coordinators_alone(
    office: Client, engagement: Engagement, ben: Registration, omar: User, ada: User,
    sign_in: SignIn,
) -> None:  # fmt: skip
    one = factories.make_accommodation(ben, detail="<b>big</b> letters")
    where = {
        name: reverse(name, args=[engagement.slug])
        for name in ("accommodations", "accommodations-list", "accommodations-sheet")
    }
    for user in (omar, ada):
        client = sign_in(user)
        assert [client.get(address).status_code for address in where.values()] == [404] * 3
        decide = reverse("accommodation-decide", args=[engagement.slug, one.pk])
        assert client.post(decide, {"seen": "requested"}).status_code == 404
    text = page(office.get(where["accommodations"]))
    assert "&lt;b&gt;big&lt;/b&gt; letters" in text
    assert "<dt>Requested</dt><dd>1</dd>" in text


def test_a_coordinator_decides_on_the_page(
    office: Client, engagement: Engagement, ben: Registration
) -> None:
    one = factories.make_accommodation(ben)
    where = reverse("accommodation-decide", args=[engagement.slug, one.pk])
    sent = {f"a{one.pk}-state": "declined", f"a{one.pk}-notes": "Too late", "seen": "requested"}
    assert "Saved." in page(office.post(where, sent | {f"a{one.pk}-tells": "on"}, follow=True))
    one.refresh_from_db()
    assert (one.state, one.notes) == (State.DECLINED, "Too late")
    assert OutgoingMail.objects.count() == 1
    stale = page(office.post(where, sent, follow=True))
    assert "changed this request meanwhile" in stale

    elsewhere = factories.make_registration(factories.make_engagement("elsewhere"))
    foreign = factories.make_accommodation(elsewhere)
    where = reverse("accommodation-decide", args=[engagement.slug, foreign.pk])
    assert office.post(where, sent).status_code == 404


def test_what_waits_is_counted_on_the_engagement_for_coordinators(
    office: Client, engagement: Engagement, ben: Registration, omar: User, sign_in: SignIn
) -> None:
    where = reverse("engagement-office", args=[engagement.slug])
    assert "to arrange" not in page(office.get(where))
    factories.make_accommodation(ben)
    factories.make_accommodation(ben, kind="other", state=State.ARRANGED)
    cancelled = factories.make_registration(
        engagement, cancelled_at=factories.START, state="cancelled"
    )
    factories.make_accommodation(cancelled)
    assert "1 to arrange" in page(office.get(where))
    assert "to arrange" not in page(sign_in(omar).get(where))


def test_the_page_asks_as_much_for_three_as_for_one(
    office: Client, engagement: Engagement, cora: User
) -> None:
    counts = []
    for _number in range(3):
        one = factories.make_accommodation(factories.make_registration(engagement))
        accommodating.decide(one, by=cora, state=State.ARRANGED, seen=State.REQUESTED)
        with CaptureQueriesContext(connection) as queries:
            office.get(reverse("accommodations", args=[engagement.slug]))
        counts.append(len(queries))
    assert counts == [counts[0]] * 3


def test_what_waits_after_the_deadline_is_said(
    office: Client, engagement: Engagement, ben: Registration
) -> None:
    factories.make_accommodation(ben)
    where = reverse("accommodations", args=[engagement.slug])
    assert "The time to ask has passed" not in page(office.get(where))
    Engagement.objects.update(accommodations_until=clock.now() - timedelta(days=1))
    assert "The time to ask has passed, and 1 request still waits" in page(office.get(where))


def test_an_empty_page_says_so(office: Client, engagement: Engagement) -> None:
    text = page(office.get(reverse("accommodations", args=[engagement.slug])))
    assert "Nobody has asked for anything yet" in text


def test_the_vendors_list_has_what_is_needed_and_nobody(
    office: Client, engagement: Engagement, cora: User
) -> None:
    for number, state in enumerate(["requested", "arranged", "declined", "withdrawn"]):
        one = factories.make_registration(engagement, f"Secret {number}", language="es")
        factories.make_accommodation(one, kind="sign_language", detail="=ASL", state=state)
    removed = factories.make_registration(engagement, "Secret 9", removed_at=factories.START)
    factories.make_accommodation(removed)

    text = page(office.get(reverse("accommodations-list", args=[engagement.slug])))
    assert "=ASL" in text
    assert cora.email in text
    response = office.get(reverse("accommodations-sheet", args=[engagement.slug]))
    book = CalamineWorkbook.from_filelike(BytesIO(response.content))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[1:] == [["Sign language interpreting", "=ASL", "Spanish", 2.0]]
    cover = book.get_sheet_by_index(1).to_python()
    both = text + str(rows) + str(cover)
    assert "secret" not in both.lower()
    assert "public.example" not in both
    assert AuditEntry.objects.get(action="accommodations.exported").detail == {"rows": 1}
