from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qa import states
from qa.actions.agency import assigning, moving, writing
from qa.actions.agency.writing import Content
from qa.models import AgencyAnswer, AnswerVersion, Forwarding, Receipt
from qa.queries.agency import desk, promises
from tests import factories
from tests.qa.agency.lists import publish
from tests.test_access import FORM_TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from engagements.models import Agency, Engagement, User

    SignIn = Callable[[User], Client]

pytestmark = pytest.mark.django_db

READY = Content(status=states.ANSWERED, text="At nine.", is_publishable=True)
HOSTILE = "<script>alert(1)</script>{{ 7|add:7 }}\u202e مرحبا"


def page_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def form(**given: object) -> dict[str, object]:
    plain = {"status": "answered", "text": "At nine.", "is_publishable": "yes", "revision": 0}
    return plain | given


def test_the_first_page_says_what_is_due_and_how_far_it_is(
    sent: Forwarding, uma: User, otto: User, sign_in: SignIn
) -> None:
    assert "No list yet" in page_of(sign_in(otto), "/agency/")
    writing.write_all(sent, contents={1: READY, 2: READY}, by=uma, via="page")
    moving.submit(sent, numbers=[1], by=uma)

    page = page_of(sign_in(uma), "/agency/")

    assert "1 of 4 questions submitted" in page
    assert "To answer" in page
    moving.submit(sent, numbers=[2], by=uma)
    writing.write_all(sent, contents={4: READY, 5: READY}, by=uma, via="page", submit=True)
    assert "All submitted to the office" in page_of(sign_in(uma), "/agency/")


def test_what_the_office_settles_after_sealing_is_no_more_to_be_answered(
    sent: Forwarding, uma: User, edna: User, sign_in: SignIn
) -> None:
    """The rows of now, as the public count, the reminders and the follow-up have them."""
    questions = sent.engagement.floor.questions
    writing.write_all(sent, contents={1: READY}, by=uma, via="page", submit=True)
    questions.filter(number=2).update(state=states.WITHDRAWN)
    questions.filter(number=4).update(outcome=states.ANSWERED_IN_WRITING)
    questions.filter(number=5).update(state=states.MERGED, merged_into=questions.get(number=4))

    assert promises.progress([sent])[sent.pk] == (1, 1, 0)
    count = promises.counted([sent.pk])[sent.pk]
    assert (count.asked, count.outstanding) == (1, 0)
    found = desk.desk_questions(sent, of=uma)
    standing = dict.fromkeys(desk.SITUATIONS, 0) | {"submitted": 1}
    assert desk.situations(found) == standing
    assert desk.standing_of_lists([sent], of=uma) == {sent.pk: standing}
    page = page_of(sign_in(uma), "/agency/")
    assert "1 of 1 question submitted" in page
    assert "All submitted to the office" in page
    publish(sent, 4, by=edna)
    assert promises.progress([sent])[sent.pk] == (3, 3, 2)
    assert desk.situations(found) == standing | {"published": 1}


def test_a_question_answered_with_another_counts_on_every_page_alike(
    sent: Forwarding, uma: User, sign_in: SignIn
) -> None:
    questions = sent.engagement.floor.questions
    questions.filter(number=5).update(state=states.MERGED, merged_into=questions.get(number=1))
    client = sign_in(uma)
    address = f"/agency/forwardings/{sent.pk}/"
    assert "0 of 4 questions submitted" in page_of(client, address)
    assert "<li>Answered with another 1</li>" in page_of(client, address)
    assert sum(desk.standing_of_lists([sent], of=uma)[sent.pk].values()) == 3

    writing.write_all(sent, contents={1: READY}, by=uma, via="page", submit=True)

    assert "2 of 4 questions submitted" in page_of(client, address)
    assert promises.counted([sent.pk])[sent.pk].submitted == 2


