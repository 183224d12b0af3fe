"""The closed loop, door to door: asked, forwarded, answered in two workbooks, published, told."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests import calc, machine
from tests.browser.conftest import PHONE, ROOT
from tests.browser.test_hour import wait_until_live
from tests.mailbox import Mailbox, listening

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.conftest import Demonstration

FEES = "How high are the filing fees next year?"
AGAIN = "What will the filing fees be?"
FORMS = "=Where+are the forms, @home?"
PRIVATE = "Who answers when I write a letter?"
FEES_ANSWER = "They stay as they are.\nNothing changes before October."
FORMS_ANSWER = "On our website, under “Forms”."

SET_UP = """
from datetime import timedelta
from django.urls import reverse
from config.demonstration import cast, material
from engagements import clock
from engagements.actions import registering, running
from engagements.actions.running import SpeakerEntry
from engagements.models import Agency, RoleCategory
from engagements.outbox import absolute
from qa.actions import floor
from qa.queries import floor_of

cora, now = cast.play(cast.COORDINATOR), clock.now()
hour = running.create(
    by=cora, slug="SLUG", series="", title="The closed loop", kind="webinar", about="the loop",
    description="", agency=Agency.objects.get(short_name="USCIS"), time_zone="America/New_York",
    starts_at=now + timedelta(hours=2), ends_at=now + timedelta(hours=3),
    speakers=[SpeakerEntry("Dr. Ito", "Director", "")],
)
material.give_roles(hour)
running.schedule(hour, by=cora)
for name, category in (("Ana Loop", "attorney"), ("Ben Loop", "employer"), ("Cal Loop", "other")):
    one = registering.register(
        hour, name=name, email=f"{name[:3]}.SLUG@public.example".lower(), organization="",
        category=RoleCategory.objects.get(key=category),
    )
    print("LINK", absolute(reverse("join", args=[one.token()])))
running.start(hour, by=cora)
floor.set_state(floor_of(hour), state="open", by=cast.play(cast.MODERATOR))
"""

IT_ENDS = """
from config.demonstration import cast
from engagements.actions import running
from engagements.models import Engagement
from qa.actions import merging, moderating

hour = Engagement.objects.get(slug="SLUG")
omar = cast.play(cast.MODERATOR)
seen = dict(hour.floor.questions.values_list("number", "revision"))
for number in (1, 3):
    moderating.show(hour.floor, by=omar, number=number, seen=seen[number])
