"""The labels of one engagement, and which topic is up now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext as _

from engagements import audit
from engagements import states as engagement_states
from engagements.actions import ordering
from engagements.refusals import NotAllowed, Refused
from qa import events, rules
from qa.actions import deciding, sorting
from qa.models import Label

if TYPE_CHECKING:
    from engagements.models import Engagement, User
    from qa.models import Floor

MOST_LABELS: Final = 40
CLOSED: Final = frozenset({engagement_states.ARCHIVED, engagement_states.CANCELLED})


@transaction.atomic
def add(floor: Floor, *, by: User, name: str) -> Label:
    """At the end of the agenda."""
    locked = _lock(floor, by)
    labels = list(locked.engagement.labels.all())
    if len(labels) >= MOST_LABELS:
        raise Refused("too_many", _("There are %(number)d labels, and no more are possible.") % {
            "number": MOST_LABELS
        })  # fmt: skip
    _check_free(locked, name)
    label = Label.objects.create(
        engagement=locked.engagement, name=name, position=ordering.last_place(labels)
    )
    _record("label.added", label, by, locked)
    return label


@transaction.atomic
def rename(floor: Floor, *, by: User, label: int, name: str) -> Label:
    """Its questions go by the new name, everywhere and at once."""
    locked = _lock(floor, by)
    found = _find(locked, label)
    _check_free(locked, name, but=found.pk)
    if found.name == name:
        return found
    found.name = name
    found.save(update_fields=["name"])
    _record("label.renamed", found, by, locked)
    questions = list(locked.questions.described().filter(label=found).order_by("number"))
    shown = {question.number for question in questions if question.is_shown}
    # Nothing was decided about them, so nobody's decision is overtaken by this.
    events.append_questions(locked, questions, act="label.renamed", by=by, shown_before=shown)
    if locked.current_label_id == found.pk:
        locked.current_label = found
        events.append_floor(locked)
    return found


@transaction.atomic
def move(floor: Floor, *, by: User, label: int, up: bool) -> None:
    """A step in the order of the agenda."""
    locked = _lock(floor, by)
    found = _find(locked, label)
    ordering.number(ordering.moved(list(locked.engagement.labels.all()), found, up=up))
    _record("label.moved", found, by, locked)


@transaction.atomic
def remove(floor: Floor, *, by: User, label: int, to: int | None = None) -> int:
    """Its questions get the label `to`, or none. Gives how many they were."""
    locked = _lock(floor, by)
    found = _find(locked, label)
    heir = sorting.label_of(locked, to)
    if heir == found:
        raise Refused("invalid", _("Please choose another label for its questions, or none."))
    batch = deciding.Batch(locked, by)
    for question in locked.questions.described().filter(label=found).order_by("number"):
        batch.put(question, sorting.labelled(heir))
    batch.write()
    if locked.current_label_id == found.pk:
        _put_up(locked, None, by)
    _record("label.removed", found, by, locked, questions=len(batch.done))
    found.delete()
    return len(batch.done)


@transaction.atomic
def set_topic(floor: Floor, *, by: User, label: int | None) -> Floor:
    """The topic that is up: room, desk and screen say so, and new questions get its label."""
    locked = deciding.lock(floor, by)
    found = sorting.label_of(locked, label)
    if (found.pk if found else None) == locked.current_label_id:
        raise Refused(
            "already",
            _("“%(topic)s” is up already.") % {"topic": found.name}
            if found
            else _("No topic is up already."),
        )
    _put_up(locked, found, by)
    return locked


def copy(source: Engagement, made: Engagement) -> None:
    """The labels for a clone, in their order."""
    Label.objects.bulk_create(
        Label(engagement=made, name=label.name, position=label.position)
        for label in source.labels.all()
    )


def _put_up(floor: Floor, label: Label | None, by: User) -> None:
    floor.current_label = label
    floor.save(update_fields=["current_label"])
    events.append_floor(floor)
    number = label.pk if label else None
    audit.record("floor.topic", floor, by=by, engagement=floor.engagement, label=number)


def _lock(floor: Floor, by: User) -> Floor:
    if not rules.may_moderate(by, floor.engagement):
        raise NotAllowed("not_allowed", _("You do not moderate this engagement."))
    locked = events.lock(floor.pk)
    if locked.engagement.state in CLOSED:
        raise Refused("wrong_state", _("This engagement is over, and its labels stay."))
    return locked


def _find(floor: Floor, pk: int) -> Label:
    label = floor.engagement.labels.filter(pk=pk).first()
    if label is None:
        raise NotAllowed("unknown_label", _("There is no such label here."))
    return label


def _check_free(floor: Floor, name: str, *, but: int = 0) -> None:
    taken = floor.engagement.labels.filter(name__iexact=name).exclude(pk=but)
    if taken.exists():
        raise Refused("name", _("There is a label with this name already."))


def _record(action: str, label: Label, by: User, floor: Floor, **detail: int) -> None:
    audit.record(action, label, by=by, engagement=floor.engagement, **detail)
