"""Vote for a shown question, once per person; take it back; say who sees the counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from engagements import audit, clock, rows
from engagements.refusals import NotAllowed, Refused
from qa import events, queries, rules, states
from qa.actions import clocking
from qa.models import Question, Vote

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engagements.models import Registration, User
    from qa.models import Floor


@dataclass(frozen=True, slots=True)
class Ballot:
    """A vote as it is sent: `by` is a registration's id, `is_cast` false takes it back."""

    by: int
    number: int
    is_cast: bool

    @property
    def key(self) -> tuple[int, int]:
        return self.by, self.number


def vote(floor: Floor, *, by: Registration, number: int, is_cast: bool) -> bool:
    """See `vote_all`; a refusal is raised."""
    outcome = vote_all(floor.pk, [Ballot(by.pk, number, is_cast)])[0]
    if isinstance(outcome, Refused):
        raise outcome
    return outcome


@transaction.atomic
def vote_all(floor_id: int, ballots: Sequence[Ballot]) -> list[bool | Refused]:
    """Cast votes and take them back in this order, in one transaction; each for itself.

    Gives whether the person now votes for the question; the same again changes nothing. What is
    taken back is taken back for all that was merged into the question, too: else it would be
    carried again. Refuses who is not admitted, a question that is not shown, and a floor where
    nobody votes now. Writes the votes with the floor's next marks, the questions' counts and the
    audit rows.
    """
    floor = events.lock(floor_id)
    clocking.advance(floor, clock.now())
    box = _Box(floor, ballots)
    outcomes = [box.take(one) for one in ballots]
    if box.changed:
        box.take_back_below()
        box.store()
    return outcomes


class _Box:
    """Decides about a batch with what three queries tell of all of it; more are asked only where
    a vote is taken back from a question that others were merged into."""

    def __init__(self, floor: Floor, ballots: Sequence[Ballot]) -> None:
        self.floor = floor
        self.changed: dict[tuple[int, int], Vote] = {}
        self._admitted = queries.admitted(floor, {one.by for one in ballots})
        shown = floor.questions.filter(
            state=states.SHOWN, number__in={one.number for one in ballots}
        )
        if not all(one.is_cast for one in ballots):
            joined = Question.objects.filter(merged_into=OuterRef("pk"))
            shown = shown.annotate(has_joined=Exists(joined))
        self._shown = {question.number: question for question in shown}
        self._taken_back: set[tuple[int, Question]] = set()
        cast = Vote.objects.filter(
            question__in=self._shown.values(), voter__in=list(self._admitted)
        ).select_related("question")
        self._votes = {(vote.voter_id, vote.question.number): vote for vote in cast}
        self._stored = set(self._votes)

    def take(self, one: Ballot) -> bool | Refused:
        question = self._shown.get(one.number)
        if one.by not in self._admitted:
            return NotAllowed("not_admitted", _("Your link no longer opens this room."))
        if not self.floor.takes_votes:
            return Refused("voting_closed", _("No votes are taken at the moment."))
        if question is None:
            return NotAllowed("unknown_question", _("There is no question with this number."))
        vote = self._votes.get(one.key)
        if (vote is not None and vote.is_cast) != one.is_cast:
            self._change(vote or Vote(voter_id=one.by), question, one)
            if not one.is_cast and getattr(question, "has_joined", False):
                self._taken_back.add((one.by, question))
        return one.is_cast

    def take_back_below(self) -> None:
        """What these voters cast for the questions that were merged into these."""
        if not self._taken_back:
            return
        roots = {question.pk: question.pk for _voter, question in self._taken_back}
        below: dict[int, Question] = {}
        layer: list[int] = list(roots)
        while layer:
            found = {one.pk: one for one in Question.objects.filter(merged_into__in=layer)}
            roots |= {pk: roots[one.merged_into_id or 0] for pk, one in found.items()}
            below |= found
            layer = list(found)
        wanted = {(voter, question.pk) for voter, question in self._taken_back}
        cast = Vote.objects.filter(
            question__in=below, voter__in={voter for voter, _root in wanted}, is_cast=True
        )
        for vote in cast.order_by("pk"):
            if (vote.voter_id, roots[vote.question_id]) in wanted:
                question = below[vote.question_id]
                one = Ballot(vote.voter_id, question.number, is_cast=False)
                self._stored.add(one.key)
                self._change(vote, question, one)

    def _change(self, vote: Vote, question: Question, one: Ballot) -> None:
        """Also a carried vote is the person's own from now on."""
        self.floor.vote_mark += 1
        question.votes += 1 if one.is_cast else -1
        question.vote_mark = vote.mark = self.floor.vote_mark
        vote.is_cast, vote.at, vote.via_id = one.is_cast, clock.now(), None
        vote.question = question
        self._votes[one.key] = self.changed[one.key] = vote

    def store(self) -> None:
        votes = list(self.changed.values())
        new = [vote for key, vote in self.changed.items() if key not in self._stored]
        again = [vote for key, vote in self.changed.items() if key in self._stored]
        touched = {vote.question.pk: vote.question for vote in votes}
        rows.insert(
            Vote,
            ("question_id", "voter_id", "is_cast", "mark", "at"),
            [(vote.question_id, vote.voter_id, vote.is_cast, vote.mark, vote.at) for vote in new],
        )
        rows.update(
            Vote,
            ("is_cast", "via_id", "mark", "at"),
            [(vote.is_cast, None, vote.mark, vote.at, vote.pk) for vote in again],
        )
        rows.update(
            Question,
            ("votes", "vote_mark"),
            [(one.votes, one.vote_mark, one.pk) for one in touched.values()],
        )
        self.floor.save(update_fields=["vote_mark"])
        events.votes_changed(self.floor)
        audit.record_all(
            "question.voted",
            [
                (vote.question, audit.registration(vote.voter_id), {"cast": vote.is_cast})
                for vote in votes
            ],
            engagement=self.floor.engagement,
        )


@transaction.atomic
def set_voting(floor: Floor, *, by: User, setting: str) -> Floor:
    """Who sees the counts, or whether anybody votes at all. Votes that were cast are kept."""
    if not rules.may_moderate(by, floor.engagement):
        raise NotAllowed("not_allowed", _("You do not moderate this engagement."))
    locked = events.lock(floor.pk)
    if locked.voting == setting:
        raise Refused(
            "already",
            _("Votes are set to “%(setting)s” already.") % {"setting": locked.get_voting_display()},
        )
    locked.voting = setting
    locked.save(update_fields=["voting"])
    events.append_floor(locked)
    audit.record(f"floor.votes_{setting}", locked, by=by, engagement=locked.engagement)
    return locked
