"""People whom the office invites to one engagement, and what they answer.

An invitee without a mail is due for one: a long list is written to by a task, a part at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext as _

from engagements import audit, clock, rules, states
from engagements.actions import planning, seating, telling, working
from engagements.models import Invitee, OutgoingMail, Registration
from engagements.refusals import NotAllowed, Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engagements.models import Engagement, User
    from engagements.queries.invitations import Candidate

State = Invitee.State

MAY_INVITE: Final = frozenset({states.SCHEDULED, states.LIVE})

AT_ONCE: Final = 50
"""So many mails are laid before the page answers; those of a longer list follow."""

LAY: Final = "engagements.tasks.invitations.lay_invitations"


def may_invite(engagement: Engagement) -> bool:
    """Invitations go out at once, so there has to be something to come to."""
    return engagement.state in MAY_INVITE and not engagement.is_rehearsal


@transaction.atomic
def invite(engagement: Engagement, *, people: Sequence[Candidate], by: User) -> int:
    """Put them on the invitation list and write to each. Gives how many are new on it.

    Who is on the list or has registered meanwhile is passed by, so the same list again adds nobody.
    """
    locked = seating.lock(engagement)
    _check(locked, by)
    registered = set(
        locked.registrations.exclude(state=Registration.State.CANCELLED)
        .exclude(email_key=None)
        .values_list("email_key", flat=True)
    )
    former = set(locked.invitees.values_list("email_key", flat=True))
    new = {one.key: one for one in people if one.key not in registered | former}
    now = clock.now()
    # A unique violation would write the address into the database server's log.
    Invitee.objects.bulk_create(
        [
            Invitee(
                engagement=locked,
                name=one.name,
                email=one.email,
                email_key=one.key,
                organization=one.organization,
                category_id=one.category,
                language=one.language,
                invited_at=now,
            )
            for one in new.values()
        ],
        batch_size=500,
        ignore_conflicts=True,
    )
    if new:
        audit.record("invitees.added", locked, by=by, engagement=locked, people=len(new))
        if lay(locked, most=AT_ONCE) == AT_ONCE:
            working.enqueue(LAY, locked.pk)
    return len(new)


@transaction.atomic
def lay(engagement: Engagement, *, most: int = 100) -> int:
    """Write to the next invitees who are due for a mail. Gives how many were written to."""
    locked = seating.lock(engagement)
    if not may_invite(locked):
        return 0
    due = list(locked.invitees.filter(mailed_at=None, state=State.PENDING).order_by("pk")[:most])
    for invitee in due:
        invitee.engagement = locked
        telling.invited(invitee)
    Invitee.objects.filter(pk__in=[one.pk for one in due]).update(mailed_at=clock.now())
    return len(due)


@transaction.atomic
def send_again(invitee: Invitee, *, by: User) -> Invitee:
    """The same link once more, to somebody who has not accepted."""
    locked = seating.lock(invitee.engagement)
    _check(locked, by)
    found = Invitee.objects.select_related("engagement").get(pk=invitee.pk)
    if found.state == State.ACCEPTED:
        raise Refused("accepted", _("This person has accepted already."))
    telling.invited(found)
    found.mailed_at = clock.now()
    found.save(update_fields=["mailed_at"])
    audit.record("invitee.written_again", found, by=by, engagement=locked)
    return found


@transaction.atomic
def withdraw(invitee: Invitee, *, by: User) -> None:
    """Take somebody off the list; the link opens nothing any more, and the row is gone.

    Who has accepted is registered: that is cancelled on the registrant's page.
    """
    locked = seating.lock(invitee.engagement)
    _check_rule(locked, by)
    found = Invitee.objects.get(pk=invitee.pk)
    if found.state == State.ACCEPTED:
        raise Refused(
            "accepted",
            _("This person has accepted already. You can cancel the registration instead."),
        )
    audit.record("invitee.withdrawn", found, by=by, engagement=locked)
    OutgoingMail.objects.filter(
        engagement=locked,
        template__in=telling.TO_INVITEES,
        to=found.email,
        state__in=planning.UNSENT,
    ).update(state=OutgoingMail.State.DISCARDED)
    found.delete()


@transaction.atomic
def decline(invitee: Invitee) -> Invitee:
    """The invited person does not come; the link lets them think again. Twice is as once."""
    return _answer(invitee, {State.PENDING}, State.DECLINED)


@transaction.atomic
def reopen(invitee: Invitee) -> Invitee:
    """The invited person has thought again, and may register now."""
    return _answer(invitee, {State.DECLINED}, State.PENDING)


def _answer(invitee: Invitee, former: set[State], state: State) -> Invitee:
    rows = Invitee.objects.filter(pk=invitee.pk, state__in=former)
    answered_at = None if state == State.PENDING else clock.now()
    if rows.update(state=state, answered_at=answered_at):
        word = "declined" if state == State.DECLINED else "reopened"
        audit.record(f"invitee.{word}", invitee, by="invitee", engagement=invitee.engagement)
    invitee.refresh_from_db()
    if invitee.state == State.ACCEPTED:
        raise Refused("accepted", _("You are registered already. Your own page lets you cancel."))
    return invitee


def _check(engagement: Engagement, by: User) -> None:
    _check_rule(engagement, by)
    if not may_invite(engagement):
        raise Refused(
            "wrong_state",
            _("People are invited while the engagement is scheduled or live: the mail goes out."),
        )


def _check_rule(engagement: Engagement, by: User) -> None:
    if not rules.may_act_for_registrants(by, engagement):
        raise NotAllowed("not_allowed", _("You do not coordinate this engagement."))
