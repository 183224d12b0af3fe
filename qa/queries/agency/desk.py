"""What an agency sees of a list that it has: the frozen questions, and its own answers to them.

No words of a question as it stands now are read here, only what was forwarded. Whether it is still
to be answered is told by the rows of now, as in `promises`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    Value,
    When,
)

from qa import states
from qa.models import AgencyAnswer, ForwardedQuestion, PublishedAnswer
from qa.queries.agency.frozen import in_force
from qa.queries.agency.said import is_settled

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from engagements.models import Agency, User
    from qa.models import Forwarding

    # With `situation`, which the type checker does not see through a function's end.
    Questions = QuerySet[Any]

NOT_BEGUN: Final = "not_begun"
"""How an answer stands before anybody has written anything, beside the states that it may have."""

SITUATIONS: Final = (
    NOT_BEGUN,
    states.ANSWER_DRAFT,
    states.ANSWER_CLEARING,
    states.ANSWER_CLEARED,
    states.ANSWER_RETURNED,
    states.ANSWER_SUBMITTED,
    states.ANSWER_ACCEPTED,
    states.ANSWER_PUBLISHED,
)

NOBODY: Final = "nobody"
MINE: Final = "me"


class Row(NamedTuple):
    """A question of a list and what the agency says to it so far."""

    question: ForwardedQuestion
    answer: AgencyAnswer | None
    situation: str


class Wanted(NamedTuple):
    """What a page is narrowed to; None and "" narrow nothing."""

    text: str = ""
    label: str | None = None
    situation: str = ""
    directorate: int | str = ""
    who: int | str = ""


def desk_questions(forwarding: Forwarding, *, of: User) -> Questions:
    """The questions that this person may see, by number, each with its `situation`."""
    found = (
        ForwardedQuestion.objects.filter(forwarding=forwarding)
        .alias(
            said=FilteredRelation(
                "question__agency_answers",
                condition=Q(question__agency_answers__agency=forwarding.agency_id),
            )
        )
        .annotate(situation=_situation())
        .order_by("number")
    )
    return found.filter(said__assigned_to=of) if of.is_contributor else found


def narrowed(found: Questions, wanted: Wanted, *, of: User) -> Questions:
    if wanted.text:
        words = wanted.text
        is_number = words.isascii() and words.isdigit() and len(words) < 10
        found = found.filter(
            (Q(number=int(words)) if is_number else Q(pk__in=[]))
            | Q(text__icontains=words)
            | Q(original_text__icontains=words)
            | Q(translation__icontains=words)
            | Q(said__text__icontains=words)
        )
    if wanted.label is not None:
        found = found.filter(label=wanted.label).exclude(text="")
    if wanted.situation:
        found = to_answer(found).filter(situation=wanted.situation)
    for name, value in (("directorate", wanted.directorate), ("assigned_to", wanted.who)):
        if value == NOBODY:
            found = to_answer(found).filter(**{f"said__{name}": None})
        elif value:
            found = found.filter(**{f"said__{name}": of.pk if value == MINE else value})
    return found


def to_answer(found: Questions) -> Questions:
    """Neither withdrawn, nor settled by the office, nor answered with another of the list: what
    of `promises.AnswerCount.asked` is written by itself. See record 58."""
    published = PublishedAnswer.objects.filter(
        answer__agency=OuterRef("forwarding__agency"), answer__question=OuterRef("question")
    )
    root = ForwardedQuestion.objects.filter(
        forwarding=OuterRef("forwarding"), question=OuterRef("question__merged_into")
    )
    is_merged = Q(question__state=states.MERGED)
    gone = ~is_merged & is_settled("question") | is_merged & is_settled("question__merged_into")
    return (
        found.exclude(text="")
        .filter(merged_into=None)
        .exclude(question__state=states.WITHDRAWN)
        .exclude(is_merged & Q(question__merged_into__state=states.WITHDRAWN))
        .exclude(is_merged & Exists(root))
        .filter(~gone | Exists(published))
    )


def desk_rows(questions: Iterable[ForwardedQuestion], *, agency: int) -> list[Row]:
    """Of one page, with the answers in one query."""
    listed = list(questions)
    answers = {
        answer.question_id: answer
        for answer in AgencyAnswer.objects.filter(
            agency=agency, question__in=[one.question_id for one in listed]
        ).select_related("directorate", "assigned_to", "edited_by", "submitted_by", "cleared_by")
    }
    return [Row(one, answers.get(one.question_id), getattr(one, "situation", "")) for one in listed]


def situations(found: Questions) -> dict[str, int]:
    """How many of those to be answered stand in each; they add up to all of these."""
    counted = dict(
        to_answer(found).order_by().values_list("situation").annotate(Count("pk", distinct=True))
    )
    return {one: counted.get(one, 0) for one in SITUATIONS}


def standing_of_lists(forwardings: Iterable[Forwarding], *, of: User) -> dict[int, dict[str, int]]:
    """`situations` of many lists of one agency, in one query."""
    keys = [one.pk for one in forwardings]
    found: Questions = to_answer(
        ForwardedQuestion.objects.filter(forwarding__in=keys)
        .alias(
            said=FilteredRelation(
                "question__agency_answers",
                condition=Q(question__agency_answers__agency=of.agency_id),
            )
        )
        .annotate(situation=_situation())
    )
    if of.is_contributor:
        found = found.filter(said__assigned_to=of)
    table = {key: dict.fromkeys(SITUATIONS, 0) for key in keys}
    for key, situation, number in (
        found.order_by().values_list("forwarding", "situation").annotate(Count("pk"))
    ):
        table[key][situation] = number
    return table


def ready(forwarding: Forwarding) -> int:
    """How many answers of the list can be submitted as they are."""
    needed = states.ANSWERING_MOVES["submit"][0]
    found = AgencyAnswer.objects.filter(
        Exists(_listed(forwarding, question=OuterRef("question"))),
        ~Q(status=states.SAME_AS) | Exists(_listed(forwarding, number=OuterRef("same_as"))),
        agency=forwarding.agency_id,
        state__in=[states.ANSWER_CLEARED] if forwarding.agency.clears_answers else needed,
        is_publishable__isnull=False,
    )
    return found.exclude(status=states.IN_PROGRESS).count()


def _listed(forwarding: Forwarding, **which: Any) -> QuerySet[ForwardedQuestion]:
    """Of a withdrawn question nothing but the number is left on a list."""
    return ForwardedQuestion.objects.filter(forwarding=forwarding, **which).exclude(text="")


def labels_of(forwarding: Forwarding) -> list[str]:
    """Topics that stand on the list, "" for questions without one."""
    found = forwarding.questions.exclude(text="").order_by("label")
    return list(found.values_list("label", flat=True).distinct())


def merged_rows(forwarding: Forwarding, number: int) -> QuerySet[ForwardedQuestion]:
    """Those that are answered with this one."""
    return forwarding.questions.filter(merged_into=number).exclude(text="").order_by("number")


def answered_alike(forwarding: Forwarding, number: int) -> list[int]:
    """Numbers whose answer says that it is the same as this one's."""
    found = AgencyAnswer.objects.filter(
        agency=forwarding.agency_id,
        question__forwarded__forwarding=forwarding,
        status=states.SAME_AS,
        same_as=number,
    )
    return list(found.order_by("question__number").values_list("question__number", flat=True))


def colleagues(agency: Agency | None) -> QuerySet[User]:
    """Whom a question may be given to."""
    if agency is None:
        raise ValueError("somebody of the office has no colleagues in an agency")
    return agency.liaisons.filter(is_active=True).order_by("name", "pk")


def newest_list(forwarding: Forwarding) -> Forwarding | None:
    """The list in force of the same engagement and agency."""
    return in_force(forwarding.engagement, forwarding.agency)


def _situation() -> Case:
    """An answer that somebody was given and nobody has written is not begun."""
    is_empty = Q(said__state=states.ANSWER_DRAFT, said__text="", said__status=states.IN_PROGRESS)
    return Case(
        When(Q(said=None) | is_empty, then=Value(NOT_BEGUN)),
        default=F("said__state"),
        output_field=CharField(),
    )
