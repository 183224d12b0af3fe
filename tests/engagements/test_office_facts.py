"""What the office's page of an engagement tells of its settings, and small words of other pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django import forms
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext_lazy

from engagements.actions import questioning
from engagements.models import Engagement, Registration
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from engagements.models import User

pytestmark = pytest.mark.django_db

START = factories.START


@pytest.fixture
def office(cora: User, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(cora)


def facts(office: Client, engagement: Engagement) -> list[str]:
    """The rows of the page's facts, without marks."""
    text = office.get(reverse("engagement-office", args=[engagement.slug])).content.decode()
    listed = text.partition('<dl class="facts">')[2].partition("</dl>")[0]
    rows = [re.sub(r"<[^>]+>", " ", row) for row in listed.split("</div>")]
    return [" ".join(row.split()) for row in rows if row.strip()]


def test_only_what_is_set_is_told(office: Client, engagement: Engagement) -> None:
    Engagement.objects.update(reminders=[])
    names = ("Seats", "Registration", "Who may", "Accommodations", "Reminders", "Survey")
    assert [row for row in facts(office, engagement) if row.startswith(names)] == []


def test_every_setting_is_told(office: Client, engagement: Engagement) -> None:
    Engagement.objects.update(
        capacity=50,
        registration_opens_at=START.replace(day=1),
        registration_closes_at=START.replace(hour=16),
        invitation_only=True,
        confirms_address=True,
        takes_walk_ins=True,
        accommodations_until=START.replace(day=10),
        survey_url="https://survey.example/1",
        reminders=[1440, 60],
    )
    for _number in range(4):
        factories.make_registration(engagement)
    factories.make_registration(engagement, counted=Registration.Counted.STAFF)
    factories.make_registration(engagement, removed_at=START)
    for _number in range(3):
        factories.make_registration(engagement, state="waitlisted", waitlisted_at=START)
    told = facts(office, engagement)
    for row in (
        "Seats 4 of 50 seats taken , 3 people wait",
        "Registration opens April 1, 2021, 2 p.m. EDT",
        "Registration closes April 14, 2021, noon EDT",
        (
            "Who may come Only people on the invitation list"
            " People confirm their address by a mailed link People may walk in"
        ),
        "Accommodations may be requested until April 10, 2021, 2 p.m. EDT",
        "Reminders 1 day before 1 hour before",
        "Survey Survey link",
    ):
        assert row.replace(" ,", ",") in [one.replace(" ,", ",") for one in told]


def test_seats_ask_once(office: Client, engagement: Engagement) -> None:
    address = reverse("engagement-office", args=[engagement.slug])
    counts = []
    for capacity in (None, 5):
        Engagement.objects.update(capacity=capacity)
        with CaptureQueriesContext(connection) as queries:
            office.get(address)
        counts.append(len(queries))
        factories.make_registration(engagement)
    assert counts[1] == counts[0] + 1


def test_a_label_that_asks_gets_no_colon() -> None:
    class Form(forms.Form):
        language = forms.CharField(label=gettext_lazy("Which language?"))
        name = forms.CharField(label="Name")

    text = render_to_string("components/error_summary.html", {"form": Form({})})
    assert ">Which language? This field is required.<" in text
    assert ">Name: This field is required.<" in text


def test_a_question_is_removed_as_a_material_is(
    office: Client, engagement: Engagement, cora: User
) -> None:
    questioning.add(
        engagement,
        by=cora,
        kind="text",
        label="Which state?",
        is_required=False,
        choices=[],
        hint="",
        shown_when=None,
        shown_when_answer="",
    )
    text = office.get(reverse("questions", args=[engagement.slug])).content.decode()
    assert "Remove it" in text
    assert "Delete" not in text
    question = engagement.own_questions.get()
    remove = reverse("question-remove", args=[engagement.slug, question.pk])
    assert "The question is removed." in office.post(remove, follow=True).content.decode()


def test_the_sheet_promises_no_number(office: Client, engagement: Engagement) -> None:
    text = office.get(reverse("sheet", args=[engagement.slug])).content.decode()
    assert "Call the office" not in text
    assert "The office can register you by phone and send in your question for you." in text
    assert "On a computer, tablet or smartphone" in text


def work(client: Client, engagement: Engagement) -> dict[str, list[str]]:
    """The headings of the work, with the words of the links below each."""
    text = client.get(reverse("engagement-office", args=[engagement.slug])).content.decode()
    section = text.partition('aria-labelledby="work"')[2].partition("</section>")[0]
    groups = [one.partition("</h3>") for one in section.split("<h3>")[1:]]
    return {name: re.findall(r'<a href="[^"]*">([^<]*)</a>', links) for name, _, links in groups}


def test_work_stands_where_it_is_done(
    office: Client, edna: User, sign_in: Callable[[User], Client], engagement: Engagement
) -> None:
    assert work(sign_in(edna), engagement) == {
        "Afterwards": [
            "Lists for the agency", "The agency's answers", "Readout", "Commitments", "Attendance"
        ]
    }  # fmt: skip
    groups = work(office, engagement)
    assert list(groups) == ["Before", "During", "Afterwards", "People"]
    assert groups["During"] == [
        "Desk", "Room", "Big screen", "Enter a question", "Announcements"
    ]  # fmt: skip
    assert groups["People"] == [
        "Registrants", "Invitation list", "Accommodations", "Letters and reminders", "Members"
    ]  # fmt: skip
