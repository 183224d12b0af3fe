from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from engagements.actions import attending
from engagements.models import (
    AuditEntry,
    Engagement,
    OutgoingMail,
    Registration,
    RegistrationAnswer,
    RegistrationQuestion,
)
from engagements.queries import people
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
HOSTILE = '<img src=x onerror=alert(1)> {{7*7}} =1+1 "q"'


@pytest.fixture
def office(cora: User, sign_in: SignIn) -> Client:
    return sign_in(cora)


def page(response: Response) -> str:
    return response.content.decode()


def address(name: str, engagement: Engagement, *more: int) -> str:
    return reverse(name, args=[engagement.slug, *more])


def found(engagement: Engagement, **wanted: Any) -> list[str]:
    return [one.name for one in people.registrants(engagement, **wanted)]


def waiting(engagement: Engagement, name: str, minutes: int) -> Registration:
    at = START - timedelta(minutes=minutes)
    return factories.make_registration(
        engagement, name, state=State.WAITLISTED, waitlisted_at=at, registered_at=at
    )


# Looking for people


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("ÉTOILE", ["Zoé Étoile"]),
        ("zoé", ["Zoé Étoile"]),
        ("NETTE@law", ["Ann Ette"]),
        ("legal AID ann", ["Ann Ette"]),
        ("ann nobody", []),
        ("a.b", ["A.B"]),
        ("(", []),
        ("\\", []),
        ("%", []),
        ("", ["Zoé Étoile", "Ann Ette", "A.B", "AxB"]),
    ],
)
def test_every_word_is_looked_for_in_capitals_or_not(
    engagement: Engagement, words: str, names: list[str]
) -> None:
    factories.make_registration(engagement, "Zoé Étoile", email="zoe@x.example")
    factories.make_registration(
        engagement, "Ann Ette", email="a.nette@law.example", organization="Legal Aid"
    )
    factories.make_registration(engagement, "A.B", email="1@x.example")
    factories.make_registration(engagement, "AxB", email="2@x.example")

    assert found(engagement, words=words) == names


def test_filters_by_what_became_of_it(engagement: Engagement) -> None:
    joined = factories.make_registration(engagement, "Joined")
    factories.make_attendance(joined)
    employer = factories.make_registration(
        engagement, "Employer", category=factories.category("employer"), source="invited"
    )
    factories.make_accommodation(employer, kind="sign_language")
    factories.make_accommodation(joined, state="withdrawn")
    factories.make_registration(engagement, "Gone", cancelled_at=START)
    factories.make_registration(engagement, "Removed", removed_at=START)
    waiting(engagement, "Second", 5)
    waiting(engagement, "First", 9)

    assert found(engagement, state="cancelled") == ["Gone"]
    assert found(engagement, state="removed") == ["Removed"]
    assert found(engagement, state="waitlisted") == ["First", "Second"]
    assert found(engagement, category="employer") == ["Employer"]
    assert found(engagement, source="invited") == ["Employer"]
    assert found(engagement, joined="yes") == ["Joined"]
    assert found(engagement, joined="no", state="registered") == ["Employer", "Removed"]
    assert found(engagement, accommodation="any") == ["Employer"]
    assert found(engagement, accommodation="captions") == []


def test_the_page_counts_and_keeps_its_filters(office: Client, engagement: Engagement) -> None:
    Engagement.objects.update(capacity=60)
    for number in range(55):
        factories.make_registration(engagement, f"Person {number}")
    factories.make_registration(engagement, "Staff", counted="staff")
    waiting(engagement, "Late", 1)

    text = page(office.get(address("registrants", engagement)))
    assert "57 registrations" in text
    assert '<dt>Registered</dt><dd>55</dd><dd class="stat-note">of 60 seats</dd>' in text
    assert "<dt>On the waitlist</dt><dd>1</dd>" in text
    assert "<dt>Not counted</dt><dd>1</dd>" in text

    text = page(office.get(address("registrants", engagement) + "?words=person&state=registered"))
    assert "55 found" in text
    assert 'href="?words=person&amp;state=registered&amp;page=2"' in text
    assert 'value="person"' in text
    text = page(office.get(address("registrants", engagement) + "?state=waitlisted"))
    assert "place 1" in text
    text = page(office.get(address("registrants", engagement) + "?size=100&state=nonsense"))
    assert text.count("@public.example") == 57
    text = page(office.get(address("registrants", engagement) + "?words=nobody%00here"))
    assert "Nobody found" not in text  # A control character is no word, and nothing is filtered.


def test_accommodations_are_a_filter_for_coordinators_alone(
    engagement: Engagement, office: Client, omar: User, ada: User, sign_in: SignIn
) -> None:
    needs = factories.make_registration(engagement, "Needs")
    factories.make_accommodation(needs)
    factories.make_registration(engagement, "Other")
    wanted = address("registrants", engagement) + "?accommodation=any"

    assert "1 found" in page(office.get(wanted))
    for user in (omar, ada):
        text = page(sign_in(user).get(wanted))
        assert "other@public.example" in text
        assert "accommodation" not in text.replace("?accommodation", "").lower().split("<main")[1]


