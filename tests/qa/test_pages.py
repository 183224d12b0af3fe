"""Room, desk and screen as pages, which work without scripts; and the tickets for their sockets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse

from qa import projection, queries, states
from qa.access import read_ticket, session_digest
from qa.actions import moderating, voting
from qa.models import Vote
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from engagements.models import Registration, User
    from qa.models import Floor, Question

pytestmark = pytest.mark.django_db

ROOM, DESK, SCREEN = (reverse(name, args=["live-session"]) for name in ("room", "desk", "screen"))


def test_a_rehearsal_has_a_room_for_who_works_on_it_and_for_nobody_else(
    floor: Floor, cora: User, sign_in: Callable[[User], Client]
) -> None:
    assert sign_in(cora).get(ROOM).status_code == 200
    floor.engagement.is_rehearsal = True
    floor.engagement.save()

    assert sign_in(cora).get(ROOM).status_code == 200
    assert Client().get(ROOM).status_code == 404


@pytest.fixture
def shown(floor: Floor) -> list[Question]:
    """Questions 1 to 3, of which the second has two votes and the third one."""
    questions = [
        factories.make_question(floor, f"Question {number}?", state=states.SHOWN)
        for number in (1, 2, 3)
    ]
    for number in (2, 2, 3):
        cast(floor, factories.make_registration(floor.engagement), number)
    return questions


@pytest.fixture
def visitor(ana: Registration) -> Client:
    client = Client()
    client.get(reverse("join", args=[ana.token()]))
    return client


def cast(floor: Floor, by: Registration, number: int) -> None:
    voting.vote(floor, by=by, number=number, is_cast=True)


def answer(floor: Floor, by: User, number: int, outcome: str) -> None:
    seen = floor.questions.get(number=number).revision
    moderating.mark(floor, by=by, number=number, seen=seen, outcome=outcome)


def set_voting(floor: Floor, setting: str) -> None:
    floor.voting = setting
    floor.save(update_fields=["voting"])


def listed(response: Any) -> list[int]:
    """The numbers of the cards of a page, from top to bottom."""
    return [int(number) for number in re.findall(r'data-key="(\d+)"', response.content.decode())]


def words(response: Any) -> str:
    """What is read of a page: no tags, and nothing that is hidden or only for the scripts."""
    text = re.sub(r"(?s)<template.*?</template>", "", response.content.decode())
    text = re.sub(r"<(\w+)[^>]* hidden[^>]*>.*?</\1>", "", text, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


@pytest.mark.usefixtures("shown")
class TestRoom:
    def test_the_newest_is_first_and_the_one_being_answered_before_it(
        self, visitor: Client, floor: Floor, omar: User
    ) -> None:
        assert listed(visitor.get(ROOM)) == [3, 2, 1]
        answer(floor, omar, 1, states.ANSWERING)
        assert listed(visitor.get(ROOM)) == [1, 3, 2]

    @pytest.mark.parametrize(
        ("query", "order"),
        [
            ("?sort=votes", [2, 3, 1]),
            ("?sort=number", [1, 2, 3]),
            ("?sort=newest", [3, 2, 1]),
            ("?sort=best", [3, 2, 1]),
            ("?sort=number&unanswered=on", [1, 3]),
        ],
    )
    def test_the_reader_says_in_which_order(
        self, visitor: Client, floor: Floor, omar: User, query: str, order: list[int]
    ) -> None:
        if "unanswered" in query:
            answer(floor, omar, 2, states.ANSWERED_LIVE)
        assert listed(visitor.get(ROOM + query)) == order

    def test_who_may_not_see_counts_cannot_tell_them_from_the_order(
        self, visitor: Client, floor: Floor
    ) -> None:
        assert "2 votes" in words(visitor.get(ROOM))
        set_voting(floor, "staff")
        page = visitor.get(f"{ROOM}?sort=votes")
        assert "2 votes" not in words(page)
        assert listed(page) == [3, 2, 1]

    def test_a_vote_is_cast_and_taken_back_by_a_form(
        self, visitor: Client, ana: Registration
    ) -> None:
        sent = {"number": 1, "cast": "true"}
        response = visitor.post(reverse("vote", args=["live-session"]) + "?sort=number", sent)
        assert response["Location"] == f"{ROOM}?sort=number#question-1"
        assert queries.own(ana.pk)["votes"] == [1]
        assert words(visitor.get(ROOM)).count("Take my vote back") == 1

        visitor.post(reverse("vote", args=["live-session"]), sent | {"cast": "false"})
        assert queries.own(ana.pk)["votes"] == []
        assert words(visitor.get(ROOM)).count("Take my vote back") == 0

    @pytest.mark.parametrize(
        "sent", [{"number": 1}, {"number": 1, "cast": "perhaps"}, {"number": 9, "cast": "true"}]
    )
    def test_what_is_no_vote_is_none(self, visitor: Client, sent: dict[str, Any]) -> None:
        before = list(Vote.objects.values())
        assert visitor.post(reverse("vote", args=["live-session"]), sent).status_code == 404
        assert list(Vote.objects.values()) == before

    def test_on_a_closed_floor_the_refusal_is_told(self, visitor: Client, floor: Floor) -> None:
        floor.state = states.FLOOR_CLOSED
        floor.save(update_fields=["state"])
        sent = {"number": 1, "cast": "true"}
        response = visitor.post(reverse("vote", args=["live-session"]), sent, follow=True)
        assert "No votes are taken at the moment." in words(response)

    def test_without_votes_there_is_no_button(self, visitor: Client, floor: Floor) -> None:
        assert words(visitor.get(ROOM)).count("Vote for this question") == 3
        set_voting(floor, "off")
        assert words(visitor.get(ROOM)).count("Vote for this question") == 0

    def test_staff_who_watch_do_not_vote(
        self, omar: User, sign_in: Callable[[User], Client]
    ) -> None:
        assert "Vote for this question" not in words(sign_in(omar).get(ROOM))


@pytest.mark.usefixtures("shown")
class TestTickets:
    def test_a_stakeholders_ticket_is_older_than_what_it_comes_with(
        self, visitor: Client, ana: Registration, floor: Floor
    ) -> None:
        cast(floor, ana, 2)
        answer = visitor.get(reverse("room-ticket", args=["live-session"])).json()
        ticket = read_ticket(answer.pop("ticket"))
        assert ticket is not None
        assert (ticket.registration, ticket.account, ticket.session) == (ana.pk, None, "")
        assert ticket.issued > Vote.objects.get(voter=ana).at.timestamp()
        assert answer == {"own": queries.own(ana.pk)}

    @pytest.mark.parametrize("audience", projection.AUDIENCES)
    def test_the_offices_ticket_names_its_session(
        self, omar: User, sign_in: Callable[[User], Client], audience: str
    ) -> None:
        client = sign_in(omar)
        answer = client.get(reverse(f"{audience}-ticket", args=["live-session"])).json()
        ticket = read_ticket(answer.pop("ticket"))
        assert ticket is not None
        assert (ticket.audience, ticket.registration, ticket.account, ticket.session) == (
            audience,
            None,
            omar.pk,
            session_digest(str(client.session.session_key)),
        )
        assert answer == {}


@pytest.mark.usefixtures("shown")
class TestDesk:
    def test_counts_and_order(
        self, omar: User, floor: Floor, sign_in: Callable[[User], Client]
    ) -> None:
        client = sign_in(omar)
        set_voting(floor, "staff")
        assert listed(client.get(DESK)) == [1, 2, 3]
        page = client.get(f"{DESK}?sort=votes")
        assert listed(page) == [2, 3, 1]
        assert "2 votes" in words(page)
        set_voting(floor, "off")
        assert "2 votes" not in words(client.get(DESK))

    def test_votes_are_set_by_a_form(
        self, omar: User, floor: Floor, sign_in: Callable[[User], Client]
    ) -> None:
        client = sign_in(omar)
        address = reverse("desk-voting", args=["live-session"])
        response = client.post(f"{address}?sort=newest", {"setting": "staff"})
        assert response["Location"] == f"{DESK}?sort=newest"
        floor.refresh_from_db()
        assert floor.voting == "staff"

        for setting in ("staff", "secret"):
            assert client.post(address, {"setting": setting}).status_code == 302
        floor.refresh_from_db()
        assert floor.voting == "staff"


@pytest.mark.usefixtures("shown")
class TestScreen:
    def test_what_is_being_answered_and_what_may_come_next(
        self, omar: User, floor: Floor, sign_in: Callable[[User], Client]
    ) -> None:
        client = sign_in(omar)
        page = client.get(SCREEN)
        assert listed(page) == [2, 3, 1]
        assert "Being answered now" not in words(page)

        answer(floor, omar, 2, states.ANSWERING)
        answer(floor, omar, 3, states.ANSWERED_LIVE)
        page = client.get(SCREEN)
        assert listed(page) == [1]
        assert "Being answered now Question 2 Question 2?" in words(page)

    def test_counts_that_are_the_desks_are_not_told_by_the_order(
        self, omar: User, floor: Floor, sign_in: Callable[[User], Client]
    ) -> None:
        assert "2 votes" in words(sign_in(omar).get(SCREEN))
        set_voting(floor, "staff")
        page = sign_in(omar).get(SCREEN)
        assert listed(page) == [1, 2, 3]
        assert "2 votes" not in words(page)

    def test_more_than_can_be_read_is_only_counted(
        self, omar: User, floor: Floor, sign_in: Callable[[User], Client]
    ) -> None:
        for _ in range(3):
            factories.make_question(floor, state=states.SHOWN)
        page = sign_in(omar).get(SCREEN)
        assert listed(page) == [2, 3, 1, 4]
        assert "and 2 more questions" in words(page)

    def test_where_to_join_is_an_address_to_type(
        self, omar: User, floor: Floor, sign_in: Callable[[User], Client], settings: Any
    ) -> None:
        settings.PUBLIC_URL = "https://floor.example"
        page = sign_in(omar).get(SCREEN)
        address = f"floor.example/e/{floor.engagement.code}"
        assert f"Join and ask at {address}" in words(page)
        assert f"QR code of {address}</title>" in page.content.decode()

    @pytest.mark.parametrize(
        ("look", "body"), [("dark", "big-screen look-dark"), ("pink", "big-screen")]
    )
    def test_a_dark_hall_gets_a_dark_screen(
        self, omar: User, sign_in: Callable[[User], Client], look: str, body: str
    ) -> None:
        page = sign_in(omar).get(SCREEN, {"look": look})
        assert f'<body class="{body}">' in page.content.decode()


@pytest.mark.usefixtures("shown")
def test_plain_votes_have_the_limit_of_the_socket(visitor: Client) -> None:
    def vote(turn: int) -> str:
        sent = {"number": 1, "cast": "true" if turn % 2 == 0 else "false"}
        return words(visitor.post(reverse("vote", args=["live-session"]), sent, follow=True))

    assert not any("Too many messages" in vote(turn) for turn in range(30))
    before = list(Vote.objects.values_list("pk", "is_cast"))
    assert "Too many messages" in vote(30)
    assert list(Vote.objects.values_list("pk", "is_cast")) == before
