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
    return _store(locked, question, by, labelled(label_of(locked, label)))


@transaction.atomic
def assign(floor: Floor, *, by: User, number: int, seen: int, speaker: int | None) -> Question:
    """`speaker` is one of the engagement's, None leaves it to all of them."""
    locked, question = deciding.take(floor, by, number, seen)
    return _store(locked, question, by, assigned(speaker_of(locked, speaker)))


def labelled(label: Label | None) -> deciding.Change:
    return deciding.Change("question.labelled", {"label": label}, decides=False)


def assigned(speaker: Speaker | None) -> deciding.Change:
    return deciding.Change("question.assigned", {"speaker": speaker}, decides=False)


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


def _store(locked: Floor, question: Question, by: User, change: deciding.Change) -> Question:
    act, values, decides = change
    return deciding.store(locked, question, by, act, decides=decides, **values)
