"""The page of one question: whole or as a part, for whom, and what it never tells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from qa import states
from qa.actions import editing, merging
from qa.models import Question
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from engagements.models import Registration, User
    from qa.models import Floor

pytestmark = pytest.mark.django_db

CANARIES = ("zqname", "zqmail", "zqorg")


@pytest.fixture
def asker(floor: Floor) -> Registration:
    return factories.make_registration(
        floor.engagement, "zqname", email="zqmail@x.example", organization="zqorg"
    )


@pytest.fixture
def asked(floor: Floor, asker: Registration) -> list[Question]:
    texts = ("How long is the wait for a permit?", "How long do permits take?", "How long is it?")
    return [
        factories.make_question(floor, text, asker=asker, category=asker.category) for text in texts
    ]


def page(floor: Floor, number: int = 1) -> str:
    return reverse("desk-question", args=[floor.engagement.slug, number])


def do(floor: Floor, what: str, number: int = 1) -> str:
    return reverse("desk-question-do", args=[floor.engagement.slug, number, what])


def test_whole_or_as_a_part(
    floor: Floor, asked: list[Question], omar: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(omar)
    whole = client.get(page(floor)).content.decode()
    parts = [
        client.get(page(floor), {"part": "1"}).content.decode(),
        client.get(page(floor), headers={"X-Requested-With": "fetch"}).content.decode(),
    ]
    assert "<html" in whole
    assert 'data-question="1" data-revision="1"' in whole
    for part in parts:
        assert "<html" not in part
        assert 'data-question="1" data-revision="1"' in part
    assert client.get(page(floor, 99)).status_code == 404


def test_a_change_leads_back_to_the_page_or_the_part(
    floor: Floor, asked: list[Question], omar: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(omar)
    back = client.post(do(floor, "note"), {"seen": 1, "note": "One"})
    assert (back.status_code, back["Location"]) == (302, page(floor))
    part = client.post(
        do(floor, "note"), {"seen": 2, "note": "Two"}, headers={"X-Requested-With": "fetch"}
    )
    assert part["Location"] == f"{page(floor)}?part=1"
    assert "The note is saved." in client.get(part["Location"]).content.decode()
    decide = reverse("desk-decide", args=[floor.engagement.slug, "show"])
    shown = client.post(f"{decide}?question=1", {"number": 1, "seen": 3})
    assert shown["Location"] == page(floor)


def test_what_was_typed_is_kept_where_it_is_refused(
    floor: Floor, asked: list[Question], omar: User, cora: User, sign_in: Callable[[User], Client]
) -> None:
    editing.annotate(floor, by=cora, number=1, seen=1, note="First")
    client = sign_in(omar)
    refused = client.post(do(floor, "edit"), {"seen": 1, "text": "Typed with care"})
    assert refused.status_code == 409
    told = refused.content.decode()
    assert "Typed with care" in told
    assert "Cora changed question 1" in told
    assert 'name="seen" value="2"' in told
    empty = client.post(
        do(floor, "answer"), {"seen": 2, "text": "Kept", "given_by": "", "reach": "all"}
    )
    assert empty.status_code == 400
    assert "Kept" in empty.content.decode()
    assert Question.objects.get(number=1).text == asked[0].text


def test_likely_duplicates_and_a_search_offer_both_ways(
    floor: Floor, asked: list[Question], omar: User, sign_in: Callable[[User], Client]
) -> None:
    factories.make_question(floor, "Is there parking?", state=states.DISMISSED)
    factories.make_question(floor, "How long are permits?", state=states.WITHDRAWN)
    client = sign_in(omar)
    told = client.get(page(floor)).content.decode()
    assert re.findall(r'name="other" value="(\d)"', told) == ["2", "3"]

    for words in ("parking", "4", "#4", "PARKING there"):
        found = client.get(page(floor), {"find": words}).content.decode()
        assert re.findall(r'name="other" value="(\d)"', found)[0] == "4"
        assert "Keep 1" in found
        assert "Keep 4" not in found

    client.post(do(floor, "merge"), {"seen": 1, "other": 2, "other_seen": 1, "stays": "itself"})
    assert Question.objects.get(number=2).merged_into == asked[0]
    client.post(do(floor, "unmerge", 2), {"seen": 2})
    client.post(do(floor, "merge"), {"seen": 3, "other": 2, "other_seen": 3, "stays": "other"})
    assert Question.objects.get(number=1).merged_into == asked[1]


def test_a_merged_question_stands_for_its_words_in_the_suggestions(
    floor: Floor, asked: list[Question], omar: User, sign_in: Callable[[User], Client]
) -> None:
    factories.make_question(floor, "Something else altogether?")
    merging.merge(floor, by=omar, number=2, seen=1, into=4)
    told = sign_in(omar).get(page(floor)).content.decode()
    assert re.findall(r'name="other" value="(\d)"', told) == ["4", "3"]


def test_who_looks_on_reads_and_changes_nothing(
    floor: Floor, asked: list[Question], ada: User, sign_in: Callable[[User], Client], omar: User
) -> None:
    editing.annotate(floor, by=omar, number=1, seen=1, note="For the desk")
    client = sign_in(ada)
    told = client.get(page(floor)).content.decode()
    assert "For the desk" in told
    assert "/do/" not in told
    assert client.post(do(floor, "note"), {"seen": 2, "note": "n"}).status_code == 404
    assert client.post(do(floor, "never-was"), {"seen": 2}).status_code == 404
    assert sign_in(omar).post(do(floor, "never-was"), {"seen": 2}).status_code == 404


def test_names_are_told_on_demand_alone(
    floor: Floor, asked: list[Question], omar: User, sign_in: Callable[[User], Client]
) -> None:
    """Neither a question's page, its search and history, nor the desk tell who asked."""
    client = sign_in(omar)
    client.post(do(floor, "edit"), {"seen": 1, "text": "Better?"})
    client.post(do(floor, "merge"), {"seen": 2, "other": 2, "other_seen": 1, "stays": "other"})
    desk = reverse("desk", args=[floor.engagement.slug])
    for address in (page(floor), f"{page(floor)}?part=1", page(floor, 2), desk):
        told = client.get(address).content.decode()
        assert not [word for word in CANARIES if word in told], address
    on_demand = client.post(reverse("desk-asker", args=[floor.engagement.slug, 1]))
    assert all(word in on_demand.content.decode() for word in CANARIES)


