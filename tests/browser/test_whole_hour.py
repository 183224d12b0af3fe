"""One hour in three windows, from the question before it to the one after: room, desk, screen."""

from __future__ import annotations

import subprocess
import sys
import uuid
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, ROOT
from tests.browser.test_hour import ask, wait_until_live

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

    from tests.browser.conftest import Demonstration

SET_UP = """
from datetime import timedelta
from django.urls import reverse
from config.demonstration import cast, material
from engagements import clock
from engagements.actions import registering, running
from engagements.actions.running import SpeakerEntry
from engagements.models import Agency, RoleCategory
from engagements.outbox import absolute
from qa.actions import clocking, floor_settings
from qa.models import Label
from qa.queries import floor_of

cora, now = cast.play(cast.COORDINATOR), clock.now()
hour = running.create(
    by=cora, slug="SLUG", series="", title="The whole hour", kind="webinar", about="the hour",
    description="", agency=Agency.objects.get(short_name="USCIS"), time_zone="America/New_York",
    starts_at=now + timedelta(hours=2), ends_at=now + timedelta(hours=3),
    speakers=[SpeakerEntry("Dr. Ito", "Director", "")],
)
material.give_roles(hour)
running.schedule(hour, by=cora)
Label.objects.create(engagement=hour, name="Fees")
floor = floor_of(hour)
floor_settings.change(
    floor, by=cora, early_opens_at=now - timedelta(minutes=1),
    early_closes_at=now + timedelta(hours=1), late_until=now + timedelta(days=1),
)
clocking.look(floor.pk)
for name, category in (("Ana Ito", "attorney"), ("Ben Ito", "employer"), ("Cal Ito", "other")):
    one = registering.register(
        hour, name=name, email=f"{name[:3]}.SLUG@public.example", organization="",
        category=RoleCategory.objects.get(key=category),
    )
    print("LINK", absolute(reverse("join", args=[one.token()])))
"""
OFFICE = "/office/engagements"


class Hour:
    """Who is there, and where. Each window stays open from the first step to the last."""

    def __init__(self, person: Callable[..., Page], site: str, slug: str, links: list[str]) -> None:
        self.site, self.slug = site, slug
        self.cal = person(links[2])
        self.ana, self.ben = person(links[0], viewport=PHONE), person(links[1])
        self.desk, self.office = person("moderator"), person("coordinator")
        self.screen = self.desk.context.new_page()
        for page, path in ((self.ana, "room"), (self.ben, "room"), (self.screen, "screen")):
            page.goto(f"{site}/engagements/{slug}/{path}/")
        self.desk.goto(f"{site}{OFFICE}/{slug}/desk/")
        for page in (self.ana, self.ben, self.screen, self.desk):
            wait_until_live(page)

    def move(self, label: str, button: str) -> None:
        self.office.goto(f"{self.site}{OFFICE}/{self.slug}/")
        self.office.locator("summary", has_text=label).click()
        self.office.get_by_role("button", name=button).click()

    def set_floor(self, state: str) -> None:
        self.desk.locator("[data-desk=floor]").get_by_role("button", name=state, exact=True).click()

    def waiting(self, text: str) -> Locator:
        return self.desk.locator("[data-desk=waiting] .card", has_text=text)

    def shown(self, text: str) -> Locator:
        return self.desk.locator("[data-desk=shown] .card", has_text=text)

    def panel_of(self, card: Locator) -> Locator:
        card.get_by_role("link").first.click()
        panel = self.desk.locator("[data-desk=panel-body]")
        expect(panel.locator(".question-text").first).to_be_visible()
        return panel

    def close_panel(self) -> None:
        self.desk.keyboard.press("Escape")
        expect(self.desk.locator("[data-desk=panel]")).to_be_hidden()


@pytest.fixture
def hour(person: Callable[..., Page], demonstration: Demonstration) -> Hour:
    slug = f"hour-{uuid.uuid4().hex[:8]}"
    printed = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", SET_UP.replace("SLUG", slug)],
        cwd=ROOT,
        env=demonstration.variables,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    links = [line.split()[1] for line in printed.splitlines() if line.startswith("LINK")]
    return Hour(person, demonstration.address, slug, links)


def own(room: Page, text: str) -> Locator:
    return room.locator("[data-room=own] .card", has_text=text)


def listed(room: Page, text: str) -> Locator:
    return room.locator("[data-room=questions] .card", has_text=text)


def test_the_whole_hour(hour: Hour) -> None:
    before_it_begins(hour)
    it_begins(hour)
    one_is_answered_aloud(hour)
    one_is_edited_and_joined_and_answered_in_writing(hour)
    one_is_dismissed_and_it_gets_slow(hour)
    it_ends(hour)


def before_it_begins(hour: Hour) -> None:
    expect(hour.ana.get_by_text("You can already ask, until")).to_be_visible()
    ask(hour.ana, "What does an early question cost?")
    expect(own(hour.ana, "early question")).to_contain_text("Waiting for a moderator")
    expect(hour.waiting("early question")).to_be_visible()


