"""Which topic a question belongs to, and who should answer it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from engagements.refusals import Refused
from qa.actions import deciding

if TYPE_CHECKING:
    from engagements.models import Speaker, User
    from qa.models import Floor, Label, Question


@transaction.atomic
def set_label(floor: Floor, *, by: User, number: int, seen: int, label: int | None) -> Question:
    """`label` is one of the engagement's, None takes it off."""
    locked, question = deciding.take(floor, by, number, seen)
    return put_label(locked, question, label_of(locked, label), by=by)


@transaction.atomic
def assign(floor: Floor, *, by: User, number: int, seen: int, speaker: int | None) -> Question:
    """`speaker` is one of the engagement's, None leaves it to all of them."""
    locked, question = deciding.take(floor, by, number, seen)
    return put_speaker(locked, question, speaker_of(locked, speaker), by=by)


def put_label(locked: Floor, question: Question, label: Label | None, *, by: User) -> Question:
    act = "question.labelled"
    return deciding.store(locked, question, by, act, decides=False, label=label)


def put_speaker(
    locked: Floor, question: Question, speaker: Speaker | None, *, by: User
) -> Question:
    act = "question.assigned"
    return deciding.store(locked, question, by, act, decides=False, speaker=speaker)


def label_of(floor: Floor, pk: int | None) -> Label | None:
    label = floor.engagement.labels.filter(pk=pk).first() if pk else None
    if pk and label is None:
        raise Refused("invalid", _("Please choose one of the labels."))
    return label


def speaker_of(floor: Floor, pk: int | None) -> Speaker | None:
    speaker = floor.engagement.speakers.filter(pk=pk).first() if pk else None
    if pk and speaker is None:
        raise Refused("invalid", _("Please choose one of the speakers."))
    return speaker