def test_a_withdrawn_text_is_not_told(
    floor: Floor, asked: list[Question], omar: User, sign_in: Callable[[User], Client]
) -> None:
    Question.objects.update(
        state=states.WITHDRAWN,
        text="zqtext",
        original_text="zqoriginal",
        flagged_words=["zqword"],
        asker_name="Zqname",
    )
    told: Any = sign_in(omar).get(page(floor)).content.decode()
    desk = sign_in(omar).get(reverse("desk", args=[floor.engagement.slug])).content.decode()
    for secret in ("zqtext", "zqoriginal", "zqword", "Zqname"):
        assert secret not in told
        assert secret not in desk
    assert "has withdrawn this question" in told


def test_label_and_speaker_are_changed_on_the_page(
    floor: Floor, asked: list[Question], omar: User, sign_in: Callable[[User], Client]
) -> None:
    fees = floor.engagement.labels.create(name="Fees")
    vega = floor.engagement.speakers.create(name="Dr. Vega")
    client = sign_in(omar)
    for revision, (move, field, chosen) in enumerate(
        [("label", "label", fees), ("assign", "speaker", vega)], start=1
    ):
        address = f"{reverse('desk-decide', args=[floor.engagement.slug, move])}?question=1"
        assert f'action="{address}"' in client.get(page(floor)).content.decode()
        sent = {"number": 1, "seen": revision, field: chosen.pk}
        told = client.post(address, sent, follow=True, headers={"X-Requested-With": "fetch"})
        assert f'<option value="{chosen.pk}" selected>{chosen}' in told.content.decode()
        said = {"label": "label saved", "speaker": "speaker saved"}[field]
        assert f"Question 1: {said}." in told.content.decode()
    question = Question.objects.get(number=1)
    assert (question.label, question.speaker) == (fees, vega)
