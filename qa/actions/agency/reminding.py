"""Remind an agency of what it was to answer, and tell the office when it has not."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from engagements import audit, clock, outbox
from engagements.models import Office, Role, User
from qa import due_dates, states
from qa.models import ExtensionRequest, Forwarding, Reminder
from qa.queries.agency import promises
from qa.queries.agency.forwardings import leads_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from qa.due_dates import Step
    from qa.queries.agency.promises import AnswerCount

SYSTEM: Final = "remind of due dates"
_NEAR: Final = timedelta(days=1 - due_dates.REMINDED[0])
"""From the first reminder on, and a day more, since it may be tomorrow already elsewhere."""


class _Told(NamedTuple):
    """What somebody is to be told of a list now."""

    kind: str
    step: Step
    template: str
    page: str
    people: list[User]


def remind() -> int:
    """Whoever is to be told by now of a list in force. Gives how many mails were laid down.

    Of a list whose questions the agency has all returned nobody is told anything.
    """
    pending = [row.pk for row in _lists() if any(step for _kind, step in _untaken(row))]
    counts = promises.counted(pending)
    return sum(_look_at(pk) for pk, count in counts.items() if count.outstanding)


@transaction.atomic
def _look_at(pk: int) -> int:
    """Locked and looked at anew, so that two workers write once, and nobody of a recalled list."""
    forwarding = _lists().select_for_update(of=("self",)).filter(pk=pk).first()
    if forwarding is None:
        return 0
    count = promises.counted([pk])[pk]
    if not count.outstanding:
        return 0
    return sum(_tell(forwarding, told, count) for told in _to_tell(forwarding) if told.people)


def _lists() -> QuerySet[Forwarding]:
    """Those in force whose due date is near or gone."""
    rows = promises.lists_in_force().filter(due_on__lte=(clock.now() + _NEAR).date())
    rows = rows.select_related("engagement__series", "agency")
    return rows.prefetch_related("reminders", "extensions").order_by("pk")


def _untaken(forwarding: Forwarding) -> list[tuple[str, Step | None]]:
    """The steps for the agency and for the office that have come and that nobody took."""
    if forwarding.due_on is None or forwarding.sent_at is None:
        return []
    local = forwarding.engagement.local
    granted = [
        one.decided_at
        for one in forwarding.extensions.all()
        if one.state == ExtensionRequest.State.GRANTED and one.decided_at
    ]
    since = local(max([forwarding.sent_at, *granted]))
    taken = {(one.kind, one.days, one.due_on) for one in forwarding.reminders.all()}
    found: list[tuple[str, Step | None]] = []
    for steps, is_ours in ((due_dates.REMINDED, False), (due_dates.ESCALATED, True)):
        step = due_dates.step(forwarding.due_on, steps, now=local(clock.now()), since=since)
        kind = Reminder.Kind.ESCALATED if is_ours else _kind(step)
        is_new = step is not None and (kind, step.days, forwarding.due_on) not in taken
        found.append((kind, step if is_new else None))
    return found


def _kind(step: Step | None) -> str:
    if step is None or step.days == 0:
        return Reminder.Kind.DUE
    return Reminder.Kind.BEFORE if step.days > 0 else Reminder.Kind.AFTER


def _to_tell(forwarding: Forwarding) -> list[_Told]:
    (kind, reminder), (ours, escalation) = _untaken(forwarding)
    found = []
    if reminder is not None:
        page = reverse("agency-forwarding", args=[forwarding.pk])
        found.append(
            _Told(kind, reminder, "qa/answers_due", page, list(leads_of(forwarding.agency)))
        )
    if escalation is not None:
        page = reverse("forwardings", args=[forwarding.engagement.slug])
        people = _office_of(forwarding)
        found.append(_Told(ours, escalation, "qa/answers_overdue", page, people))
    return found


def _office_of(forwarding: Forwarding) -> list[User]:
    """The engagement's editors, and the administrators."""
    editors = forwarding.engagement.memberships.filter(role=Role.EDITOR)
    people = User.objects.filter(
        Q(is_administrator=True) | Q(pk__in=editors.values("user")),
        is_active=True,
        agency__isnull=True,
    )
    return list(people)


def _tell(forwarding: Forwarding, told: _Told, count: AnswerCount) -> int:
    if forwarding.due_on is None:
        raise ValueError(f"{forwarding} has no due date to write of")
    Reminder.objects.create(
        forwarding=forwarding,
        kind=told.kind,
        days=told.step.days,
        due_on=forwarding.due_on,
        sent_at=clock.now(),
    )
    audit.record(
        "forwarding.reminded",
        forwarding,
        by=SYSTEM,
        engagement=forwarding.engagement,
        kind=told.kind,
        days=told.step.days,
        outstanding=count.outstanding,
        asked=count.asked,
    )
    left = due_dates.days_left(forwarding.due_on, forwarding.engagement.local(clock.now()))
    _write(forwarding, told, count, left)
    return len(told.people)


def _write(forwarding: Forwarding, told: _Told, count: AnswerCount, left: int) -> None:
    shared: dict[str, Any] = {
        "engagement": forwarding.engagement,
        "office": Office.current(),
        "forwarding": forwarding,
        "agency": forwarding.agency,
        "count": count,
        # Nobody writes theirs: the agency's page tells the states of the others alone.
        "has_merged": forwarding.questions.filter(question__state=states.MERGED).exists(),
        "left": left,
        "overdue": -left,
        "extension": _asked_for(list(forwarding.extensions.all())),
        "has_liaisons": leads_of(forwarding.agency).exists(),
        "was_taken": forwarding.receipts.filter(taken_by__agency=forwarding.agency_id).exists(),
        "link": outbox.absolute(told.page),
    }
    for person in told.people:
        outbox.post(told.template, to=person.email, name=person.name, **shared)


def _asked_for(extensions: Sequence[ExtensionRequest]) -> ExtensionRequest | None:
    """A request for more time about which nobody has decided."""
    return next((one for one in extensions if one.state == ExtensionRequest.State.ASKED), None)
