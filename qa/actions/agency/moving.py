"""The way of an agency's answers to the office: cleared inside the agency, submitted, taken back.

Each of these takes all the given numbers of a list in force, or none, and gives back which.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements import audit, clock, outbox
from engagements.files.text import clean_text
from engagements.models import User
from engagements.refusals import NotAllowed, Refused
from qa import states
from qa.actions.agency.contents import Content, Problem, problems, unready
from qa.actions.agency.standing import Standing, named, stand
from qa.models import AgencyAnswer

if TYPE_CHECKING:
    from collections.abc import Collection

    from qa.models import ApiToken, Forwarding

LONGEST_REMARK = 1_000
"""Characters of what somebody says on sending an answer back."""


@transaction.atomic
def ask_clearance(forwarding: Forwarding, *, numbers: Collection[int], by: User) -> list[int]:
    """Somebody else of the agency is to look at them."""
    standing = stand(forwarding, by=by, numbers=numbers)
    _check_ready(standing, numbers)
    return _move(standing, "ask_clearance", numbers, by=by)


@transaction.atomic
def clear(forwarding: Forwarding, *, numbers: Collection[int], by: User) -> list[int]:
    """A liaison has read them; not their last writer, where the agency wants a second person."""
    standing = stand(forwarding, by=by, numbers=numbers)
    return _clear(standing, numbers, by=by)


@transaction.atomic
def send_back(
    forwarding: Forwarding, *, numbers: Collection[int], by: User, remark: str
) -> list[int]:
    """To whoever wrote them, with what is to be changed."""
    _check_lead(by)
    remark = clean_text(remark)[:LONGEST_REMARK]
    if not remark:
        raise Refused("no_remark", _("Say what is to be changed."))
    standing = stand(forwarding, by=by, numbers=numbers)
    moved = _move(
        standing, "send_back", numbers, by=by, remark=remark, cleared_by=None, cleared_at=None
    )
    _tell_writers(standing, moved, by=by, remark=remark)
    return moved


@transaction.atomic
def submit(
    forwarding: Forwarding,
    *,
    numbers: Collection[int],
    by: User,
    token: ApiToken | None = None,
) -> list[int]:
    """To the office. What waits for clearance is cleared by it, if `by` may do that.

    What was submitted or accepted already stays as it is; gives back the others.
    """
    _check_lead(by)
    standing = stand(forwarding, by=by, numbers=numbers)
    there = {states.ANSWER_SUBMITTED, states.ANSWER_ACCEPTED, states.ANSWER_PUBLISHED}
    wanted = [one for one in numbers if _state(standing, one) not in there]
    if not wanted:
        return []
    _check_ready(standing, wanted)
    in_clearance = [one for one in wanted if _state(standing, one) == states.ANSWER_CLEARING]
    if in_clearance:
        _clear(standing, in_clearance, by=by)
    if standing.forwarding.agency.clears_answers:
        _check_cleared(standing, wanted, in_clearance)
    return _move(
        standing, "submit", wanted, by=by, token=token, submitted_by=by, submitted_at=clock.now()
    )


@transaction.atomic
def submit_ready(forwarding: Forwarding, *, by: User) -> list[int]:
    """All of the list that can be submitted as they are; gives back which."""
    _check_lead(by)
    standing = stand(forwarding, by=by, numbers=())
    ready = _ready(standing)
    if not ready:
        raise Refused("nothing", _("No answer of this list is ready to be submitted."))
    return submit(standing.forwarding, numbers=ready, by=by)


@transaction.atomic
def take_back(forwarding: Forwarding, *, numbers: Collection[int], by: User) -> list[int]:
    """Before the office has decided about them."""
    _check_lead(by)
    standing = stand(forwarding, by=by, numbers=numbers)
    nothing: dict[str, Any] = {"cleared_by": None, "cleared_at": None}
    return _move(
        standing, "take_back", numbers, by=by, submitted_by=None, submitted_at=None, **nothing
    )


def _tell_writers(standing: Standing, numbers: Collection[int], *, by: User, remark: str) -> None:
    written: dict[int, list[int]] = {}
    for number in sorted(numbers):
        written.setdefault(standing.answers[number].edited_by_id or 0, []).append(number)
    agency = standing.forwarding.agency_id
    writers = User.objects.filter(pk__in=written, is_active=True, agency=agency).exclude(pk=by.pk)
    for writer in writers:
        own = written[writer.pk]
        args = [standing.forwarding.pk, own[0]]
        outbox.post(
            "qa/sent_back",
            to=writer.email,
            engagement=standing.forwarding.engagement,
            name=writer.name,
            who=by.name,
            numbers=named(own),
            answers=len(own),
            remark=remark,
            link=outbox.absolute(reverse("agency-question", args=args)),
        )


def _check_lead(by: User) -> None:
    if by.is_contributor:
        raise NotAllowed("not_allowed", _("There is no such question."))


def _state(standing: Standing, number: int) -> str:
    answer = standing.answers.get(number)
    return answer.state if answer else states.ANSWER_DRAFT


def _clear(standing: Standing, numbers: Collection[int], *, by: User) -> list[int]:
    _check_lead(by)
    if standing.forwarding.agency.clears_answers:
        own = [
            one
            for one in numbers
            if one in standing.answers and standing.answers[one].edited_by_id == by.pk
        ]
        if own:
            words = ngettext(
                "You wrote the answer to No. %(numbers)s yourself: somebody else clears it.",
                "You wrote the answers to Nos. %(numbers)s yourself: somebody else clears them.",
                len(own),
            )
            raise Refused("own_answer", words % {"numbers": named(own)})
    return _move(standing, "clear", numbers, by=by, cleared_by=by, cleared_at=clock.now())


def _ready(standing: Standing) -> list[int]:
    """Numbers of those that `submit` would take: written, complete, and cleared where that is
    needed. `desk.ready` tells how many."""
    before = states.ANSWERING_MOVES["submit"][0]
    fit = {states.ANSWER_CLEARED} if standing.forwarding.agency.clears_answers else before
    return [
        number
        for number, answer in sorted(standing.answers.items())
        if number in standing.questions and answer.state in fit and not _missing(standing, number)
    ]


def _missing(standing: Standing, number: int) -> list[Problem]:
    """Checked when written, too; since then the list may have got another in its place."""
    answer = standing.answers.get(number)
    content = Content.of(answer) if answer else Content()
    on_list = frozenset(standing.questions)
    return [*problems(content, number=number, numbers=on_list), *unready(content)]


def _check_ready(standing: Standing, numbers: Collection[int]) -> None:
    for number in sorted(numbers):
        found = _missing(standing, number)
        if found:
            words = _("No. %(number)d: %(words)s") % {"number": number, "words": found[0].words}
            raise Refused(found[0].code, words)


def _check_cleared(
    standing: Standing, numbers: Collection[int], just_cleared: Collection[int]
) -> None:
    uncleared = [
        one
        for one in numbers
        if one not in just_cleared and _state(standing, one) != states.ANSWER_CLEARED
    ]
    if uncleared:
        words = ngettext(
            "The answer to No. %(numbers)s needs the clearance of a second person first.",
            "The answers to Nos. %(numbers)s need the clearance of a second person first.",
            len(uncleared),
        )
        raise Refused("not_cleared", words % {"numbers": named(uncleared)})


def _move(
    standing: Standing,
    move: str,
    numbers: Collection[int],
    *,
    by: User,
    token: ApiToken | None = None,
    **said: Any,
) -> list[int]:
    """By one conditional update; all, or a refusal."""
    before, after = states.ANSWERING_MOVES[move]
    keys = [standing.answers[one].pk for one in numbers if one in standing.answers]
    changed = AgencyAnswer.objects.filter(pk__in=keys, state__in=before).update(
        state=after, revision=F("revision") + 1, **said
    )
    if changed != len(set(numbers)) or not changed:
        raise Refused("not_now", _not_now(standing, before, numbers))
    through: dict[str, Any] = {} if token is None else {"token": token.pk}
    audit.record_all(
        f"answers.{move}",
        [(standing.forwarding, by, {"number": one} | through) for one in sorted(set(numbers))],
        engagement=standing.forwarding.engagement,
    )
    return list(numbers)


def _not_now(standing: Standing, before: frozenset[str], numbers: Collection[int]) -> str:
    other = [
        one for one in numbers if one not in standing.answers or _state(standing, one) not in before
    ]
    if not other:
        return _("Choose at least one answer.")
    words = ngettext(
        "This cannot be done with the answer to No. %(numbers)s as it stands now.",
        "This cannot be done with the answers to Nos. %(numbers)s as they stand now.",
        len(other),
    )
    return words % {"numbers": named(other)}
