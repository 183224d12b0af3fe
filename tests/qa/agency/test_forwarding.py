from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from engagements.actions import attending
from engagements.models import AuditEntry, Engagement, OutgoingMail, User
from engagements.refusals import NotAllowed, Refused
from qa import states
from qa.actions.agency import forwarding as actions
from qa.models import ForwardedQuestion, Forwarding
from tests.factories import category, list_file, make_question, make_registration

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def ended(live_engagement: Engagement) -> Engagement:
    """Five attorneys and one employer came and asked one question each; one took hers back."""
    floor = live_engagement.floor
    for number in range(6):
        asker = make_registration(
            live_engagement,
            f"Person {number}",
            category=category("employer" if number == 5 else "attorney"),
        )
        attending.arrive(asker)
        make_question(floor, f"Question {number}?", asker=asker, category=asker.category)
    floor.questions.filter(number=1).update(state=states.SHOWN, outcome=states.ANSWERED_LIVE)
    floor.questions.filter(number=2).update(
        state=states.DISMISSED, dismissal="off_topic", dismissal_text="off topic"
    )
    floor.questions.filter(number=3).update(state=states.WITHDRAWN)
    live_engagement.state = Engagement.State.ENDED
    live_engagement.save()
    return live_engagement


def cells(file: bytes, sheet: str = "Questions") -> list[tuple[object, ...]]:
    return list(load_workbook(io.BytesIO(file))[sheet].iter_rows(values_only=True))


def test_the_list_is_frozen_numbered_and_without_attribution(
    ended: Engagement, edna: User, uma: User
) -> None:
    sent = actions.forward(ended, by=edna)

    assert (sent.number, sent.state, sent.question_count) == (1, "sent", 5)
    stored = sent.files.get()
    assert stored.sha256 == hashlib.sha256(list_file(sent)).hexdigest()
    rows = [row[:5] for row in cells(list_file(sent))[1:]]
    attorney = "Attorney or legal representative"
    assert rows == [
        (1, "Question 0?", attorney, "Answered live", None),
        (2, "Question 1?", attorney, "Dismissed", "off topic"),
        (3, "(withdrawn by the asker)", None, "Withdrawn", None),
        (4, "Question 3?", attorney, "Not reviewed", None),
        (5, "Question 4?", attorney, "Not reviewed", None),
        (6, "Question 5?", None, "Not reviewed", None),
    ]
    assert b"Person" not in list_file(sent)
    frozen = ForwardedQuestion.objects.filter(forwarding=sent)
    assert list(frozen.values_list("number", "text")) == [
        (n, "" if n == 3 else f"Question {n - 1}?") for n in range(1, 7)
    ]
    mail = OutgoingMail.objects.get()
    assert mail.to == uma.email
    assert f"/agency/forwardings/{sent.pk}/" in mail.body


def test_a_sent_list_does_not_follow_the_questions(ended: Engagement, edna: User) -> None:
    sent = actions.forward(ended, by=edna)
    before = list_file(sent)

    ended.floor.questions.update(text="Changed", original_text="Changed")

    assert list_file(Forwarding.objects.get()) == before
    assert not ForwardedQuestion.objects.filter(text="Changed").exists()


def test_a_second_list_supersedes_the_first(ended: Engagement, edna: User) -> None:
    first = actions.forward(ended, by=edna)
    second = actions.forward(ended, by=edna)

    first.refresh_from_db()
    assert (first.state, second.state, second.number) == ("superseded", "sent", 2)


def test_nothing_is_forwarded_before_the_end_or_by_others(
    ended: Engagement, edna: User, omar: User
) -> None:
    with pytest.raises(NotAllowed):
        actions.forward(ended, by=omar)
    Engagement.objects.update(state=Engagement.State.LIVE)
    ended.refresh_from_db()
    with pytest.raises(Refused) as refusal:
        actions.forward(ended, by=edna)

    assert refusal.value.code == "not_over"
    assert not Forwarding.objects.exists()


def test_an_engagement_without_questions_has_nothing_to_forward(
    ended: Engagement, edna: User
) -> None:
    ended.floor.questions.all().delete()

    with pytest.raises(Refused) as refusal:
        actions.forward(ended, by=edna)

    assert refusal.value.code == "nothing"


def test_the_liaison_of_that_agency_downloads_it_and_that_is_on_record(
    ended: Engagement, edna: User, uma: User, sign_in: Callable[[User], Client]
) -> None:
    sent = actions.forward(ended, by=edna)
    browser = sign_in(uma)

    answer = browser.get(f"/agency/forwardings/{sent.pk}/file/")

    assert (answer.status_code, answer.content) == (200, list_file(sent))
    assert answer["Content-Disposition"] == f'attachment; filename="{sent.files.get().name}"'
    entry = AuditEntry.objects.get(action="forwarding.downloaded")
    assert (entry.actor, entry.detail["sha256"]) == (uma, sent.files.get().sha256)


def test_nobody_else_downloads_it(
    ended: Engagement,
    edna: User,
    otto: User,
    mia: User,
    uma: User,
    sign_in: Callable[[User], Client],
) -> None:
    sent = actions.forward(ended, by=edna)
    address = f"/agency/forwardings/{sent.pk}/file/"

    for somebody in (otto, mia):
        assert sign_in(somebody).get(address).status_code == 404
    actions.recall(sent, by=edna)
    assert sign_in(uma).get(address).status_code == 404
    assert not AuditEntry.objects.filter(action="forwarding.downloaded").exists()


def test_a_liaison_who_left_the_agency_finds_nothing(
    ended: Engagement, edna: User, uma: User, otto: User, sign_in: Callable[[User], Client]
) -> None:
    sent = actions.forward(ended, by=edna)
    browser = sign_in(uma)
    assert browser.get(f"/agency/forwardings/{sent.pk}/").status_code == 200

    User.objects.filter(pk=uma.pk).update(agency=otto.agency)

    assert browser.get(f"/agency/forwardings/{sent.pk}/").status_code == 404
