"""The pages of a file with answers: uploaded, looked through, taken over or dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from qa import states
from qa.actions.agency import writing
from qa.actions.agency.writing import Content
from qa.models import AgencyAnswer, AnswerUpload, Forwarding
from tests.qa.agency.test_returned import book
from tests.qa.agency.test_uploading import answering

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from engagements.models import User

    SignIn = Callable[[User], Client]

pytestmark = pytest.mark.django_db


def bring(client: Client, sent: Forwarding, content: bytes, name: str = "a.xlsx") -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("agency-uploads", args=[sent.pk]), {"file": file})


def page(client: Client, sent: Forwarding, query: str = "") -> str:
    upload = AnswerUpload.objects.latest("pk")
    found = client.get(reverse("agency-upload", args=[sent.pk, upload.pk]) + query)
    assert found.status_code == 200
    return found.content.decode()


def decide(client: Client, sent: Forwarding, **said: object) -> Any:
    upload = AnswerUpload.objects.latest("pk")
    seen = page(client, sent).partition('name="seen" value="')[2].partition('"')[0]
    address = reverse("agency-upload-take", args=[sent.pk, upload.pk])
    return client.post(address, {"seen": seen, "step": "take"} | said, follow=True)


def test_the_page_says_what_each_row_would_do(sent: Forwarding, uma: User, sign_in: SignIn) -> None:
    hostile = "<img src=x onerror=alert(1)>{{7*7}}"
    changed = {"number": 2, "question": "Question two?", "text": "x"}
    content = book({"number": 1, "question": "Question 1?", "text": hostile}, changed)
    client = sign_in(uma)

    response = bring(client, sent, content, "<b>.xlsx")

    assert response.status_code == 302
    shown = page(client, sent)
    assert "&lt;img src=x onerror=alert(1)&gt;{{7*7}}" in shown
    assert "<img src=x" not in shown
    assert "The words of the question are not those that were sent." in shown
    assert "<del>" in shown
    assert "Take over 1 answer" in shown
    assert "&lt;img" not in page(client, sent, "?show=problem")


def test_taking_over_tells_how_many(sent: Forwarding, uma: User, sign_in: SignIn) -> None:
    client = sign_in(uma)
    bring(client, sent, answering((1, "Here."), (2, "There."), is_publishable="yes"))

    told = decide(client, sent, submit="on").content.decode()

    assert "2 answers are taken over. 2 are submitted to the office." in told
    assert "Answers that were taken over" in told
    assert set(AgencyAnswer.objects.values_list("state", flat=True)) == {"submitted"}
    again = decide(client, sent)
    assert "Somebody decided" not in again.content.decode()


def test_a_conflict_is_decided_by_its_tick(sent: Forwarding, uma: User, sign_in: SignIn) -> None:
    for number in (1, 2):
        content = Content(status=states.ANSWERED, text="By hand.")
        writing.write(sent, number=number, content=content, by=uma)
    client = sign_in(uma)
    bring(client, sent, answering((1, "File."), (2, "File.")))
    assert "By hand." in page(client, sent, "?show=conflict")

    decide(client, sent, step="choose", shown="1,2", replacing=["2"])
    assert {row["number"]: row["replaces"] for row in AnswerUpload.objects.get().rows} == {
        1: False,
        2: True,
    }
    decide(client, sent)

    found = AgencyAnswer.objects.values_list("question__number", "text")
    assert dict(found) == {1: "By hand.", 2: "File."}


def test_what_changed_since_is_looked_at_again(
    sent: Forwarding, uma: User, sign_in: SignIn
) -> None:
    client = sign_in(uma)
    bring(client, sent, answering((1, "Here.")))

    told = decide(client, sent, seen="old").content.decode()

    assert "Somebody changed answers of this list meanwhile." in told
    assert not AgencyAnswer.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04junk", "damaged"),
        (b"", "nothing in this file"),
        (b"a,b\n1,2\n", "no list of questions"),
    ],
)
def test_a_refused_file_is_told_beside_its_field(
    content: bytes, words: str, sent: Forwarding, uma: User, sign_in: SignIn
) -> None:
    client = sign_in(uma)

    response = bring(client, sent, content)

    assert response.status_code == 400
    assert words in response.content.decode()
    assert not AnswerUpload.objects.exists()
    assert bring(client, sent, answering((1, "Here."))).status_code == 302


def test_the_file_is_given_back_to_be_saved(sent: Forwarding, uma: User, sign_in: SignIn) -> None:
    client = sign_in(uma)
    content = answering((1, "Here."))
    bring(client, sent, content, 'x"\r\n.html')
    upload = AnswerUpload.objects.get()

    response = client.get(reverse("agency-upload-file", args=[sent.pk, upload.pk]))

    assert response.content == content
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_dropped_file_opens_no_more(sent: Forwarding, uma: User, sign_in: SignIn) -> None:
    client = sign_in(uma)
    bring(client, sent, answering((1, "Here.")))
    upload = AnswerUpload.objects.get()
    places = [reverse(f"agency-upload{end}", args=[sent.pk, upload.pk]) for end in ("", "-file")]

    client.post(reverse("agency-upload-drop", args=[sent.pk, upload.pk]))

    assert [client.get(place).status_code for place in places] == [302, 404]
    shown = client.get(reverse("agency-uploads", args=[sent.pk])).content.decode()
    assert "Dropped" in shown
    assert places[0] not in shown


def test_a_recalled_list_takes_its_uploads_along(
    sent: Forwarding, uma: User, sign_in: SignIn
) -> None:
    client = sign_in(uma)
    bring(client, sent, answering((1, "Here.")))
    upload = AnswerUpload.objects.get()
    Forwarding.objects.update(state=states.FORWARDING_RECALLED)

    for name, args in (
        ("agency-uploads", [sent.pk]),
        ("agency-upload", [sent.pk, upload.pk]),
        ("agency-upload-file", [sent.pk, upload.pk]),
    ):
        assert client.get(reverse(name, args=args)).status_code == 404
    assert bring(client, sent, answering((2, "Here."))).status_code == 404
    assert AnswerUpload.objects.count() == 1


def test_a_former_list_leads_to_the_newer_one(
    sent: Forwarding, uma: User, edna: User, sign_in: SignIn
) -> None:
    Forwarding.objects.update(state=states.FORWARDING_SUPERSEDED)
    newer = Forwarding.objects.create(
        engagement=sent.engagement, agency=sent.agency, number=2, state=states.FORWARDING_SENT,
        sent_at=sent.sent_at, sent_by=edna,
    )  # fmt: skip

    shown = sign_in(uma).get(reverse("agency-uploads", args=[sent.pk])).content.decode()

    assert reverse("agency-uploads", args=[newer.pk]) in shown
    assert 'type="file"' not in shown
