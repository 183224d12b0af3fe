"""Set a rehearsal up in the database, and see afterwards what is stored there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from engagements import states
from engagements.actions import rehearsing, running
from engagements.models import Engagement, Role
from engagements.refusals import Refused
from qa import projection
from qa import states as floor_states
from qa.actions import floor as floors
from qa.models import FloorEvent, Question
from qa.queries import floor_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from config.rehearsal.tally import Acknowledged
    from engagements.models import Registration, User
    from qa.models import Floor

    Move = Callable[..., Engagement]

ON_STAGE = (Role.COORDINATOR, Role.MODERATOR)
WAYS_TO_LIVE: dict[str, Sequence[Move]] = {
    states.DRAFT: (running.schedule, running.start),
    states.SCHEDULED: (running.start,),
    states.LIVE: (),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """Where it is played: as whom at the desk, and with whom in the room."""

    floor: Floor
    member: User
    people: Sequence[Registration]


def rehearsal(slug: str) -> Engagement:
    """The engagement, if it is there and is a rehearsal."""
    engagement = Engagement.objects.filter(slug=slug).first()
    if engagement is None:
        raise Refused("unknown", _("There is no engagement “%(slug)s”.") % {"slug": slug})
    if not engagement.is_rehearsal:
        raise rehearsing.no_rehearsal(engagement)
    return engagement


def member(engagement: Engagement, email: str = "") -> User:
    """Who works at the desk: this member, or the first coordinator, or the first moderator."""
    members = engagement.memberships.filter(
        role__in=ON_STAGE, user__is_active=True, user__agency=None
    ).select_related("user")
    if email:
        members = members.filter(user__email__iexact=email)
    found = sorted(members, key=lambda one: (ON_STAGE.index(Role(one.role)), one.pk))
    if found:
        return found[0].user
    raise Refused(
        "no_member",
        _("%(email)s is neither coordinator nor moderator here.") % {"email": email}
        if email
        else _("This engagement has no coordinator and no moderator. Give somebody a role first."),
    )


def way_to_live(engagement: Engagement) -> Sequence[Move]:
    """The moves that are still to be made. Refuses a rehearsal that is over."""
    if engagement.state in WAYS_TO_LIVE:
        return WAYS_TO_LIVE[engagement.state]
    if engagement.state in rehearsing.PLAYED:
        sentence = _(
            "This rehearsal is %(state)s. Remove its data, and it can start again: "
            "manage.py rehearse %(slug)s --remove"
        )
    else:
        sentence = _("This rehearsal is %(state)s. Set up another one.")
    raise Refused(
        "over", sentence % {"state": engagement.get_state_display(), "slug": engagement.slug}
    )


@transaction.atomic
def set_up(engagement: Engagement, *, by: User, people: int) -> Stage:
    """Started, with an open floor and so many made-up people; all or nothing."""
    for move in way_to_live(engagement):
        move(engagement, by=by)
    floor = floor_of(engagement)
    if not floor.is_open:
        floor = floors.set_state(floor, state=floor_states.FLOOR_OPEN, by=by)
    return Stage(floor, by, rehearsing.enroll(engagement, by=by, people=people))


def faults(floor: Floor, acknowledged: Sequence[Acknowledged]) -> list[str]:
    """What is not as it was acknowledged: one sentence each.

    Each question is stored once, under its number; numbers have no gap; and the log tells of them
    in their order.
    """
    stored = _numbers_of(floor, acknowledged)
    found = [
        _("Question %(number)d was acknowledged, and is stored %(times)d times.")
        % {"number": one.number, "times": stored[one.asker, str(one.client_id)].count(one.number)}
        for one in acknowledged
        if stored[one.asker, str(one.client_id)] != [one.number]
    ]
    numbers = list(floor.questions.order_by("number").values_list("number", flat=True))
    if numbers != list(range(1, len(numbers) + 1)):
        found.append(_("The numbers of the questions have gaps."))
    if _numbers_in_log(floor) != numbers:
        found.append(_("The log does not tell of the questions in the order of their numbers."))
    return found


def _numbers_of(
    floor: Floor, acknowledged: Sequence[Acknowledged]
) -> dict[tuple[int | None, str], list[int]]:
    """Under which numbers each is stored, by asker and client id."""
    found: dict[tuple[int | None, str], list[int]] = defaultdict(list)
    rows = Question.objects.filter(
        floor=floor, client_id__in=[one.client_id for one in acknowledged]
    )
    for asker, client_id, number in rows.values_list("asker", "client_id", "number"):
        found[asker, str(client_id)].append(number)
    return found


def _numbers_in_log(floor: Floor) -> list[int]:
    """The questions in the order in which the log first tells of each."""
    told = FloorEvent.objects.filter(floor=floor, kind=projection.QUESTION).order_by("number")
    numbers = (payload["question"]["number"] for payload in told.values_list("payload", flat=True))
    return list(dict.fromkeys(numbers))
