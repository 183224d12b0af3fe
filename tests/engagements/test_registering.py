from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections
from django.http import QueryDict

from engagements import clock, states
from engagements.actions import registering, telling
from engagements.files.addresses import email_key
from engagements.forms.registering import RegistrationForm
from engagements.models import (
    AuditEntry,
    Engagement,
    Notice,
    OutgoingMail,
    Registration,
    RoleCategory,
)
from engagements.refusals import Refused
from tests import factories

if TYPE_CHECKING:
    from django.conf import LazySettings

pytestmark = pytest.mark.django_db

HOSTILE_ADDRESSES = ["=1+1@b.org", '"<script>alert(1)</script>"@b.org']


def register(engagement: Engagement, email: str = "ana@example.org", **fields: Any) -> Registration:
    values: dict[str, Any] = {
        "name": "Ana",
        "organization": "",
        "category": factories.category("attorney"),
    }
    return registering.register(engagement, email=email, **(values | fields))


def typed(**changes: Any) -> QueryDict:
    data = QueryDict(mutable=True)
    values = {
        "name": "Ana",
        "email": "ana@example.org",
        "organization": "",
        "category": "attorney",
        "consent": "on",
    }
    for name, value in (values | changes).items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def form(data: QueryDict | None = None) -> RegistrationForm:
    found = Engagement.objects.first() or factories.make_engagement()
    return RegistrationForm(data, engagement=found)


def test_a_registration_is_kept_and_its_link_is_mailed(
    engagement: Engagement, settings: LazySettings
) -> None:
    settings.PUBLIC_URL = "https://floor.example"
    registration = register(engagement, " Ana@Example.org ", organization="Law Office")
    assert (
        registration.name,
        registration.email,
        registration.email_key,
        registration.organization,
        registration.category.key,
        registration.notice.version,
        registration.counted,
    ) == ("Ana", "Ana@Example.org", "ana@example.org", "Law Office", "attorney", 1, "counted")
    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.engagement) == ("Ana@Example.org", engagement)
    assert mail.subject == "Your link: The USCIS Contact Center"
    assert f"\nhttps://floor.example/join/{registration.token()}/\n" in mail.body
    assert "Wednesday, April 14, 2021, 2 to 3 p.m. EDT" in mail.body


def test_the_audit_tells_of_it_without_the_person(engagement: Engagement) -> None:
    registration = register(engagement)
    register(engagement)
    entries = AuditEntry.objects.order_by("pk")
    assert [(e.actor_label, e.action, e.subject, e.detail) for e in entries] == [
        ("public", "registration.created", f"engagements.registration:{registration.pk}", {}),
        ("public", "registration.repeated", f"engagements.registration:{registration.pk}", {}),
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("ana@example.org", "ANA@EXAMPLE.ORG"),
        ("ana@example.org", "  ana@example.org\t"),
        ("ana@bücher.example", "ana@xn--bcher-kva.example"),
        ("ana@xn--bcher-kva.example", "ana@XN--BCHER-KVA.example"),
        ("ana@BÜCHER.example", "Ana@bücher.example"),
        ("ana@straße.example", "ana@xn--strae-oqa.example"),
        ("ana@\uff45xample.org", "ana@example.org"),
        ("=1+1@b.org", "=1+1@B.ORG"),
    ],
)
def test_another_spelling_of_an_address_is_the_same_registration(
    engagement: Engagement, first: str, second: str
) -> None:
    one = register(engagement, first)
    two = register(engagement, second, name="Anna", category=factories.category("employer"))
    assert one.pk == two.pk
    kept = Registration.objects.get()
    assert (kept.name, kept.email, kept.category.key) == ("Ana", first.strip(), "attorney")
    mails = OutgoingMail.objects.all()
    assert len({(mail.to, mail.subject, mail.body) for mail in mails}) == 1
    assert len(mails) == 2


def test_the_same_address_may_register_for_another_engagement(
    engagement: Engagement, live_engagement: Engagement
) -> None:
    assert register(engagement).pk != register(live_engagement).pk


def test_a_sharp_s_is_not_two_of_another(engagement: Engagement) -> None:
    assert register(engagement, "a@straße.example") != register(engagement, "a@strasse.example")


def test_an_address_that_is_no_dns_name_is_compared_by_its_spelling() -> None:
    label = "ü" * 70
    assert email_key(f"A@{label}.org") == f"a@{label}.org"


def test_an_address_whose_key_is_too_long_is_refused(engagement: Engagement) -> None:
    domain = ".".join(["ü" * 50] * 5)
    with pytest.raises(Refused) as refused:
        register(engagement, f"ana@{domain}.org")
    assert refused.value.code == "email_too_long"
    assert Registration.objects.count() == 0


@pytest.mark.parametrize("state", sorted(Engagement.State.values))
def test_registration_is_open_while_scheduled_or_live(engagement: Engagement, state: str) -> None:
    Engagement.objects.update(state=state)
    if state in {states.SCHEDULED, states.LIVE}:
        register(engagement)
        assert Registration.objects.count() == 1
        return
    with pytest.raises(Refused) as refused:
        register(engagement)
    assert refused.value.code == "registration_closed"
    assert (Registration.objects.count(), OutgoingMail.objects.count()) == (0, 0)