merging.merge(hour.floor, by=omar, number=2, seen=seen[2], into=1)
running.end(hour, by=cast.play(cast.COORDINATOR))
"""


def in_process(demonstration: Demonstration, code: str) -> str:
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
    done = subprocess.run(
        command, cwd=ROOT, env=demonstration.variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


class Loop:
    def __init__(self, person: Callable[..., Page], served: Demonstration, slug: str) -> None:
        self.person, self.served, self.slug = person, served, slug
        self.site = served.address

    def run(self, code: str) -> str:
        return in_process(self.served, code.replace("SLUG", self.slug))

    def office(self, page: Page, path: str) -> None:
        page.goto(f"{self.site}/office/engagements/{self.slug}/{path}")


@pytest.fixture
def loop(person: Callable[..., Page], demonstration: Demonstration) -> Loop:
    return Loop(person, demonstration, f"loop-{uuid.uuid4().hex[:8]}")


@pytest.mark.skipif(machine.lacks_calc(), reason="LibreOffice is not installed")
def test_the_loop_is_closed(loop: Loop, tmp_path: Path) -> None:
    people_ask(loop)
    loop.run(IT_ENDS)
    the_list_is_sealed(loop)
    uma = loop.person("agency liaison")
    workbook = the_agency_downloads(loop, uma, tmp_path)
    by_calc, by_openpyxl = tmp_path / "by-calc.xlsx", tmp_path / "by-openpyxl.xlsx"
    answered = {"Answer status": "Answered", "Publishable": "Yes"}
    calc.fill_in(
        workbook,
        by_calc,
        {1: answered | {"Answer": FEES_ANSWER, "Directorate": "Finance"}},
        sheet="Questions",
        folder=tmp_path,
    )
    fill_in_by_openpyxl(workbook, by_openpyxl, {3: answered | {"Answer": FORMS_ANSWER}})
    the_agency_uploads(uma, by_calc, "Take over 1 answer")
    the_agency_uploads(uma, by_openpyxl, "Take over 1 answer")
    the_office_accepts_and_publishes(loop)
    the_public_reads(loop)
    whoever_wants_it_is_told(loop)


def people_ask(loop: Loop) -> None:
    links = [line.split()[1] for line in loop.run(SET_UP).splitlines() if line.startswith("LINK")]
    ana, ben, cal = (loop.person(link, viewport=PHONE) for link in links)
    for page, texts, wants in (
        (ana, [FEES], True),
        (ben, [AGAIN], True),
        (cal, [FORMS, PRIVATE], False),
    ):
        page.goto(f"{loop.site}/engagements/{loop.slug}/room/")
        wait_until_live(page)
        for text in texts:
            page.get_by_label("Your question").fill(text)
            if wants:
                page.locator("label[for=id_wants_answer]").click()
            page.get_by_role("button", name="Send question").click()
            expect(page.locator("[data-room=own] .card", has_text=text)).to_contain_text(
                "Waiting for a moderator"
            )


def the_list_is_sealed(loop: Loop) -> None:
    edna = loop.person("editor")
    loop.office(edna, "forwardings/")
    edna.get_by_role("button", name="Prepare a list").click()
    edna.get_by_label("Cover note").fill("Please answer in plain language.")
    edna.get_by_role("button", name="Save the draft").click()
    edna.locator("summary", has_text="Seal and send").click()
    edna.get_by_role("button", name="Yes, seal it and send it").click()
    expect(edna.locator("main")).to_contain_text("List 1")


def the_agency_downloads(loop: Loop, uma: Page, folder: Path) -> Path:
    uma.goto(f"{loop.site}/agency/")
    uma.locator("main a", has_text="The closed loop").first.click()
    expect(uma.locator("main")).to_contain_text(FEES)
    with uma.expect_download() as download:
        uma.get_by_role("link", name="Download the workbook").click()
    target = folder / "list.xlsx"
    download.value.save_as(target)
    uma.reload()
    expect(uma.locator("main")).to_contain_text("Uma Patel")
    return target


def fill_in_by_openpyxl(source: Path, target: Path, answers: dict[int, dict[str, str]]) -> None:
    book = load_workbook(source, rich_text=True)
    sheet: Any = book["Questions"]
    at = {cell.value: cell.column for cell in sheet[1]}
    for row in sheet.iter_rows(min_row=2):
        for heading, text in answers.get(row[0].value, {}).items():
            sheet.cell(row[0].row, at[heading], text)
    book.save(target)


def the_agency_uploads(uma: Page, file: Path, button: str) -> None:
    uma.goto(uma.url.partition("/uploads/")[0].rstrip("/") + "/uploads/")
    uma.locator("input[type=file]").set_input_files(file)
    uma.get_by_role("button", name="Look at the file").click()
    expect(uma.get_by_role("button", name=button)).to_be_visible()
    uma.get_by_text("Submit to the office, too").click()
    uma.get_by_role("button", name=button).click()
    expect(uma.locator("main")).to_contain_text("taken over")


def the_office_accepts_and_publishes(loop: Loop) -> None:
    edna = loop.person("editor")
    loop.office(edna, "answers/")
    for text in (FEES_ANSWER.splitlines()[1], FORMS_ANSWER):
        expect(edna.locator("main")).to_contain_text(text)
    edna.get_by_role("link", name="Tick all of this page").click()
    edna.get_by_role("button", name="Accept the ticked answers").click()
    edna.get_by_role("link", name="Publish accepted answers").click()
    edna.get_by_role("button", name="Read it over").click()
    edna.locator("main").get_by_role("button", name="Publish").click()
    expect(edna.locator("main")).to_contain_text("Edition 1")


def the_public_reads(loop: Loop) -> None:
    reader = loop.person(viewport=PHONE)
    reader.goto(f"{loop.site}/engagements/{loop.slug}/")
    reader.get_by_role("link", name="Follow-up questions and answers").first.click()
    main = reader.locator("main")
    for text in (FEES, *FEES_ANSWER.splitlines(), FORMS, FORMS_ANSWER):
        expect(main).to_contain_text(text)
    for text in (PRIVATE, "Loop@", "Ana Loop"):
        expect(main).not_to_contain_text(text)


def whoever_wants_it_is_told(loop: Loop) -> None:
    mailbox = Mailbox()
    with listening(mailbox) as port:
        subprocess.run(
            [sys.executable, "manage.py", "work", "--once"],
            cwd=ROOT,
            env=os.environ | loop.served.variables | {"MAIL_URL": f"smtp://127.0.0.1:{port}"},
            check=True,
            capture_output=True,
        )
    told = {
        str(mail["To"]): mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        for mail in mailbox.messages()
        if loop.slug in str(mail["To"]) and FEES_ANSWER.splitlines()[1] in mail.as_string()
    }
    assert set(told) == {f"{name}.{loop.slug}@public.example" for name in ("ana", "ben")}
    assert FEES in told[f"ana.{loop.slug}@public.example"]
    assert AGAIN in told[f"ben.{loop.slug}@public.example"]
    assert FEES_ANSWER.splitlines()[1] in told[f"ben.{loop.slug}@public.example"]
