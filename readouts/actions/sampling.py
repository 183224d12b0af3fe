"""Choose the sample questions, edit their words and put them in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from engagements import audit
from engagements.files.text import clean_text
from engagements.refusals import Refused
from qa.models import MAX_LENGTH, Question
from readouts import rules
from readouts.models import Readout, ReadoutSample

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engagements.models import User

from readouts.actions import editing


class SampleEntry(NamedTuple):
    """A sample question as the form gives it back: its words, and its place among the others."""

    pk: int
    text: str
    position: int


@transaction.atomic
def choose(readout: Readout, question: Question, *, by: User) -> ReadoutSample:
    """Take a question into the sample, at its end, with the words that the room saw."""
    editing.check_may_edit(readout, by)
    editing.write(readout, by=by)
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
    editing.check_may_edit(readout, by)
    editing.write(readout, by=by, revision=revision)
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
    editing.check_may_edit(readout, by)
    editing.write(readout, by=by)
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
    editing.check_may_edit(readout, by)
    editing.write(readout, by=by)
    removed, _rows = readout.samples.filter(pk=sample_id).delete()
    if not removed:
        raise _gone()
    _number(list(readout.samples.all()))
    _record_samples(readout, by)
    return readout


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
