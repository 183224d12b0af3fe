"""The identifier gate: what is found, what is decided, and that nothing undecided leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from engagements.models import AuditEntry
from engagements.refusals import NotAllowed, Refused
from qa import states
from qa.actions import asking, editing, gating, lists
from qa.models import Finding, FlaggedWord, FloorEvent

if TYPE_CHECKING:
    from engagements.models import Engagement, Registration, User
    from qa.models import Floor, Question

pytestmark = pytest.mark.django_db

TEXT = "Why does A123-456-789 wait? Call 240-555-0123."


def ask(floor: Floor, by: Registration, text: str = TEXT) -> Question:
    return asking.ask(floor, by=by, text=text, client_id=uuid4())


def findings(question: Question) -> list[tuple[str, str, str]]:
    return list(question.findings.values_list("kind", "words", "state"))


def decide(
    floor: Floor, by: User, question: Question, words: str, verdict: str, **more: str
) -> Question:
    question.refresh_from_db()
    return gating.decide(
        floor,
        by=by,
        number=question.number,
        seen=question.revision,
        finding=question.findings.get(words=words).pk,
        verdict=verdict,
        **more,
    )


def test_a_question_that_comes_in_is_marked_with_what_is_found(
    floor: Floor, ana: Registration
) -> None:
    question = ask(floor, ana)
    plain = ask(floor, ana, "How long does it take?")

    question.refresh_from_db()
    plain.refresh_from_db()
    assert (question.open_findings, plain.open_findings) == (["a_number", "phone"], [])
    assert findings(question) == [
        ("a_number", "A123-456-789", "open"),
        ("phone", "240-555-0123", "open"),
    ]
    told = FloorEvent.objects.get(floor=floor, question_number=question.number).payload
    assert told["question"]["findings"] == ["a_number", "phone"]


def test_the_offices_words_are_marked_whole_without_case_and_accents(
    floor: Floor, ana: Registration, omar: User
) -> None:
    for word in ("cólera", "fee waiver", "fee"):
        FlaggedWord.objects.create(word=word, added_by=omar)

    marked = ask(floor, ana, "Is there COLERA, or a Fee  Waiver?")
    plain = ask(floor, ana, "Is there coffee?")

    assert (marked.flagged_words, plain.flagged_words) == (["cólera", "fee waiver"], [])
    assert marked.state == states.WAITING


def test_a_decision_closes_the_finding_and_is_on_record(
    floor: Floor, ana: Registration, omar: User
) -> None:
    question = ask(floor, ana)

    decide(floor, omar, question, "A123-456-789", "not_identifier")
    changed = decide(floor, omar, question, "240-555-0123", "kept", reason="the office's own")

    assert (changed.open_findings, changed.revision) == ([], 3)
    kept = question.findings.get(words="240-555-0123")
    assert (kept.state, kept.reason, kept.decided_by) == ("kept", "the office's own", omar)
    acts = AuditEntry.objects.filter(actor=omar).order_by("pk").values_list("action", flat=True)
    assert list(acts) == ["question.finding_dismissed", "question.finding_kept"]


def test_to_keep_words_takes_a_reason(floor: Floor, ana: Registration, omar: User) -> None:
    question = ask(floor, ana)

    with pytest.raises(Refused) as refused:
        decide(floor, omar, question, "A123-456-789", "kept")

    question.refresh_from_db()
    assert refused.value.code == "invalid"
    assert (question.open_findings, question.revision) == (["a_number", "phone"], 1)


def test_a_second_decision_is_told_who_was_first(
    floor: Floor, ana: Registration, omar: User, cora: User
) -> None:
    question = ask(floor, ana)
    finding = question.findings.first()
    assert finding is not None
    given: dict[str, Any] = {"number": question.number, "seen": 1, "finding": finding.pk}
    gating.decide(floor, by=omar, verdict="not_identifier", **given)

    with pytest.raises(Refused) as refused:
        gating.decide(floor, by=cora, verdict="kept", reason="why not", **given)

    assert refused.value.code == "decided"
    assert "Omar" in str(refused.value)
    assert Finding.objects.get(pk=finding.pk).state == "not_identifier"


def test_only_the_desk_decides_and_after_the_end_who_forwards(
    floor: Floor, ana: Registration, edna: User, mia: User, live_engagement: Engagement
) -> None:
    question = ask(floor, ana)
    for stranger in (edna, mia):
        with pytest.raises(NotAllowed):
            decide(floor, stranger, question, "A123-456-789", "not_identifier")
    live_engagement.state = "ended"
    live_engagement.save()
    floor.refresh_from_db()

    changed = decide(floor, edna, question, "A123-456-789", "not_identifier")

    assert changed.open_findings == ["phone"]


def test_an_edit_looks_again_and_decided_words_stay_decided(
    floor: Floor, ana: Registration, omar: User
) -> None:
    question = ask(floor, ana)
    decide(floor, omar, question, "A123-456-789", "not_identifier")
    question.refresh_from_db()

    edited = editing.edit(
        floor,
        by=omar,
        number=question.number,
        seen=question.revision,
        text="Why does A123-456-789 wait? Mail ana@public.example.",
    )

    # The phone number is still in the text as asked.
    assert edited.open_findings == ["email", "phone"]


def test_a_word_added_to_the_list_marks_what_is_there_already(
    floor: Floor, ana: Registration, cora: User
) -> None:
    question = ask(floor, ana, "Is there a backlog?")

    kept = lists.set_flagged_words(
        by=cora, words=["backlog", "Backlog", "delay"], seen=lists.list_digest([])
    )

    question.refresh_from_db()
    assert kept == ["Backlog", "delay"]
    assert question.flagged_words == ["Backlog"]
    with pytest.raises(Refused) as refused:
        lists.set_flagged_words(by=cora, words=[], seen=lists.list_digest([]))
    assert refused.value.code == "changed"


def test_who_coordinates_nothing_keeps_no_lists(floor: Floor, omar: User, cora: User) -> None:
    with pytest.raises(NotAllowed):
        lists.set_flagged_words(by=omar, words=["x"], seen=lists.list_digest([]))

    assert gating.flagged_words() == []
    assert lists.set_flagged_words(by=cora, words=["x"], seen=lists.list_digest([])) == ["x"]
