"""The three flows from door to door: a question asked, a readout published, a list forwarded."""

from __future__ import annotations

import io
import re
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import sync_to_async
from openpyxl import load_workbook

from engagements.models import (
    AuditEntry,
    Engagement,
    OutgoingMail,
    Role,
    RoleCategory,
    User,
)
from qa.actions import asking
from qa.models import Forwarding, Question
from readouts.models import Readout, ReadoutSample, ReadoutVersion
from tests import factories
from tests.journeys.visitor import Visitor

if TYPE_CHECKING:
    from tests.journeys.visitor import Page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]

OFFICE = "/office/engagements/fees"


async def test_from_the_set_up_to_a_question_that_everybody_sees() -> None:
    coordinator = await sync_to_async(factories.make_user)("Cora", may_create_engagements=True)
    agency = await sync_to_async(factories.make_agency)("USCIS")
    cora = await Visitor().sign_in(coordinator)
    form = await cora.get("/office/engagements/new/")
    made = await cora.post("/office/engagements/new/", form, **_details(agency.pk))
    assert "Filing Fees" in made.text

    await _give_role(await Engagement.objects.aget(slug="fees"), "Omar", Role.MODERATOR)
    public = Visitor()
    assert (await public.get("/engagements/fees/")).status == 404
    assert "scheduled" in (await _move(cora, "schedule")).text.lower()
    page = await public.get("/engagements/fees/")
    assert page.status == 200
    assert "Rita Chen" in page.text

    ana = await _register(public, "Ana Abara", "ana@public.example", "attorney")
    assert "begins" in (await ana.get("/engagements/fees/room/")).text
    await _move(cora, "start")
    omar = await Visitor().sign_in(await User.objects.aget(name="Omar"))
    desk_page = await omar.get(f"{OFFICE}/desk/")
    await omar.post(f"{OFFICE}/desk/floor/", desk_page, state="open")

    room = await ana.open_socket("/engagements/fees/room/", "room", "fees")
    desk = await omar.open_socket(f"{OFFICE}/desk/", "desk", "fees")
    text = "When will the fee for this form change?"
    saved = await room.call("ask", text=text, client_id=str(uuid.uuid4()))
    assert saved["question"]["state"] == "waiting"
    arrived = await desk.told()
    assert arrived["events"][0]["question"]["text"] == text
    assert text not in (await Visitor().get("/engagements/fees/")).text

    await desk.call("show", number=1, seen=1)
    await desk.call("mark", number=1, seen=2, outcome="answering")
    shown: list[Any] = []
    while len(shown) < 2:
        shown += [event["question"] for event in (await room.told()).get("events", [])]
    assert [(q["text"], q["outcome"]) for q in shown] == [(text, "none"), (text, "answering")]

    without_scripts = await ana.get("/engagements/fees/room/")
    assert text in without_scripts.text
    again = await ana.post(
        "/engagements/fees/room/ask/",
        without_scripts,
        text="And for the other one?",
        client_id=without_scripts.field("client_id"),
    )
    assert "Saved as question 2" in again.text
    await room.leave()
    await desk.leave()