def test_a_category_that_is_not_offered_is_refused(engagement: Engagement) -> None:
    with pytest.raises(Refused) as refused:
        register(engagement, category=factories.category("not-stated"))
    assert refused.value.code == "category"
    assert Registration.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "counted"),
    [({}, "staff"), ({"is_active": False}, "counted"), ({"agency": "USCIS"}, "counted")],
)
def test_people_of_the_office_never_count(
    engagement: Engagement, fields: dict[str, Any], counted: str
) -> None:
    if "agency" in fields:
        fields = {"agency": factories.make_agency(fields["agency"])}
    factories.make_user("Somebody", email="somebody@office.example", **fields)
    assert register(engagement, " Somebody@OFFICE.example").counted == counted


def test_a_stranger_cannot_fill_a_mailbox(engagement: Engagement) -> None:
    moment = factories.START
    with clock.set_to(moment):
        for _ in range(telling.MOST_LINKS_AN_HOUR + 3):
            register(engagement)
    assert OutgoingMail.objects.count() == telling.MOST_LINKS_AN_HOUR
    with clock.set_to(moment + timedelta(hours=1, seconds=1)):
        register(engagement)
    assert OutgoingMail.objects.count() == telling.MOST_LINKS_AN_HOUR + 1


@pytest.mark.parametrize("title", ["{{7*7}}", "{% debug %}", "{x.__init__}", "<img onerror=x>"])
def test_text_of_the_office_is_literal_in_a_mail(engagement: Engagement, title: str) -> None:
    Engagement.objects.update(title=title)
    engagement.refresh_from_db()
    register(engagement)
    mail = OutgoingMail.objects.get()
    assert mail.subject == f"Your link: {title}"
    assert f"\n{title}\n" in mail.body


@pytest.mark.django_db(transaction=True)
def test_the_same_address_sent_many_times_at_once_is_one_registration(
    engagement: Engagement,
) -> None:
    category = factories.category("attorney")

    def send(number: int) -> int:
        try:
            return register(
                engagement,
                "ANA@example.org" if number % 2 else "ana@example.org",
                category=category,
            ).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(send, range(12)))) == 1
    assert Registration.objects.count() == 1


def test_the_form_gives_what_register_takes() -> None:
    filled = form(typed(name="  Ana   María\u202e ", is_staff="1", attended="1", engagement_id="7"))
    assert filled.is_valid(), filled.errors
    assert filled.entry() == {
        "name": "Ana María",
        "email": "ana@example.org",
        "organization": "",
        "category": factories.category("attorney"),
        "answers": {},
        "accommodations": {},
        "language": "en",
        "wants_news": False,
    }


@pytest.mark.parametrize("email", HOSTILE_ADDRESSES)
def test_strange_addresses_that_mail_allows_are_taken(engagement: Engagement, email: str) -> None:
    filled = form(typed(email=email))
    assert filled.is_valid(), filled.errors
    registering.register(engagement, **filled.entry())
    assert Registration.objects.get().email == email


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"name": ""}, "name", "required"),
        ({"name": " \u200b\u2060 "}, "name", "required"),
        ({"name": "x" * 129}, "name", "max_length"),
        ({"name": "Ana\r\nBcc: x@y.org"}, "name", "line"),
        ({"name": "Ana\n"}, "name", "line"),
        ({"name": "Ana\x0b"}, "name", "line"),
        ({"name": "Ana\x00"}, "name", "line"),
        ({"organization": "A\x85B"}, "organization", "line"),
        ({"organization": "A\u2028B"}, "organization", "line"),
        ({"email": ""}, "email", "required"),
        ({"email": "ana"}, "email", "invalid"),
        ({"email": "ana@example.org\r\nBcc: x@y.org"}, "email", "invalid"),
        ({"email": '"\x0b"@example.org'}, "email", "invalid"),
        ({"email": "=?utf-8?q?ana?=@example.org"}, "email", "invalid"),
        ({"email": "ana@exam\u200dple.org"}, "email", "invalid"),
        ({"email": f"ana@{'ü' * 60}.example"}, "email", "invalid"),
        ({"email": f"{'x' * 60}@{'y.' * 120}org"}, "email", "max_length"),
        ({"category": []}, "category", "required"),
        ({"category": "king"}, "category", "invalid_choice"),
        ({"category": "not-stated"}, "category", "invalid_choice"),
        ({"category": "a\x00"}, "category", "null_characters_not_allowed"),
        ({"category": ["attorney", "employer"]}, "category", "doubled"),
        ({"consent": []}, "consent", "required"),
        ({"notice": "7"}, "consent", "notice"),
        ({"leave_empty": "http://x.example"}, "leave_empty", "automatic"),
    ],
)
def test_what_the_form_refuses(changes: dict[str, Any], field: str, code: str) -> None:
    errors = form(typed(**changes)).errors.as_data()
    assert code in [error.code for error in errors[field]]
    assert form(typed()).is_valid()


def test_a_changed_notice_is_read_again() -> None:
    shown = str(Notice.of_office().pk)
    assert form(typed(notice=shown)).is_valid()
    Notice.objects.create(version=2, privacy="Another.")
    assert not form(typed(notice=shown)).is_valid()


def test_only_offered_categories_are_shown() -> None:
    RoleCategory.objects.filter(key="employer").update(is_offered=False)
    tiles = form()["category"].subwidgets
    choices = [str(tile.data["value"]) for tile in tiles]
    assert choices == ["attorney", "government", "applicant", "advocate", "other"]
