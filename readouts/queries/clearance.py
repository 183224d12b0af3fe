"""Who has cleared a readout, step by step, and what of it still counts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db.models import F, Prefetch, Q
from django.utils.translation import gettext as _

from engagements.models import AuditEntry, User
from readouts import states
from readouts.models import Approval, ClearanceStep, Readout, Return
from readouts.queries.drafts import document_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from readouts.document import Document

HISTORY: Final = (
    "readout.submit",
    "readout.publish",
    "readout.correct",
    "readout.withdraw",
    "readout.schedule",
    "readout.unschedule",
    "readout.not_published",
)
CHANGING: Final = (
    "readout.edited",
    "readout.sample_changed",
    "readout.refreshed",
    "readout.correct",
)
"""Entries of a readout that count its revision up."""


@dataclass(frozen=True)
class Void:
    """An approval that counts no more, and by what: who changed the text, and when.

    Without a `changed_at` nobody changed the readout, but something that it shows.
    """

    approval: Approval
    changed_by: User | None = None
    changed_at: datetime | None = None


@dataclass(frozen=True)
class Look:
    """One step of the chain, as far as a readout has come."""

    step: ClearanceStep
    approval: Approval | None
    void: tuple[Void, ...]
    is_next: bool
    has_people: bool
    """Somebody can approve here who did not write the last words."""


@dataclass(frozen=True)
class Clearance:
    """A readout's way through the chain. `digest` is that of the document as it would be published
    now; only approvals of exactly this one count."""

    digest: str
    looks: tuple[Look, ...]

    @property
    def next_step(self) -> ClearanceStep | None:
        return next((look.step for look in self.looks if look.is_next), None)

    @property
    def is_complete(self) -> bool:
        return self.next_step is None

    def record(self) -> list[dict[str, Any]]:
        """Who approved this text, as a version keeps it: JSON, for the office only."""
        approvals = (look.approval for look in self.looks if look.approval)
        return [
            {
                "step": approval.step.name,
                "account": approval.by_id,
                "name": approval.by.name,
                "at": approval.at.isoformat(),
                "digest": approval.digest,
                "revision": approval.revision,
                "remark": approval.remark,
            }
            for approval in approvals
        ]


@dataclass(frozen=True)
class Event:
    """Something that happened on the way of a readout to the public."""

    at: datetime
    words: str
    by: User | None
    note: str = ""
    is_void: bool = False
    """An approval of a text that is neither published nor the one of now."""


def chain() -> list[ClearanceStep]:
    """The steps in use, in order, with their people."""
    return list(_steps().filter(is_active=True))


def all_steps() -> list[ClearanceStep]:
    """Those in use first, in order."""
    return sorted(_steps(), key=lambda step: not step.is_active)


def chain_mark(steps: Iterable[ClearanceStep]) -> str:
    """Stands for the chain as it is, so that a change of another one is noticed."""
    told = [
        (step.pk, step.name, step.is_active, [person.pk for person in step.people.all()])
        for step in steps
    ]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def clearance_of(
    readout: Readout,
    document: Document | None = None,
    steps: Sequence[ClearanceStep] | None = None,
) -> Clearance:
    """`document`: what would be published, and `steps`: the chain, where they are at hand."""
    digest = (document or document_of(readout)).digest
    given = list(_approvals(readout))
    counting = {
        approval.step_id: approval
        for approval in given
        if approval.digest == digest and approval.revision == readout.revision
    }
    void = _void(readout, [one for one in given if one not in counting.values()])
    looks: list[Look] = []
    is_open = False
    for step in chain() if steps is None else steps:
        approval = counting.get(step.pk)
        is_next = approval is None and not is_open
        is_open = is_open or is_next
        looks.append(
            Look(
                step=step,
                approval=approval,
                void=tuple(one for one in void if one.approval.step_id == step.pk),
                is_next=is_next,
                has_people=any(_can_approve(person, readout) for person in step.people.all()),
            )
        )
    return Clearance(digest, tuple(looks))


def last_return(readout: Readout) -> Return | None:
    """Why it is a draft again; None once it was submitted anew."""
    if readout.state != states.DRAFT:
        return None
    found = readout.returns.select_related("by", "step").last()
    if found is None or _entries(readout, ["readout.submit"]).filter(at__gt=found.at).exists():
        return None
    return found


def to_clear(user: User) -> list[tuple[Readout, ClearanceStep]]:
    """Readouts that wait for this person's approval, the longest waiting first."""
    steps = chain()
    own = {step.pk for step in steps if user.pk in {person.pk for person in step.people.all()}}
    if not own:
        return []
    waiting = Readout.objects.filter(state=states.IN_REVIEW).exclude(last_editor=user.pk)
    of_this_text = Approval.objects.filter(revision=F("readout__revision"))
    given = set(of_this_text.filter(readout__in=waiting).values_list("readout", flat=True))
    found = []
    for readout in waiting.select_related("engagement__series").order_by("edited_at"):
        # Composing a readout takes many queries: only where somebody has approved it.
        step = steps[0]
        if readout.pk in given:
            later = clearance_of(readout, steps=steps).next_step
            if later is None:
                continue
            step = later
        if step.pk in own:
            found.append((readout, step))
    return found


