"""Remind people of what was promised: shortly before it is due, when it is overdue, and weekly."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.urls import reverse

from engagements import audit, clock, outbox
from engagements.models import AuditEntry, Membership, Role, User
from readouts.actions.promising import SYSTEM
from readouts.models import Commitment
from readouts.queries.commitments import today

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

BEFORE: Final = timedelta(days=3)
AGAIN: Final = timedelta(days=7)
REMINDED: Final = "commitment.reminded"


@transaction.atomic
def remind() -> int:
    """One mail to each person with all that is due of theirs. Gives how many mails.

    What has no owner is told to the engagement's editors. The log knows of what was reminded, and
    the rows are locked while it is asked, so that two workers write once.
    """
    due = Commitment.objects.select_for_update(of=("self",)).filter(
        state=Commitment.State.OPEN, due_on__lte=today() + BEFORE
    )
    rows = list(due.select_related("engagement", "engagement__series", "owner"))
    reminded = _last_reminders(rows)
    wanted = [row for row in rows if _is_wanted(row, reminded.get(row.pk))]
    for row in wanted:
        detail = {"due": row.due_on.isoformat() if row.due_on else None}
        audit.record(REMINDED, row, by=SYSTEM, engagement=row.engagement, **detail)
    by_person = _by_person(wanted)
    for person, commitments in by_person.items():
        _write(person, commitments)
    return len(by_person)


def _is_wanted(commitment: Commitment, last: tuple[date, str | None] | None) -> bool:
    """The first time, after the date was moved, once it is overdue, and then each week."""
    if last is None or commitment.due_on is None:
        return True
    reminded_on, due = last
    if due != commitment.due_on.isoformat():
        return True
    is_overdue = commitment.due_on < today()
    return is_overdue and (reminded_on <= commitment.due_on or today() - reminded_on >= AGAIN)


def _last_reminders(rows: Iterable[Commitment]) -> dict[int, tuple[date, str | None]]:
    """Of each that was reminded of: when last, and of which date."""
    subjects = {f"{row._meta.label_lower}:{row.pk}": row.pk for row in rows}
    entries = AuditEntry.objects.filter(
        engagement__in={row.engagement_id for row in rows}, action=REMINDED, subject__in=subjects
    )
    return {
        subjects[entry.subject]: (today(entry.at), entry.detail.get("due"))
        for entry in entries.order_by("pk")
    }


def _by_person(commitments: Iterable[Commitment]) -> dict[User, list[Commitment]]:
    editors = defaultdict(list)
    without = {row.engagement_id for row in commitments if not _owner(row)}
    members = Membership.objects.filter(
        engagement__in=without, role=Role.EDITOR, user__is_active=True
    )
    for membership in members.select_related("user"):
        editors[membership.engagement_id].append(membership.user)
    found: dict[User, list[Commitment]] = defaultdict(list)
    for row in commitments:
        owner = _owner(row)
        for person in [owner] if owner else editors[row.engagement_id]:
            found[person].append(row)
    return found


def _owner(commitment: Commitment) -> User | None:
    """Nobody, when whoever saw to it has left."""
    owner = commitment.owner
    return owner if owner is not None and owner.is_active else None


def _write(person: User, commitments: list[Commitment]) -> None:
    outbox.post(
        "readouts/commitments",
        to=person.email,
        name=person.name,
        overdue=[row for row in commitments if row.due_on and row.due_on < today()],
        due=[row for row in commitments if row.due_on and row.due_on >= today()],
        count=len(commitments),
        link=outbox.absolute(reverse("commitments") + "?mine=on"),
        now=clock.now(),
    )