def test_a_list_is_narrowed_by_what_stands_on_it(
    sent: Forwarding, agency: Agency, uma: User, carl: User, sign_in: SignIn
) -> None:
    sent.questions.filter(number=2).update(label="Calls", text="¿Cuándo?")
    part = assigning.add_directorate(agency, by=uma, name="Calls")
    assigning.give_to_directorate(sent, numbers=[1], by=uma, directorate=part)
    assigning.give_to_colleague(sent, numbers=[4, 5], by=uma, colleague=carl)
    writing.write(sent, number=5, content=READY, by=uma)
    client = sign_in(uma)

    def found(query: str) -> list[int]:
        response = client.get(f"/agency/forwardings/{sent.pk}/{query}")
        return [row["question"].number for row in response.context["rows"]]

    assert found("") == [1, 2, 3, 4, 5]
    assert found("?q=cuándo") == [2]
    assert found("?q=5") == [5]
    assert found("?q=nine") == [5]
    assert found("?q=" + "9" * 40) == []
    assert found("?label=Calls") == [2]
    assert found("?label=-") == [1, 4, 5]
    assert found("?state=draft") == [5]
    assert found("?state=not_begun") == [1, 2, 4]
    assert found(f"?directorate={part.pk}") == [1]
    assert found("?directorate=nobody") == [2, 4, 5]
    assert found(f"?who={carl.pk}") == [4, 5]
    assert found("?who=nobody") == [1, 2]
    assert found("?who=me") == []
    assert found("?state=nonsense&who=%00&directorate=x") == [1, 2, 3, 4, 5]


def test_an_answer_is_written_submitted_and_taken_back_on_its_page(
    sent: Forwarding, uma: User, sign_in: SignIn
) -> None:
    client = sign_in(uma)
    address = f"/agency/forwardings/{sent.pk}/questions/1/"

    assert client.post(address, form(do="save")).headers["Location"] == address
    assert client.post(address, form(revision=1, text="At ten.", do="submit")).status_code == 302
    assert AgencyAnswer.objects.get().state == "submitted"
    assert 'name="text"' not in page_of(client, address)
    assert client.post(f"{address}take_back/").status_code == 302
    page = page_of(client, address)
    assert 'name="text"' in page
    assert "History: 2 versions" in page
    assert list(AnswerVersion.objects.values_list("text", flat=True)) == ["At ten.", "At nine."]


def test_what_cannot_go_on_stays_a_draft_and_says_why(
    sent: Forwarding, uma: User, sign_in: SignIn
) -> None:
    client = sign_in(uma)
    address = f"/agency/forwardings/{sent.pk}/questions/1/"

    page = client.post(address, form(is_publishable="", do="submit"), follow=True)
    assert "Say whether the answer may be published." in page.content.decode()
    assert AgencyAnswer.objects.get().state == "draft"
    refused = client.post(address, form(status="see_page", page_url="javascript:alert(1)"))
    assert refused.status_code == 400
    assert "This is no address of a page" in refused.content.decode()
    assert AnswerVersion.objects.count() == 1


def test_words_of_somebody_else_are_shown_before_they_are_replaced(
    sent: Forwarding, uma: User, lee: User, sign_in: SignIn
) -> None:
    client = sign_in(lee)
    address = f"/agency/forwardings/{sent.pk}/questions/1/"
    writing.write(sent, number=1, content=READY, by=uma)

    conflict = client.post(address, form(text="At ten."))

    assert conflict.status_code == 409
    page = conflict.content.decode()
    assert "Uma saved this answer while you wrote." in page
    assert "At ten." in page
    assert 'name="revision" value="1"' in page
    assert client.post(address, form(text="At ten.", revision=1)).status_code == 302
    assert AgencyAnswer.objects.get().text == "At ten."


def test_hostile_text_is_text_on_every_page(sent: Forwarding, uma: User, sign_in: SignIn) -> None:
    sent.questions.filter(number=1).update(
        text=HOSTILE, original_text=HOSTILE + "!", translation=HOSTILE, label=HOSTILE[:100]
    )
    sent.questions.filter(number=2).update(merged_into=1, text=HOSTILE)
    sent.cover_note = HOSTILE
    sent.save()
    client = sign_in(uma)
    assigning.add_directorate(sent.agency, by=uma, name=HOSTILE)
    assigning.note(sent, number=1, by=uma, text=HOSTILE)
    content = Content(text=HOSTILE, directorate_name=HOSTILE, contact=HOSTILE)
    writing.write(sent, number=1, content=content, by=uma)
    for address in (
        "/agency/",
        "/agency/people/",
        f"/agency/forwardings/{sent.pk}/",
        f"/agency/forwardings/{sent.pk}/questions/1/",
        f"/agency/forwardings/{sent.pk}/questions/2/",
    ):
        page = page_of(client, address)
        assert "<script>alert" not in page
        assert "{{ 7|add:7 }}" in page or address == "/agency/"
    stored = AgencyAnswer.objects.get(question__number=1)
    assert "\u202e" not in stored.text + stored.note + stored.directorate_name