def history(readout: Readout) -> list[Event]:
    """Everything on the way to the public, the latest first."""
    counting = _counting(readout)
    approvals = [
        Event(
            one.at,
            _("Approved: %(step)s") % {"step": one.step},
            one.by,
            one.remark,
            is_void=(one.by_id, one.at.isoformat()) not in counting,
        )
        for one in readout.approvals.select_related("step", "by")
    ]
    returns = [
        Event(one.at, _("Returned to draft"), one.by, one.note)
        for one in readout.returns.select_related("by")
    ]
    moves = [
        Event(entry.at, _words(entry), entry.actor)
        for entry in _entries(readout, HISTORY).select_related("actor")
    ]
    return sorted([*approvals, *returns, *moves], key=lambda event: event.at, reverse=True)


def _counting(readout: Readout) -> set[tuple[int, str]]:
    """By whom and when: approvals that a version was published by, and those of the text of now."""
    records = [*readout.versions.values_list("approvals", flat=True)]
    records.append(clearance_of(readout).record())
    return {(entry["account"], entry["at"]) for record in records for entry in record}


def _words(entry: AuditEntry) -> str:
    if entry.action == "readout.publish" and entry.detail.get("by_clock"):
        return _("Published by the clock")
    if entry.action == "readout.not_published" and entry.detail.get("reason") == "failed":
        return _("Not published by the clock: an error stood in the way")
    return {
        "readout.submit": _("Submitted for review"),
        "readout.publish": _("Published"),
        "readout.correct": _("Correction opened"),
        "readout.withdraw": _("Withdrawn"),
        "readout.schedule": _("Set to be published by the clock"),
        "readout.unschedule": _("Taken off the clock"),
        "readout.not_published": _("Not published by the clock: something had changed"),
    }[entry.action]


def _steps() -> QuerySet[ClearanceStep]:
    people = Prefetch("people", User.objects.order_by("name"))
    return ClearanceStep.objects.prefetch_related(people)


def _approvals(readout: Readout) -> QuerySet[Approval]:
    """Since the last version: that one keeps its own."""
    latest = readout.versions.values_list("published_at", flat=True).first()
    found = readout.approvals.select_related("step", "by")
    if latest is None:
        return found
    since = Q(at__gt=latest)
    if readout.state in {states.DRAFT, states.IN_REVIEW}:
        # A correction counts the revision up. A clock that was put back would hide these.
        since |= Q(revision=readout.revision)
    return found.filter(since)


def _can_approve(person: User, readout: Readout) -> bool:
    return person.is_office and person.pk != readout.last_editor_id


def _void(readout: Readout, approvals: list[Approval]) -> list[Void]:
    if not approvals:
        return []
    earliest = min(approval.at for approval in approvals)
    changes = _entries(readout, CHANGING).filter(at__gte=earliest).select_related("actor")
    in_order = list(changes.order_by("pk"))
    return [_voided(readout, approval, in_order) for approval in approvals]


def _voided(readout: Readout, approval: Approval, changes: list[AuditEntry]) -> Void:
    if approval.revision == readout.revision:
        return Void(approval)
    change = next((entry for entry in changes if entry.at >= approval.at), None)
    if change is None:
        return Void(approval, readout.last_editor, readout.edited_at)
    return Void(approval, change.actor, change.at)


def _entries(readout: Readout, actions: Collection[str]) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(
        engagement=readout.engagement,
        action__in=actions,
        subject=f"{readout._meta.label_lower}:{readout.pk}",
    )
