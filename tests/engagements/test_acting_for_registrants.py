from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from engagements import states
from engagements.actions import attending, changing, phoning
from engagements.models import (
    Attendance,
    AttendanceInterval,
    AuditEntry,
    Engagement,
    OutgoingMail,
    Registration,
    RegistrationQuestion,
)
from engagements.refusals import NotAllowed, Refused
from tests import factories
from tests.factories import START

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

    from engagements.models import User

    SignIn = Callable[[User], Client]

pytestmark = pytest.mark.django_db

State = Registration.State


@pytest.fixture
def office(cora: User, sign_in: SignIn) -> Client:
    return sign_in(cora)


def page(response: Response) -> str:
    return response.content.decode()


def address(name: str, engagement: Engagement, *more: int) -> str:
    return reverse(name, args=[engagement.slug, *more])


def waiting(engagement: Engagement, name: str, minutes: int) -> Registration:
    at = START - timedelta(minutes=minutes)
    return factories.make_registration(
        engagement, name, state=State.WAITLISTED, waitlisted_at=at, registered_at=at
    )


def actions(registration: Registration) -> list[str]:
    subject = f"engagements.registration:{registration.pk}"
    return list(
        AuditEntry.objects.filter(subject=subject).order_by("pk").values_list("action", flat=True)
    )


# On behalf


def test_the_office_cancels_for_somebody_and_the_seat_goes_on(
    office: Client, engagement: Engagement
) -> None:
    Engagement.objects.update(capacity=1)
    seated = factories.make_registration(engagement, "Seated")
    next_one = waiting(engagement, "Next", 5)

    text = page(office.post(address("registrant-cancel", engagement, seated.pk), follow=True))
    assert "The registration is cancelled." in text
    seated.refresh_from_db()
    next_one.refresh_from_db()
    assert (seated.state, next_one.state) == (State.CANCELLED, State.REGISTERED)


def test_the_office_changes_the_role_before_the_start_only(
    office: Client, engagement: Engagement, live_engagement: Engagement, ana: Registration
) -> None:
    ben = factories.make_registration(engagement, "Ben", organization="Org")
    for one in (ben, ana):
        office.post(
            address("registrant-category", one.engagement, one.pk), {"category": "employer"}
        )
        one.refresh_from_db()
    assert (ben.category.key, ben.name, ben.organization) == ("employer", "Ben", "Org")
    assert ana.category.key == "attorney"
    wrong = office.post(address("registrant-category", engagement, ben.pk), {"category": "king"})
    assert wrong.status_code == 400


def test_the_role_that_is_held_stands_first_also_when_it_is_not_offered(
    office: Client, engagement: Engagement
) -> None:
    silent = factories.make_registration(
        engagement, "Silent", category=factories.category("not-stated")
    )
    page = office.get(address("registrant", engagement, silent.pk)).content.decode()
    assert '<option value="not-stated" selected' in page
    office.post(address("registrant-category", engagement, silent.pk), {"category": "not-stated"})
    silent.refresh_from_db()
    assert silent.category.key == "not-stated"


def test_who_took_part_by_phone_is_counted_once_and_taken_back(
    office: Client, live_engagement: Engagement, ana: Registration, cora: User
) -> None:
    where = address("registrant-phone", live_engagement, ana.pk)
    for _twice in range(2):
        office.post(where)
    attendance = Attendance.objects.get(registration=ana)
    assert (attendance.source, attendance.category_id) == ("phone", ana.category_id)

    office.post(address("registrant-phone-undo", live_engagement, ana.pk))
    assert not Attendance.objects.exists()
    log = AuditEntry.objects.filter(action__startswith="attendance").order_by("pk")
    assert list(log.values_list("action", flat=True)) == [
        "attendance.by_phone",
        "attendance.by_phone_taken_back",
    ]


def test_who_was_in_the_room_too_stays_counted(
    live_engagement: Engagement, ana: Registration, cora: User
) -> None:
    phoning.note(ana, by=cora)
    attending.arrive(ana)
    with pytest.raises(Refused, match="not noted"):
        phoning.take_back(ana, by=cora)
    assert AttendanceInterval.objects.count() == 1


def test_by_phone_needs_a_begun_engagement_a_seat_and_a_coordinator(
    engagement: Engagement, live_engagement: Engagement, ana: Registration, cora: User, omar: User
) -> None:
    early = factories.make_registration(engagement, "Early")
    with pytest.raises(Refused, match="while the engagement is live"):
        phoning.note(early, by=cora)
    late = waiting(live_engagement, "Late", 1)
    with pytest.raises(Refused, match="Only who is registered"):
        phoning.note(late, by=cora)
    with pytest.raises(NotAllowed):
        phoning.note(ana, by=omar)
    assert not Attendance.objects.exists()
    phoning.note(ana, by=cora)
    assert Attendance.objects.count() == 1


