"""The survey after the event: opened and closed as one, answered on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from engagements import audit, clock
from engagements import states as engagement_states
from engagements.actions import telling
from engagements.refusals import NotAllowed, Refused
from qa import events, queries, states
from qa.actions import poll_answering, polling
from qa.models import Floor, Poll, PollAnswer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engagements.models import Engagement, Registration, User

AFTER = Poll.Moment.AFTER


@transaction.atomic
def open_survey(floor: Floor, *, by: User) -> None:
    """All its questions, once the event has ended; for as long as nobody closes it."""
    polling.check_may_poll(floor, by)
    locked = events.lock(floor.pk)
    state = queries.survey_state(locked)
    if not state:
        raise Refused("no_questions", _("The survey has no questions yet."))
    if state != states.POLL_DRAFT:
        raise Refused("already", _("The survey has been opened already."))
    if locked.engagement.state != engagement_states.ENDED:
        raise Refused("not_ended", _("The survey opens when the engagement has ended."))
    _open(locked, by)


@transaction.atomic
def close_survey(floor: Floor, *, by: User) -> None:
    """For good; the results of all its questions are frozen."""
    polling.check_may_poll(floor, by)
    locked = events.lock(floor.pk)
    if queries.survey_state(locked) != states.POLL_OPEN:
        raise Refused("already", _("The survey is not open."))
    _set_state(locked, states.POLL_OPEN, states.POLL_CLOSED, by)


@transaction.atomic
def follow_end(engagement: Engagement, *, by: User) -> None:
    """Polls close with the engagement; a survey that has questions opens, unless it was cancelled.

    So its link is there when the thanks are written, minutes later.
    """
    floor = queries.floor_of(engagement)
    polling.close_all(floor, by=by)
    locked = events.lock(floor.pk)
    has_ended = locked.engagement.state == engagement_states.ENDED
    if has_ended and queries.survey_state(locked) == states.POLL_DRAFT:
        _open(locked, by)


@transaction.atomic
def answer(
    floor: Floor, *, by: Registration, answers: Mapping[int, Sequence[int]]
) -> dict[int, list[int]]:
    """All that one person answers: number of the question -> places. The same again replaces it.

    Gives what is stored of this person afterwards. A question that is left out keeps its answer.
    """
    locked = events.lock(floor.pk)
    category = queries.admitted(locked, [by.pk])
    if by.pk not in category:
        raise NotAllowed("not_admitted", _("Your link no longer opens this room."))
    asked = {one.number: one for one in queries.polls(locked, AFTER).filter(state=states.POLL_OPEN)}
    if not asked:
        raise Refused("poll_closed", _("The survey is closed. Your answers were not changed."))
    chosen = {number: poll_answering.checked(asked.get(number), places)
              for number, places in answers.items()}  # fmt: skip
    for number, places in chosen.items():
        PollAnswer.objects.update_or_create(
            poll=asked[number],
            registration=by,
            defaults={"chosen": places, "category_id": category[by.pk], "at": clock.now()},
        )
    audit.record("survey.answered", locked, by=by, engagement=locked.engagement)
    return chosen


def _open(locked: Floor, by: User) -> None:
    _set_state(locked, states.POLL_DRAFT, states.POLL_OPEN, by)
    telling.mention_survey(locked.engagement)


def _set_state(locked: Floor, since: str, state: str, by: User) -> None:
    for poll in queries.polls(locked, AFTER).filter(state=since):
        polling.set_state(poll, state, by=by)
    events.append_survey(locked, is_open=state == states.POLL_OPEN)
