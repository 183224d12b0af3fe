from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from engagements import clock, rules, states
from engagements.actions import changing, registering, telling
from engagements.models import (
    Accommodation,
    Attendance,
    AuditEntry,
    Engagement,
    Invitee,
    OutgoingMail,
    Registration,
    RegistrationQuestion,
)
from engagements.refusals import NotAllowed, Refused
from tests import factories

if TYPE_CHECKING:
    from engagements.models import User

pytestmark = pytest.mark.django_db

START = factories.START


@pytest.fixture(autouse=True)
def _before_the_start() -> Any:
    with clock.set_to(START - timedelta(days=14)):
        yield


@pytest.fixture
def own(engagement: Engagement) -> Registration:
    question = RegistrationQuestion.objects.create(engagement=engagement, label="Why?")
    found = registering.register(
        engagement,
        name="Ana",
        email="ana@public.example",
        organization="Law Office",
        category=factories.category("attorney"),
        answers={question.pk: ["Because."]},
        accommodations={"captions": ""},
        phone="202 555 0100",
    )
    OutgoingMail.objects.all().delete()
    return found


def change(own: Registration, **fields: Any) -> Registration:
    values: dict[str, Any] = {"name": own.name, "organization": own.organization, "by": own}
    return changing.change(own, **(values | fields))


def last_entry() -> tuple[str, str, dict[str, Any]]:
    entry = AuditEntry.objects.latest("pk")
    return entry.actor_label, entry.action, entry.detail


def mails() -> list[str]:
    return list(OutgoingMail.objects.order_by("pk").values_list("template", flat=True))


def test_its_owner_changes_it(own: Registration) -> None:
    question = RegistrationQuestion.objects.get()
    changed = change(
        own,
        name="Ana María",
        organization="",
        category=factories.category("employer"),
        answers={question.pk: ["Another."]},
        accommodations={"language": "Tagalog"},
    )
    assert (changed.name, changed.organization, changed.category.key) == (
        "Ana María",
        "",
        "employer",
    )
    assert own.answers.get().values == ["Another."]
    needs = Accommodation.objects.order_by("kind").values_list("kind", "state")
    assert list(needs) == [("captions", "withdrawn"), ("language", "requested")]
    assert last_entry() == (
        f"registration:{own.pk}",
        "registration.changed",
        {"fields": ["name", "organization", "category", "answers"]},
    )
    assert mails() == ["engagements/changed"]


def test_without_a_change_nothing_is_written_or_sent(own: Registration) -> None:
    before = AuditEntry.objects.count()
    question = RegistrationQuestion.objects.get()
    change(own, category=own.category, answers={question.pk: ["Because."]})
    assert (AuditEntry.objects.count(), mails()) == (before, [])


def test_the_category_changes_until_the_start(own: Registration, engagement: Engagement) -> None:
    Engagement.objects.update(state=states.LIVE)
    with pytest.raises(Refused) as refused:
        change(own, name="Another", category=factories.category("employer"))
    own.refresh_from_db()
    assert (refused.value.code, own.name, own.category.key) == ("category", "Ana", "attorney")
    assert change(own, name="Another", category=own.category).name == "Another"


def test_only_a_category_that_is_offered_is_taken(own: Registration) -> None:
    with pytest.raises(Refused):
        change(own, category=factories.category("not-stated"))
    own.refresh_from_db()
    assert own.category.key == "attorney"


@pytest.mark.parametrize("act", [change, changing.cancel, changing.erase])
def test_nobody_else_does_it(
    own: Registration, engagement: Engagement, omar: User, mia: User, act: Any
) -> None:
    other = factories.make_registration(engagement)
    for by in (other, omar, mia, "public"):
        with pytest.raises(NotAllowed):
            act(own, by=by)
    own.refresh_from_db()
    assert (own.name, own.state) == ("Ana", "registered")


def test_a_coordinator_does_it_for_who_phoned(own: Registration, cora: User) -> None:
    change(own, by=cora, name="Anna")
    assert last_entry()[:2] == (f"account:{cora.pk}", "registration.changed")
    changing.cancel(own, by=cora)
    own.refresh_from_db()
    assert (own.name, own.state) == ("Anna", "cancelled")


def test_it_is_cancelled(own: Registration) -> None:
    changing.cancel(own, by=own)
    own.refresh_from_db()
    assert (own.state, own.cancelled_at, own.waitlisted_at) == (
        "cancelled",
        START - timedelta(days=14),
        None,
    )
    assert last_entry() == (f"registration:{own.pk}", "registration.cancelled", {})
    assert mails() == ["engagements/withdrawn"]
    assert not rules.is_admitted(own)
    with pytest.raises(Refused):
        changing.cancel(own, by=own)
    assert mails() == ["engagements/withdrawn"]


@pytest.mark.parametrize("state", [states.ENDED, states.ARCHIVED, states.CANCELLED])
def test_nothing_changes_once_it_is_over(own: Registration, state: str) -> None:
    Engagement.objects.update(state=state)
    for act in (change, changing.cancel):
        with pytest.raises(Refused):
            act(own, by=own)
    own.refresh_from_db()
    assert own.state == "registered"


def test_a_removed_person_changes_nothing(own: Registration) -> None:
    Registration.objects.update(removed_at=START)
    for act in (change, changing.cancel):
        with pytest.raises(Refused):
            act(own, by=own)
    own.refresh_from_db()
    assert (own.name, own.state) == ("Ana", "registered")


def test_what_tells_who_it_was_is_deleted_and_what_is_counted_stays(
    own: Registration, engagement: Engagement
) -> None:
    Invitee.objects.create(
        engagement=engagement, email=own.email, email_key="ana@public.example", registration=own
    )
    for to in (own.email, "zoe@public.example"):
        for template in telling.TO_INVITEES:
            OutgoingMail.objects.create(
                template=template, to=to, engagement=engagement, subject="Come", body=to
            )
    factories.make_attendance(own)
    Engagement.objects.update(state=states.ENDED)
    erased = changing.erase(own, by=own)
    erased.refresh_from_db()
    assert (erased.name, erased.email, erased.email_key, erased.phone, erased.organization) == (
        "",
        "",
        None,
        "",
        "",
    )
    assert (erased.state, erased.category.key, erased.is_erased) == ("registered", "attorney", True)
    assert (erased.answers.count(), erased.accommodations.count(), Invitee.objects.count()) == (
        0,
        0,
        0,
    )
    assert list(OutgoingMail.objects.values_list("to", flat=True)) == ["zoe@public.example"] * 3
    assert Attendance.objects.get().registration == own
    assert last_entry() == (f"registration:{own.pk}", "registration.erased", {})


def test_who_still_comes_cancels_first(own: Registration) -> None:
    with pytest.raises(Refused):
        changing.erase(own, by=own)
    own.refresh_from_db()
    assert own.name == "Ana"
    changing.cancel(own, by=own)
    assert changing.erase(own, by=own).is_erased
    assert OutgoingMail.objects.count() == 0


def test_of_a_removed_person_only_a_digest_of_the_address_stays(own: Registration) -> None:
    Registration.objects.update(removed_at=START)
    key = changing.erase(own, by=own).email_key
    assert key == registering.key_of_erased("ana@public.example")
    assert "ana" not in str(key)
    assert changing.erase(own, by=own).email_key == key
