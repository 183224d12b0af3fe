"""What an agency has submitted is accepted by the office, or returned with a remark."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements import audit, clock, outbox
from engagements.files.text import clean_text
from engagements.refusals import NotAllowed, Refused
from qa import rules, states
from qa.actions.agency import hooks
from qa.actions.agency.standing import named
from qa.models import AgencyAnswer, Webhook
from qa.queries.agency import forwardings, frozen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engagements.models import Agency, Engagement, User

LONGEST_REMARK: Final = AgencyAnswer._meta.get_field("remark").max_length or 0


class Decided(NamedTuple):
    """Numbers of questions: decided, and left because they were changed or decided meanwhile."""

    done: list[int]
    left: list[int]


@transaction.atomic
def accept(engagement: Engagement, *, answers: Iterable[AgencyAnswer], by: User) -> Decided:
    """Accept answers in the revision that `answers` have loaded; no other is accepted.

    Refuses when none of them can be.
    """
    return _decide(engagement, "accept", answers, by=by, remark="")


@transaction.atomic
def give_back(
    engagement: Engagement, *, answers: Iterable[AgencyAnswer], by: User, remark: str
) -> Decided:
    """Return answers, also accepted ones, to the agency; whoever submitted them is told by mail.

    See `accept`.
    """
    remark = clean_text(remark)
    if not remark:
        raise Refused("no_remark", _("Please say what the agency should do."))
    if len(remark) > LONGEST_REMARK:
        raise Refused(
            "too_long",
            _("A remark has at most %(most)d characters.") % {"most": LONGEST_REMARK},
        )
    return _decide(engagement, "return", answers, by=by, remark=remark)


def check_may_accept(engagement: Engagement, by: User) -> None:
    if not rules.may_accept(by, engagement):
        raise NotAllowed("not_allowed", _("You do not decide about answers here."))


def locked(
    engagement: Engagement, answers: Iterable[AgencyAnswer]
) -> tuple[list[AgencyAnswer], list[int]]:
    """As they are now, held until the transaction ends; and the numbers of those that are not any
    more what was read."""
    read = {answer.pk: answer.revision for answer in answers}
    found = (
        AgencyAnswer.objects.filter(pk__in=read, question__floor__engagement=engagement)
        .select_for_update(of=("self",))
        .select_related("question", "agency", "submitted_by")
        .order_by("question__number")
    )
    same, other = [], []
    for answer in found:
        if answer.revision == read[answer.pk]:
            same.append(answer)
        else:
            other.append(answer.question.number)
    return same, other


def _decide(
    engagement: Engagement, move: str, answers: Iterable[AgencyAnswer], *, by: User, remark: str
) -> Decided:
    check_may_accept(engagement, by)
    held, left = locked(engagement, answers)
    before, after = states.ANSWERING_MOVES[move]
    decided = [answer for answer in held if answer.state in before]
    left += [answer.question.number for answer in held if answer.state not in before]
    if not decided:
        raise _nothing(left)
    AgencyAnswer.objects.filter(pk__in=[answer.pk for answer in decided], state__in=before).update(
        state=after,
        remark=remark,
        decided_by=by,
        decided_at=clock.now(),
        revision=F("revision") + 1,
    )
    audit.record_all(
        f"answer.{after}",
        [(one, by, {"digest": audit.digest(one.text)}) for one in decided],
        engagement=engagement,
    )
    if move == "return":
        _tell_returned(engagement, decided, remark)
    return Decided([answer.question.number for answer in decided], sorted(left))


def _nothing(left: list[int]) -> Refused:
    if not left:
        return Refused("none", _("Choose at least one answer."))
    return Refused(
        "overtaken",
        ngettext(
            "The answer to question %(numbers)s was changed or decided meanwhile."
            " Look at it again.",
            "The answers to questions %(numbers)s were changed or decided meanwhile."
            " Look at them again.",
            len(left),
        )
        % {"numbers": named(left)},
    )


def _tell_returned(engagement: Engagement, answers: list[AgencyAnswer], remark: str) -> None:
    of_agency: dict[Agency, list[AgencyAnswer]] = defaultdict(list)
    for answer in answers:
        of_agency[answer.agency].append(answer)
    for agency, returned in of_agency.items():
        sent = frozen.in_force(engagement, agency)
        hooks.lay(agency, Webhook.Event.RETURNED, forwarding=sent, answers=returned)
        for liaison, numbers in _who_submitted(agency, returned).items():
            outbox.post(
                "qa/answers_returned",
                to=liaison.email,
                engagement=engagement,
                name=liaison.name,
                numbers=named(numbers),
                count=len(numbers),
                remark=remark,
                link=outbox.absolute(
                    reverse("agency-forwarding", args=[sent.pk]) if sent else reverse("agency")
                ),
            )


def _who_submitted(agency: Agency, answers: list[AgencyAnswer]) -> dict[User, list[int]]:
    """Whom to tell of which numbers. Where that person is gone, all who lead at the agency."""
    told: dict[User, list[int]] = defaultdict(list)
    present = {one.pk: one for one in forwardings.leads_of(agency)}
    for answer in answers:
        submitter = present.get(answer.submitted_by_id or 0)
        for liaison in [submitter] if submitter else present.values():
            told[liaison].append(answer.question.number)
    return told
