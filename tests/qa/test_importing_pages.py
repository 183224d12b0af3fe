"""The pages of a platform's report: upload, look through, take over; and files made to harm."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from engagements.models import AuditEntry, User
from qa.models import Floor, FloorEvent, Question, QuestionImport
from tests import factories
from tests.engagements.test_attendance_files import (
    encrypted,
    far_corner,
    lying_workbook,
    with_macros,
)
from tests.qa import reports

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    SignIn = Callable[[User], Client]

pytestmark = pytest.mark.django_db

LIST, TAKE = (
    reverse(name, args=["live-session"]) for name in ("question-imports", "question-import-take")
)


def upload(client: Client, content: bytes, name: str = "qa.csv") -> Any:
    return client.post(LIST, {"file": SimpleUploadedFile(name, content)})


def form_of(response: Any) -> dict[str, Any]:
    """What a browser would send of the page, without a button."""
    text = response.content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', text))
    ticked = re.findall(r'name="ticked" value="(\d+)" checked', text)
    columns = re.findall(r'name="(column-\d+)">.*?value="(\w*)" selected', text)
    return {name: html.unescape(value) for name, value in hidden.items()} | {
        "ticked": ticked, **dict(columns)
    }  # fmt: skip


def things() -> list[int]:
    models = (Question, QuestionImport, FloorEvent, AuditEntry)
    return [one.objects.count() for one in models]


def test_upload_look_take_over_and_undo(sign_in: SignIn, floor: Floor, omar: User) -> None:
    factories.make_question(floor, "¿Hay ayuda en español?")
    client = sign_in(omar)
    before = things()
    look = upload(client, reports.zoom())
    page = html.unescape(look.content.decode())
    assert (look.status_code, things()) == (200, before)
    assert "This looks like: receipt number." in page
    assert "Question 1 here has the same words. It is not ticked." in page
    sent = form_of(look)
    assert (sent["ticked"], sent["shown"], sent["left_out"]) == (["1", "2", "3"], "1,2,3,4", "4")

    answer = client.post(TAKE, sent | {"ticked": ["1", "3"], "step": "take"})

    assert (answer.status_code, answer.headers["Location"]) == (302, LIST)
    texts = [one.text for one in floor.questions.order_by("number")][1:]
    assert texts == [reports.ZOOM_TEXTS[0], reports.ZOOM_TEXTS[2]]
    assert "2 questions are taken over." in client.get(LIST).content.decode()
    again = upload(client, reports.zoom())
    assert again.status_code == 400
    assert "took this very file over before" in again.content.decode()

    stored = QuestionImport.objects.get()
    file = client.get(reverse("question-import-file", args=["live-session", stored.pk]))
    assert file.content == reports.zoom()
    assert file.headers["Content-Disposition"] == 'attachment; filename="qa.csv"'
    undone = client.post(reverse("question-import-undo", args=["live-session", stored.pk]))
    assert undone.status_code == 302
    assert "2 questions are withdrawn." in client.get(LIST).content.decode()


def test_ticks_are_kept_from_page_to_page(sign_in: SignIn, floor: Floor, omar: User) -> None:
    rows = [[str(at), f"What about case {at}?", "", "", ""] for at in range(1, 121)]
    client = sign_in(omar)
    first = form_of(upload(client, reports.zoom(rows)))
    assert len(first["ticked"]) == 50
    first["ticked"].remove("7")
    second = form_of(client.post(TAKE, first | {"step": "page-3"}))
    assert (second["left_out"], second["shown"].split(",")[0]) == ("7", "101")
    second["ticked"].remove("120")
    back = form_of(client.post(TAKE, second | {"step": "page-1"}))
    assert (back["left_out"], "7" in back["ticked"]) == ("7,120", False)
    client.post(TAKE, back | {"step": "take"})
    assert floor.questions.count() == 118
    assert not floor.questions.filter(text__in=[rows[6][1], rows[119][1]]).exists()


def test_columns_that_no_heading_tells_are_named(sign_in: SignIn, floor: Floor, omar: User) -> None:
    client = sign_in(omar)
    look = upload(client, b"alpha,beta\nx,Why so?\n")
    assert "Which column holds the questions?" in look.content.decode()
    sent = form_of(look)
    assert client.post(TAKE, sent | {"step": "take"}).status_code == 409
    assert floor.questions.count() == 0
    named = form_of(client.post(TAKE, sent | {"column-1": "question", "step": "columns"}))
    assert named["ticked"] == ["1"]
    assert client.post(TAKE, named | {"step": "take"}).status_code == 302
    assert floor.questions.get().text == "Why so?"


@pytest.mark.parametrize("change", ["text", "other", "gone"])
def test_a_file_that_did_not_come_from_the_page_is_refused(
    sign_in: SignIn, floor: Floor, omar: User, cora: User, change: str
) -> None:
    other = factories.make_engagement("other")
    factories.make_member(omar, other, "moderator")
    client = sign_in(omar)
    sent = form_of(upload(client, reports.zoom())) | {"step": "take"}
    if change == "text":
        sent["file"] = sent["file"][:-3] + "abc"
    elif change == "gone":
        del sent["file"]
    before = things()
    address = reverse("question-import-take", args=["other"]) if change == "other" else TAKE
    assert client.post(address, sent).status_code == 400
    assert things() == before


HUGE = b'Question,Email\n"' + b"a" * 1_000_000 + b'",b@x.example\n'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b"\n\n,,\n", "There is nothing in this file."),
        (b"Question\nWhy\x00so?\n", "holds no text"),
        (b"Question\n", "There is no question in this file."),
        (HUGE, "a cell of it is far too long"),
        (b"Question\n" + b"Why?\n" * 5_001, "more than 5,000 rows"),
        (b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
        (b"<!doctype html><table>", "a web page"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100, "protected with a password"),
        (encrypted(), "protected with a password"),
        (lying_workbook(), "far larger than"),
        (far_corner(), "more than 100,000 rows"),
        (with_macros(), "macros"),
        (b"PK\x03\x04 and no more", "damaged"),
    ],
)  # fmt: skip
def test_what_could_harm_is_refused_in_words(
    sign_in: SignIn, floor: Floor, omar: User, content: bytes, words: str
) -> None:
    client = sign_in(omar)
    before = things()
    answer = upload(client, content)
    assert (answer.status_code, things()) == (400, before)
    assert words in html.unescape(answer.content.decode())


def test_hostile_words_are_letters_on_every_page(sign_in: SignIn, floor: Floor, omar: User) -> None:
    hostile = '"><img src=x onerror=alert(1)>{{7*7}}'
    rows = [
        ["Question", hostile],
        [hostile, "x"],
        ["=1+1", "=cmd|' /C calc'!A0"],
        ["@SUM(1)\u202e", ""],
    ]
    client = sign_in(omar)
    look = upload(client, reports.workbook(rows), name='"><img src=x>.xlsx')
    assert "<img src=x" not in look.content.decode()
    assert client.post(TAKE, form_of(look) | {"step": "take"}).status_code == 302
    assert "<img src=x" not in client.get(LIST).content.decode()
    texts = [one.text for one in floor.questions.order_by("number")]
    assert texts == [hostile, "=1+1", "@SUM(1)"]
    assert all(isinstance(one.client_id, UUID) for one in floor.questions.all())


def test_two_thousand_rows(
    sign_in: SignIn, floor: Floor, omar: User, django_assert_max_num_queries: Any
) -> None:
    """One go, and no query for each row; what was measured stands in record 42."""
    rows = [[str(at), f"What about matter {at}?", "A", f"p{at}@x.example", "live answered"]
            for at in range(2_000)]  # fmt: skip
    client = sign_in(omar)
    sent = form_of(upload(client, reports.zoom(rows))) | {"step": "take"}
    with django_assert_max_num_queries(80):
        assert client.post(TAKE, sent).status_code == 302
    assert [one.text for one in floor.questions.order_by("number")] == [row[1] for row in rows]
    floor.refresh_from_db()
    assert (floor.head, floor.last_question_number) == (2_000, 2_000)
    undo = reverse("question-import-undo", args=["live-session", QuestionImport.objects.get().pk])
    with django_assert_max_num_queries(80):
        assert client.post(undo).status_code == 302
    assert floor.questions.filter(state="withdrawn").count() == 2_000
