"""A list for the agency that is not sent yet: what is chosen, its cover note and its due date."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements import audit, clock
from engagements.refusals import NotAllowed, Refused
from qa import events, rules, states
from qa.actions import gating
from qa.actions.agency.standing import named
from qa.models import Forwarding, Label
from qa.queries import floor_of
from qa.queries.agency import frozen, outgoing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from engagements.models import Engagement, User

USUAL_DAYS: Final = 30
"""Days that an agency is given where nobody says otherwise."""

LONGEST_DAYS: Final = 366
SATURDAY: Final = 5


@transaction.atomic
def begin(engagement: Engagement, *, by: User) -> Forwarding:
    """The draft of the next list to the agency of this engagement: the one that there is, or one
    that chooses what the list in force chose. Raises Refused before the end and for a rehearsal."""
    check(engagement, by=by)
    events.lock(floor_of(engagement).pk)
    found = engagement.forwardings.filter(
        agency=engagement.agency, state=states.FORWARDING_DRAFT
    ).first()
    if found is not None:
        return found
    former = frozen.in_force(engagement, engagement.agency)
    draft = Forwarding.objects.create(
        engagement=engagement,
        agency=engagement.agency,
        chosen_labels=former.chosen_labels if former else [],
        chosen_states=former.chosen_states if former else [],
        due_on=_usual_due_date(engagement, former),
        drafted_by=by,
        drafted_at=clock.now(),
    )
    audit.record("forwarding.drafted", draft, by=by, engagement=engagement)
    return draft


@transaction.atomic
def choose(
    draft: Forwarding,
    *,
    by: User,
    revision: int,
    labels: Iterable[int] = (),
    chosen_states: Iterable[str] = (),
    cover_note: str = "",
    due_on: date | None = None,
) -> Forwarding:
    """Say what goes on the list, and with which words and date; empty choices mean everything.

    Raises Refused with the code `conflict` when somebody has changed the draft since `revision`.
    """
    check(draft.engagement, by=by)
    chosen = {
        "chosen_labels": _known_labels(draft.engagement, labels),
        "chosen_states": _known_states(chosen_states),
        "cover_note": cover_note,
        "due_on": _checked_date(draft.engagement, due_on),
    }
    changed = Forwarding.objects.filter(
        pk=draft.pk, state=states.FORWARDING_DRAFT, revision=revision
    ).update(**chosen, revision=revision + 1)
    if not changed:
        raise _overtaken(draft)
    draft.refresh_from_db()
    audit.record(
        "forwarding.chosen",
        draft,
        by=by,
        engagement=draft.engagement,
        labels=draft.chosen_labels,
        states=draft.chosen_states,
        cover_note=audit.digest(cover_note),
        due_on=due_on.isoformat() if due_on else None,
    )
    return draft


@transaction.atomic
def discard(draft: Forwarding, *, by: User) -> None:
    """A draft has told nobody anything, so nothing of it is kept but that there was one."""
    if not rules.may_forward(by, draft.engagement):
        raise NotAllowed("not_allowed", _("You do not forward lists of this engagement."))
    # By its state, so that a list that was sent this moment stays.
    found = Forwarding.objects.filter(pk=draft.pk, state=states.FORWARDING_DRAFT)
    if not found.exists():
        raise _overtaken(draft)
    audit.record("forwarding.discarded", draft, by=by, engagement=draft.engagement)
    if not found.delete()[0]:
        raise _overtaken(draft)


def check(engagement: Engagement, *, by: User) -> None:
    """Raises NotAllowed or Refused where no list is to be made."""
    if not rules.may_forward(by, engagement):
        raise NotAllowed("not_allowed", _("You do not forward lists of this engagement."))
    check_in_earnest(engagement)
    if not engagement.is_over:
        raise Refused("not_over", _("The list is forwarded when the engagement has ended."))


def check_in_earnest(engagement: Engagement) -> None:
    if engagement.is_rehearsal:
        raise Refused(
            "rehearsal", _("This is a rehearsal: its questions are for no agency to read.")
        )


def check_ready(draft: Forwarding, *, by: User) -> None:
    """Raises Refused where the draft cannot be sealed, whatever stands on it."""
    check(draft.engagement, by=by)
    if draft.state != states.FORWARDING_DRAFT:
        raise _overtaken(draft)
    if draft.agency_id != draft.engagement.agency_id:
        raise Refused(
            "agency",
            _(
                "This draft is for %(former)s, and the engagement is for %(agency)s now. "
                "Discard it, and begin a new one."
            )
            % {"former": draft.agency.short_name, "agency": draft.engagement.agency.short_name},
        )
    _checked_date(draft.engagement, draft.due_on)


def check_identifiers(engagement: Engagement, numbers: Collection[int] | None = None) -> None:
    """Of the texts as they are this moment, not of what was noticed about them before.

    `numbers` are those on the list; None for all.
    """
    waiting = [
        number
        for number in gating.undecided(floor_of(engagement))
        if numbers is None or number in numbers
    ]
    if waiting:
        raise Refused(
            "undecided",
            ngettext(
                "Question %(numbers)s may hold a personal identifier. Decide about it first.",
                "Questions %(numbers)s may hold personal identifiers. Decide about them first.",
                len(waiting),
            )
            % {"numbers": named(waiting)},
        )


def _usual_due_date(engagement: Engagement, former: Forwarding | None) -> date:
    """That of the list in force while it is to come; else in 30 days, but not on a weekend."""
    today = engagement.local(clock.now()).date()
    if former is not None and former.due_on is not None and former.due_on > today:
        return former.due_on
    due_on = today + timedelta(days=USUAL_DAYS)
    return due_on + timedelta(
        days=max(0, 7 - due_on.weekday()) if due_on.weekday() >= SATURDAY else 0
    )


def _checked_date(engagement: Engagement, due_on: date | None) -> date | None:
    today = engagement.local(clock.now()).date()
    if due_on is not None and due_on <= today:
        raise Refused("due_on", _("The due date has to be after today."))
    if due_on is not None and due_on > today + timedelta(days=LONGEST_DAYS):
        raise Refused("due_on", _("The due date has to be within a year."))
    return due_on


def _known_labels(engagement: Engagement, labels: Iterable[int]) -> list[int]:
    wanted = set(labels)
    known = {*Label.objects.filter(engagement=engagement).values_list("pk", flat=True)}
    if not wanted <= known | {outgoing.NO_LABEL}:
        raise Refused("labels", _("One of these labels is gone. Please choose again."))
    return sorted(wanted)


def _known_states(wanted: Iterable[str]) -> list[str]:
    chosen = set(wanted)
    if not chosen <= set(outgoing.CHOOSABLE):
        raise Refused("states", _("Please choose among the states that are offered."))
    return [key for key in outgoing.CHOOSABLE if key in chosen]


def _overtaken(draft: Forwarding) -> Refused:
    now = Forwarding.objects.filter(pk=draft.pk).first()
    if now is None:
        return Refused("gone", _("This draft was discarded."))
    if now.number is not None:
        return Refused("already", _("List %(number)d was sent already.") % {"number": now.number})
    return Refused(
        "conflict",
        _("Somebody else has changed this draft meanwhile. Look at both, and save again."),
    )
