"""Choose the sample questions, say why, edit their words, put them in order and under headings."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from engagements import audit, clock
from engagements.files.text import clean_line
from engagements.refusals import Refused
from qa import masking
from qa.actions.sealing import hidden_in
from qa.models import MAX_LENGTH
from readouts.actions import editing, quoting
from readouts.models import Readout, ReadoutSample

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from engagements.models import User
    from qa.models import Question

Thing = TypeVar("Thing")

MOST: Final = 500
"""Questions in one readout. Who wants to tell more of them forwards the list."""

LONGEST_REASON: Final = 300
LONGEST_HEADING: Final = 120


class SampleEntry(NamedTuple):
    """A sample question as the form gives it back, and its place among the others.

    A reason or a heading that is None stays as it is.
    """

    pk: int
    text: str
    position: int
    reason: str | None = None
    heading: str | None = None


@transaction.atomic
def choose(
    readout: Readout, question: Question, *, by: User, reason: str, heading: str = ""
) -> ReadoutSample:
    """Take a question into the sample, at the end of its heading, with the words of the room.

    `reason` says why it was chosen; the office keeps it for as long as the readout.
    """
    (sample,) = choose_all(readout, [question], by=by, reasons=[reason], heading=heading)
    return sample


@transaction.atomic
def choose_all(
    readout: Readout,
    questions: Sequence[Question],
    *,
    by: User,
    reasons: Sequence[str],
    heading: str = "",
) -> list[ReadoutSample]:
    """The same with several at once, each with its reason: all of them, or none."""
    editing.check_may_edit(readout, by)
    editing.write(readout, by=by)
    for_room = readout.samples.count() + len(questions)
    if for_room > MOST:
        raise Refused(
            "too_many",
            _("A readout can quote %(most)d questions; these would be %(number)d.")
            % {"most": MOST, "number": for_room},
        )
    last = readout.samples.aggregate(last=Max("position"))["last"] or 0
    chosen = []
    for place, (question, reason) in enumerate(zip(questions, reasons, strict=True), last + 1):
        words = _line(reason, LONGEST_REASON, _("Please say why this question is chosen."))
        current = quoting.quotable(readout, question)
        chosen.append(
            ReadoutSample.objects.create(
                readout=readout,
                question=current,
                text=current.text,
                position=place,
                reason=words,
                heading=_line(heading, LONGEST_HEADING),
                chosen_by=by,
                chosen_at=clock.now(),
            )
        )
    _number(readout.samples.all())
    _record_samples(readout, by)
    return chosen


@transaction.atomic
def arrange(
    readout: Readout, *, by: User, revision: int, entries: Iterable[SampleEntry]
) -> Readout:
    """Save words, reasons, headings and places of the sample questions.

    One that is given another's place pushes it aside, away from where it came; those under one
    heading stay together. Raises Overtaken when `revision` is not the last one, and refuses an
    entry that is none of this readout. The question keeps its own words.
    """
    editing.check_may_edit(readout, by)
    editing.write(readout, by=by, revision=revision)
    given = {entry.pk: entry for entry in entries}
    placed = []
    for sample in readout.samples.select_related("question"):
        entry = given.pop(sample.pk, None)
        steps = 0 if entry is None else entry.position - sample.position
        if entry is not None:
            _take_over(sample, entry)
        placed.append((sample.position + steps, steps, sample))
    if given:
        raise _gone()
    placed.sort(key=lambda place: place[:2])
    _number([sample for _position, _steps, sample in placed])
    _record_samples(readout, by)
    return readout


@transaction.atomic
def move(readout: Readout, sample_id: int, *, by: User, steps: int) -> Readout:
    """Put a sample question so many places further down; up with a negative number.

    At the end of those under its heading all of these move, past those under the next one.
    """
    editing.check_may_edit(readout, by)
    editing.write(readout, by=by)
    groups = _groups(readout.samples.all())
    group = next((group for group in groups if sample_id in {one.pk for one in group}), None)
    if group is None:
        raise _gone()
    sample = next(one for one in group if one.pk == sample_id)
    if len(groups) == 1 or 0 <= group.index(sample) + steps < len(group):
        _shift(group, sample, steps)
    else:
        _shift(groups, group, steps)
    _number(chain.from_iterable(groups))
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
    _number(readout.samples.all())
    _record_samples(readout, by)
    return readout


@transaction.atomic
def follow_redaction(question: Question, *, by: User) -> None:
    """Words that are taken out of a question leave the drafts that quote it too; what a version
    says is corrected or withdrawn by people."""
    # In turn with whoever writes the sample: their words are masked here, or they read ours.
    rows = Readout.objects.select_for_update().filter(engagement=question.floor.engagement_id)
    readout = rows.first()
    sample = readout.samples.filter(question=question).first() if readout else None
    if readout is None or sample is None:
        return
    told = masking.mask_told(sample.text, hidden_in(question), most=MAX_LENGTH)
    if told == sample.text:
        return
    sample.text = told
    sample.save(update_fields=["text"])
    Readout.objects.filter(pk=readout.pk).update(revision=F("revision") + 1)
    audit.record(
        "readout.sample_masked",
        readout,
        by=by,
        engagement=readout.engagement,
        question=question.number,
        words=audit.digest(told),
    )


def _take_over(sample: ReadoutSample, entry: SampleEntry) -> None:
    words = quoting.publishable_words(sample.question, entry.text)
    if words != sample.text:
        quoting.check_words(sample.question, words)
    sample.text = words
    if entry.reason is not None and (entry.reason or sample.reason):
        missing = _("Please say why question %(number)d is chosen.")
        told = {"number": sample.question.number}
        sample.reason = _line(entry.reason, LONGEST_REASON, missing % told)
    if entry.heading is not None:
        sample.heading = _line(entry.heading, LONGEST_HEADING)


def _groups(samples: Iterable[ReadoutSample]) -> list[list[ReadoutSample]]:
    """Samples under each heading together, in order; those without one are the first, because
    they would read as part of whatever they followed."""
    groups: dict[str, list[ReadoutSample]] = {"": []}
    for sample in samples:
        groups.setdefault(sample.heading, []).append(sample)
    return [group for group in groups.values() if group]


def _shift(row: list[Thing], thing: Thing, steps: int) -> None:
    there = min(max(row.index(thing) + steps, 0), len(row) - 1)
    row.remove(thing)
    row.insert(there, thing)


def _number(samples: Iterable[ReadoutSample]) -> None:
    ordered = list(chain.from_iterable(_groups(samples)))
    for position, sample in enumerate(ordered, start=1):
        sample.position = position
    ReadoutSample.objects.bulk_update(ordered, ["position", "text", "reason", "heading"])


def _line(text: str, most: int, missing: str = "") -> str:
    words = clean_line(text)
    if missing and not words:
        raise Refused("no_reason", missing)
    if len(words) > most:
        raise Refused(
            "too_long",
            _("“%(start)s…” has %(length)d characters; %(most)d are possible.")
            % {"start": words[:40], "length": len(words), "most": most},
        )
    return words


def _record_samples(readout: Readout, by: User) -> None:
    chosen = list(readout.samples.values_list("question__number", "text", "reason", "heading"))
    audit.record(
        "readout.sample_changed",
        readout,
        by=by,
        engagement=readout.engagement,
        questions=[number for number, *_words in chosen],
        words=audit.digest("\n".join(text for _number, text, *_rest in chosen)),
        reasons=audit.digest("\n".join(reason for *_rest, reason, _heading in chosen)),
        headings=audit.digest("\n".join(heading for *_rest, heading in chosen)),
    )


def _gone() -> Refused:
    return Refused("gone", _("That question is not in the sample any more."))
