"""Take words out of a question everywhere, for a reason, and bring them back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from engagements import clock
from engagements.refusals import NotAllowed, Refused
from qa import identifiers, masking, states, wordlist
from qa.actions import deciding, gating, sealing, translating
from qa.models import Finding, FloorEvent, Redaction, SealedText, WrittenAnswer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engagements.models import User
    from qa.masking import Hidden
    from qa.models import Floor, Question, Translation

LOGGED: dict[str, int] = {"text": 2_000, "original_text": 2_000, "note": 1_000, "reason": 400}
"""What the log says of a question in words, and how long each may be."""

LONGEST_ANSWER = 5_000


@transaction.atomic
def redact(
    floor: Floor,
    *,
    by: User,
    number: int,
    seen: int,
    reason: str,
    words: Sequence[str] = (),
    findings: Sequence[int] = (),
) -> Question:
    """Take these words, and those of the findings, out of the question, its note, its answer, its
    translations and its whole history. A translation that may say them otherwise goes.

    Only the sealed text and the redaction keep them; lists that were forwarded before are frozen
    and keep them too. `reason` is one of `Redaction.Reason`. Refused where none of the words are
    in what can still be read.
    """
    locked, question = deciding.take(floor, by, number, seen)
    if reason not in Redaction.Reason.values:
        raise Refused("invalid", _("Please choose why the words are taken out."))
    found = question.findings.filter(pk__in=findings).exclude(words="")
    pieces = [*found.values_list("words", flat=True), *words]
    taken = list(dict.fromkeys(" ".join(one.split()) for one in pieces))
    kept = translating.without(question, taken)
    for piece in taken:
        _take_out(question, piece, reason, by)
    return _redacted(locked, question, by, kept)


@transaction.atomic
def undo(floor: Floor, *, by: User, number: int, seen: int, redaction: int) -> Question:
    """The words are back as they were, apart from what other redactions still take out.

    Note, answer and log keep their marks. What looks like an identifier waits for a decision again.
    """
    locked, question = deciding.take(floor, by, number, seen)
    in_force = question.redactions.filter(pk=redaction, undone_at=None)
    if not in_force.update(undone_by=by, undone_at=clock.now()):
        raise NotAllowed("unknown_redaction", _("This redaction is not in force."))
    changes = _as_masked(question, sealing.hidden_in(question))
    if not question.is_redacted:
        SealedText.objects.filter(question=question.pk).delete()
    changes |= gating.reexamine(question)
    act = "question.redaction_undone"
    return deciding.store(locked, question, by, act, decides=False, **changes)


def _take_out(question: Question, words: str, reason: str, by: User) -> None:
    sealed, _is_new = SealedText.objects.get_or_create(
        question=question,
        defaults={"text": question.text, "original_text": question.original_text},
    )
    hidden = sealing.hidden_in(question)
    more = [*hidden, masking.Hidden(words, reason)]
    if not words or all(
        sealing.masked(text, more).text == sealing.masked(text, hidden).text
        for text in (sealed.text, sealed.original_text)
    ):
        raise Refused(
            "not_there", _("These words are not in the question: %(words)s") % {"words": words}
        )
    Redaction.objects.create(question=question, words=words, reason=reason, made_by=by)


def _redacted(
    locked: Floor, question: Question, by: User, translations: Sequence[Translation]
) -> Question:
    hidden = sealing.hidden_in(question)
    if not hidden:
        raise Refused("invalid", _("Please say which words are taken out."))
    changes = _as_masked(question, hidden) | _beside(question, hidden)
    translating.mask(question, translations, hidden)
    _close_findings(question, by)
    changes |= gating.reexamine(question)
    act = "question.redacted"
    _mask_log(locked, question, hidden)
    return deciding.store(locked, question, by, act, decides=False, **changes)


def _as_masked(question: Question, hidden: list[Hidden]) -> dict[str, Any]:
    """Also sets them on the question."""
    sealed = SealedText.objects.get(question=question.pk)
    changes = {
        "text": sealing.masked(sealed.text, hidden).text,
        "original_text": sealing.masked(sealed.original_text, hidden).text,
        "is_redacted": bool(hidden),
    }
    for field, value in changes.items():
        setattr(question, field, value)
    return changes


def _beside(question: Question, hidden: list[Hidden]) -> dict[str, Any]:
    """What the office itself wrote about the question. These words are not sealed: it may write
    them again."""
    changes = {}
    for field, logged in (("note", "note"), ("dismissal_text", "reason")):
        written = getattr(question, field)
        told = _without(written, hidden, most=LOGGED[logged])
        if told != written:
            changes[field] = told
            setattr(question, field, told)
    if question.has_answer:
        answer = WrittenAnswer.objects.get(question=question.pk)
        answer.text = _without(answer.text, hidden, most=LONGEST_ANSWER)
        answer.save(update_fields=["text"])
        question.answer = answer
    return changes


def _close_findings(question: Question, by: User) -> None:
    """Those whose words can no longer be read. Which words they were, only the seal tells."""
    translated = question.translations.values_list("text", flat=True)
    readable = "\n".join(
        (question.text, question.original_text, question.dismissal_text, *translated)
    )
    gone = [row.pk for row in question.findings.exclude(words="") if row.words not in readable]
    Finding.objects.filter(pk__in=gone).update(
        state=states.FINDING_REDACTED, words="", decided_by=by, decided_at=clock.now()
    )


def _mask_log(floor: Floor, question: Question, hidden: list[Hidden]) -> None:
    """The history goes on without the words; processes that hold events let go of their own."""
    history = list(FloorEvent.objects.filter(floor=floor, question_number=question.number))
    for event in history:
        _mask_told(event.payload["question"], hidden)
    FloorEvent.objects.bulk_update(history, ["payload"])


def _without(text: str, hidden: list[Hidden], *, most: int) -> str:
    """Without the words, and without an identifier among them in another spelling."""
    plain = {masking.letters(one.words) for one in hidden}
    spelled = [
        masking.Hidden(found.words, Redaction.Reason.IDENTIFIER)
        for found in identifiers.find(text)
        if masking.letters(found.words) in plain
    ]
    return masking.mask_told(text, [*hidden, *spelled], most=most)


def _mask_told(told: dict[str, Any], hidden: list[Hidden]) -> None:
    for field, most in LOGGED.items():
        if told.get(field):
            told[field] = _without(told[field], hidden, most=most)
    if told.get("flagged_words"):
        # They are words of the question: only what can still be read there stays.
        readable = f"{told['text']}\n{told.get('original_text', '')}"
        told["flagged_words"] = wordlist.matches(readable, told["flagged_words"])
    if told.get("answer"):
        text = told["answer"]["text"]
        told["answer"]["text"] = _without(text, hidden, most=LONGEST_ANSWER)
