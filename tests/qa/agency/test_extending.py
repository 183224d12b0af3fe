from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from engagements import clock
from engagements.models import AuditEntry, OutgoingMail
from engagements.refusals import NotAllowed, Refused
from qa import states
from qa.actions.agency import extending, recalling
from qa.models import ExtensionRequest, Forwarding
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.test import Client

    from engagements.models import User

pytestmark = pytest.mark.django_db

DUE = date(2021, 6, 7)
LATER = date(2021, 6, 21)


@pytest.fixture(autouse=True)
def _in_may() -> Iterator[None]:
    with clock.set_to(datetime(2021, 5, 20, 14, tzinfo=UTC)):
        yield


@pytest.fixture
def due(sent: Forwarding) -> Forwarding:
    sent.due_on = sent.first_due_on = DUE
    sent.save()
    return sent


def test_more_time_is_asked_for_and_granted(
    due: Forwarding, uma: User, edna: User, ada: User
) -> None:
    request = extending.ask(due, by=uma, until=LATER, reason="Counsel is away.")
    mail = OutgoingMail.objects.get()
    assert mail.to == edna.email
    assert "Counsel is away." in mail.body
    assert f"/office/engagements/live-session/extensions/{request.pk}/" in mail.body

    decided = extending.grant(request, by=edna)

    assert (decided.state, decided.decided_by) == ("granted", edna)
    due.refresh_from_db()
    assert (due.due_on, due.first_due_on) == (LATER, DUE)
    told = OutgoingMail.objects.exclude(pk=mail.pk).get()
    assert told.to == uma.email
    assert "June 21, 2021" in told.subject
    actions = AuditEntry.objects.filter(action__startswith="extension.").order_by("pk")
    assert [one.action for one in actions] == ["extension.asked", "extension.granted"]
    assert "Counsel" not in str([one.detail for one in actions])


def test_a_refusal_says_why_and_the_date_stays(due: Forwarding, uma: User, edna: User) -> None:
    request = extending.ask(due, by=uma, until=LATER, reason="Counsel is away.")
    with pytest.raises(Refused) as refusal:
        extending.refuse(request, by=edna, remark=" ")
    assert refusal.value.code == "no_reason"
    extending.refuse(request, by=edna, remark="The hearing is on the tenth.")
    for again in (extending.grant, extending.refuse):
        with pytest.raises(Refused) as refusal:
            again(request, by=edna, remark="No.")
        assert refusal.value.code == "decided"

    due.refresh_from_db()
    assert due.due_on == DUE
    assert "The hearing is on the tenth." in OutgoingMail.objects.latest("pk").body


def test_one_request_at_a_time_for_a_later_day(due: Forwarding, uma: User) -> None:
    for until in (DUE, date(2021, 5, 21), date(2022, 6, 7)):
        with pytest.raises(Refused) as refusal:
            extending.ask(due, by=uma, until=until, reason="Why")
        assert refusal.value.code == "until"
    with pytest.raises(Refused) as refusal:
        extending.ask(due, by=uma, until=LATER, reason="\x07")
    assert refusal.value.code == "no_reason"
    request = extending.ask(due, by=uma, until=LATER, reason="Why")
    with pytest.raises(Refused) as refusal:
        extending.ask(due, by=uma, until=LATER, reason="Why")
    assert refusal.value.code == "asked"
    assert extending.withdraw(request, by=uma).state == "withdrawn"
    assert extending.ask(due, by=uma, until=LATER, reason="Why").state == "asked"


def test_only_its_agency_asks_and_only_the_office_decides(
    due: Forwarding, uma: User, carl: User, otto: User, omar: User, edna: User
) -> None:
    for stranger in (carl, otto, edna):
        with pytest.raises(NotAllowed):
            extending.ask(due, by=stranger, until=LATER, reason="Why")
    request = extending.ask(due, by=uma, until=LATER, reason="Why")
    for stranger in (uma, otto, omar):
        with pytest.raises(NotAllowed):
            extending.grant(request, by=stranger)
        with pytest.raises(NotAllowed):
            extending.refuse(request, by=stranger, remark="No")
    for stranger in (carl, otto, edna):
        with pytest.raises(NotAllowed):
            extending.withdraw(request, by=stranger)
    assert ExtensionRequest.objects.get().state == "asked"
    Forwarding.objects.update(state=states.FORWARDING_SUPERSEDED)
    with pytest.raises(Refused) as refusal:
        extending.grant(request, by=edna)
    assert refusal.value.code == "not_in_force"


def test_the_pages_of_both_sides(
    due: Forwarding, uma: User, edna: User, sign_in: Callable[[User], Client]
) -> None:
    agency, office = sign_in(uma), sign_in(edna)
    page = f"/agency/forwardings/{due.pk}/extension/"
    assert "June 7, 2021" in agency.get(page).content.decode()
    assert agency.post(page, {"until": "2021-06-01", "reason": "Why"}).status_code == 409
    assert agency.post(page, {"until": "soon"}).status_code == 400
    assert agency.post(page, {"until": "2021-06-21", "reason": "Why"}).status_code == 302
    request = ExtensionRequest.objects.get()
    assert "has asked for time until June 21, 2021" in (
        agency.get(f"/agency/forwardings/{due.pk}/").content.decode()
    )
    decide = f"/office/engagements/live-session/extensions/{request.pk}/"
    assert "0 of 4" in office.get(decide).content.decode()
    assert office.post(decide, {"decision": "refuse", "remark": ""}).status_code == 400
    assert office.post(decide, {"decision": "grant"}).status_code == 302
    due.refresh_from_db()
    assert due.due_on == LATER
    assert office.post(decide, {"decision": "grant"}).status_code == 409
    assert "First it was June 7, 2021." in (
        agency.get(f"/agency/forwardings/{due.pk}/").content.decode()
    )


@pytest.mark.parametrize("end", ["recalled", "superseded"])
def test_what_was_asked_for_a_list_is_closed_with_it(
    end: str, ended_list: Forwarding, uma: User, edna: User
) -> None:
    ended_list.due_on = ended_list.first_due_on = DUE
    ended_list.save()
    request = extending.ask(ended_list, by=uma, until=LATER, reason="Counsel is away.")

    if end == "recalled":
        recalling.recall(ended_list, by=edna, reason="A mistake.")
    else:
        factories.forward_list(ended_list.engagement, by=edna)

    ended_list.refresh_from_db()
    request.refresh_from_db()
    assert (ended_list.state, request.state, request.decided_by) == (end, "withdrawn", edna)
    entry = AuditEntry.objects.get(action="extension.closed")
    assert (entry.actor, entry.detail) == (edna, {"forwarding": ended_list.pk})
