"""The room without scripts: hints before sending, changing, choosing what is listed, and words."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse

from engagements import clock
from engagements.models import Engagement, Office
from qa import states
from qa.models import Label, Question, Silence, WrittenAnswer
from tests import factories
from tests.qa.test_pages import listed, words

if TYPE_CHECKING:
    from engagements.models import Registration, User
    from qa.models import Floor

pytestmark = pytest.mark.django_db

ROOM, ASK, CHANGE = (reverse(name, args=["live-session"]) for name in ("room", "ask", "change"))
RECEIPT = "My receipt is LIN2466650199. When will it be done?"
LIKE = "When does the filing window open next year?"


@pytest.fixture
def visitor(ana: Registration) -> Client:
    client = Client()
    client.get(reverse("join", args=[ana.token()]))
    return client


def post(visitor: Client, text: str, **more: Any) -> Any:
    return visitor.post(ASK, {"text": text, "client_id": str(uuid.uuid4()), **more})


def field(response: Any, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())
    assert found is not None
    return found[1]


def texts() -> list[str]:
    return list(Question.objects.filter(state=states.WAITING).values_list("text", flat=True))


class TestHints:
    def test_an_identifier_holds_a_text_up_once(self, visitor: Client) -> None:
        Office.objects.update(
            case_form_url="https://cases.example/form", case_form_name="Form 7001"
        )
        held = post(visitor, RECEIPT)
        assert texts() == []
        assert held.status_code == 200
        said = words(held)
        assert "LIN2466650199 looks like a personal identifier (receipt number)." in said
        assert "Questions about one case go to: Form 7001" in said
        assert "Send as it is" in said
        assert RECEIPT in held.content.decode()

        sent = post(visitor, RECEIPT, hinted=field(held, "hinted"))
        assert sent.status_code == 302
        assert texts() == [RECEIPT]

    def test_what_is_wrong_is_told_at_the_field(self, visitor: Client) -> None:
        refused = post(visitor, " ")
        assert refused.status_code == 400
        textarea = re.search(r'<textarea[^>]* id="id_text"[^>]*>', refused.content.decode())
        assert textarea is not None
        assert 'aria-describedby="ask-hint ask-left text-error" aria-invalid="true"' in textarea[0]
        assert 'id="text-error"' in refused.content.decode()

    def test_other_words_are_looked_at_anew(self, visitor: Client) -> None:
        held = post(visitor, RECEIPT)
        other = RECEIPT.replace("LIN2466650199", "LIN2466650198")
        assert post(visitor, other, hinted=field(held, "hinted")).status_code == 200
        assert texts() == []

    def test_one_can_vote_for_a_like_question_instead(
        self, visitor: Client, floor: Floor, ana: Registration
    ) -> None:
        shown = factories.make_question(floor, LIKE, state=states.SHOWN)
        factories.make_question(floor, LIKE, state=states.WAITING)
        held = post(visitor, LIKE.replace("next", "this"))
        page = held.content.decode()
        assert f'form="instead-{shown.number}"' in page
        assert 'id="instead-2"' not in page

        address = reverse("vote", args=["live-session"])
        visitor.post(address, {"number": shown.number, "cast": "true"})
        assert list(ana.votes.values_list("question__number", flat=True)) == [1]
        assert texts() == [LIKE]

    def test_what_is_only_somewhat_alike_is_sent(self, visitor: Client, floor: Floor) -> None:
        factories.make_question(floor, LIKE, state=states.SHOWN)
        assert post(visitor, "When does the office open its doors again?").status_code == 302

    def test_names_that_are_shown_by_now_are_told_first(
        self, visitor: Client, floor: Floor
    ) -> None:
        floor.attribution = states.NAMED
        floor.save()
        held = post(visitor, "Why so long?", names=states.ANONYMOUS)
        assert "everybody would read that you asked" in words(held)
        assert texts() == []
        again = post(visitor, "Why so long?", names=field(held, "names"))
        assert again.status_code == 302
        assert Question.objects.get().asker_name == "Ana"


class TestOwnQuestions:
    def test_other_words_are_saved_by_a_form(
        self, visitor: Client, floor: Floor, ana: Registration
    ) -> None:
        factories.make_question(floor, "When?", asker=ana)
        response = visitor.post(CHANGE, {"number": 1, "text": "When, and where?"})
        assert response["Location"] == f"{ROOM}#own-1"
        assert texts() == ["When, and where?"]

    def test_what_is_not_saved_is_not_lost(
        self, visitor: Client, floor: Floor, ana: Registration
    ) -> None:
        question = factories.make_question(floor, "When?", asker=ana)
        empty = visitor.post(CHANGE, {"number": 1, "text": " "})
        assert (empty.status_code, texts()) == (400, ["When?"])
        assert "Please write your question." in words(empty)

        Question.objects.filter(pk=question.pk).update(text="When exactly?")
        late = visitor.post(CHANGE, {"number": 1, "text": "When, and where?"})
        assert (late.status_code, texts()) == (409, ["When exactly?"])

    def test_somebody_elses_is_not_there(self, visitor: Client, floor: Floor) -> None:
        factories.make_question(floor, "When?")
        sent = {"number": 1, "text": "When, and where?"}
        assert visitor.post(CHANGE, sent).status_code == 404
        assert texts() == ["When?"]

    @pytest.mark.parametrize(
        ("became", "read"),
        [
            ({"state": "waiting"}, "Saved. Waiting for a moderator."),
            ({"state": "held"}, "Read by a moderator. Not shown in the room."),
            ({"state": "withdrawn"}, "Withdrawn by you."),
            ({"state": "shown", "outcome": "answered_live"}, "Answered live"),
            (
                {"state": "dismissed", "dismissal": "off_topic", "dismissal_text": "off topic"},
                "Not shown in the room: off topic.",
            ),
            (
                {"state": "dismissed", "dismissal_text": "Secret", "tells_dismissal": False},
                "Not shown in the room.",
            ),
            (
                {"state": "shown", "text": "When?", "outcome": "none"},
                "edited the words. You asked:",
            ),
            ({"is_redacted": True}, "taken out words that others should not read"),
            ({"asker_name": "Ana"}, "With your name: Ana"),
        ],
    )
    def test_what_became_of_it(
        self, visitor: Client, floor: Floor, ana: Registration, became: dict[str, Any], read: str
    ) -> None:
        made = factories.make_question(floor, "Whenever?", asker=ana)
        Question.objects.filter(pk=made.pk).update(**became)
        said = words(visitor.get(ROOM))
        assert read in said
        assert "Secret" not in said
        assert ("Whenever?" in said) == (became.get("state") != "withdrawn")

    def test_what_nobody_has_read_by_the_end_was_received(
        self, visitor: Client, floor: Floor, ana: Registration
    ) -> None:
        factories.make_question(floor, "Whenever?", asker=ana)
        received = "Received. It was not shown in the room."
        assert received not in words(visitor.get(ROOM))
        Engagement.objects.update(state="ended")
        assert received in words(visitor.get(ROOM))

    def test_case_specific_ones_are_led_to_the_form(
        self, visitor: Client, floor: Floor, ana: Registration
    ) -> None:
        Office.objects.update(case_form_url="https://cases.example/form")
        made = factories.make_question(floor, "My case?", asker=ana)
        assert "Questions about one case go to" not in words(visitor.get(ROOM))
        Question.objects.filter(pk=made.pk).update(
            state=states.DISMISSED, dismissal=states.CASE_SPECIFIC
        )
        page = visitor.get(ROOM)
        assert "Questions about one case go to: https://cases.example/form" in words(page)

    def test_a_joined_one_leads_to_where_it_went(
        self, visitor: Client, floor: Floor, ana: Registration
    ) -> None:
        into = factories.make_question(floor, "The same?", state=states.SHOWN)
        made = factories.make_question(floor, "Same?", asker=ana)
        Question.objects.filter(pk=made.pk).update(state=states.MERGED, merged_into=into)
        said = words(visitor.get(ROOM))
        assert "Joined with question 1, which asks the same." in said
        assert "Go to question 1" in said
        Question.objects.filter(pk=into.pk).update(state=states.HELD)
        assert "Go to question 1" not in words(visitor.get(ROOM))

    @pytest.mark.parametrize(("reach", "read_by"), [("all", 2), ("asker", 1)])
    def test_an_answer_reaches_whom_it_is_for(
        self,
        visitor: Client,
        floor: Floor,
        ana: Registration,
        omar: User,
        reach: str,
        read_by: int,
    ) -> None:
        made = factories.make_question(floor, "When?", asker=ana, state=states.SHOWN)
        WrittenAnswer.objects.create(
            question=made, text="In May.", given_by="Dr. Doe", reach=reach, drafted_by=omar
        )
        Question.objects.update(has_answer=True)
        assert "In May." not in words(visitor.get(ROOM))
        WrittenAnswer.objects.update(published_at=factories.START, published_by=omar)
        said = words(visitor.get(ROOM))
        assert said.count("Answer in writing by Dr. Doe In May.") == read_by


class TestShown:
    @pytest.fixture(autouse=True)
    def shown(self, floor: Floor, ana: Registration) -> None:
        fees = Label.objects.create(engagement=floor.engagement, name="Fees")
        for more in (
            {"label": fees, "asker_name": "Ben", "people": 12, "categories": 3},
            {"asker": ana, "outcome": states.ANSWERED_LIVE},
            {"original_text": "Wich one?", "text": "Which one?"},
        ):
            factories.make_question(
                floor, **{"text": "What does it cost?", "state": states.SHOWN} | more
            )

    @pytest.mark.parametrize(
        ("query", "numbers"),
        [
            ("?label=Fees", [1]),
            ("?label=Nothing", []),
            ("?mine=on", [2]),
            ("?unanswered=on", [3, 1]),
            ("?q=COST+what", [2, 1]),
            ("?q=3", [3]),
            ("?q=fees&unanswered=on&sort=number", [1]),
            ("?q=" + "x" * 101, [3, 2, 1]),
        ],
    )
    def test_the_reader_chooses(self, visitor: Client, query: str, numbers: list[int]) -> None:
        page = visitor.get(ROOM + query)
        main = page.content.decode().partition('data-room="questions"')[2].partition("</ol>")[0]
        assert [int(key) for key in re.findall(r'data-key="(\d+)"', main)] == numbers
        assert ("No shown question is like that." in words(page)) == (not numbers)

    def test_what_a_card_says(self, visitor: Client) -> None:
        said = words(visitor.get(f"{ROOM}?sort=number"))
        assert "Asked by Ben Asked by 12 people in 3 categories" in said
        assert said.count("Edited by the office") == 1

    def test_a_vote_comes_back_to_the_same_choice(self, visitor: Client) -> None:
        address = reverse("vote", args=["live-session"]) + "?label=Fees&q=cost"
        sent = visitor.post(address, {"number": 1, "cast": "true"})
        assert sent["Location"] == f"{ROOM}?label=Fees&q=cost#question-1"


class TestManners:
    @pytest.mark.parametrize(
        ("attribution", "read"),
        [
            (states.ANONYMOUS, "Without your name: nobody in the room reads who asked."),
            (states.OWN_CHOICE, "Show my name with my question"),
            (states.NAMED, "With your name: everybody in the room reads that Ana asked."),
        ],
    )
    def test_who_reads_who_asks(
        self, visitor: Client, floor: Floor, attribution: str, read: str
    ) -> None:
        floor.attribution = attribution
        floor.save()
        page = visitor.get(ROOM).content.decode()
        [shown] = re.findall(r'data-names="(\w+)">', page.partition('<template id="question"')[0])
        assert shown == attribution
        assert read in words(visitor.get(ROOM))

    def test_the_choice_of_a_name_is_remembered(
        self, visitor: Client, floor: Floor, ana: Registration
    ) -> None:
        floor.attribution = states.OWN_CHOICE
        floor.save()
        assert not is_named(visitor)
        post(visitor, "Why so long?", with_name="on")
        assert Question.objects.get().asker_name == "Ana"
        assert is_named(visitor)

    def test_the_pace_is_told_before(
        self, visitor: Client, floor: Floor, ana: Registration
    ) -> None:
        floor.seconds_between, floor.most_each = 30, 2
        floor.save()
        said = words(visitor.get(ROOM))
        assert "One question each 30 seconds." in said
        assert "You can ask 2 more questions here." in said
        asked = clock.now() - timedelta(seconds=10)
        factories.make_question(floor, "When?", asker=ana, asked_at=asked)
        said = words(visitor.get(ROOM))
        assert re.search(r"The next one in (19|20) seconds\.", said)
        assert "You can ask 1 more question here." in said

    def test_the_silenced_are_told_so_with_the_reason(
        self, visitor: Client, floor: Floor, ana: Registration, omar: User
    ) -> None:
        assert "The office asks you" not in words(visitor.get(ROOM))
        Silence.objects.create(floor=floor, registration=ana, reason="Abuse", begun_by=omar)
        page = visitor.get(ROOM)
        assert "The office asks you to send no questions for now." in words(page)
        assert "The reason: Abuse" in words(page)
        assert 'data-room="fields" disabled' in page.content.decode()

    def test_before_the_event_one_can_ask_where_it_is_open(
        self, visitor: Client, floor: Floor
    ) -> None:
        floor.early_closes_at = factories.START - timedelta(hours=1)
        floor.save()
        Engagement.objects.update(state=Engagement.State.SCHEDULED)
        page = visitor.get(ROOM)
        assert "You can already ask, until Wednesday, April 14 at 1 p.m." in words(page)
        assert page.content.decode().count('data-room="ask"') == 1

    def test_the_topic_that_is_up(self, visitor: Client, floor: Floor) -> None:
        assert "The topic now:" not in words(visitor.get(ROOM))
        floor.current_label = Label.objects.create(engagement=floor.engagement, name="Fees")
        floor.save()
        assert "The topic now: Fees" in words(visitor.get(ROOM))


def is_named(visitor: Client) -> bool:
    page = visitor.get(ROOM).content.decode()
    [box] = re.findall(r'<input[^>]*id="id_with_name"[^>]*>', page)
    return "checked" in box


class TestBeside:
    def test_video_only_with_consent_captions_and_speakers(
        self, visitor: Client, floor: Floor
    ) -> None:
        engagement = floor.engagement
        engagement.video_url = "https://youtu.be/abcDEF12345"
        engagement.captions_url = "https://captions.example/live"
        engagement.save()
        engagement.speakers.create(name="Dr. Doe", title="Director")
        page = visitor.get(ROOM)
        text = page.content.decode()
        assert "<iframe" not in text
        assert 'data-address="https://www.youtube-nocookie.com/embed/abcDEF12345"' in text
        assert 'href="https://captions.example/live"' in text
        assert "1 speaker Dr. Doe Director" in words(page)
        assert "https://www.youtube-nocookie.com" in page["Content-Security-Policy"]

    def test_of_another_host_there_is_only_a_link(self, visitor: Client, floor: Floor) -> None:
        floor.engagement.video_url = "https://video.example/room"
        floor.engagement.save()
        text = visitor.get(ROOM).content.decode()
        assert 'href="https://video.example/room"' in text
        assert "data-address" not in text


def test_listed_counts_own_and_shown(visitor: Client, floor: Floor) -> None:
    factories.make_question(floor, state=states.SHOWN)
    assert listed(visitor.get(ROOM)) == [1]
