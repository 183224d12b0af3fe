"""The window, the list of invitees, the confirmed address, and whoever comes back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from engagements import clock, states
from engagements.actions import changing, registering, subscribing
from engagements.models import (
    Accommodation,
    AuditEntry,
    Engagement,
    Invitee,
    OutgoingMail,
    Registration,
    RegistrationAnswer,
    RegistrationQuestion,
    Series,
    Subscription,
)
from engagements.refusals import NotAllowed, Refused
from tests import factories

if TYPE_CHECKING:
    from engagements.models import User

pytestmark = pytest.mark.django_db

State = Registration.State
Source = Registration.Source
START = factories.START
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _before_the_start() -> Any:
    with clock.set_to(START - 14 * DAY):
        yield


def register(engagement: Engagement, email: str = "ana@example.org", **fields: Any) -> Registration:
    values: dict[str, Any] = {
        "name": "Ana",
        "organization": "",
        "category": factories.category("attorney"),
    }
    return registering.register(engagement, email=email, **(values | fields))


def templates() -> list[str]:
    names = OutgoingMail.objects.order_by("pk").values_list("template", flat=True)
    return [name.partition("/")[2] for name in names]


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def ask(engagement: Engagement, label: str = "Why?", **fields: Any) -> RegistrationQuestion:
    return RegistrationQuestion.objects.create(engagement=engagement, label=label, **fields)


def invite(engagement: Engagement, email: str = "ana@example.org") -> Invitee:
    return Invitee.objects.create(engagement=engagement, email=email, email_key=email)


def refusal(engagement: Engagement, **fields: Any) -> str:
    with pytest.raises(Refused) as refused:
        register(engagement, **fields)
    assert (Registration.objects.count(), OutgoingMail.objects.count()) == (0, 0)
    return refused.value.code


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [(-3, False), (-2, True), (-1.5, True), (-1, False), (-0.5, False)],
)
def test_people_register_within_the_window(
    engagement: Engagement, cora: User, moment: float, is_open: bool
) -> None:
    Engagement.objects.update(
        registration_opens_at=START - 2 * DAY, registration_closes_at=START - DAY
    )
    engagement.refresh_from_db()
    with clock.set_to(START + moment * DAY):
        assert registering.is_open(engagement) == is_open
        if is_open:
            register(engagement)
            assert Registration.objects.get().state == State.REGISTERED
            return
        assert refusal(engagement) == "registration_closed"
        # Who phones is late, and the office may be kind.
        kind = register(engagement, by=cora, source=Source.STAFF)
        assert (kind.state, kind.source, kind.registered_by) == ("registered", "staff", cora)


def test_an_engagement_by_invitation_takes_who_is_invited(engagement: Engagement) -> None:
    Engagement.objects.update(invitation_only=True)
    engagement.refresh_from_db()
    invitee = invite(engagement)
    assert not registering.is_open(engagement)
    assert refusal(engagement) == "invitation_only"
    assert refusal(engagement, invitee=invitee, email="ben@example.org") == "invitee"
    own = register(engagement, invitee=invitee, email="ANA@example.org")
    invitee.refresh_from_db()
    assert (own.state, own.source) == ("registered", "invited")
    assert (invitee.state, invitee.registration, invitee.answered_at) == (
        "accepted",
        own,
        START - 14 * DAY,
    )


def test_an_invitation_for_another_engagement_opens_nothing(
    engagement: Engagement, live_engagement: Engagement
) -> None:
    assert refusal(engagement, invitee=invite(live_engagement)) == "invitee"


def test_an_invitation_does_not_open_the_window(engagement: Engagement) -> None:
    Engagement.objects.update(registration_closes_at=START - 20 * DAY)
    assert refusal(engagement, invitee=invite(engagement)) == "registration_closed"


def test_the_office_registers_who_phoned_without_an_address(
    engagement: Engagement, cora: User
) -> None:
    fields: dict[str, Any] = {"by": cora, "source": Source.STAFF, "email": ""}
    first = register(engagement, phone="202 555 0100", **fields)
    second = register(engagement, category=factories.category("not-stated"), **fields)
    assert first.pk != second.pk
    assert (first.email, first.email_key, first.phone, first.state, first.counted) == (
        "",
        None,
        "202 555 0100",
        "registered",
        "counted",
    )
    assert second.category.key == "not-stated"
    assert OutgoingMail.objects.count() == 0


def test_only_the_office_registers_in_its_name(
    engagement: Engagement, edna: User, mia: User
) -> None:
    for by in (edna, mia, "public"):
        with pytest.raises(NotAllowed):
            register(engagement, by=by, source=Source.STAFF)
    assert Registration.objects.count() == 0


def test_an_address_counts_once_it_is_confirmed(engagement: Engagement) -> None:
    Engagement.objects.update(confirms_address=True)
    own = register(engagement)
    assert (own.state, own.confirmed_at, templates()) == ("unconfirmed", None, ["confirm_address"])
    confirmed = registering.confirm(own, by=own)
    assert (confirmed.state, confirmed.confirmed_at) == ("registered", START - 14 * DAY)
    again = registering.confirm(own, by=own)
    assert again == confirmed
    assert templates() == ["confirm_address", "registered"]
    assert actions() == ["registration.created", "registration.confirmed"]


def test_who_was_invited_or_phoned_confirms_nothing(engagement: Engagement, cora: User) -> None:
    Engagement.objects.update(confirms_address=True)
    invited = register(engagement, invitee=invite(engagement))
    phoned = register(engagement, "ben@example.org", by=cora, source=Source.STAFF)
    assert (invited.state, phoned.state) == ("registered", "registered")


def test_nothing_is_confirmed_once_it_is_over(engagement: Engagement) -> None:
    Engagement.objects.update(confirms_address=True)
    own = register(engagement)
    Engagement.objects.update(state=states.ENDED)
    with pytest.raises(Refused):
        registering.confirm(own, by=own)
    assert Registration.objects.get().state == State.UNCONFIRMED


def test_who_never_confirms_is_forgotten(engagement: Engagement) -> None:
    Engagement.objects.update(confirms_address=True)
    with clock.set_to(START - 20 * DAY):
        register(engagement, "old@example.org")
        back = register(engagement, "back@example.org")
        registering.confirm(back, by=back)
        changing.cancel(back, by=back)
        register(engagement, "back@example.org")
    register(engagement, "new@example.org")
    with clock.set_to(START - 20 * DAY + registering.CONFIRM_WITHIN):
        assert registering.expire_unconfirmed() == 0
    assert registering.expire_unconfirmed() == 2
    assert registering.expire_unconfirmed() == 0
    left = Registration.objects.order_by("email").values_list("email", "state")
    assert list(left) == [("back@example.org", "cancelled"), ("new@example.org", "unconfirmed")]
    assert actions().count("registration.expired") == 2
    Engagement.objects.update(state=states.CANCELLED)
    assert registering.expire_unconfirmed() == 1


def test_who_cancelled_registers_anew(engagement: Engagement) -> None:
    own = register(engagement, organization="Then")
    changing.cancel(own, by=own)
    register(engagement, "ANA@example.org", name="Anna", category=factories.category("employer"))
    back = Registration.objects.get()
    assert (back.pk, back.public_id, back.name, back.email, back.organization) == (
        own.pk,
        own.public_id,
        "Anna",
        "ana@example.org",
        "",
    )
    assert (back.state, back.cancelled_at, back.category.key) == ("registered", None, "employer")
    assert actions() == ["registration.created", "registration.cancelled", "registration.renewed"]
    assert templates() == ["registered", "withdrawn", "registered"]


def test_who_comes_back_confirms_again(engagement: Engagement) -> None:
    own = register(engagement)
    changing.cancel(own, by=own)
    Engagement.objects.update(confirms_address=True)
    assert register(engagement).state == State.UNCONFIRMED


def test_who_was_removed_does_not_come_back(engagement: Engagement) -> None:
    own = register(engagement)
    Registration.objects.update(removed_at=START - 14 * DAY)
    own.refresh_from_db()
    assert register(engagement, name="Another").name == "Ana"
    changing.erase(own, by=own)
    erased = register(engagement, name="Another")
    assert (erased.pk, erased.name, erased.email, erased.removed_at) == (
        own.pk,
        "",
        "",
        START - 14 * DAY,
    )
    assert Registration.objects.count() == 1


def test_answers_and_needs_are_kept_and_news_begun(engagement: Engagement) -> None:
    engagement.series = Series.objects.create(name="A series")
    engagement.save()
    why, how = ask(engagement), ask(engagement, "How?", kind="several", choices=["a", "b"])
    own = register(
        engagement,
        answers={why.pk: ["Because."], how.pk: ["a", "b"]},
        accommodations={"captions": "", "language": "Tagalog"},
        wants_news=True,
        language="es",
    )
    assert dict(own.answers.values_list("question", "values")) == {
        why.pk: ["Because."],
        how.pk: ["a", "b"],
    }
    needs = Accommodation.objects.values_list("registration", "kind", "detail")
    assert sorted(needs) == [(own.pk, "captions", ""), (own.pk, "language", "Tagalog")]
    news = Subscription.objects.get()
    assert (news.series, news.email, news.language) == (engagement.series, "ana@example.org", "es")
    assert own.language == "es"


def test_news_begin_once_the_address_is_confirmed(engagement: Engagement) -> None:
    series = Series.objects.create(name="A series")
    Engagement.objects.update(confirms_address=True, series=series)

    def readers() -> list[str]:
        on = Subscription.objects.filter(ended_at=None).order_by("email")
        return list(on.values_list("email", flat=True))

    ana = register(engagement, wants_news=True)
    with clock.set_to(START - 20 * DAY):
        register(engagement, "stranger@example.org", wants_news=True)
        gone = subscribing.subscribe(series, email="gone@example.org", language="en", by="public")
    subscribing.end(gone, by="subscriber")
    register(engagement, "gone@example.org", wants_news=True)
    assert readers() == []
    registering.confirm(ana, by=ana)
    assert readers() == ["ana@example.org"]
    assert registering.expire_unconfirmed() == 1
    left = Subscription.objects.order_by("email").values_list("email", flat=True)
    assert list(left) == ["ana@example.org", "gone@example.org"]


def test_a_second_time_nothing_of_it_is_kept(engagement: Engagement) -> None:
    engagement.series = Series.objects.create(name="A series")
    engagement.save()
    why = ask(engagement)
    register(engagement, answers={why.pk: ["First."]})
    register(
        engagement,
        answers={why.pk: ["Second."]},
        accommodations={"captions": ""},
        wants_news=True,
        organization="Another",
    )
    own = Registration.objects.get()
    assert (own.organization, RegistrationAnswer.objects.get().values) == ("", ["First."])
    assert (Accommodation.objects.count(), Subscription.objects.count()) == (0, 0)
    assert actions() == ["registration.created", "registration.repeated"]
    assert templates() == ["registered", "registered"]


def test_answers_to_another_form_are_refused(
    engagement: Engagement, live_engagement: Engagement
) -> None:
    foreign = ask(live_engagement)
    retired = ask(engagement, retired_at=START)
    for question in (foreign, retired):
        assert refusal(engagement, answers={question.pk: ["x"]}) == "question"
    assert RegistrationAnswer.objects.count() == 0


def test_needs_after_the_deadline_are_refused(engagement: Engagement) -> None:
    Engagement.objects.update(accommodations_until=START - 15 * DAY)
    assert refusal(engagement, accommodations={"captions": ""}) == "too_late"
    register(engagement)
    assert Registration.objects.count() == 1
