"""What may be quoted, why it was chosen, and the record of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection

from engagements.models import AuditEntry, Engagement
from engagements.refusals import NotAllowed, Refused
from qa import states
from qa.actions import gating, redacting
from qa.masking import MARKS
from qa.models import Finding, Label, Question
from readouts import queries
from readouts.actions import publishing, sampling
from readouts.actions.sampling import SampleEntry
from readouts.models import Readout
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from engagements.models import User
    from readouts.models import ReadoutSample

pytestmark = pytest.mark.django_db

SECRET = "A123-456-789"
REASON = "Many ask this"


def chosen(readout: Readout) -> list[tuple[int, str, str]]:
    """Number, heading and words, in order."""
    return [(one.question.number, one.heading, one.text) for one in readout.samples.all()]


def numbers(readout: Readout) -> list[int]:
    return [number for number, *_words in chosen(readout)]


def entry(sample: ReadoutSample, **changes: Any) -> SampleEntry:
    same = SampleEntry(sample.pk, sample.text, sample.position, sample.reason, sample.heading)
    return same._replace(**changes)


@pytest.fixture
def sampled(readout: Readout, questions: list[Question], edna: User) -> Readout:
    sampling.choose_all(readout, questions, by=edna, reasons=[REASON] * 3)
    return readout


def test_each_choice_says_why_and_the_record_of_a_version_keeps_it(
    readout: Readout, questions: list[Question], edna: User, paul: User
) -> None:
    sampling.choose(readout, questions[2], by=edna, reason=" 12 people\nasked ", heading="Hours")
    first = sampling.choose(readout, questions[0], by=edna, reason="Nobody answered it")
    assert (first.chosen_by, first.reason) == (edna, "Nobody answered it")
    sampling.arrange(
        readout,
        by=edna,
        revision=readout.revision,
        entries=[entry(readout.samples.get(pk=first.pk), text="When will it open?")],
    )
    publishing.submit(readout, by=edna, without_summary=True)
    version = publishing.publish(readout, by=paul)
    assert version.samples == [
        {
            "number": 1,
            "asked": "When does it open?",
            "published": "When will it open?",
            "reason": "Nobody answered it",
            "heading": "",
        },
        {
            "number": 3,
            "asked": "What about time zones?",
            "published": "What about time zones?",
            "reason": "12 people asked",
            "heading": "Hours",
        },
    ]
    assert "12 people" not in str(version.document)


@pytest.mark.parametrize(
    ("reason", "heading", "code"),
    [(" \n", "", "no_reason"), ("x" * 301, "", "too_long"), ("Why", "x" * 121, "too_long")],
)
def test_a_choice_without_a_reason_or_with_too_long_words_is_none(
    readout: Readout, questions: list[Question], edna: User, reason: str, heading: str, code: str
) -> None:
    before = readout.revision
    with pytest.raises(Refused) as refusal:
        sampling.choose(readout, questions[0], by=edna, reason=reason, heading=heading)
    assert refusal.value.code == code
    readout.refresh_from_db()
    assert (readout.revision, chosen(readout)) == (before, [])
    sampling.choose(readout, questions[0], by=edna, reason="x" * 300, heading="x" * 120)
    assert numbers(readout) == [1]


def test_several_are_chosen_together_or_not_at_all(
    readout: Readout, questions: list[Question], edna: User
) -> None:
    waiting = factories.make_question(readout.engagement.floor, "Waits?", state=states.WAITING)
    with pytest.raises(Refused) as refusal:
        sampling.choose_all(readout, [questions[0], waiting], by=edna, reasons=[REASON] * 2)
    assert (refusal.value.code, chosen(readout)) == ("not_choosable", [])
    with pytest.raises(Refused) as refusal:
        sampling.choose_all(readout, [questions[0]] * 2, by=edna, reasons=[REASON] * 2)
    assert (refusal.value.code, chosen(readout)) == ("already", [])
    sampling.choose_all(readout, questions[:2], by=edna, reasons=[REASON] * 2)
    assert numbers(readout) == [1, 2]


def test_question_of_another_engagement_is_as_unknown_as_one_that_never_was(
    readout: Readout, live_engagement: Engagement, questions: list[Question], edna: User
) -> None:
    foreign = factories.make_question(live_engagement.floor, state=states.SHOWN)
    for unknown in (foreign, Question(pk=999_999)):
        with pytest.raises(NotAllowed) as refusal:
            sampling.choose(readout, unknown, by=edna, reason=REASON)
        assert str(refusal.value) == "There is no such question here."
    assert chosen(readout) == []
    sampling.choose(readout, questions[0], by=edna, reason=REASON)
    assert numbers(readout) == [1]


def test_forged_sample_changes_neither_readout(
    sampled: Readout, live_engagement: Engagement, edna: User
) -> None:
    other = Readout.objects.create(engagement=live_engagement, facts=sampled.facts)
    question = factories.make_question(live_engagement.floor, state=states.SHOWN)
    foreign = other.samples.create(question=question, text="Theirs", position=1, reason=REASON)
    first = sampled.samples.all()[0]
    before, revision = chosen(sampled), sampled.revision
    for forged in (foreign.pk, 999_999, 0):
        entries = [entry(first, text="Mine?"), SampleEntry(forged, "Forged", 1, REASON, "")]
        presses: list[Callable[[], object]] = [
            partial(sampling.arrange, sampled, by=edna, revision=revision, entries=entries),
            partial(sampling.move, sampled, forged, by=edna, steps=1),
            partial(sampling.remove, sampled, forged, by=edna),
        ]
        for press in presses:
            with pytest.raises(Refused) as refusal:
                press()
            assert refusal.value.code == "gone"
    foreign.refresh_from_db()
    sampled.refresh_from_db()
    assert (foreign.text, other.samples.count()) == ("Theirs", 1)
    assert (chosen(sampled), sampled.revision) == (before, revision)
    sampling.arrange(
        sampled, by=edna, revision=revision, entries=[entry(first, text="Mine?", heading="H")]
    )
    assert (1, "H", "Mine?") in chosen(sampled)


def test_redacted_words_cannot_be_quoted_and_the_mark_can(
    readout: Readout, edna: User, omar: User
) -> None:
    floor = readout.engagement.floor
    question = factories.make_question(floor, f"Why does {SECRET} wait?", state=states.SHOWN)
    redacting.redact(
        floor,
        by=omar,
        number=question.number,
        seen=question.revision,
        words=[SECRET],
        reason="identifier",
    )
    sample = sampling.choose(readout, question, by=edna, reason=REASON)
    masked = f"Why does {MARKS['identifier']} wait?"
    assert sample.text == masked
    for words in (f"Why does {SECRET} wait?", "Why does A 123 456 789 wait?"):
        with pytest.raises(Refused) as refusal:
            sampling.arrange(
                readout, by=edna, revision=readout.revision, entries=[entry(sample, text=words)]
            )
        assert refusal.value.code == "redacted"
        readout.refresh_from_db()
    assert SECRET not in str(queries.samples_record(readout))
    sampling.arrange(
        readout, by=edna, revision=readout.revision, entries=[entry(sample, text="Why the wait?")]
    )
    assert [text for *_rest, text in chosen(readout)] == ["Why the wait?"]


def test_words_redacted_later_leave_the_draft_and_every_trace_of_it(
    readout: Readout, edna: User, omar: User
) -> None:
    floor = readout.engagement.floor
    question = factories.make_question(floor, "Why does Ivana Ito wait?", state=states.SHOWN)
    sampling.choose(readout, question, by=edna, reason=REASON)
    revision = readout.revision
    redacting.redact(
        floor, by=omar, number=question.number, seen=1, words=["Ivana Ito"], reason="person"
    )
    readout.refresh_from_db()
    assert [text for *_rest, text in chosen(readout)] == [f"Why does {MARKS['person']} wait?"]
    assert (readout.revision, readout.last_editor) == (revision + 1, edna)
    masked = AuditEntry.objects.get(action="readout.sample_masked")
    assert (masked.actor, masked.detail["question"]) == (omar, question.number)
    assert "Ivana" not in str(AuditEntry.objects.values_list("detail", flat=True))


def test_identifier_is_quoted_only_when_somebody_decided_that_it_is_none(
    readout: Readout, edna: User
) -> None:
    floor = readout.engagement.floor
    question = factories.make_question(floor, f"Is {SECRET} a form?", state=states.HELD)
    finding = Finding.objects.create(question=question, kind="a_number", words=SECRET)
    with pytest.raises(Refused) as refusal:
        sampling.choose(readout, question, by=edna, reason=REASON)
    assert (refusal.value.code, chosen(readout)) == ("identifier", [])
    gating.decide(
        floor,
        by=edna,
        number=question.number,
        seen=question.revision,
        finding=finding.pk,
        verdict=states.FINDING_NO_IDENTIFIER,
    )
    sample = sampling.choose(readout, question, by=edna, reason=REASON)
    with pytest.raises(Refused) as refusal:
        sampling.arrange(
            readout,
            by=edna,
            revision=readout.revision,
            entries=[entry(sample, text="Is A987-654-321 a form?")],
        )
    assert refusal.value.code == "identifier"
    assert [text for *_rest, text in chosen(readout)] == [f"Is {SECRET} a form?"]


@pytest.mark.parametrize("state", [states.DISMISSED, states.WITHDRAWN, states.MERGED])
def test_what_is_set_aside_after_it_was_chosen_is_not_submitted(
    sampled: Readout, questions: list[Question], edna: User, state: str
) -> None:
    Question.objects.filter(pk=questions[1].pk).update(state=state)
    with pytest.raises(Refused) as refusal:
        publishing.submit(sampled, by=edna, without_summary=True)
    assert refusal.value.code == "sample_gone"
    shown = [sample.text for sample in queries.samples_of(sampled)]
    (group,) = queries.document_of(sampled).samples
    assert group.questions == ("When does it open?", "What about time zones?")
    hidden = "" if state == states.WITHDRAWN else "Who answers?"
    assert shown == ["When does it open?", hidden, "What about time zones?"]
    sampling.remove(sampled, sampled.samples.get(question=questions[1]).pk, by=edna)
    publishing.submit(sampled, by=edna, without_summary=True)
    assert numbers(sampled) == [1, 3]


def test_samples_under_one_heading_stay_together_and_move_together(
    sampled: Readout, edna: User
) -> None:
    fourth = factories.make_question(sampled.engagement.floor, "Four?", state=states.SHOWN)
    first, second, third = sampled.samples.all()
    sampling.arrange(
        sampled,
        by=edna,
        revision=sampled.revision,
        entries=[entry(first, heading="Hours"), entry(second, heading="Staff"),
                 entry(third, heading="Hours")],
    )  # fmt: skip
    sampling.choose(sampled, fourth, by=edna, reason=REASON)
    told = [(number, heading) for number, heading, _text in chosen(sampled)]
    assert told == [(4, ""), (1, "Hours"), (3, "Hours"), (2, "Staff")]
    assert [group.heading for group in queries.document_of(sampled).samples] == [
        "", "Hours", "Staff"
    ]  # fmt: skip

    def move(sample: ReadoutSample, steps: int) -> list[int]:
        sampling.move(sampled, sample.pk, by=edna, steps=steps)
        return numbers(sampled)

    assert move(third, -1) == [4, 3, 1, 2]
    assert move(third, -1) == [4, 3, 1, 2]
    assert move(second, -1) == [4, 2, 3, 1]
    assert move(first, 1) == [4, 2, 3, 1]
    assert move(second, 1) == [4, 3, 1, 2]
    assert [sample.position for sample in sampled.samples.all()] == [1, 2, 3, 4]


def test_reason_is_not_taken_away_and_one_that_was_never_there_may_stay_out(
    sampled: Readout, edna: User
) -> None:
    first, second, _third = sampled.samples.all()
    sampled.samples.filter(pk=second.pk).update(reason="")
    with pytest.raises(Refused) as refusal:
        sampling.arrange(
            sampled, by=edna, revision=sampled.revision, entries=[entry(first, reason="")]
        )
    assert refusal.value.code == "no_reason"
    sampled.refresh_from_db()
    sampling.arrange(
        sampled,
        by=edna,
        revision=sampled.revision,
        entries=[entry(first, reason="Better"), entry(second, reason="")],
    )
    assert list(sampled.samples.values_list("reason", flat=True)) == ["Better", "", REASON]


def test_audit_tells_of_reasons_and_headings_by_digests_alone(sampled: Readout, edna: User) -> None:
    first = sampled.samples.all()[0]
    changed = AuditEntry.objects.filter(action="readout.sample_changed")
    before = changed.latest("pk").detail
    sampling.arrange(
        sampled,
        by=edna,
        revision=sampled.revision,
        entries=[entry(first, reason="Elephants ask", heading="Elephants")],
    )
    after = changed.latest("pk").detail
    assert (before["questions"], after["questions"]) == ([1, 2, 3], [2, 3, 1])
    assert after["reasons"] != before["reasons"]
    assert after["headings"] != before["headings"]
    assert "lephant" not in str(after)


def test_no_more_than_anybody_reads_are_chosen(
    sampled: Readout, edna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sampling, "MOST", 4)
    floor = sampled.engagement.floor
    more = [factories.make_question(floor, f"{n}?", state=states.SHOWN) for n in range(2)]
    with pytest.raises(Refused) as refusal:
        sampling.choose_all(sampled, more, by=edna, reasons=[REASON] * 2)
    assert (refusal.value.code, len(chosen(sampled))) == ("too_many", 3)
    sampling.choose(sampled, more[0], by=edna, reason=REASON)
    assert len(chosen(sampled)) == 4


def test_spread_compares_with_everything_that_was_asked_and_suggests_what_is_missing(
    over: Engagement, readout: Readout, edna: User
) -> None:
    floor = over.floor
    fees = Label.objects.create(engagement=over, name="Fees")
    attorney, employer = factories.category("attorney"), factories.category("employer")
    Question.objects.filter(floor=floor).update(category=attorney, label=fees)
    dates = [
        factories.make_question(floor, f"{n}?", state=state, category=employer, people=n + 1)
        for n, state in enumerate([states.SHOWN, states.SHOWN, states.DISMISSED])
    ]
    factories.make_question(floor, "Taken back?", state=states.WITHDRAWN)
    sampling.choose(readout, floor.questions.get(number=1), by=edna, reason=REASON)

    found = queries.spread_of(readout)

    assert (found.asked, found.chosen) == (6, 1)
    by_label = found.tables[0]
    assert [(bar.words, bar.group.asked, bar.group.chosen) for bar in by_label.bars] == [
        ("Fees", 3, 1), ("without a label", 3, 0)
    ]  # fmt: skip
    assert found.missing == (
        "without a label (3 questions)", f"{employer.label} (3 questions)"
    )  # fmt: skip
    (suggested,) = found.suggested
    assert (suggested.question, suggested.mends) == (
        dates[1], ("without a label", employer.label)
    )  # fmt: skip
    reason = queries.reason_to_mend(readout, dates[1].pk)
    assert reason.startswith("Brings in what was missing: without a label (3 questions); ")
    sampling.choose(readout, dates[1], by=edna, reason=reason)
    after = queries.spread_of(readout)
    assert (after.missing, after.suggested) == ((), ())
    assert queries.reason_to_mend(readout, dates[0].pk) == ""


@pytest.mark.django_db(transaction=True)
def test_two_editors_who_choose_the_same_question_at_once_choose_it_once(
    readout: Readout, questions: list[Question], edna: User, paul: User
) -> None:
    def press(by: User) -> str:
        mine = Readout.objects.get(pk=readout.pk)
        try:
            sampling.choose(mine, questions[0], by=by, reason=REASON)
        except Refused as refused:
            return refused.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(4) as pool:
        found = sorted(pool.map(press, [edna, paul, edna, paul]))
    assert found == ["already", "already", "already", "done"]
    assert numbers(readout) == [1]
