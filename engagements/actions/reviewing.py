"""The office decides about mail before it goes: hold, release, edit, send, discard.

Every change is a conditional UPDATE, so of two people, or a person and the worker, one is first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements import audit, clock, outbox, rules
from engagements.models import Engagement, Office, OutgoingMail, User
from engagements.queries.mail import outgoing_mail
from engagements.refusals import NotAllowed, Refused

if TYPE_CHECKING:
    from collections.abc import Collection

    from engagements.queries.mail import MailFilter

State = OutgoingMail.State

OPEN: Final = (State.WAITING, State.HELD, State.FAILED)
"""States in which a mail is still the office's to decide about."""

MOVES: Final[dict[str, tuple[tuple[str, ...], str]]] = {
    "hold": ((State.WAITING,), State.HELD),
    "release": ((State.HELD,), State.WAITING),
    "send": ((State.WAITING, State.HELD, State.FAILED), State.WAITING),
    "discard": (OPEN, State.DISCARDED),
}
"""By move: the states it leads from, and the one it leads to."""

DONE: Final = {
    "hold": "mail.held",
    "release": "mail.released",
    "send": "mail.sent_by_hand",
    "discard": "mail.discarded",
}

REASONS: Final = {
    State.WAITING: gettext_lazy("This mail is not held."),
    State.HELD: gettext_lazy("This mail is held already."),
    State.SENDING: gettext_lazy("This mail is being sent at this moment."),
    State.SENT: gettext_lazy("This mail has been sent already."),
    State.FAILED: gettext_lazy("This mail could not be sent. Send it again, or discard it."),
    State.DISCARDED: gettext_lazy("This mail was discarded already."),
}
"""Why a move is refused, by the state in which the mail is."""


@transaction.atomic
def decide(mail: OutgoingMail, *, by: User, move: str) -> OutgoingMail:
    """Hold, release, send at once or discard one mail; `move` is a key of `MOVES`."""
    _check(mail, by)
    sources, target = MOVES[move]
    found = OutgoingMail.objects.filter(pk=mail.pk, state__in=sources)
    if not found.update(state=target, **_stamps(move)):
        mail.refresh_from_db()
        raise Refused("wrong_state", REASONS[State(mail.state)])
    audit.record(DONE[move], mail, by=by, engagement=mail.engagement)
    mail.refresh_from_db()
    return mail


@transaction.atomic
def decide_all(chosen: MailFilter, *, by: User, move: str) -> int:
    """The same for everything that the filter shows to this person. Gives how many were changed."""
    sources, target = MOVES[move]
    shown = outgoing_mail(by).filter(chosen.conditions())
    keys = list(shown.filter(state__in=sources).order_by("pk").values_list("pk", flat=True))
    changed = _change(keys, sources, state=target, **_stamps(move))
    engagement = Engagement.objects.filter(slug=chosen.engagement).first()
    if changed:
        audit.record(
            DONE[move], engagement or Office.current(), by=by, engagement=engagement, mails=changed
        )
    return changed


@transaction.atomic
def edit(mail: OutgoingMail, *, by: User, subject: str, body: str, seen: int) -> OutgoingMail:
    """Write the text over; its HTML part follows. `seen` is the revision that was edited.

    Links of people that the page masks come back where their masks stand. Refuses a mail whose
    words are its reader's alone.
    """
    _check(mail, by)
    if outbox.is_sealed(mail):
        raise Refused("sealed", _("The words of this mail are its reader's alone."))
    text = outbox.unmasked(mail, body).strip() + "\n"
    if not OutgoingMail.objects.filter(pk=mail.pk, revision=seen, state__in=OPEN).update(
        subject=subject,
        body=text,
        html=outbox.page_of(mail, subject=subject, body=text),
        revision=F("revision") + 1,
    ):
        raise Refused("changed_meanwhile", _who_was_first(mail))
    audit.record(
        "mail.edited",
        mail,
        by=by,
        engagement=mail.engagement,
        digest=audit.digest(f"{subject}\n{text}"),
    )
    mail.refresh_from_db()
    return mail


@transaction.atomic
def hold_mail_of(engagement: Engagement, *, by: User, is_held: bool) -> Engagement:
    """Hold what is waiting, and what will be written, for review; or write freely again.

    What is held stays held until somebody releases it.
    """
    if not rules.may_write_to_people(by, engagement):
        raise NotAllowed("not_allowed", _("You do not coordinate this engagement."))
    changed = Engagement.objects.filter(pk=engagement.pk).exclude(holds_mail=is_held)
    if not changed.update(holds_mail=is_held):
        raise Refused("already", _("That is so already."))
    mails = 0
    if is_held:
        waiting = OutgoingMail.objects.filter(engagement=engagement, state=State.WAITING)
        mails = waiting.update(state=State.HELD)
    action = "engagement.mail_held" if is_held else "engagement.mail_flows"
    audit.record(action, engagement, by=by, engagement=engagement, mails=mails)
    engagement.refresh_from_db()
    return engagement


def _stamps(move: str) -> dict[str, Any]:
    if move == "release":
        return {"due_at": clock.now()}
    # By hand it is tried as often as a new one.
    return {"due_at": clock.now(), "attempts": 0} if move == "send" else {}


def _change(keys: list[int], sources: Collection[str], **values: Any) -> int:
    """In portions: no database takes a list without end."""
    portions = [keys[start : start + 500] for start in range(0, len(keys), 500)]
    return sum(
        OutgoingMail.objects.filter(pk__in=portion, state__in=sources).update(**values)
        for portion in portions
    )


def _who_was_first(mail: OutgoingMail) -> str:
    mail.refresh_from_db()
    if mail.state in OPEN:
        return _("Somebody else has edited this mail in the meantime.")
    return str(REASONS[State(mail.state)])


def _check(mail: OutgoingMail, by: User) -> None:
    """Whoever may read a mail in the outbox decides about it."""
    if not outgoing_mail(by).filter(pk=mail.pk).exists():
        raise NotAllowed("not_allowed", _("You do not coordinate this engagement."))