async def test_from_the_end_to_a_published_readout_and_the_agencys_download() -> None:
    engagement = await sync_to_async(_held)()
    cora = await Visitor().sign_in(await User.objects.aget(name="Cora"))
    edna = await Visitor().sign_in(await User.objects.aget(name="Edna"))
    paul = await Visitor().sign_in(await User.objects.aget(name="Paul"))
    await _move(cora, "end")
    floor = await sync_to_async(lambda: Engagement.objects.get(slug="fees").floor.state)()
    assert floor == "closed"

    page = await edna.post(f"{OFFICE}/readout/draft/", await edna.get(f"{OFFICE}/readout/"))
    page = await edna.post(
        f"{OFFICE}/readout/save/",
        page,
        revision=page.field("revision"),
        summary="USCIS explained **fees**.",
    )
    page = await edna.get(f"{OFFICE}/readout/samples/")
    chosen = await Question.objects.aget(number=1)
    await edna.post(
        f"{OFFICE}/readout/samples/save/",
        page,
        revision=page.field("revision"),
        do="add",
        **{"choose-pick": chosen.pk, "choose-why": "plain"},
    )
    assert await ReadoutSample.objects.acount() == 1
    assert (await Visitor().get("/engagements/fees/readout/")).status == 404
    page = await edna.get(f"{OFFICE}/readout/")
    await edna.post(f"{OFFICE}/readout/submit/", page, revision=page.field("revision"))
    own = await edna.get(f"{OFFICE}/readout/")
    revision = (await Readout.objects.aget()).revision
    await edna.post(f"{OFFICE}/readout/publish/", own, revision=revision)
    assert await ReadoutVersion.objects.acount() == 0

    page = await paul.get(f"{OFFICE}/readout/")
    await paul.post(f"{OFFICE}/readout/publish/", page, revision=page.field("revision"))
    readout = await Readout.objects.aget(engagement=engagement)
    assert readout.state == "published"
    public = await Visitor().get("/engagements/fees/readout/")
    assert "A total of 25 stakeholders joined this webinar." in public.text
    assert "Question 0?" in public.text
    pdf = await Visitor().get("/engagements/fees/readout.pdf")
    assert pdf.body.startswith(b"%PDF")

    lists = await edna.get(f"{OFFICE}/forwardings/")
    await edna.post(f"{OFFICE}/forwardings/begin/", lists)
    pk = (await Forwarding.objects.aget()).pk
    page = await edna.get(f"{OFFICE}/forwardings/draft/{pk}/")
    await edna.post(f"{OFFICE}/forwardings/draft/{pk}/seal/", page, seen=page.field("seen"))
    mail = await OutgoingMail.objects.aget(template="qa/forwarded")
    address = re.search(r"http://127\.0\.0\.1:8000(\S+)", mail.body)
    assert address is not None
    uma = await Visitor().sign_in(await User.objects.aget(name="Uma"))
    assert "Question 2?" in (await uma.get(address[1])).text
    file = await uma.get(f"{address[1]}files/xlsx/")
    sheet = load_workbook(io.BytesIO(file.body))["Questions"]
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == [
        "Question 0?",
        "Question 1?",
        "Question 2?",
    ]
    assert await AuditEntry.objects.filter(action="forwarding.downloaded").acount() == 1


def _details(agency: int) -> dict[str, object]:
    return {
        "title": "Filing Fees",
        "slug": "fees",
        "kind": "webinar",
        "about": "filing fees",
        "agency": agency,
        "time_zone": "America/New_York",
        "starts_at": "2027-03-01T14:00",
        "ends_at": "2027-03-01T15:00",
        "speakers-TOTAL_FORMS": 1,
        "speakers-INITIAL_FORMS": 0,
        "speakers-0-name": "Rita Chen",
        "speakers-0-title": "Director",
        "speakers-0-organization": "USCIS",
    }


async def _give_role(engagement: Engagement, name: str, role: str) -> None:
    user = await sync_to_async(factories.make_user)(name)
    await sync_to_async(factories.make_member)(user, engagement, role)


async def _move(cora: Visitor, move: str) -> Page:
    return await cora.post(f"{OFFICE}/move/{move}/", await cora.get(f"{OFFICE}/"))


async def _register(visitor: Visitor, name: str, email: str, role: str) -> Visitor:
    """Register, and open the link that comes by mail in another browser."""
    form = await visitor.get("/engagements/fees/register/")
    await visitor.post(
        "/engagements/fees/register/",
        form,
        name=name,
        email=email,
        category=role,
        consent="on",
        notice=form.field("notice"),
    )
    mail = await OutgoingMail.objects.aget(template="engagements/registered", to=email)
    link = re.search(r"http://127\.0\.0\.1:8000(/join/\S+)", mail.body)
    assert link is not None
    person = Visitor()
    assert (await person.get(link[1])).status == 200
    return person


def _held() -> Engagement:
    """A live engagement with 25 people in the room, three of whom asked."""
    engagement = factories.make_engagement(
        "fees", title="Filing Fees", about="filing fees", state="live"
    )
    engagement.floor.state = "open"
    engagement.floor.save()
    for name, role in (("Cora", Role.COORDINATOR), ("Edna", Role.EDITOR), ("Paul", Role.EDITOR)):
        factories.make_member(factories.make_user(name), engagement, role)
    factories.make_user("Uma", agency=engagement.agency)
    attorney = RoleCategory.objects.get(key="attorney")
    for number in range(25):
        person = factories.make_registration(engagement, category=attorney)
        factories.make_attendance(person)
        if number < 3:
            asking.ask(
                engagement.floor,
                by=person,
                text=f"Question {number}?",
                client_id=uuid.uuid4(),
            )
    Question.objects.update(state="shown")
    return engagement
