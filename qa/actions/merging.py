"""Join questions that ask the same, and part them again as if nothing had been.

Every question keeps its row, its asker and its own votes, and is counted as before: `merged_into`
makes trees of them, and what a tree's root says of people, categories and carried votes is
computed from the tree each time. So undoing one merge restores what was, whatever came between.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from engagements import audit, clock
from engagements.models import User
from engagements.refusals import Refused
from qa import events, projection, states
from qa.actions import deciding
from qa.models import FloorEvent, Question, Vote

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engagements.models import Registration
    from qa.models import Floor


@transaction.atomic
def merge(floor: Floor, *, by: User, number: int, seen: int, into: int) -> Question:
    """The question is read with the one numbered `into` from now on, and gives it its votes.

    What was merged into it before comes along. Its asker is told, and the others' too.
    """
    locked, question = deciding.take(floor, by, number, seen)
    target = deciding.find(locked, into)
    _check(question, target)
    _store(
        locked,
        question,
        by,
        "question.merged",
        **_carry(locked, question, []),
        state=states.MERGED,
        merged_into=target,
        outcome=states.NO_OUTCOME,
        dismissal="",
        dismissal_text="",
    )
    _tell_below(locked, question, by)
    _settle(locked, target, by, "question.joined")
    return question


@transaction.atomic
def unmerge(floor: Floor, *, by: User, number: int, seen: int) -> Question:
    """It stands by itself again, as it was before it was merged, with those that came with it."""
    locked, question = deciding.take(floor, by, number, seen)
    if question.state != states.MERGED or question.merged_into is None:
        raise Refused("already", _("This question is not merged with another."))
    return part(locked, question, by)


def release(floor: Floor, question: Question, by: User | Registration) -> None:
    """Part all that was merged into a question which goes, withdrawn by its asker or taken out by
    the office: nothing goes with it unseen. `floor` comes from `events.lock`. The question has
    what that changed of it, its revision too.
    """
    joined = list(floor.questions.described().filter(merged_into=question).order_by("pk"))
    for one in joined:
        part(floor, one, by)
    if joined:
        question.refresh_from_db(fields=["revision", "people", "categories", "votes", "vote_mark"])


def part(floor: Floor, question: Question, by: User | Registration) -> Question:
    """One merge undone, on a locked floor."""
    target = deciding.find(floor, question.merged_into.number if question.merged_into else 0)
    changes = _before(question)
    if changes["state"] == states.SHOWN:
        changes |= deciding.told_anew(floor, question)
    _store(floor, question, by, "question.unmerged", merged_into=None, **changes)
    _tell_below(floor, question, by)
    _settle(floor, question, by, "question.rejoined", only_if_changed=True)
    _settle(floor, target, by, "question.parted")
    return question


def _check(question: Question, target: Question) -> None:
    if question.pk == target.pk:
        raise Refused("same", _("Choose another question: it cannot be merged with itself."))
    if question.state not in states.MERGEABLE:
        raise Refused(
            "already",
            _("Question %(number)d is %(state)s.")
            % {"number": question.number, "state": question.get_state_display()},
        )
    if target.state == states.MERGED:
        raise Refused(
            "merged",
            _("Question %(number)d is merged itself. Choose question %(root)d instead.")
            % {"number": target.number, "root": target.stands_for.number},
        )
    if target.state not in states.TAKES_OTHERS:
        raise Refused(
            "not_open",
            _("Question %(number)d is %(state)s. Choose one that still stands.")
            % {"number": target.number, "state": target.get_state_display()},
        )


def _before(question: Question) -> dict[str, Any]:
    """State and reason before the merge, as the log has them.

    One that was being answered then is not any more: another may be.
    """
    told = FloorEvent.objects.filter(floor=question.floor_id, question_number=question.number)
    history = [event.payload for event in told.order_by("-number")]
    at = next(i for i, payload in enumerate(history) if payload.get("act") == "question.merged")
    if at + 1 == len(history):
        state = states.SHOWN if history[at]["was_shown"] else states.WAITING
        return {"state": state, "outcome": deciding.unmarked(question, state)}
    before = projection.complete(history[at + 1]["question"])
    return {
        "state": before["state"],
        "outcome": _outcome_again(question, before),
        "dismissal": before["dismissal"],
        "dismissal_text": before["reason"],
        "tells_dismissal": before["tells_reason"],
    }


def _outcome_again(question: Question, before: dict[str, Any]) -> str:
    """As it was, but for what an answer that was published or taken back since makes of it."""
    outcome: str = before["outcome"]
    written = deciding.unmarked(question, before["state"])
    if outcome == states.ANSWERED_LIVE or (outcome, written) == (
        states.FOLLOW_UP,
        states.NO_OUTCOME,
    ):
        return outcome
    return written


def _tree(root: Question) -> list[Question]:
    """The question and all that are merged into it, and into those."""
    tree, layer = [root], [root]
    while layer:
        layer = list(Question.objects.described().filter(merged_into__in=layer).order_by("pk"))
        tree += layer
    return tree


def _tell_below(floor: Floor, question: Question, by: User | Registration) -> None:
    """The askers of what was merged into it before read which question stands for theirs now."""
    for one in _tree(question)[1:]:
        _store(floor, one, by, "question.moved_along", decides=False)


def _settle(
    floor: Floor,
    question: Question,
    by: User | Registration,
    act: str,
    *,
    only_if_changed: bool = False,
) -> None:
    """What the question says of all that is merged into it, and what that one says in turn which
    it is merged into itself."""
    tree = _tree(question)
    askers = {one.asker_id for one in tree if one.asker_id is not None}
    nobodies = sum(one.asker_id is None for one in tree)
    categories = {one.category_id for one in tree if one.category_id is not None}
    is_root = question.merged_into_id is None
    changes = _carry(floor, question, tree[1:] if is_root else []) | {
        "people": len(askers) + nobodies,
        "categories": max(1, len(categories)),
    }
    is_changed = any(getattr(question, field) != value for field, value in changes.items())
    if is_changed or not only_if_changed:
        _store(floor, question, by, act, decides=False, **changes)
    if question.merged_into is not None:
        _settle(floor, deciding.find(floor, question.merged_into.number), by, act)


def _carry(floor: Floor, root: Question, below: Sequence[Question]) -> dict[str, Any]:
    """The votes that were cast for those below count for the root, once per voter.

    A row with `via` is a carried one. What a voter of both has cast for the root stays that.
    """
    cast = Vote.objects.filter(question__in=below, is_cast=True, via=None).order_by("-pk")
    wanted = dict(cast.values_list("voter", "question"))
    rows = {vote.voter_id: vote for vote in Vote.objects.filter(question=root)}
    changed = [vote for voter, vote in rows.items() if _carried_anew(vote, wanted.get(voter))]
    new = [
        Vote(question=root, voter_id=voter, via_id=via, is_cast=True)
        for voter, via in wanted.items()
        if voter not in rows
    ]
    if not changed and not new:
        return {}
    now = clock.now()
    for vote in (*changed, *new):
        floor.vote_mark += 1
        vote.mark, vote.at = floor.vote_mark, now
    Vote.objects.bulk_create(new)
    Vote.objects.bulk_update(changed, ["is_cast", "via", "mark", "at"])
    events.votes_changed(floor)
    votes = Vote.objects.filter(question=root, is_cast=True).count()
    return {"votes": votes, "vote_mark": floor.vote_mark}


def _carried_anew(vote: Vote, via: int | None) -> bool:
    """Whether the root's row of this voter changes.

    One that the voter cast or took back since is the voter's own, and has no `via` any more; what
    it was carried from was taken back with it (see `voting.vote_all`).
    """
    if via is None:
        if vote.via_id is None:
            return False
        vote.via_id, vote.is_cast = None, False
        return True
    if vote.via_id is None:
        if vote.is_cast:
            return False
        vote.via_id, vote.is_cast = via, True
        return True
    if vote.via_id == via:
        return False
    vote.via_id = via
    return True


def _store(
    floor: Floor,
    question: Question,
    by: User | Registration,
    act: str,
    *,
    decides: bool = True,
    **changes: Any,
) -> Question:
    """As `deciding.store`, also for what follows from what an asker does."""
    if isinstance(by, User):
        return deciding.store(floor, question, by, act, decides=decides, **changes)
    was_shown = question.is_shown
    changes["revision"] = question.revision + 1
    for field, value in changes.items():
        setattr(question, field, value)
    question.save(update_fields=list(changes))
    events.append_question(floor, question, act=act, was_shown=was_shown)
    audit.record(act, question, by=by, engagement=floor.engagement)
    return question
