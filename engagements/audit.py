"""Write one audit entry, inside the transaction of what it tells of."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from engagements import clock, rows
from engagements.models import AuditEntry, Registration, User

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from django.db.models import Model

    from engagements.models import Engagement

    Actor = User | Registration | str


def record(
    action: str,
    subject: Model,
    *,
    by: Actor,
    engagement: Engagement | None = None,
    **detail: Any,
) -> AuditEntry:
    """`by` is an account, a stakeholder, or the name of a part of the system.

    The detail holds numbers, states and digests only: no name, address or question text.
    """
    return AuditEntry.objects.create(
        actor=by if isinstance(by, User) else None,
        actor_label=label(by),
        action=action,
        subject=_named(subject),
        engagement=engagement,
        detail=detail,
    )


def record_all(
    action: str,
    done: Iterable[tuple[Model, Actor, dict[str, Any]]],
    *,
    engagement: Engagement | None = None,
) -> None:
    """The entries of many at once: what it was done to, by whom, and the detail of each."""
    now = clock.now()
    rows.insert(
        AuditEntry,
        ("at", "actor_id", "actor_label", "action", "subject", "engagement_id", "detail"),
        [
            (
                now,
                by.pk if isinstance(by, User) else None,
                label(by),
                action,
                _named(subject),
                engagement.pk if engagement else None,
                detail,
            )
            for subject, by, detail in done
        ],
    )


def _named(subject: Model) -> str:
    return f"{subject._meta.label_lower}:{subject.pk}"


def last_change(engagement: Engagement, actions: Collection[str]) -> str:
    """Who did one of these last, and when, as a sentence; "" when it was nobody with an account."""
    entry = (
        AuditEntry.objects.filter(engagement=engagement, action__in=actions)
        .select_related("actor")
        .first()
    )
    if entry is None or entry.actor is None:
        return ""
    return _("%(name)s changed that on %(moment)s.") % {
        "name": entry.actor,
        "moment": date_format(engagement.local(entry.at), "F j, P T"),
    }


def label(by: Actor) -> str:
    if isinstance(by, str):
        return by
    return f"account:{by.pk}" if isinstance(by, User) else registration(by.pk)


def registration(pk: int | None) -> str:
    """How the log names a stakeholder."""
    return f"registration:{pk}"


def digest(text: str) -> str:
    """Stands for a text in the log without telling it."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