def it_begins(hour: Hour) -> None:
    hour.move("Start", "Start it now")
    expect(hour.ana.locator("[data-part=floor]")).to_have_text("Floor closed")
    expect(hour.ana.get_by_label("Your question")).to_be_hidden()
    hour.set_floor("Open")
    for page in (hour.ana, hour.ben):
        expect(page.locator("[data-part=floor]")).to_have_text("Floor open")
    hour.desk.locator("[data-desk=topic]").get_by_role("button", name="Fees").click()
    expect(hour.ana.locator("[data-room=topic]")).to_have_text("The topic now: Fees")
    expect(hour.screen.get_by_text("Topic: Fees")).to_be_visible()


def one_is_answered_aloud(hour: Hour) -> None:
    ask(hour.ben, "Why do forms change each year?")
    hour.waiting("forms change").get_by_role("button", name="Show").first.click()
    expect(listed(hour.ana, "forms change")).to_contain_text("Fees")
    expect(hour.screen.locator("[data-screen=coming]")).to_contain_text("forms change")
    expect(own(hour.ben, "forms change")).to_contain_text("Shown to everybody.")

    listed(hour.ana, "forms change").get_by_role("button", name="Vote for").click()
    expect(listed(hour.ben, "forms change")).to_contain_text("1 vote")
    hour.shown("forms change").get_by_role("button", name="Answer now").click()
    expect(hour.screen.locator("[data-screen=now]")).to_contain_text("forms change")
    expect(hour.ana.locator("[data-room=now]")).to_contain_text("forms change")
    hour.shown("forms change").get_by_role("button", name="Answered live").click()
    expect(own(hour.ben, "forms change")).to_contain_text("Answered live")
    expect(hour.screen.locator("[data-screen=now]")).to_be_hidden()


def one_is_edited_and_joined_and_answered_in_writing(hour: Hour) -> None:
    ask(hour.ben, "Is an early question free of charge?")
    expect(hour.waiting("free of charge")).to_be_visible()
    panel = hour.panel_of(hour.waiting("What does an early question cost?"))
    panel.get_by_text("Edit for publication").click()
    panel.get_by_label("Text for publication").fill("What is the fee of an early question?")
    panel.get_by_role("button", name="Save the text").click()
    panel.locator(".question-decisions").get_by_role("button", name="Show").click()
    expect(listed(hour.ben, "the fee of an early")).to_contain_text("Edited by the office")
    expect(own(hour.ana, "the fee of an early")).to_contain_text(
        "What does an early question cost?"
    )

    panel.locator("summary", has_text="Merge").click()
    panel.get_by_label("Number or words").fill("charge")
    panel.get_by_role("button", name="Search").click()
    found = panel.locator(".merge-list li", has_text="free of charge")
    found.get_by_role("button", name="and merge").last.click()
    expect(own(hour.ben, "free of charge")).to_contain_text("Joined with question 1")
    expect(listed(hour.ana, "the fee of an early")).to_contain_text(
        "Asked by 2 people in 2 categories"
    )

    panel.locator("summary", has_text="Written answer").click()
    panel.get_by_label("Answer", exact=False).first.fill("It costs nothing.")
    panel.get_by_label("Answered by").fill("Dr. Ito")
    panel.get_by_label("everybody").check(force=True)
    panel.get_by_role("button", name="Publish").click()
    for room in (hour.ana, hour.ben):
        expect(listed(room, "the fee of an early")).to_contain_text("It costs nothing.")
    expect(own(hour.ana, "the fee of an early")).to_contain_text("Answer in writing by Dr. Ito")
    hour.close_panel()


def one_is_dismissed_and_it_gets_slow(hour: Hour) -> None:
    ask(hour.ben, "Who won the game last night?")
    card = hour.waiting("won the game")
    card.get_by_text("Dismiss …").click()
    card.get_by_role("button", name="off topic").click()
    expect(own(hour.ben, "won the game")).to_contain_text("Not shown in the room: off topic.")
    assert listed(hour.ana, "won the game").count() == 0

    hour.office.goto(f"{hour.site}{OFFICE}/{hour.slug}/floor/")
    hour.office.get_by_label("seconds", exact=False).first.fill("600")
    hour.office.get_by_role("button", name="Save the settings").click()
    expect(hour.ben.locator("[data-part=pace]")).to_have_text("One question each 600 seconds.")
    ask(hour.ben, "Will there be another hour?")
    expect(hour.ben.locator("[data-room=said]")).to_contain_text("sent again by itself")


def it_ends(hour: Hour) -> None:
    hour.set_floor("Closed")
    expect(hour.ana.get_by_label("Your question")).to_be_hidden()
    hour.move("End", "End it now")
    for page in (hour.ana, hour.ben, hour.screen):
        expect(page.get_by_text("This engagement is over. Thank you")).to_be_visible()
    expect(hour.ana.get_by_role("link", name="Send one now")).to_be_visible()
    hour.cal.goto(hour.ana.url)
    hour.cal.get_by_role("link", name="Send one now").click()
    ask(hour.cal, "Where is the recording?")
    expect(hour.cal.get_by_text("Saved as question")).to_be_visible()
    expect(hour.waiting("Where is the recording?")).to_be_visible()
