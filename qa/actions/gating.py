"""The identifier gate: what looks like a personal identifier is found, and waits for a decision.

The office's words are flagged at the same time; they mark a question and do nothing more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from engagements import clock
from engagements.refusals import NotAllowed, Refused
from qa import events, identifiers, rules, states, wordlist
from qa.actions import deciding, sealing
from qa.models import Finding, FlaggedWord, Question

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from engagements.models import User
    from qa.models import Floor

VERDICTS: Final = {
    states.FINDING_NO_IDENTIFIER: "question.finding_dismissed",
    states.FINDING_KEPT: "question.finding_kept",
    states.FINDING_OPEN: "question.finding_reopened",
}
"""What may be decided about a finding, and what the log calls it. Redacting is an action apart."""


def examine(floor: Floor, questions: Sequence[Question]) -> None:
    """Look through questions that are about to be stored, and mark them with what is found. They
    have no translations yet.

    `floor` is the locked one that they are stored on. Costs one query.
    """
    assert all(question.floor_id == floor.pk for question in questions)
    listed = flagged_words()
    for question in questions:
        question.open_findings = _kinds(_found(question))
        question.flagged_words = _flagged(question, listed)


def record_findings(questions: Iterable[Question]) -> None:
    """What `examine` has marked, once the questions have their keys."""
    Finding.objects.bulk_create(
        Finding(question_id=question.pk, kind=kind, words=words)
        for question in questions
        if question.open_findings
        for kind, words in _found(question)
    )


def reexamine(question: Question, listed: Sequence[str] | None = None) -> dict[str, Any]:
    """Look through a stored question whose words, in memory, are other ones now.

    Findings that are new are stored, open ones whose words are gone are not kept. What was decided
    about words counts for the same words again. Gives what has changed of the question's row.
    """
    if question.is_redacted:
        sealing.follow_edit(question)
    found = found_in(question)
    is_open = _settle(question, found) if found or question.open_findings else []
    marks = {
        "open_findings": _kinds(is_open),
        "flagged_words": _flagged(question, flagged_words() if listed is None else listed),
    }
    return {name: mark for name, mark in marks.items() if mark != getattr(question, name)}


def _settle(question: Question, found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Bring the rows in step; gives what of the found ones is open."""
    known = {row.words: row for row in question.findings.exclude(words="")}
    Finding.objects.bulk_create(
        Finding(question=question, kind=kind, words=words)
        for kind, words in found
        if words not in known
    )
    standing = {words for _kind, words in found}
    question.findings.filter(state=states.FINDING_OPEN).exclude(words__in=standing).delete()
    return [
        (kind, words)
        for kind, words in found
        if words not in known or known[words].state == states.FINDING_OPEN
    ]


@transaction.atomic
def reexamine_list(floor: Floor) -> list[Question]:
    """Look through all questions of a floor as they are now; gives those with open findings.

    For a list that is about to leave: the office's patterns and words may be newer than a question.
    """
    locked = events.lock(floor.pk)
    listed = flagged_words()
    waiting = []
    standing = locked.questions.described().exclude(state=states.WITHDRAWN)
    for question in standing.prefetch_related("translations"):
        changes = reexamine(question, listed)
        if changes:
            _mark(locked, question, changes)
        if question.open_findings:
            waiting.append(question)
    return waiting


@transaction.atomic
def decide(
    floor: Floor, *, by: User, number: int, seen: int, finding: int, verdict: str, reason: str = ""
) -> Question:
    """Say that words are no identifier, that they stay for a reason, or that it is open again.

    By who moderates or, once the engagement is over, who forwards. The log tells the verdict; the
    reason stands with the finding.
    """
    if not rules.may_decide_about_findings(by, floor.engagement):
        raise NotAllowed("not_allowed", _("You do not decide about identifiers here."))
    locked = events.lock(floor.pk)
    question = deciding.pick(locked, number, seen)
    row = question.findings.filter(pk=finding).first()
    if row is None:
        raise NotAllowed("unknown_finding", _("There is no such finding in this question."))
    _check(row, verdict, reason)
    row.state, row.reason = verdict, reason if verdict == states.FINDING_KEPT else ""
    row.decided_by, row.decided_at = by, clock.now()
    row.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    changes = reexamine(question)
    return deciding.store(locked, question, by, VERDICTS[verdict], decides=False, **changes)


def undecided(floor: Floor) -> list[int]:
    """Numbers of questions that hold an identifier nobody has decided about, as they are now."""
    let_pass = decided(floor)
    return [
        question.number
        for question in floor.questions.exclude(state=states.WITHDRAWN).prefetch_related(
            "translations"
        )
        if any((question.pk, words) not in let_pass for _kind, words in found_in(question))
    ]


def decided(floor: Floor) -> frozenset[tuple[int, str]]:
    """Keys of questions, and words in them that somebody lets pass."""
    found = Finding.objects.filter(
        question__floor=floor, state__in=[states.FINDING_NO_IDENTIFIER, states.FINDING_KEPT]
    )
    return frozenset(found.values_list("question", "words"))


def found_in(question: Question) -> list[tuple[str, str]]:
    """Kinds and words, each pair once, in all that the agency or the public may read of it."""
    return _found(question, (one.text for one in question.translations.all()))


def _found(question: Question, translated: Iterable[str] = ()) -> list[tuple[str, str]]:
    texts = dict.fromkeys(
        (question.text, question.original_text, question.dismissal_text, *translated)
    )
    return list(
        dict.fromkeys((one.kind, one.words) for text in texts for one in identifiers.find(text))
    )


def flagged_words() -> list[str]:
    """The office's list, in its order."""
    return list(FlaggedWord.objects.values_list("word", flat=True))


def _check(row: Finding, verdict: str, reason: str) -> None:
    if verdict not in VERDICTS:
        raise Refused("invalid", _("Please say what it is."))
    if row.state == states.FINDING_REDACTED:
        raise Refused("already", _("These words are redacted. Undo the redaction first."))
    if row.state == verdict and row.reason == reason:
        raise Refused("already", _("This is decided already."))
    if verdict == states.FINDING_KEPT and not reason:
        raise Refused("invalid", _("Please say why the words stay."))


def _mark(floor: Floor, question: Question, changes: dict[str, Any]) -> None:
    """The row and the log. Nobody decided anything, so there is no entry of the audit."""
    changes["revision"] = question.revision + 1
    for field, value in changes.items():
        setattr(question, field, value)
    question.save(update_fields=list(changes))
    events.append_question(floor, question, act="question.examined", was_shown=question.is_shown)


def _kinds(found: Iterable[tuple[str, str]]) -> list[str]:
    return list(dict.fromkeys(kind for kind, _words in found))


def _flagged(question: Question, listed: Sequence[str]) -> list[str]:
    if not listed:
        return []
    return wordlist.matches(f"{question.text}\n{question.original_text}", listed)
