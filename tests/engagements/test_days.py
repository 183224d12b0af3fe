"""A past engagement from an archive file: its day is known, and no hour is made up for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from engagements import clock
from engagements.models import Engagement
from engagements.templatetags.times import hours, when, when_tag
from tests import factories
from tests.engagements import ical

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db

SOURCE = "past.json sha256:0"


@pytest.fixture
def past() -> Engagement:
    return factories.make_engagement(
        "past", title="Fees", state=Engagement.State.ARCHIVED, imported_from=SOURCE
    )


def test_the_day_stands_alone(past: Engagement) -> None:
    assert (when(past), hours(past)) == ("Wednesday, April 14, 2021", "")
    tag = '<time datetime="2021-04-14">Wednesday, April 14, 2021</time>'
    assert when_tag(past, local=True) == tag
    past.imported_from = ""
    assert when(past) == "Wednesday, April 14, 2021, 2 to 3 p.m. EDT"


def test_no_page_of_the_public_tells_an_hour(client: Client, past: Engagement) -> None:
    addresses = [
        reverse("engagement", args=["past"]),
        reverse("home"),
        reverse("month", args=[2021, 4]),
        reverse("archive"),
        reverse("news-feed"),
    ]
    for address in addresses:
        page = client.get(address).content.decode()
        assert "Fees" in page, address
        assert "p.m." not in page, address
        assert "T14:00" not in page, address


def test_the_calendar_file_tells_a_whole_day(client: Client, past: Engagement) -> None:
    with clock.set_to(past.ends_at):
        for name, args in (("engagement-calendar", ["past"]), ("calendar-feed", [])):
            text = client.get(reverse(name, args=args)).content.decode()
            _head, [event] = ical.read(text)
            assert "DTSTART;VALUE=DATE:20210414" in text
            assert "DTEND" not in event
