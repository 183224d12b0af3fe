"""Write the summary; choose the sample questions, edit their words and put them in order.

Two editors never overwrite each other: every change counts the readout's revision up, and who
saves a text says which revision it was written on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import transaction
from django.db.models import F, Max
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements import audit, clock
from engagements.files.text import clean_line, clean_text
from engagements.refusals import NotAllowed, Refused
from qa.models import MAX_LENGTH, Question
from readouts import rules, states
from readouts.models import Readout, ReadoutSample

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engagements.models import User

CLOSED = {
    states.IN_REVIEW: gettext_lazy("The readout is in review. Return it to draft to change it."),
    states.PUBLISHED: gettext_lazy("The readout is published. Open a correction to change it."),
    states.WITHDRAWN: gettext_lazy("The readout is withdrawn. Open a correction to change it."),
}


REFRESHED = (
    "state",
    "summary",
    "facts",
    "small_figures_reason",
    "correction_note",
    "withdrawal_reason",
    "withdrawn_through",
    "revision",
    "last_editor",
    "edited_at",
)
"""What a change may alter. The engagement stays loaded."""


class Overtaken(Refused):
    """Somebody saved first. Nothing was written; `readout` is as it stands now."""

    def __init__(self, readout: Readout) -> None:
        super().__init__(
            "overtaken",
            _("%(name)s saved this readout at %(time)s, while you were working on it.")
            % {
                "name": readout.last_editor or _("Somebody"),
                "time": date_format(readout.engagement.local(readout.edited_at), "P T"),
            },
        )
        self.readout = readout


class SampleEntry(NamedTuple):
    """A sample question as the form gives it back: its words, and its place among the others."""

    pk: int
    text: str
    position: int


@transaction.atomic
def edit(
    readout: Readout,
    *,
    by: User,
    revision: int,
    summary: str,
    posts_presentation: bool | None = None,
    small_figures_reason: str | None = None,
) -> Readout:
    """Save the words around the figures; None keeps what is there.

    Words that stand there already are no change: who only sends them is not the last editor.
    Raises Overtaken when `revision` is not the last one.
    """
    check_may_edit(readout, by)
    readout.refresh_from_db(fields=REFRESHED)
    columns: dict[str, Any] = {"summary": clean_text(summary)}
    if small_figures_reason is not None:
        columns["small_figures_reason"] = clean_line(small_figures_reason)
    if posts_presentation is not None:
        columns["facts"] = readout.facts | {"posts_presentation": posts_presentation}
    is_change = any(getattr(readout, name) != value for name, value in columns.items())
    if not is_change and readout.state == states.DRAFT:
        return readout
    write(readout, by=by, revision=revision, **columns)
    audit.record(
        "readout.edited",
        readout,
        by=by,
        engagement=readout.engagement,
        summary=audit.digest(readout.summary),
        shows_small_figures=bool(readout.small_figures_reason),
    )
    return readout


@transaction.atomic
def choose(readout: Readout, question: Question, *, by: User) -> ReadoutSample:
    """Take a question into the sample, at its end, with the words that the room saw."""
    check_may_edit(readout, by)
    write(readout, by=by)
    question = Question.objects.get(pk=question.pk, floor__engagement_id=readout.engagement_id)
    if question.state not in rules.QUOTABLE:
        raise Refused(
            "not_choosable",
            _("Question %(number)d is %(state)s. Only reviewed questions can be quoted.")
            % {"number": question.number, "state": question.get_state_display()},
        )
    last = readout.samples.aggregate(last=Max("position"))["last"] or 0
    sample, is_new = ReadoutSample.objects.get_or_create(
        readout=readout,
        question=question,
        defaults={"text": question.text, "position": last + 1},
    )
    if not is_new:
        raise Refused(
            "already",
            _("Question %(number)d is in the sample already.") % {"number": question.number},
        )
    _record_samples(readout, by)
    return sample


@transaction.atomic
def arrange(
    readout: Readout, *, by: User, revision: int, entries: Iterable[SampleEntry]
) -> Readout:
    """Save words and places of the sample questions.

    One that is given another's place pushes it aside, away from where it came. Raises Overtaken
    when `revision` is not the last one. The question keeps its own words.
    """
    check_may_edit(readout, by)
    write(readout, by=by, revision=revision)
    given = {entry.pk: entry for entry in entries}
    placed = []
    for sample in readout.samples.select_related("question"):
        entry = given.get(sample.pk, SampleEntry(sample.pk, sample.text, sample.position))
        sample.text = _publishable_words(sample.question, entry.text)
        placed.append((entry.position, entry.position - sample.position, sample))
    placed.sort(key=lambda place: place[:2])
    _number([sample for _position, _steps, sample in placed])
    _record_samples(readout, by)
    return readout


@transaction.atomic
def move(readout: Readout, sample_id: int, *, by: User, steps: int) -> Readout:
    """Put a sample question so many places further down; up with a negative number."""
    check_may_edit(readout, by)
    write(readout, by=by)
    samples = list(readout.samples.all())
    here = next((i for i, sample in enumerate(samples) if sample.pk == sample_id), None)
    if here is None:
        raise _gone()
    there = min(max(here + steps, 0), len(samples) - 1)
    samples.insert(there, samples.pop(here))
    _number(samples)
    _record_samples(readout, by)
    return readout


@transaction.atomic
def remove(readout: Readout, sample_id: int, *, by: User) -> Readout:
    """Take a question out of the sample. The question itself stays as it is."""
    check_may_edit(readout, by)
    write(readout, by=by)
    removed, _rows = readout.samples.filter(pk=sample_id).delete()
    if not removed:
        raise _gone()
    _number(list(readout.samples.all()))
    _record_samples(readout, by)
    return readout


def check_may_edit(readout: Readout, by: User) -> None:
    if not rules.may_edit(by, readout.engagement):
        raise NotAllowed("not_allowed", _("You do not edit this engagement's readout."))


def write(readout: Readout, *, by: User, revision: int | None = None, **columns: Any) -> None:
    """Change a draft and count its revision up, in one UPDATE that fails when it came too late.

    Without a revision the change does not depend on what others wrote. Refreshes `readout`.
    """
    rows = Readout.objects.filter(pk=readout.pk, state=states.DRAFT)
    if revision is not None:
        rows = rows.filter(revision=revision)
    changed = rows.update(
        revision=F("revision") + 1, last_editor=by, edited_at=clock.now(), **columns
    )
    readout.refresh_from_db(fields=REFRESHED)
    if changed:
        return
    if readout.state != states.DRAFT:
        raise Refused("wrong_state", CLOSED[readout.state])
    raise Overtaken(readout)


def _number(samples: list[ReadoutSample]) -> None:
    for position, sample in enumerate(samples, start=1):
        sample.position = position
    ReadoutSample.objects.bulk_update(samples, ["position", "text"])


def _publishable_words(question: Question, text: str) -> str:
    words = clean_text(text)
    if not words:
        raise Refused(
            "empty",
            _("Question %(number)d has no words left. Remove it, or write them.")
            % {"number": question.number},
        )
    if len(words) > MAX_LENGTH:
        raise Refused(
            "too_long",
            _("Question %(number)d has %(length)d characters; %(most)d are possible.")
            % {"number": question.number, "length": len(words), "most": MAX_LENGTH},
        )
    return words


def _record_samples(readout: Readout, by: User) -> None:
    chosen = readout.samples.values_list("question__number", "text")
    audit.record(
        "readout.sample_changed",
        readout,
        by=by,
        engagement=readout.engagement,
        questions=[number for number, _text in chosen],
        words=audit.digest("\n".join(text for _number, text in chosen)),
    )


def _gone() -> Refused:
    return Refused("gone", _("That question is not in the sample any more."))
