"""What agencies got of a question and said to it in public, as expressions for a query."""

from __future__ import annotations

from django.db.models import Case, CharField, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from qa import states
from qa.models import ForwardedQuestion, PublishedAnswer

_GIVES_NO_ANSWER = Q(is_withheld=True) | Q(status=states.DECLINED)


def is_forwarded(question: str = "pk") -> Exists:
    """It stands on a list that an agency got and that was not recalled. `question` names the key
    of the question in the outer query."""
    return Exists(
        ForwardedQuestion.objects.filter(
            question=OuterRef(question), forwarding__state__in=states.REACHED_AGENCY
        )
    )


def is_settled(question: str) -> Q:
    """The office dismissed or answered it itself; `states.promise` says the same of one."""
    outcomes = [states.ANSWERED_LIVE, states.ANSWERED_IN_WRITING]
    return Q(**{f"{question}__state": states.DISMISSED}) | Q(
        **{f"{question}__outcome__in": outcomes}
    )


def agency_says(question: str = "pk", *, agency: str = "") -> Coalesce:
    """The line of the latest published answer: answered or declined by the agency, or "".

    With `agency`, the name of a column of the outer query, only of that one's answers.
    """
    published = PublishedAnswer.objects.filter(answer__question=OuterRef(question))
    if agency:
        published = published.filter(answer__agency=OuterRef(agency))
    line = Case(
        When(_GIVES_NO_ANSWER, then=Value(states.DECLINED_BY_AGENCY)),
        default=Value(states.ANSWERED_BY_AGENCY),
        output_field=CharField(),
    )
    latest = published.order_by("-published_at", "-pk").annotate(line=line).values("line")[:1]
    return Coalesce(Subquery(latest), Value(""), output_field=CharField())
