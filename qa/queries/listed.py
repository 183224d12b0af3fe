"""The questions of an engagement as they are counted and listed."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count

from qa import states
from qa.models import DismissalReason, Question
from qa.queries.agency.said import agency_says, is_forwarded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from engagements.models import Engagement


def written_questions(engagement: Engagement) -> int:
    """Every question received, shown or not, merged or not; withdrawn ones are not counted."""
    return _received(engagement).exclude(state=states.WITHDRAWN).count()


def dispositions(engagement: Engagement) -> list[tuple[str, str, int]]:
    """Written questions by state and outcome, as (state, outcome, questions); they add up."""
    rows = (
        _received(engagement)
        .exclude(state=states.WITHDRAWN)
        .order_by("state", "outcome")
        .values_list("state", "outcome")
        .annotate(questions=Count("pk"))
    )
    return list(rows)


class ReceivedQuestion(NamedTuple):
    """What the accounts need of a question: no word of it, and nobody's name."""

    pk: int
    state: str
    outcome: str
    dismissal: str
    label: int | None
    is_forwarded: bool
    """It stands on a list that an agency got, and that was not recalled."""
    agency_says: str
    """What an agency said in public, as `states.disposition` takes it."""

    @property
    def disposition(self) -> str:
        return states.disposition(
            self.state,
            self.outcome,
            dismissal=self.dismissal,
            is_forwarded=self.is_forwarded,
            agency_says=self.agency_says,
        )


class Disposed(NamedTuple):
    """So many written questions, and what became of them."""

    key: str
    questions: int
    words: str
    """The reason of a dismissal, as the office's list has it now; "" for all else."""


def received_questions(engagement: Engagement) -> list[ReceivedQuestion]:
    """All that were received, in the order of their rows, withdrawn ones too."""
    rows = _received(engagement).annotate(is_forwarded=is_forwarded(), agency_says=agency_says())
    rows = rows.order_by("pk")
    return [ReceivedQuestion(*row) for row in rows.values_list(*ReceivedQuestion._fields)]


def accounts(engagement: Engagement) -> list[Disposed]:
    """What became of the written questions: each is in one line, so they always add up."""
    return accounts_of(received_questions(engagement))


def accounts_of(questions: Iterable[ReceivedQuestion]) -> list[Disposed]:
    """See `accounts`. The fixed lines come first, also with nothing in them; then the reasons."""
    found = Counter(one.disposition for one in questions if one.state != states.WITHDRAWN)
    fixed = [Disposed(key, found.pop(key, 0), "") for key in states.DISPOSITIONS]
    if not found:
        return fixed
    reasons = dict(DismissalReason.objects.values_list("code", "label"))
    order = {f"{states.DISMISSED}.{code}": place for place, code in enumerate(reasons)}
    lines = sorted(found, key=lambda key: (order.get(key, len(order)), key))
    codes = [(key, key.partition(".")[2]) for key in lines]
    return fixed + [Disposed(key, found[key], reasons.get(code, code)) for key, code in codes]


def _received(engagement: Engagement) -> QuerySet[Question]:
    """What counts as asked. Nothing of a rehearsal does."""
    return Question.objects.filter(
        floor__engagement=engagement, floor__engagement__is_rehearsal=False
    )
