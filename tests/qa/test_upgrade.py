"""Floors whose log is older than this version: their history is whole, and redacted with it."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps

from qa import events, queries, states
from qa.actions import merging, moderating, redacting, undoing
from qa.models import FloorEvent, Question
from tests import factories

if TYPE_CHECKING:
    from engagements.models import Registration, User
    from qa.models import Floor

pytestmark = pytest.mark.django_db

KNOWN_BEFORE = (
    "number", "asker", "client_id", "text", "state", "outcome", "revision", "category", "source",
    "asked_at", "shown_at", "dismissal", "note", "decided_by", "decided_at",
)  # fmt: skip
"""What the log said of a question in the version before."""

SECRET = "A123-456-789"


@pytest.fixture
def question(floor: Floor, ana: Registration) -> Question:
    """Asked in the version before, and moved up to this one."""
    text = f"Why does {SECRET} wait?"
    question = factories.make_question(floor, text, asker=ana, category=ana.category)
    events.append_questions(events.lock(floor.pk), [question])
    event = FloorEvent.objects.get()
    told: dict[str, Any] = event.payload["question"]
    event.payload = {
        "question": {name: told[name] for name in KNOWN_BEFORE},
        "was_shown": False,
    }
    event.question_number = None
    event.save()
    importlib.import_module("qa.migrations.0007_questions_of_events").fill_table(apps)
    return question


def test_an_old_event_is_in_the_history(floor: Floor, question: Question, omar: User) -> None:
    moderating.show(floor, by=omar, number=1, seen=1)
    assert [entry.by for entry in queries.history(floor, question)] == ["Omar", ""]
    outcome = undoing.undo(floor, by=omar, questions=[(1, 2)])
    assert [one.state for one in outcome.done] == [states.WAITING]


def test_a_redaction_finds_it(floor: Floor, question: Question, omar: User) -> None:
    redacting.redact(floor, by=omar, number=1, seen=1, words=[SECRET], reason="identifier")
    assert SECRET not in str(list(FloorEvent.objects.values_list("payload", flat=True)))
    assert FloorEvent.objects.count() == 2


def test_merged_and_parted_it_is_as_it_was(floor: Floor, question: Question, omar: User) -> None:
    factories.make_question(floor, number=2, state=states.SHOWN)
    merged = merging.merge(floor, by=omar, number=1, seen=1, into=2)
    parted = merging.unmerge(floor, by=omar, number=1, seen=merged.revision)
    assert (parted.state, parted.dismissal, parted.merged_into) == (states.WAITING, "", None)
