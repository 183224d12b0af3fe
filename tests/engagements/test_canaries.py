"""Unique words in every field of people, and every page that each person can reach searched."""

from __future__ import annotations

import html
import io
import re
import zipfile
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urldefrag

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from engagements import clock, tasks
from engagements.actions import inviting, mailing, running
from engagements.models import AuditEntry, OutgoingMail, Registration, RegistrationQuestion
from engagements.queries.invitations import Candidate
from tests import factories
from tests.engagements import attendance_samples as samples
from tests.engagements import attendance_steps as steps

if TYPE_CHECKING:
    from collections.abc import Callable

    from engagements.models import Engagement, User

pytestmark = pytest.mark.django_db

NEEDS = ("zqneedsignlang", "zqneedother", "zqneednotes")
PEOPLE = (
    "zqname", "zqmail", "zqorg", "zqanswer", "zqphone",
    "zqguestname", "zqguestmail", "zqguestorg", "zqlistname", "zqlistmail",
)  # fmt: skip
PASSED_BY = ("//", "/static/", "/accounts/", "/calendar/")
LINK = re.compile(r"""(?:href|src|action)=["']([^"'#][^"']*)["']""")


@pytest.fixture
def world(engagement: Engagement, cora: User) -> Engagement:
    """One hour with registrants, an invitee, needs, an attendance list and a letter."""
    cache.clear()
    question = RegistrationQuestion.objects.create(engagement=engagement, label="Which form?")
    with clock.set_to(factories.START - timedelta(days=10)):
        typed = {
            "name": "zqname", "email": "zqmail@public.example", "category": "attorney",
            "organization": "zqorg", "consent": "on", f"question-{question.pk}": "zqanswer",
            "needs": ["sign_language", "other"], "needs_sign_language": "zqneedsignlang",
            "needs_other": "zqneedother",
        }  # fmt: skip
        sent = Client().post(reverse("register", args=[engagement.slug]), typed)
        assert sent.status_code == 302
        guest = Candidate(1, "zqguestmail@x.example", "zqguestmail@x.example", "zqguestname",
                          "zqguestorg", None, "en")  # fmt: skip
        inviting.invite(engagement, people=[guest], by=cora)
    registration = Registration.objects.get()
    registration.accommodations.update(notes="zqneednotes")
    Registration.objects.update(phone="zqphone")
    with clock.set_to(factories.START):
        running.start(engagement, by=cora)
        factories.make_attendance(registration)
    with clock.set_to(factories.START + timedelta(hours=1)):
        engagement.refresh_from_db()
        running.end(engagement, by=cora)
        rows = [samples.attendee("zqlistname", "zqlistmail@x.example", 0, 30)]
        listed = steps.take(engagement, samples.zoom(rows), cora)
        steps.apply(listed, cora)
        mailing.write(engagement, by=cora, subject="Hello", body="All", audience={})
        tasks.lay_mailings()
    engagement.refresh_from_db()
    return engagement


def reached(client: Client) -> dict[str, str]:
    """Every page, file and sheet that links lead to, with what is in it."""
    waiting = ["/", "/office/", "/office/outbox/", "/office/audit/", "/office/people/", "/agency/"]
    found: dict[str, str] = {}
    while waiting and len(found) < 400:
        address = waiting.pop()
        if address in found:
            continue
        response: Any = client.get(address)
        content = b"".join(response) if response.streaming else response.content
        found[address] = _readable(content) + unquote(str(response.headers))
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            continue
        for link in LINK.findall(content.decode()):
            target = urldefrag(html.unescape(link))[0]
            if target.startswith("/") and not target.startswith(PASSED_BY):
                waiting.append(target)
    return found


def _readable(content: bytes) -> str:
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            return "".join(file.read(name).decode("utf-8", "replace") for name in file.namelist())
    return content.decode("utf-8", "replace")


def hits(client: Client) -> set[str]:
    pages = reached(client)
    assert len(pages) > 5
    everything = "\n".join(pages.values())
    return {word for word in (*NEEDS, *PEOPLE) if word in everything}


@pytest.mark.parametrize("reader", ["nobody", "edna", "uma", "mia"])
def test_who_does_not_work_with_registrants_reads_nothing_of_them(
    world: Engagement,
    sign_in: Callable[[User], Client],
    request: pytest.FixtureRequest,
    reader: str,
) -> None:
    client = Client() if reader == "nobody" else sign_in(request.getfixturevalue(reader))
    assert hits(client) == set()


def test_who_coordinates_reads_everything(
    world: Engagement, sign_in: Callable[[User], Client], cora: User
) -> None:
    assert hits(sign_in(cora)) == {*NEEDS, *PEOPLE}


@pytest.mark.parametrize("reader", ["omar", "ada"])
def test_nobody_but_coordinators_reads_what_people_need(
    world: Engagement,
    sign_in: Callable[[User], Client],
    request: pytest.FixtureRequest,
    reader: str,
) -> None:
    found = hits(sign_in(request.getfixturevalue(reader)))
    assert found.isdisjoint(NEEDS)
    assert {"zqname", "zqmail", "zqguestmail"} <= found


def test_mail_and_audit_repeat_nothing_of_it(world: Engagement) -> None:
    told = {
        mail.template: {
            word for word in (*NEEDS, *PEOPLE) if word in mail.subject + mail.body + mail.html
        }
        for mail in OutgoingMail.objects.all()
    }
    assert told == {
        "engagements/registered": told["engagements/registered"] - set(NEEDS),
        "engagements/invitee": {"zqguestname"},
        "engagements/thanks": set(),
        "engagements/letter": set(),
    }
    traces = [f"{entry.actor_label} {entry.subject} {entry.detail}" for entry in _audit()]
    assert [trace for trace in traces if "zq" in trace] == []


def _audit() -> list[AuditEntry]:
    return list(AuditEntry.objects.all())
