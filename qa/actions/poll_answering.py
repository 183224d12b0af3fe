"""Answer a poll in the room, once per person; change the answer while the poll is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from engagements import audit, clock, rows
from engagements.refusals import NotAllowed, Refused
from qa import events, queries, states
from qa.models import Poll, PollAnswer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engagements.models import Registration
    from qa.models import Floor


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it is sent: `by` is a registration's id, `chosen` are places from 1."""

    by: int
    number: int
    chosen: tuple[int, ...]

    @property
    def key(self) -> tuple[int, int]:
        return self.by, self.number


def answer(floor: Floor, *, by: Registration, number: int, chosen: Sequence[int]) -> list[int]:
    """See `answer_all`; a refusal is raised."""
    outcome = answer_all(floor.pk, [Reply(by.pk, number, tuple(chosen))])[0]
    if isinstance(outcome, Refused):
        raise outcome
    return outcome


@transaction.atomic
def answer_all(floor_id: int, replies: Sequence[Reply]) -> list[list[int] | Refused]:
    """Take answers in this order, in one transaction; each for itself.

    Gives what the person has chosen now; the same again changes nothing. Refuses who is not
    admitted, a poll that is not open, and what cannot be chosen there. Who was silenced may answer:
    a choice among the office's words says nothing that needs a moderator. Writes the answers with
    the floor's next marks and the audit rows, which do not say what was chosen.
    """
    floor = events.lock(floor_id)
    box = _Box(floor, replies)
    outcomes = [box.take(one) for one in replies]
    if box.changed:
        box.store()
    return outcomes


def checked(poll: Poll | None, chosen: Sequence[int]) -> list[int]:
    """The places in order, if they can be chosen here."""
    if poll is None:
        raise NotAllowed("unknown_poll", _("There is no poll with this number."))
    places = sorted(set(chosen))
    if not places or not 1 <= places[0] <= places[-1] <= queries.places(poll):
        raise Refused("invalid", _("Please choose one of the answers."))
    if len(places) > 1 and poll.kind != states.SEVERAL_CHOICES:
        raise Refused("invalid", _("Please choose one answer only."))
    return places


class _Box:
    """Decides about a batch with what four queries tell of all of it."""

    def __init__(self, floor: Floor, replies: Sequence[Reply]) -> None:
        self.floor = floor
        self.changed: dict[tuple[int, int], PollAnswer] = {}
        self._admitted = queries.admitted(floor, {one.by for one in replies})
        asked = queries.polls(floor, Poll.Moment.DURING).exclude(state=states.POLL_DRAFT)
        self._polls = {poll.number: poll for poll in asked}
        known = PollAnswer.objects.filter(
            poll__in=self._polls.values(), registration__in=list(self._admitted)
        ).select_related("poll")
        self._answers = {(one.registration_id, one.poll.number): one for one in known}
        self._stored = set(self._answers)

    def take(self, one: Reply) -> list[int] | Refused:
        if one.by not in self._admitted:
            return NotAllowed("not_admitted", _("Your link no longer opens this room."))
        poll = self._polls.get(one.number)
        if poll is not None and poll.state != states.POLL_OPEN:
            return Refused("poll_closed", _("This poll is closed."))
        try:
            chosen = checked(poll, one.chosen)
        except Refused as refused:
            return refused
        answer = self._answers.get(one.key)
        if poll is not None and (answer is None or answer.chosen != chosen):
            self._change(answer or PollAnswer(poll=poll, registration_id=one.by), one, chosen)
        return chosen

    def _change(self, answer: PollAnswer, one: Reply, chosen: list[int]) -> None:
        self.floor.poll_mark += 1
        answer.mark, answer.chosen, answer.at = self.floor.poll_mark, chosen, clock.now()
        answer.category_id = self._admitted[one.by]
        self._answers[one.key] = self.changed[one.key] = answer

    def store(self) -> None:
        new = [one for key, one in self.changed.items() if key not in self._stored]
        again = [one for key, one in self.changed.items() if key in self._stored]
        rows.insert(
            PollAnswer,
            ("poll_id", "registration_id", "category_id", "chosen", "mark", "at"),
            [
                (one.poll_id, one.registration_id, one.category_id, one.chosen, one.mark, one.at)
                for one in new
            ],
        )
        rows.update(
            PollAnswer,
            ("category_id", "chosen", "mark", "at"),
            [(one.category_id, one.chosen, one.mark, one.at, one.pk) for one in again],
        )
        self.floor.save(update_fields=["poll_mark"])
        events.polls_changed(self.floor)
        audit.record_all(
            "poll.answered",
            [
                (one.poll, audit.registration(one.registration_id or 0), {})
                for one in self.changed.values()
            ],
            engagement=self.floor.engagement,
        )
