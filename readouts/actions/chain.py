"""The office's chain of clearance: which looks a readout needs, in which order, and whose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from engagements import audit
from engagements.files.text import clean_line
from engagements.models import Office, User
from engagements.refusals import NotAllowed, Refused
from readouts import queries, rules
from readouts.models import ClearanceStep

if TYPE_CHECKING:
    from collections.abc import Collection

LONGEST_CHAIN = 20


@transaction.atomic
def add(*, by: User, seen: str, name: str, people: Collection[User]) -> ClearanceStep:
    """At the end of the chain. `seen` is `queries.chain_mark` as the person had it."""
    steps = _take_turn(by, seen)
    if len([step for step in steps if step.is_active]) >= LONGEST_CHAIN:
        raise Refused(
            "too_many",
            _("A chain has at most %(most)d steps.") % {"most": LONGEST_CHAIN},
        )
    step = ClearanceStep.objects.create(name=_name(name), position=len(steps) + 1)
    step.people.set(_approvers(people))
    _number([*steps, step])
    _record("clearance.step_added", step, by=by)
    return step


@transaction.atomic
def edit(
    step_id: int, *, by: User, seen: str, name: str, people: Collection[User], is_active: bool
) -> ClearanceStep:
    """Approvals of the step stand as they are. One that is not in use is asked of no readout."""
    step = _found(_take_turn(by, seen), step_id)
    step.name, step.is_active = _name(name), is_active
    step.save(update_fields=["name", "is_active"])
    step.people.set(_approvers(people) if is_active else people)
    _record("clearance.step_edited", step, by=by)
    return step


@transaction.atomic
def move(step_id: int, *, by: User, seen: str, steps: int) -> ClearanceStep:
    """So many places further down; up with a negative number."""
    every = _take_turn(by, seen)
    step = _found(every, step_id)
    here = every.index(step)
    every.insert(min(max(here + steps, 0), len(every) - 1), every.pop(here))
    _number(every)
    _record("clearance.step_moved", step, by=by)
    return step


def _take_turn(by: User, seen: str) -> list[ClearanceStep]:
    """The chain, under the office's lock: one change at a time, by an administrator of now."""
    Office.objects.select_for_update().get()
    if not rules.may_set_chain(User.objects.get(pk=by.pk)):
        raise NotAllowed("not_allowed", _("You may not change the office's chain of clearance."))
    steps = queries.all_steps()
    if queries.chain_mark(steps) != seen:
        raise Refused(
            "overtaken",
            _("Somebody else has changed the chain meanwhile. Nothing was saved; please look."),
        )
    return steps


def _found(steps: list[ClearanceStep], pk: int) -> ClearanceStep:
    step = next((step for step in steps if step.pk == pk), None)
    if step is None:
        raise NotAllowed("gone", _("There is no such step."))
    return step


def _name(name: str) -> str:
    words = clean_line(name)
    most = ClearanceStep._meta.get_field("name").max_length or 0
    if not words:
        raise Refused("empty", _("Please give the step a name."))
    if len(words) > most:
        raise Refused(
            "too_long", _("The name may have %(most)d characters at most.") % {"most": most}
        )
    return words


def _approvers(people: Collection[User]) -> list[User]:
    """Accounts of the office that can sign in. A step without any would hold up every readout."""
    found = [person for person in people if person.is_office]
    if not found:
        raise Refused("nobody", _("Please name somebody of the office who approves at this step."))
    return found


def _number(steps: list[ClearanceStep]) -> None:
    for position, step in enumerate(steps, start=1):
        step.position = position
    ClearanceStep.objects.bulk_update(steps, ["position"])


def _record(action: str, step: ClearanceStep, *, by: User) -> None:
    audit.record(
        action,
        step,
        by=by,
        name=audit.digest(step.name),
        position=step.position,
        people=sorted(step.people.values_list("pk", flat=True)),
        is_active=step.is_active,
    )
