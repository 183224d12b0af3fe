"""The own question in other words: while nobody has decided, by its asker alone, on record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from engagements.models import AuditEntry, Engagement, Registration
from engagements.refusals import NotAllowed, Refused
from qa import projection, states
from qa.actions import changing, moderating
from qa.models import Finding, FloorEvent, Question, Silence
from tests import factories

if TYPE_CHECKING:
    from engagements.models import User
    from qa.models import Floor

pytestmark = pytest.mark.django_db

RECEIPT = "My receipt is LIN2466650199. When will it be done?"


@pytest.fixture
def asked(floor: Floor, ana: Registration) -> Question:
    return factories.make_question(floor, "When does it opne?", asker=ana)


def change(floor: Floor, by: Registration, text: str = "When does it open?", **more: Any) -> None:
    changing.change(floor, by=by, number=1, text=text, **more)


def stored() -> tuple[list[Any], int, int]:
    return list(Question.objects.values()), FloorEvent.objects.count(), AuditEntry.objects.count()


def test_the_question_as_asked_is_the_new_one_and_the_log_has_both(
    floor: Floor, ana: Registration, asked: Question
) -> None:
    change(floor, ana, "When does it open?")
    change(floor, ana, "When does it open again?")

    asked.refresh_from_db()
    assert (asked.text, asked.original_text) == ("When does it open again?",) * 2
    assert (asked.state, asked.revision, asked.number) == (states.WAITING, 3, 1)
    events = FloorEvent.objects.filter(question_number=1)
    assert [(one.payload["act"], one.payload["question"]["text"]) for one in events] == [
        ("question.changed", "When does it open?"),
        ("question.changed", "When does it open again?"),
    ]
    assert {one.public_number for one in events} == {None}
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.actor_label) == ("question.changed", f"registration:{ana.pk}")
    assert "open" not in str(entry.detail)


def test_the_same_words_change_nothing(floor: Floor, ana: Registration, asked: Question) -> None:
    before = stored()
    change(floor, ana, asked.text)
    assert stored() == before


def test_other_words_are_looked_through_again(
    floor: Floor, ana: Registration, asked: Question
) -> None:
    change(floor, ana, RECEIPT)
    asked.refresh_from_db()
    assert asked.open_findings == ["receipt_number"]
    assert Finding.objects.get().words == "LIN2466650199"

    change(floor, ana, "When will it be done?")
    asked.refresh_from_db()
    assert asked.open_findings == []


@pytest.mark.parametrize(
    ("attribution", "with_name", "read"),
    [
        (states.OWN_CHOICE, True, "Ana"),
        (states.OWN_CHOICE, False, ""),
        (states.ANONYMOUS, True, ""),
        (states.NAMED, False, ""),
    ],
)
def test_the_name_goes_with_the_choice_where_there_is_one(
    floor: Floor,
    ana: Registration,
    asked: Question,
    attribution: str,
    with_name: bool,
    read: str,
) -> None:
    floor.attribution = attribution
    floor.save()
    change(floor, ana, with_name=with_name)
    asked.refresh_from_db()
    assert asked.asker_name == read


@pytest.mark.parametrize("move", ["show", "hold", "dismiss"])
def test_once_decided_it_stands(
    floor: Floor, ana: Registration, omar: User, asked: Question, move: str
) -> None:
    reason = {"reason": "unclear"} if move == "dismiss" else {}
    getattr(moderating, move)(floor, by=omar, number=1, seen=1, **reason)
    before = stored()
    with pytest.raises(Refused) as refusal:
        change(floor, ana)
    assert refusal.value.code == "not_waiting"
    assert stored() == before


def test_who_was_looking_at_other_words_does_not_show_these(
    floor: Floor, ana: Registration, omar: User, asked: Question
) -> None:
    change(floor, ana)
    before = stored()
    with pytest.raises(Refused) as refusal:
        moderating.show(floor, by=omar, number=1, seen=1)
    assert refusal.value.code == "decided"
    assert stored() == before


@pytest.mark.parametrize(
    ("worked", "code"),
    [
        ({"text": "When does it open, in fact?"}, "decided"),
        ({"is_redacted": True}, "decided"),
        ({"people": 2}, "decided"),
    ],
)
def test_what_the_office_works_on_stands(
    floor: Floor, ana: Registration, asked: Question, worked: dict[str, Any], code: str
) -> None:
    Question.objects.update(**worked)
    before = stored()
    with pytest.raises(Refused) as refusal:
        change(floor, ana)
    assert refusal.value.code == code
    assert stored() == before


def test_after_the_end_it_stands(floor: Floor, ana: Registration, asked: Question) -> None:
    Engagement.objects.filter(pk=floor.engagement_id).update(state=Engagement.State.ENDED)
    before = stored()
    with pytest.raises(Refused) as refusal:
        change(floor, ana)
    assert refusal.value.code == "not_live"
    assert stored() == before


def test_who_was_silenced_does_not_ask_by_changing(
    floor: Floor, ana: Registration, omar: User, asked: Question
) -> None:
    Silence.objects.create(floor=floor, registration=ana, begun_by=omar)
    before = stored()
    with pytest.raises(Refused) as refusal:
        change(floor, ana)
    assert refusal.value.code == "silenced"
    assert stored() == before


def test_only_ones_own_and_only_who_is_admitted(
    floor: Floor, ana: Registration, asked: Question
) -> None:
    ben = factories.make_registration(floor.engagement, "Ben")
    before = stored()
    with pytest.raises(NotAllowed) as refusal:
        change(floor, ben)
    assert refusal.value.code == "unknown_question"
    Registration.objects.filter(pk=ana.pk).update(removed_at=factories.START)
    with pytest.raises(NotAllowed) as refusal:
        change(floor, ana)
    assert refusal.value.code == "not_admitted"
    assert stored() == before


def test_of_a_withdrawn_question_its_asker_reads_the_number_alone() -> None:
    told = projection.own_view(
        {
            "number": 7, "client_id": None, "text": "T", "original_text": "O", "state": "withdrawn",
            "outcome": "none", "revision": 2, "asked_at": None, "dismissal": "", "people": 1,
            "asker_name": "Ana", "merged_into": None, "is_redacted": False, "tells_reason": True,
            "reason": "", "answer": None,
        }
    )  # fmt: skip
    assert (told["number"], told["state"]) == (7, "withdrawn")
    assert (told["text"], told["original_text"], told["asker_name"]) == ("", "", "")
