"""The outbox as a queue: take a mail, say what became of it, take over what was left lying."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import F

from engagements import clock
from engagements.models import OutgoingMail

if TYPE_CHECKING:
    from django.db.models import QuerySet

BACK_OFF_MINUTES: Final = (1, 5, 15, 60)
"""Waits after the first failures; the last one is repeated."""

MOST_ATTEMPTS: Final = 10
LEFT_LYING: Final = timedelta(minutes=10)
"""A mail taken so long ago belongs to a worker that was killed."""

LONGEST_ERROR: Final = 300


def due(limit: int) -> list[int]:
    """Keys of mails to send next: first what one person waits for, then what many get."""
    waiting = _waiting().order_by("due_at", "pk").values_list("pk", flat=True)
    personal = list(waiting.filter(mailing=None)[:limit])
    return personal or list(waiting[:limit])


def take(pk: int) -> OutgoingMail | None:
    """The mail, for the caller alone; None when it is not due any more. Counts the attempt."""
    # Of several workers that saw the row, one changes it.
    taken = (
        _waiting()
        .filter(pk=pk)
        .update(state=OutgoingMail.State.SENDING, taken_at=clock.now(), attempts=F("attempts") + 1)
    )
    return OutgoingMail.objects.get(pk=pk) if taken else None


def mark_sent(mail: OutgoingMail) -> None:
    OutgoingMail.objects.filter(pk=mail.pk).update(
        state=OutgoingMail.State.SENT, sent_at=clock.now(), last_error=""
    )


def mark_failed(mail: OutgoingMail, *, error: str) -> None:
    """Due again later; given up after `MOST_ATTEMPTS`."""
    _put_back(mail, error=error, wait=_wait_after(mail.attempts))


def take_over_left_lying() -> int:
    """Mail of killed workers becomes due again. Returns how many."""
    left = OutgoingMail.objects.filter(
        state=OutgoingMail.State.SENDING, taken_at__lt=clock.now() - LEFT_LYING
    )
    mails = list(left)
    for mail in mails:
        _put_back(mail, error="the worker was stopped while sending", wait=timedelta())
    return len(mails)


def _waiting() -> QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(state=OutgoingMail.State.WAITING, due_at__lte=clock.now())


def _put_back(mail: OutgoingMail, *, error: str, wait: timedelta) -> None:
    given_up = mail.attempts >= MOST_ATTEMPTS
    # Only the attempt that is meant: by now another worker may have taken the mail over.
    OutgoingMail.objects.filter(
        pk=mail.pk, state=OutgoingMail.State.SENDING, attempts=mail.attempts
    ).update(
        state=OutgoingMail.State.FAILED if given_up else OutgoingMail.State.WAITING,
        due_at=clock.now() + wait,
        taken_at=None,
        last_error=error[:LONGEST_ERROR],
    )


def _wait_after(attempts: int) -> timedelta:
    return timedelta(minutes=BACK_OFF_MINUTES[min(attempts, len(BACK_OFF_MINUTES)) - 1])
