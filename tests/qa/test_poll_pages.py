"""The pages of polls without scripts: written, answered, read, and taken home as a workbook."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from engagements.models import AuditEntry
from engagements.refusals import NotAllowed
from qa.actions import poll_answering, polling
from qa.models import Poll, PollAnswer
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from engagements.models import Registration, User
    from qa.models import Floor

pytestmark = pytest.mark.django_db

OFFICE = "/office/engagements/live-session/polls/"
ROOM = "/engagements/live-session/room/"
WORDS = {"text": "Did it help?", "kind": "choice", "options": "Yes\n\n No \n"}


def rows(file: bytes, title: str) -> list[tuple[Any, ...]]:
    sheet = load_workbook(BytesIO(file))[title]
    return list(sheet.iter_rows(min_row=2, values_only=True))


def exports() -> list[int]:
    return list(AuditEntry.objects.filter(action="polls.exported").values_list("actor", flat=True))


def test_a_poll_is_written_and_changed_by_forms(
    floor: Floor, omar: User, sign_in: Callable[[User], Client]
) -> None:
    office = sign_in(omar)
    assert office.post(OFFICE + "new/", WORDS).status_code == 302
    poll = Poll.objects.get()
    assert [option.text for option in poll.options.all()] == ["Yes", "No"]
    changed = {"text": "How was it?", "kind": "scale", "low_label": "bad", "seen": 1}
    assert office.post(f"{OFFICE}1/", changed).status_code == 302
    stale = office.post(f"{OFFICE}1/", changed)
    assert (stale.status_code, "Somebody else" in stale.content.decode()) == (409, True)
    poll.refresh_from_db()
    assert (poll.text, poll.kind, poll.low_label, poll.revision) == (
        "How was it?",
        "scale",
        "bad",
        2,
    )
    assert not poll.options.exists()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"options": "Yes"}, "from 2 to 12 answers"),
        ({"options": "\n".join(map(str, range(13)))}, "from 2 to 12 answers"),
        ({"options": "Yes\nyes"}, "Two of these answers are the same."),
        ({"options": "Yes\n" + "x" * 201}, "at most 200 characters"),
        ({"text": " "}, "Please write the question."),
        ({"kind": "open"}, "Select a valid choice"),
    ],
)
def test_what_is_no_poll_is_refused_in_words(
    floor: Floor,
    omar: User,
    sign_in: Callable[[User], Client],
    wrong: dict[str, str],
    words: str,
) -> None:
    office = sign_in(omar)
    refused = office.post(OFFICE + "new/", WORDS | wrong)
    assert (refused.status_code, words in refused.content.decode()) == (400, True)
    assert not Poll.objects.exists()
    assert office.post(OFFICE + "new/", WORDS).status_code == 302


def test_the_room_answers_by_a_plain_form_and_reads_the_results(
    floor: Floor, omar: User, ana: Registration
) -> None:
    factories.make_poll(floor, state="open", kind="several", options=["a", "b", "c"])
    factories.make_poll(floor, "A draft?")
    room = Client()
    room.get(f"/join/{ana.token()}/")

    for chosen in ([], ["1", "9"]):
        room.post(ROOM + "poll/", {"number": 1, "chosen": chosen})
    assert not PollAnswer.objects.exists()
    for chosen in (["1"], ["1", "3"]):
        answered = room.post(ROOM + "poll/", {"number": 1, "chosen": chosen})
        assert answered["Location"] == f"{ROOM}#poll-1"
    assert list(PollAnswer.objects.values_list("chosen", flat=True)) == [[1, 3]]
    page = room.get(ROOM).content.decode()
    assert ("Change my answer" in page, "A draft?" in page) == (True, False)
    assert "100%" not in page

    polling.close(floor, by=omar, number=1)
    page = room.get(ROOM).content.decode()
    assert (page.count("100%"), page.count('class="is-own"')) == (2, 2)


def test_the_workbook_has_the_figures_and_nobody_who_answered(
    floor: Floor, omar: User, edna: User, ana: Registration, sign_in: Callable[[User], Client]
) -> None:
    factories.make_poll(floor, "=Did it help?", state="open")
    factories.make_poll(floor, "Still open?", state="open")
    poll_answering.answer(floor, by=ana, number=1, chosen=[2])
    for _ in range(24):
        by = factories.make_registration(floor.engagement, category=factories.category("employer"))
        poll_answering.answer(floor, by=by, number=1, chosen=[1])
    polling.close(floor, by=omar, number=1)

    head = sign_in(edna).head(OFFICE + "results/")
    assert (head.status_code, exports()) == (200, [])
    file = sign_in(edna).get(OFFICE + "results/").content
    assert exports() == [edna.pk]

    asked = ("In the room", "=Did it help?")
    assert rows(file, "Results") == [
        (1, *asked, "Yes", 24, 96, 25), (1, *asked, "No", 1, 4, 25),
    ]  # fmt: skip
    # One attorney alone would be known: nothing is told by category.
    assert rows(file, "By role category") == []
    assert b"Ana" not in file


def test_who_does_not_work_on_the_engagement_takes_no_workbook(
    floor: Floor, omar: User, uma: User
) -> None:
    with pytest.raises(NotAllowed):
        polling.export(floor, by=uma)
    assert exports() == []
    assert rows(polling.export(floor, by=omar), "Results") == []
    assert exports() == [omar.pk]


def test_the_survey_is_counted_apart_and_a_draft_moves_only_where_it_can(
    floor: Floor, omar: User, sign_in: Callable[[User], Client]
) -> None:
    factories.make_poll(floor, "Alone?")
    for text in ("First?", "Second?", "Third?"):
        factories.make_poll(floor, text, moment="after", kind="scale")
    office = sign_in(omar)

    page = office.get(OFFICE).content.decode()

    heads = re.findall(r'<h3 dir="auto"><span class="muted">(\d)\.</span> (\w+\?)</h3>', page)
    assert heads == [("1", "Alone?"), ("1", "First?"), ("2", "Second?"), ("3", "Third?")]
    moves = re.findall(r"polls/(\d)/(up|down)/", page)
    assert moves == [("2", "down"), ("3", "up"), ("3", "down"), ("4", "up")]
    sheet = office.get("/engagements/live-session/survey/").content.decode()
    assert re.findall(r'<span class="muted">(\d)\.</span> (\w+\?)', sheet) == heads[1:]
