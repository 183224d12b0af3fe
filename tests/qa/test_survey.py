"""The survey after the event: opened with its end, reached by the personal link, answered once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse

from engagements import clock
from engagements.actions import mailing, running
from engagements.models import AuditEntry, Engagement, OutgoingMail
from engagements.refusals import Refused
from qa import states
from qa.actions import surveying
from qa.models import Poll, PollAnswer
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from engagements.models import Registration, User
    from qa.models import Floor

pytestmark = pytest.mark.django_db

PAGE = "/engagements/live-session/survey/"


@pytest.fixture
def asked(floor: Floor, cora: User) -> list[Poll]:
    return [
        factories.make_poll(floor, "Was it useful?", moment="after", kind="scale", made_by=cora),
        factories.make_poll(
            floor, "How did you hear?", moment="after", kind="several", options=["Mail", "Work"]
        ),
    ]


@pytest.fixture
def visitor(ana: Registration) -> Client:
    client = Client()
    answer = client.get(reverse("survey-link", args=[ana.token()]))
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    assert answer["Referrer-Policy"] == "no-referrer"
    return client


def answers() -> dict[str, Any]:
    return dict(PollAnswer.objects.values_list("poll__text", "chosen"))


def survey_states() -> set[str]:
    return set(Poll.objects.filter(moment="after").values_list("state", flat=True))


def test_a_link_of_somebody_who_was_removed_is_unknown(floor: Floor, visitor: Client) -> None:
    removed = factories.make_registration(floor.engagement, "Xa", removed_at=clock.now())
    for token in ("edited" + removed.token(), removed.token()):
        answer = Client().get(reverse("survey-link", args=[token]))
        assert answer.status_code == 404
        assert "engagements/public/unknown_link.html" in [one.name for one in answer.templates]


def test_it_opens_when_the_event_ends_and_closes_by_hand(
    floor: Floor, cora: User, asked: list[Poll]
) -> None:
    with pytest.raises(Refused, match="when the engagement has ended"):
        surveying.open_survey(floor, by=cora)
    running.end(floor.engagement, by=cora)
    assert survey_states() == {states.POLL_OPEN}
    surveying.close_survey(floor, by=cora)
    assert survey_states() == {states.POLL_CLOSED}
    for act in (surveying.open_survey, surveying.close_survey):
        with pytest.raises(Refused):
            act(floor, by=cora)
    events = floor.events.filter(kind="survey").order_by("number")
    assert [event.payload for event in events] == [{"is_open": True}, {"is_open": False}]


def test_one_written_after_the_end_is_opened_by_hand(floor: Floor, cora: User) -> None:
    running.end(floor.engagement, by=cora)
    with pytest.raises(Refused, match="no questions"):
        surveying.open_survey(floor, by=cora)
    factories.make_poll(floor, moment="after")
    surveying.open_survey(floor, by=cora)
    assert survey_states() == {states.POLL_OPEN}


def test_a_cancelled_event_has_none(engagement: Engagement, cora: User) -> None:
    factories.make_poll(engagement.floor, moment="after")
    running.cancel(engagement, by=cora)
    assert survey_states() == {states.POLL_DRAFT}


def test_it_is_answered_once_and_changed_until_it_closes(
    floor: Floor, cora: User, asked: list[Poll], visitor: Client
) -> None:
    assert "no survey here" in visitor.get(PAGE).content.decode()
    running.end(floor.engagement, by=cora)

    page = visitor.get(PAGE).content.decode()
    assert all(words in page for words in ("Was it useful?", "How did you hear?"))
    assert visitor.post(PAGE, {"q1": "4"}).status_code == 302
    assert answers() == {"Was it useful?": [4]}
    assert visitor.post(PAGE, {"q1": "5", "q2": ["1", "2"]}).status_code == 302
    assert answers() == {"Was it useful?": [5], "How did you hear?": [1, 2]}
    assert visitor.get(PAGE).content.decode().count(" checked") == 3

    surveying.close_survey(floor, by=cora)
    late = visitor.post(PAGE, {"q1": "1"})
    assert (late.status_code, "survey is closed" in late.content.decode()) == (409, True)
    assert answers()["Was it useful?"] == [5]
    first, second = (poll.results for poll in Poll.objects.order_by("number"))
    assert first and second
    assert (first["counts"], second["counts"]) == ([0, 0, 0, 0, 1], [1, 1])
    trace = AuditEntry.objects.filter(action="survey.answered")
    assert [entry.detail for entry in trace] == [{}, {}]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({}, 400),
        ({"q1": "6"}, 409),
        ({"q1": ["1", "2"]}, 409),
        ({"q9": "1"}, 404),
        ({"qx": "1", "q1": "yes"}, 400),
    ],
)
def test_what_cannot_be_answered_stores_nothing(
    floor: Floor, cora: User, asked: list[Poll], visitor: Client, sent: Any, status: int
) -> None:
    running.end(floor.engagement, by=cora)
    assert visitor.post(PAGE, sent).status_code == status
    assert answers() == {}
    assert visitor.post(PAGE, {"q1": "1"}).status_code == 302
    assert answers() == {"Was it useful?": [1]}


def test_who_was_removed_and_who_looks_on_do_not_answer(
    floor: Floor,
    cora: User,
    asked: list[Poll],
    visitor: Client,
    ana: Registration,
    sign_in: Callable[[User], Client],
) -> None:
    running.end(floor.engagement, by=cora)
    staff = sign_in(cora)
    assert "You look on as staff" in staff.get(PAGE).content.decode()
    assert staff.post(PAGE, {"q1": "1"}).status_code == 404
    ana.removed_at = factories.START
    ana.save()
    assert visitor.get(PAGE).status_code == visitor.post(PAGE, {"q1": "1"}).status_code == 404
    assert answers() == {}


@pytest.mark.parametrize(
    ("elsewhere", "has_survey", "expected"),
    [
        ("", True, "/survey/"),
        ("https://survey.example/1", True, "https://survey.example/1"),
        ("", False, None),
    ],
)
def test_the_thanks_give_the_personal_link(
    floor: Floor,
    cora: User,
    ana: Registration,
    *,
    elsewhere: str,
    has_survey: bool,
    expected: str | None,
) -> None:
    factories.make_attendance(ana)
    Engagement.objects.filter(pk=floor.engagement.pk).update(
        survey_url=elsewhere, sends_thanks=True
    )
    floor.engagement.refresh_from_db()
    if has_survey:
        factories.make_poll(floor, moment="after")
    running.end(floor.engagement, by=cora)
    [thanks] = floor.engagement.mailings.filter(occasion="thanks")
    mailing.lay_due()
    [mail] = OutgoingMail.objects.filter(mailing=thanks)
    assert ("tell us how it was" in mail.body) is (expected is not None)
    if expected == "/survey/":
        address = mail.body.split("/survey/")[1].split()[0]
        assert Client().get(f"/survey/{address}")["Location"] == PAGE
    elif expected:
        assert expected in mail.body