def test_who_has_cancelled_meanwhile_did_not_take_part_by_phone(
    live_engagement: Engagement, ana: Registration, cora: User
) -> None:
    ben = factories.make_registration(live_engagement, "Ben")
    changing.cancel(Registration.objects.get(pk=ben.pk), by=cora)
    with pytest.raises(Refused, match="Only who is registered"):
        phoning.note(ben, by=cora)
    phoning.note(ana, by=cora)
    assert [one.registration for one in Attendance.objects.all()] == [ana]


def test_after_the_end_the_person_joined_when_it_began(
    live_engagement: Engagement, ana: Registration, cora: User
) -> None:
    Engagement.objects.update(state=states.ENDED, started_at=START)
    assert phoning.note(Registration.objects.get(), by=cora).first_joined_at == START


# Removing and readmitting


def test_removing_before_the_start_gives_the_seat_to_who_waits_first(
    engagement: Engagement, omar: User
) -> None:
    Engagement.objects.update(capacity=1)
    seated = factories.make_registration(engagement, "Seated")
    second, first = waiting(engagement, "Second", 1), waiting(engagement, "First", 5)

    attending.remove(seated, by=omar)
    states_now = {one.name: one.state for one in Registration.objects.all()}
    assert states_now == {"Seated": "registered", "Second": "waitlisted", "First": "registered"}
    assert actions(first) == ["registration.promoted"]
    assert actions(second) == []

    with pytest.raises(Refused, match="All seats are taken"):
        attending.readmit(seated, by=omar)
    seated.refresh_from_db()
    assert seated.removed_at is not None
    Engagement.objects.update(capacity=2)
    assert attending.readmit(seated, by=omar).removed_at is None


def test_removing_while_it_is_live_promotes_nobody(
    live_engagement: Engagement, ana: Registration, omar: User
) -> None:
    Engagement.objects.update(capacity=1)
    late = waiting(live_engagement, "Late", 1)
    attending.remove(ana, by=omar)
    late.refresh_from_db()
    assert late.state == State.WAITLISTED
    assert attending.readmit(ana, by=omar).removed_at is None


# Somebody phoned


def entry(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Nell",
        "email": "",
        "phone": "+1 202 555 0100",
        "organization": "",
        "category": "employer",
        "was_read_out": "on",
    } | changes


def test_the_office_registers_somebody_without_an_address(
    office: Client, engagement: Engagement, cora: User
) -> None:
    question = RegistrationQuestion.objects.create(engagement=engagement, label="How many?")
    data = entry(**{f"question-{question.pk}": "Three", "needs": ["captions"]})
    response = office.post(address("registrant-new", engagement), data)

    nell = Registration.objects.get()
    assert response["Location"] == address("registrant", engagement, nell.pk)
    assert (nell.email, nell.email_key, nell.phone) == ("", None, "+1 202 555 0100")
    assert (nell.source, nell.registered_by, nell.state) == ("staff", cora, "registered")
    assert [answer.values for answer in nell.answers.all()] == [["Three"]]
    assert [need.kind for need in nell.accommodations.all()] == ["captions"]
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"was_read_out": ""}, "Please read the notice out"),
        ({"name": ""}, "Please write your name."),
        ({"category": ""}, "Please choose your role."),
        ({"email": "nobody"}, "Please write an e-mail address"),
        ({"phone": "1\n2"}, "This must be one line"),
    ],
)
def test_what_is_missing_is_said_and_kept(
    office: Client, engagement: Engagement, wrong: dict[str, str], told: str
) -> None:
    response = office.post(address("registrant-new", engagement), entry(organization="Org") | wrong)
    assert response.status_code == 400
    assert told in page(response)
    assert 'value="Org"' in page(response)
    assert not Registration.objects.exists()


def test_when_it_is_full_the_person_waits_and_the_office_is_told(
    office: Client, engagement: Engagement
) -> None:
    Engagement.objects.update(capacity=1)
    factories.make_registration(engagement, "Seated")
    text = page(office.get(address("registrant-new", engagement)))
    assert "All seats are taken" in text
    text = page(office.post(address("registrant-new", engagement), entry(), follow=True))
    assert "Nell is on the waitlist, at place 1" in text
    assert Registration.objects.get(name="Nell").state == State.WAITLISTED


def test_an_address_that_is_registered_changes_nothing(
    office: Client, engagement: Engagement
) -> None:
    factories.make_registration(engagement, "Ana", email="ana@public.example")
    data = entry(email="ANA@public.example")
    text = page(office.post(address("registrant-new", engagement), data, follow=True))
    assert "This address is registered already" in text
    assert Registration.objects.get().name == "Ana"


def test_an_administrator_registers_people_and_is_not_asked_what_they_need(
    ada: User, engagement: Engagement, sign_in: SignIn
) -> None:
    office = sign_in(ada)
    text = page(office.get(address("registrant-new", engagement)))
    assert 'name="needs"' not in text
    office.post(address("registrant-new", engagement), entry(needs=["captions"]))
    assert Registration.objects.get().accommodations.count() == 0
