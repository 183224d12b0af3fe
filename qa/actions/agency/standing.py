"""A list in force and its answers, locked for a change by somebody of the agency."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.refusals import NotAllowed, Refused
from qa import rules, states
from qa.models import AgencyAnswer, Forwarding

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engagements.models import User

NAMED: Final = 12
"""Numbers of questions that a refusal names; of more it says how many."""


class Standing(NamedTuple):
    """By the numbers of questions."""

    forwarding: Forwarding
    questions: dict[int, int]
    """Keys of all that are on the list and were not withdrawn."""
    answers: dict[int, AgencyAnswer]
    """Those that there are."""


def stand(forwarding: Forwarding, *, by: User, numbers: Iterable[int]) -> Standing:
    """Must be in a transaction. Everything that changes an agency's answers begins here, so that
    one comes after the other, and none after the list was recalled or superseded.

    Raises NotAllowed for who may not answer these questions, Refused where the list is not in
    force or a number is not on it.
    """
    found = Forwarding.objects.select_for_update(of=("self",)).select_related(
        "engagement__series", "agency"
    )
    locked = found.get(pk=forwarding.pk)
    if not rules.may_answer(by, locked):
        raise NotAllowed("not_allowed", _("There is no such list."))
    if locked.state != states.FORWARDING_SENT:
        raise Refused("superseded", _("A newer list has taken the place of this one: answer that."))
    # A withdrawn question has left nothing but its number on the list.
    questions = dict(locked.questions.exclude(text="").values_list("number", "question"))
    answers = _locked_answers(locked)
    wanted = set(numbers)
    _check_assigned(by, wanted, answers)
    unknown = sorted(wanted - questions.keys())
    if unknown:
        words = ngettext(
            "There is no question No. %(numbers)s to answer on this list.",
            "There are no questions Nos. %(numbers)s to answer on this list.",
            len(unknown),
        )
        raise Refused("no_such", words % {"numbers": named(unknown)})
    return Standing(locked, questions, answers)


def named(numbers: Iterable[int]) -> str:
    """As a sentence names them: “3, 5, 8”, or the first ones and how many more."""
    ordered = sorted(numbers)
    words = ", ".join(map(str, ordered[:NAMED]))
    more = len(ordered) - NAMED
    if more <= 0:
        return words
    return _("%(numbers)s and %(more)d more") % {"numbers": words, "more": more}


def _locked_answers(forwarding: Forwarding) -> dict[int, AgencyAnswer]:
    found = (
        AgencyAnswer.objects.select_for_update(of=("self",))
        .filter(agency=forwarding.agency_id, question__forwarded__forwarding=forwarding)
        .select_related("question")
        .only(*(field.name for field in AgencyAnswer._meta.local_fields), "question__number")
        .order_by("pk")
    )
    return {answer.question.number: answer for answer in found}


def _check_assigned(by: User, numbers: set[int], answers: dict[int, AgencyAnswer]) -> None:
    """A contributor answers what is assigned, and learns of no other question."""
    if not by.is_contributor:
        return
    assigned = {number for number, one in answers.items() if one.assigned_to_id == by.pk}
    if not numbers <= assigned:
        raise NotAllowed("not_assigned", _("There is no such question."))