def test_a_page_of_questions_costs_the_same_for_few_and_many(
    live_engagement: Engagement, edna: User, uma: User, sign_in: SignIn
) -> None:
    for number in range(60):
        factories.make_question(live_engagement.floor, f"Question {number}?")
    sent = factories.make_forwarding(live_engagement, sent_by=edna)
    client = sign_in(uma)
    client.get("/agency/")

    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            page_of(client, address)
        return len(queries)

    address = f"/agency/forwardings/{sent.pk}/"
    before = cost(address), cost("/agency/")
    contents = dict.fromkeys(sent.questions.values_list("number", flat=True), READY)
    writing.write_all(sent, contents=contents, by=uma, via="page", submit=True)
    assert (cost(address), cost("/agency/")) == before


def test_many_answers_are_given_and_submitted_at_once(
    sent: Forwarding, uma: User, carl: User, sign_in: SignIn
) -> None:
    client = sign_in(uma)
    address = f"/agency/forwardings/{sent.pk}/do/"
    given = {"do": "give", "numbers": [1, 2], "colleague": carl.pk, "query": "q=a&page=2"}
    response = client.post(address, given)
    assert response.headers["Location"] == f"/agency/forwardings/{sent.pk}/?q=a&page=2"
    assert AgencyAnswer.objects.filter(assigned_to=carl).count() == 2
    for query in ("\r\nSet-Cookie: a=b", "é", "x" * 3):
        sly = client.post(address, given | {"query": query})
        assert sly.headers["Location"].startswith(f"/agency/forwardings/{sent.pk}/")
        assert "Set-Cookie" not in sly.headers
    writing.write_all(sent, contents={1: READY, 2: READY, 4: Content()}, by=uma, via="page")
    client.post(address, {"do": "submit", "numbers": [1, 4]})
    assert not AgencyAnswer.objects.filter(state="submitted").exists()
    client.post(address, {"do": "submit_ready"})
    assert AgencyAnswer.objects.filter(state="submitted").count() == 2
    client.post(address, {"do": "take_back", "numbers": [1, 2]})
    client.post(address, {"do": "submit", "numbers": [99, "x"]})
    assert not AgencyAnswer.objects.filter(state="submitted").exists()


def test_a_receipt_says_who_took_what_and_is_of_this_list(
    ended_list: Forwarding, uma: User, otto: User, sign_in: SignIn
) -> None:
    client = sign_in(uma)
    file = client.get(f"/agency/forwardings/{ended_list.pk}/files/csv/")
    assert file.status_code == 200
    receipt = Receipt.objects.get()

    page = page_of(client, f"/agency/forwardings/{ended_list.pk}/receipts/{receipt.pk}/")

    assert receipt.sha256 in page
    assert "Uma" in page
    other = f"/agency/forwardings/{ended_list.pk}/receipts/{receipt.pk + 1}/"
    assert client.get(other).status_code == 404
    own = f"/agency/forwardings/{ended_list.pk}/receipts/{receipt.pk}/"
    assert sign_in(otto).get(own).status_code == 404


@pytest.mark.parametrize("state", [states.FORWARDING_RECALLED, states.FORWARDING_DRAFT])
def test_a_list_that_is_not_there_any_more_is_not_there(
    sent: Forwarding, uma: User, sign_in: SignIn, state: str
) -> None:
    client = sign_in(uma)
    writing.write(sent, number=1, content=READY, by=uma)
    Forwarding.objects.update(state=state)

    def told(address: str) -> tuple[int, bytes]:
        response = client.get(address)
        return response.status_code, FORM_TOKEN.sub(b"", response.content)

    unknown = told("/agency/forwardings/2000000000/")
    assert unknown[0] == 404
    for path in ("", "questions/1/", "extension/", "files/xlsx/"):
        assert told(f"/agency/forwardings/{sent.pk}/{path}") == unknown
    for path in ("questions/1/", "questions/1/submit/", "questions/1/inside/", "do/"):
        assert client.post(f"/agency/forwardings/{sent.pk}/{path}", form()).status_code == 404
    assert [Content.of(one) for one in AgencyAnswer.objects.all()] == [READY]


def test_a_former_list_is_read_and_not_answered(
    sent: Forwarding, edna: User, uma: User, sign_in: SignIn
) -> None:
    Forwarding.objects.update(state=states.FORWARDING_SUPERSEDED)
    newer = factories.make_forwarding(sent.engagement, sent_by=edna, number=2)
    client = sign_in(uma)
    page = page_of(client, f"/agency/forwardings/{sent.pk}/")
    assert "A newer list has taken the place of this one." in page
    assert f'href="/agency/forwardings/{newer.pk}/"' in page
    address = f"/agency/forwardings/{sent.pk}/questions/1/"
    assert 'name="text"' not in page_of(client, address)
    assert client.post(address, form()).status_code == 409
    assert not AgencyAnswer.objects.exists()
