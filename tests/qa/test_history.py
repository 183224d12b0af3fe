"""The history of a question tells who did what, and when, with before and after."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

from qa import queries
from qa.actions import answering, asking, editing, merging, moderating, redacting
from qa.differences import ADDED, REMOVED
from tests import factories

if TYPE_CHECKING:
    from engagements.models import Registration, User
    from qa.models import Floor, Question

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(floor: Floor, ana: Registration) -> Question:
    return asking.ask(floor, by=ana, text="when open", client_id=uuid.uuid4())


def told(floor: Floor, number: int = 1) -> list[tuple[str, str, dict[str, tuple[str, str]]]]:
    entries = queries.history(floor, floor.questions.get(number=number))
    return [
        (one.act, one.by, {change.name: (change.before, change.after) for change in one.changes})
        for one in entries
    ]


def test_every_step_with_before_and_after_the_newest_first(
    floor: Floor, asked: Question, omar: User, cora: User
) -> None:
    editing.edit(floor, by=omar, number=1, seen=1, text="When does it open?")
    moderating.show(floor, by=cora, number=1, seen=2)
    editing.annotate(floor, by=omar, number=1, seen=3, note="Ask Ito")
    says = {"text": "At nine.", "given_by": "Ito", "reach": "all"}
    answering.write(floor, by=cora, number=1, seen=4, **says, publish=True)

    assert told(floor) == [
        (
            "Written answer published",
            "Cora",
            {
                "Outcome": ("none", "answered in writing"),
                "Written answer": ("Ito, to everybody, draft", "Ito, to everybody, published"),
            },
        ),
        (
            "Written answer drafted",
            "Cora",
            {"Written answer": ("", "Ito, to everybody, draft"), "Answer": ("", "At nine.")},
        ),
        ("Note", "Omar", {"Note": ("", "Ask Ito")}),
        ("Shown", "Cora", {"State": ("waiting", "shown")}),
        ("Edited for publication", "Omar", {"Text": ("when open", "When does it open?")}),
        ("Asked", "the asker", {}),
    ]


def test_a_text_is_told_by_its_difference(floor: Floor, asked: Question, omar: User) -> None:
    editing.edit(floor, by=omar, number=1, seen=1, text="when closed")
    [change] = queries.history(floor, asked)[0].changes
    assert [(one.kind, one.text) for one in change.pieces[1:]] == [
        (REMOVED, "open"), (ADDED, "closed"),
    ]  # fmt: skip


def test_a_merge_and_its_undoing(floor: Floor, asked: Question, omar: User) -> None:
    factories.make_question(floor)
    merging.merge(floor, by=omar, number=1, seen=1, into=2)
    merging.unmerge(floor, by=omar, number=1, seen=2)
    undone, merged, _asked = told(floor)
    assert undone[0] == "Merge undone"
    assert undone[2] == {"State": ("merged", "waiting"), "Merged into": ("question 2", "")}
    assert merged[2] == {"State": ("waiting", "merged"), "Merged into": ("", "question 2")}
    parted, joined = told(floor, 2)
    assert (joined[0], joined[1]) == ("Another question was merged into it", "Omar")
    assert parted[2] == {"Asked by": ("people: 2, categories: 1", "people: 1, categories: 1")}


def test_redacted_words_are_in_no_step(floor: Floor, asked: Question, omar: User) -> None:
    editing.edit(floor, by=omar, number=1, seen=1, text="When does Zqname open?")
    redacting.redact(floor, by=omar, number=1, seen=2, words=["Zqname"], reason="person")
    assert "zqname" not in str(queries.history(floor, asked)).casefold()


def test_a_withdrawn_text_is_not_told_again(
    floor: Floor, asked: Question, ana: Registration, omar: User
) -> None:
    editing.edit(floor, by=omar, number=1, seen=1, text="When does zqword open?")
    asking.withdraw(floor, by=ana, number=1)
    assert [(act, by) for act, by, _changes in told(floor)] == [
        ("Withdrawn by the asker", "the asker"),
        ("Edited for publication", "Omar"),
        ("Asked", "the asker"),
    ]
    assert "zqword" not in str(told(floor))
