"""Mailings: one occasion to write to many. The worker lays their mails when they are due.

Laying goes in pieces, each a transaction. A killed worker leaves a mailing that another one goes on
with, and nobody gets two mails of one mailing: its row and the address are unique together.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeVar

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from engagements import audit, clock, rules, states
from engagements.actions import telling
from engagements.models import Engagement, Mailing, Office, OutgoingMail, User
from engagements.queries.mail import invitees_to_tell, recipients, subscribers
from engagements.refusals import NotAllowed, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.db.models import Model, QuerySet

    Reader = TypeVar("Reader", bound=Model)
    Layer = Callable[[Mailing, int], tuple[list[OutgoingMail], int]]

Occasion = Mailing.Occasion
State = Mailing.State

PIECE: Final = 100
"""Mails of one transaction: a fraction of a second, in which who registers may have to wait."""

LEFT_LYING: Final = timedelta(minutes=2)
"""A mailing in which nothing happened for so long belongs to a worker that was killed."""

STATES_OF: Final = {
    Occasion.REMINDER: {states.SCHEDULED},
    Occasion.STARTING: {states.LIVE},
    Occasion.THANKS: {states.ENDED, states.ARCHIVED},
    Occasion.MOVED: {states.SCHEDULED, states.LIVE},
    Occasion.CANCELLED: {states.CANCELLED},
    Occasion.NEWS: {states.SCHEDULED, states.LIVE},
    Occasion.LATE: {states.ENDED},
}
"""States of the engagement in which such a mailing still makes sense; a letter always does."""

PATIENCE: Final = {Occasion.STARTING: timedelta(minutes=30), Occasion.THANKS: timedelta(days=7)}
"""So long after it was due such a mailing is still welcome."""


@transaction.atomic
def write(
    engagement: Engagement,
    *,
    by: User,
    subject: str,
    body: str,
    audience: Mapping[str, Any],
    is_held: bool = False,
) -> Mailing:
    """A letter to those whom the audience names (`queries.mail.chosen_people`), due at once.

    `is_held`: its mails wait in the outbox until somebody releases them. Refuses a letter that
    nobody would get, and one about a rehearsal: its people are made up.
    """
    _check(engagement, by)
    letter = Mailing(
        engagement=engagement,
        occasion=Occasion.LETTER,
        subject=subject,
        body=body,
        audience=dict(audience),
        is_held=is_held,
        made_by=by,
    )
    people = recipients(letter).count()
    if engagement.is_rehearsal or not people:
        raise Refused("nobody", _("Nobody would get this letter. Please choose other people."))
    letter.save()
    audit.record(
        "mailing.written",
        letter,
        by=by,
        engagement=engagement,
        people=people,
        digest=audit.digest(f"{subject}\n{body}"),
    )
    return letter


@transaction.atomic
def invite_late(
    engagement: Engagement, *, by: User, until: datetime, only_who_came: bool = False
) -> Mailing:
    """The personal link by which questions are taken until then, to who has a registration, or
    only to who took part. Nobody gets it twice for the same window."""
    _check(engagement, by)
    late = late_mailing(engagement, until, only_who_came=only_who_came)
    late.made_by = by
    people = recipients(late).count()
    if engagement.is_rehearsal or not people:
        raise Refused("nobody", _("Nobody would get this mail: everybody has the link already."))
    late.save()
    audit.record("mailing.late", late, by=by, engagement=engagement, people=people)
    return late


def late_mailing(engagement: Engagement, until: datetime, *, only_who_came: bool) -> Mailing:
    """Not stored; `queries.mail.recipients` says whom it would be for."""
    audience = {"late_until": until.isoformat(), "came": only_who_came}
    return Mailing(engagement=engagement, occasion=Occasion.LATE, audience=audience)


@transaction.atomic
def discard(mailing: Mailing, *, by: User) -> Mailing:
    """A planned mailing is not sent. A reminder does not come back when the engagement moves."""
    _check(mailing.engagement, by)
    engagement = _lock(mailing)
    if not Mailing.objects.filter(pk=mailing.pk, state=State.WAITING).update(state=State.DISCARDED):
        raise Refused("wrong_state", _("Its mail is in the outbox already, or it was discarded."))
    if mailing.occasion == Occasion.REMINDER:
        left = [each for each in engagement.reminders if each != mailing.minutes_before]
        Engagement.objects.filter(pk=engagement.pk).update(reminders=left)
    audit.record(
        "mailing.discarded",
        mailing,
        by=by,
        engagement=mailing.engagement,
        occasion=mailing.occasion,
    )
    mailing.refresh_from_db()
    return mailing


def lay_due(*, stop: Callable[[], bool] = lambda: False) -> int:
    """Turn what is due into mails, until it is done or `stop` says so. Gives how many were laid."""
    now = clock.now()
    Mailing.objects.filter(state=State.LAYING, laid_at__lt=now - LEFT_LYING).update(
        state=State.WAITING
    )
    laid = 0
    due = Mailing.objects.filter(state=State.WAITING, due_at__lte=now)
    for mailing in due.select_related("engagement").order_by("due_at", "pk"):
        if stop():
            break
        if _is_too_late(mailing):
            _drop(mailing)
        elif _take(mailing):
            laid += _lay(mailing, stop)
    return laid


def _take(mailing: Mailing) -> bool:
    mailing.laid_at = clock.now()
    return bool(
        Mailing.objects.filter(pk=mailing.pk, state=State.WAITING).update(
            state=State.LAYING, laid_at=mailing.laid_at
        )
    )


def _lay(mailing: Mailing, stop: Callable[[], bool]) -> int:
    laid = 0
    readers = _readers(mailing)
    for lay in readers:
        last = 0
        while last >= 0:
            if stop():
                _own(mailing).update(state=State.WAITING)
                return laid
            last, written = _lay_piece(mailing, lay, last, is_end=lay is readers[-1])
            laid += written
    return laid


def _readers(mailing: Mailing) -> list[Layer]:
    """What writes to each of the groups whom the mailing is for."""
    if mailing.occasion == Occasion.NEWS:
        return [_news]
    if mailing.occasion in {Occasion.MOVED, Occasion.CANCELLED}:
        return [_mails, _mails_to_invitees]
    return [_mails]


@transaction.atomic
def _lay_piece(mailing: Mailing, lay: Layer, after: int, *, is_end: bool) -> tuple[int, int]:
    """The next people after this key. Gives the last one's key, or -1 at the end; and how many.

    `is_end`: nobody is written to after this group.
    """
    # Whoever moves or cancels the engagement locks it too, so a piece is before or after that.
    engagement = _lock(mailing)
    now = clock.now()
    if not _own(mailing).update(laid_at=now):
        return -1, 0
    mailing.laid_at = now
    mailing.engagement = engagement
    mails, last = lay(mailing, after)
    # A unique violation would write addresses into the database server's log.
    OutgoingMail.objects.bulk_create(mails, ignore_conflicts=True)
    if last < 0 and is_end:
        _finish(mailing)
    return last, len(mails)


def _own(mailing: Mailing) -> QuerySet[Mailing]:
    """The mailing as long as it is ours: it may be discarded, or taken over by another worker."""
    return Mailing.objects.filter(pk=mailing.pk, state=State.LAYING, laid_at=mailing.laid_at)


def _lock(mailing: Mailing) -> Engagement:
    locked = Engagement.objects.select_for_update(no_key=True, of=("self",))
    return locked.select_related("series").get(pk=mailing.engagement_id)


def _mails(mailing: Mailing, after: int) -> tuple[list[OutgoingMail], int]:
    people = _piece(recipients(mailing), mailing, after)
    office = Office.current()
    for person in people:
        person.engagement = mailing.engagement
    mails = [telling.mail_of(mailing, person, office) for person in people]
    return mails, _last(people)


def _mails_to_invitees(mailing: Mailing, after: int) -> tuple[list[OutgoingMail], int]:
    people = _piece(invitees_to_tell(mailing.engagement), mailing, after)
    office = Office.current()
    for person in people:
        person.engagement = mailing.engagement
    mails = [telling.mail_to_invitee(mailing, person, office) for person in people]
    return mails, _last(people)


def _news(mailing: Mailing, after: int) -> tuple[list[OutgoingMail], int]:
    people = _piece(subscribers(mailing), mailing, after)
    office = Office.current()
    mails = [telling.news_of(mailing, subscription, office) for subscription in people]
    return mails, _last(people)


def _piece(people: QuerySet[Reader], mailing: Mailing, after: int) -> list[Reader]:
    written = OutgoingMail.objects.filter(mailing=mailing, to=OuterRef("email"))
    return list(people.filter(pk__gt=after).exclude(Exists(written)).order_by("pk")[:PIECE])


def _last(people: list[Any]) -> int:
    return people[-1].pk if len(people) == PIECE else -1


def _finish(mailing: Mailing) -> None:
    mails = mailing.laid_mails.count()
    _own(mailing).update(state=State.LAID, laid_at=clock.now(), mails=mails)
    audit.record(
        "mailing.laid",
        mailing,
        by="worker",
        engagement=mailing.engagement,
        occasion=mailing.occasion,
        mails=mails,
    )


def _is_too_late(mailing: Mailing) -> bool:
    """What would only confuse: after a worker was away, or the engagement went on meanwhile."""
    engagement, now = mailing.engagement, clock.now()
    if engagement.state not in STATES_OF.get(Occasion(mailing.occasion), {engagement.state}):
        return True
    if mailing.occasion in PATIENCE:
        return mailing.due_at < now - PATIENCE[Occasion(mailing.occasion)]
    if mailing.occasion == Occasion.LATE:
        return datetime.fromisoformat(mailing.audience["late_until"]) <= now
    if mailing.occasion != Occasion.REMINDER:
        return False
    return engagement.starts_at <= now or _is_overtaken(mailing, now)


def _is_overtaken(mailing: Mailing, now: datetime) -> bool:
    """A later reminder is due as well: one of them is enough."""
    return mailing.engagement.mailings.filter(
        occasion=Occasion.REMINDER,
        state=State.WAITING,
        due_at__gt=mailing.due_at,
        due_at__lte=now,
    ).exists()


@transaction.atomic
def _drop(mailing: Mailing) -> None:
    if Mailing.objects.filter(pk=mailing.pk, state=State.WAITING).update(state=State.DISCARDED):
        audit.record(
            "mailing.too_late",
            mailing,
            by="worker",
            engagement=mailing.engagement,
            occasion=mailing.occasion,
        )


def _check(engagement: Engagement, by: User) -> None:
    if not rules.may_write_to_people(by, engagement):
        raise NotAllowed("not_allowed", _("You do not coordinate this engagement."))
