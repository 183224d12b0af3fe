"""Questions that came by phone, by mail or on paper: typed in, waiting, counted like any other."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest
from django.urls import reverse

from engagements import clock
from engagements.models import AuditEntry, Engagement, RoleCategory, User
from engagements.refusals import NotAllowed, Refused
from qa import projection, queries, states
from qa.actions import entering, moderating
from qa.files.agency.outputs import write_all
from qa.models import Finding, Floor, FloorEvent, Label, Question
from qa.queries.agency import compiling
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    SignIn = Callable[[User], Client]

pytestmark = pytest.mark.django_db

PAGE, SHEET, DESK = (
    reverse(name, args=["live-session"]) for name in ("enter-question", "intake-sheet", "desk")
)
ONE = UUID(int=1)
AT = datetime(2021, 4, 14, 18, 30, tzinfo=UTC)


def entry(text: str = "When does it open?", **more: Any) -> entering.Entry:
    known: dict[str, Any] = {
        "source": Question.Source.PHONE,
        "client_id": uuid4(),
        "category": not_stated(),
        "asked_at": AT,
    }
    return entering.Entry(text=text, **(known | more))


def not_stated() -> RoleCategory:
    return RoleCategory.objects.get(kind=RoleCategory.Kind.NOT_STATED)


def sent(text: str = "When does it open?", **more: str) -> dict[str, str]:
    return {
        "source": "phone",
        "text": text,
        "client_id": str(ONE),
        "asked_at": "2021-04-14T14:30",
    } | more


def things() -> list[int]:
    return [one.objects.count() for one in (Question, FloorEvent, AuditEntry, Finding)]


@pytest.mark.parametrize("state", ["draft", "scheduled", "live", "ended"])
def test_it_waits_whatever_the_floor_until_the_archive(
    floor: Floor, omar: User, state: str
) -> None:
    factories.make_question(floor, "Asked in the room.")
    floor.state = states.FLOOR_CLOSED
    floor.save()
    Engagement.objects.filter(pk=floor.engagement_id).update(state=state)
    label = Label.objects.create(engagement=floor.engagement, name="Fees")

    question = entering.enter(
        floor, entry("¿Cuándo?\nNext line", language="es", label=label, client_id=ONE), by=omar
    )

    question.refresh_from_db()
    assert (question.number, question.state, question.source) == (2, "waiting", "phone")
    assert (question.text, question.original_text) == ("¿Cuándo?\nNext line",) * 2
    assert (question.entered_by, question.asked_at, question.language) == (omar, AT, "es")
    assert (question.category, question.label, question.asker) == (not_stated(), label, None)
    event = FloorEvent.objects.get(floor=floor, question_number=2)
    assert (event.public_number, event.payload["act"]) == (None, "question.entered")
    assert event.payload["by"] == {"account": omar.pk, "name": "Omar"}
    assert projection.for_audience(event.kind, event.payload, projection.DESK) is not None
    written = AuditEntry.objects.get(action="question.entered")
    assert (written.actor, written.subject) == (omar, f"qa.question:{question.pk}")
    assert "¿" not in str(written.detail)


@pytest.mark.parametrize("state", ["archived", "cancelled"])
def test_nothing_is_added_to_the_past(
    live_engagement: Engagement, floor: Floor, omar: User, state: str
) -> None:
    entering.enter(floor, entry(), by=omar)
    Engagement.objects.filter(pk=live_engagement.pk).update(state=state)
    before = things()
    with pytest.raises(Refused, match=state):
        entering.enter(floor, entry(), by=omar)
    assert things() == before


def test_the_same_form_again_stores_nothing(floor: Floor, omar: User) -> None:
    first = entering.enter(floor, entry(client_id=ONE), by=omar)
    before = things()
    again = entering.enter(floor, entry("Other words", client_id=ONE), by=omar)
    assert (again, again.text, things()) == (first, "When does it open?", before)


def test_a_registrants_question_has_their_category_and_no_name(floor: Floor, omar: User) -> None:
    cat = factories.category("employer")
    paula = factories.make_registration(floor.engagement, "Paula Named", category=cat)
    floor.attribution = states.NAMED
    floor.save()
    question = entering.enter(floor, entry(asker=paula), by=omar)
    assert (question.asker, question.category, question.asker_name) == (paula, cat, "")


@pytest.mark.parametrize("more", [{"source": "live"}, {"asked_at": AT + timedelta(days=9_000)}])
def test_what_cannot_be_is_refused(floor: Floor, omar: User, more: dict[str, Any]) -> None:
    entering.enter(floor, entry(), by=omar)
    before = things()
    with pytest.raises(Refused):
        entering.enter(floor, entry(**more), by=omar)
    assert things() == before


def test_only_who_moderates_enters(floor: Floor, cora: User, edna: User, mia: User) -> None:
    entering.enter(floor, entry(), by=cora)
    before = things()
    for nobody in (edna, mia):
        with pytest.raises(NotAllowed):
            entering.enter(floor, entry(), by=nobody)
    assert things() == before


def test_an_identifier_is_found_once(floor: Floor, omar: User) -> None:
    question = entering.enter(floor, entry("My receipt is IOE0912345678."), by=omar)
    assert question.open_findings == ["receipt_number"]
    assert [one.words for one in Finding.objects.all()] == ["IOE0912345678"]


def test_all_sources_count_and_none_is_attributed(floor: Floor, omar: User, edna: User) -> None:
    ana = factories.make_registration(floor.engagement, "Ana Attributed", email="ana@x.example")
    factories.make_question(floor, "Asked in the room?")
    for number, source in enumerate(entering.SOURCES):
        entering.enter(floor, entry(f"By {source}, {number}?", source=source, asker=ana), by=omar)
    moderating.show(floor, by=omar, number=3, seen=1)
    engagement = floor.engagement
    assert queries.written_questions(engagement) == 4
    assert sorted(queries.dispositions(engagement)) == [
        ("shown", "none", 1), ("waiting", "none", 3),
    ]  # fmt: skip
    Engagement.objects.filter(pk=engagement.pk).update(state="ended", ended_at=clock.now())
    engagement.refresh_from_db()
    compiled = compiling.compile_list(engagement, at=clock.now())
    assert [row.text for row in compiled.rows] == [
        "Asked in the room?", "By phone, 0?", "By mail, 1?", "By paper, 2?",
    ]  # fmt: skip
    for file in write_all(compiled.facts, compiled.rows, slug=engagement.slug):
        assert b"Attributed" not in file.content
    assert "Attributed" not in repr(compiled.rows)


# Pages


def test_entering_on_the_page_and_another(sign_in: SignIn, floor: Floor, omar: User) -> None:
    client = sign_in(omar)
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "America/New York" in page.content.decode()
    answer = client.post(PAGE, sent(another="on", source="mail"))
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{PAGE}?source=mail")
    question = floor.questions.get()
    assert (question.text, question.asked_at, question.source) == ("When does it open?", AT, "mail")
    follow = client.get(f"{PAGE}?source=mail").content.decode()
    assert "Question 1 is saved." in follow
    chosen = re.findall(r'<input type="radio" name="source" value="(\w+)"[^>]* checked', follow)
    assert chosen == ["mail"]
    assert client.post(PAGE, sent(another="on", source="mail")).status_code == 302
    assert floor.questions.count() == 1
    assert client.post(PAGE, sent("Who pays?", client_id=str(uuid4()))).headers["Location"] == DESK


def test_what_is_here_already_is_said_first(sign_in: SignIn, floor: Floor, omar: User) -> None:
    factories.make_question(floor, "When does the contact center open on Sunday?")
    client = sign_in(omar)
    words = "When does the contact center open on sundays?"
    warned = client.post(PAGE, sent(words))
    assert (warned.status_code, floor.questions.count()) == (409, 1)
    assert "Question 1, " in warned.content.decode()
    assert client.post(PAGE, sent(words, is_sure="on")).status_code == 302
    assert floor.questions.get(number=2).text == words


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"source": ""}, "Please say how the question came."),
        ({"source": "live"}, "not one of the available"),
        ({"text": "x" * 2_001}, "2001 characters"),
        ({"text": "\u200b"}, "Please write your question."),
        ({"asked_at": "2121-04-14T14:30"}, "Please check the year."),
        ({"asked_at": "2099-04-14T14:30"}, "later than now"),
        ({"asked_at": "2021-03-14T02:30"}, "does not exist"),
        ({"client_id": ""}, "incomplete"),
        ({"email": "nobody@x.example"}, "Nobody is registered with exactly this address."),
        ({"category": "no-such"}, "valid choice"),
    ],
)
def test_the_page_says_what_is_wrong(
    sign_in: SignIn, floor: Floor, omar: User, more: dict[str, str], words: str
) -> None:
    client = sign_in(omar)
    assert client.post(PAGE, sent()).status_code == 302
    before = things()
    answer = client.post(PAGE, sent(client_id=str(uuid4())) | {"is_sure": "on"} | more)
    assert (answer.status_code, things()) == (400, before)
    assert words in answer.content.decode()


def test_a_registrant_by_exact_address(sign_in: SignIn, floor: Floor, omar: User) -> None:
    ana = factories.make_registration(floor.engagement, "Ana", email="ana@public.example")
    client = sign_in(omar)
    assert client.post(PAGE, sent(email=" ANA@Public.example ")).status_code == 302
    assert floor.questions.get().asker == ana


def test_the_sheet_has_two_places_and_the_role_categories(
    sign_in: SignIn, floor: Floor, omar: User
) -> None:
    page = sign_in(omar).get(SHEET).content.decode()
    assert page.count("For the staff: number") == 2
    for category in RoleCategory.objects.filter(is_offered=True):
        assert page.count(f"<li>{category.label}</li>") == 2