@pytest.mark.parametrize("name", ["registrants", "registrant"])
def test_pages_ask_as_much_for_three_as_for_one(
    office: Client, live_engagement: Engagement, name: str
) -> None:
    question = RegistrationQuestion.objects.create(engagement=live_engagement, label="How?")
    counts = []
    for number in range(3):
        one = factories.make_registration(live_engagement, source="staff")
        attending.arrive(one)
        waiting(live_engagement, f"W{number}", number)
        RegistrationAnswer.objects.create(registration=one, question=question, values=["So"])
        where = [one.pk] if name == "registrant" else []
        with CaptureQueriesContext(connection) as queries:
            assert office.get(address(name, live_engagement, *where)).status_code == 200
        counts.append(len(queries))
    assert counts == [counts[0]] * 3


# One person


def test_one_person_with_all_that_is_known(
    office: Client, live_engagement: Engagement, ana: Registration, cora: User
) -> None:
    question = RegistrationQuestion.objects.create(
        engagement=live_engagement, kind="several", label="Which forms?", choices=["I-90", "N-400"]
    )
    RegistrationAnswer.objects.create(registration=ana, question=question, values=["I-90", "N-400"])
    factories.make_accommodation(ana, detail="with a big font")
    attending.arrive(ana)
    mail = OutgoingMail.objects.create(
        template="engagements/registered",
        to=ana.email,
        subject="Your link",
        body="",
        engagement=live_engagement,
        registration=ana,
    )

    text = page(office.get(address("registrant", live_engagement, ana.pk)))
    for shown in ("ana@public.example", "Which forms?", "N-400", "with a big font", "version 1"):
        assert shown in text
    assert reverse("outbox-mail", args=[mail.pk]) in text
    assert "Joined the room." in text
    assert "The person" in text


def test_a_moderator_sees_the_person_without_needs_and_without_what_others_may_do(
    live_engagement: Engagement, ana: Registration, omar: User, sign_in: SignIn
) -> None:
    factories.make_accommodation(ana, detail="with a big font")
    text = page(sign_in(omar).get(address("registrant", live_engagement, ana.pk)))
    assert "ana@public.example" in text
    assert "with a big font" not in text
    assert reverse("registrant-cancel", args=[live_engagement.slug, ana.pk]) not in text
    assert reverse("registrant-remove", args=[live_engagement.slug, ana.pk]) in text


def test_hostile_names_are_letters_everywhere(office: Client, engagement: Engagement) -> None:
    one = factories.make_registration(engagement, HOSTILE, email="h@x.example")
    for where in (
        address("registrants", engagement),
        address("registrant", engagement, one.pk),
    ):
        text = page(office.get(where))
        assert "<img src=x" not in text
        assert "{{7*7}}" in text


def test_somebody_of_another_engagement_is_nobody_here(
    office: Client, engagement: Engagement
) -> None:
    elsewhere = factories.make_registration(factories.make_engagement("elsewhere"))
    assert office.get(address("registrant", engagement, elsewhere.pk)).status_code == 404
    for name in ("cancel", "category", "phone", "phone-undo", "remove", "readmit"):
        where = address(f"registrant-{name}", engagement, elsewhere.pk)
        assert office.post(where, {"category": "employer"}).status_code == 404
    elsewhere.refresh_from_db()
    assert (elsewhere.state, elsewhere.removed_at) == (State.REGISTERED, None)


# The workbook


def test_the_workbook_has_everybody_and_no_accommodation(
    office: Client, engagement: Engagement, cora: User
) -> None:
    question = RegistrationQuestion.objects.create(engagement=engagement, label="=How?")
    one = factories.make_registration(engagement, "=1+1", organization="+Org")
    factories.make_accommodation(one, detail="a secret need")
    RegistrationAnswer.objects.create(registration=one, question=question, values=["@a", "b"])
    waiting(engagement, "Late", 1)

    response = office.get(address("registrants-sheet", engagement))
    assert response["Content-Disposition"].endswith('.xlsx"')
    book = CalamineWorkbook.from_filelike(BytesIO(response.content))
    rows = book.get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows] == ["Name", "=1+1", "Late"]
    assert (rows[0][-1], rows[1][-1], rows[2][8]) == ("=How?", "@a, b", 1)
    assert rows[1][11] == engagement.local(one.registered_at).replace(tzinfo=None, microsecond=0)
    assert not any("secret" in str(cell) or "captions" in str(cell) for row in rows for cell in row)
    log = AuditEntry.objects.get(action="registrants.exported")
    assert (log.actor, log.detail) == (cora, {"rows": 2})
