"""Questions that may be quoted, those that are, and the record of the choice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.db.models import F, Q
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from qa import states as question_states
from qa.models import Question
from qa.queries import agency_says, is_forwarded
from readouts import rules
from readouts.queries import defining

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.db.models import QuerySet
    from django_stubs_ext import StrOrPromise

    from engagements.models import Engagement, RoleCategory
    from readouts.models import Readout, ReadoutSample

HELD: Final = question_states.HELD
"""Of the picker's filter: what the room did not see, whatever became of it."""

WITHOUT_LABEL: Final = "none"

BECAME: Final[Mapping[str, StrOrPromise]] = {
    question_states.ANSWERED_LIVE: _("Answered live"),
    question_states.ANSWERED_IN_WRITING: _("Answered in writing"),
    question_states.ANSWERED_BY_AGENCY: _("Answered by the agency"),
    question_states.DECLINED_BY_AGENCY: _("Declined by the agency"),
    question_states.FORWARDED: _("Forwarded, not answered yet"),
    question_states.OPEN: _("Open"),
    HELD: _("Held: the room did not see it"),
}

_ANSWERED: Final = (question_states.ANSWERED_LIVE, question_states.ANSWERED_IN_WRITING)
_SAID: Final = (question_states.ANSWERED_BY_AGENCY, question_states.DECLINED_BY_AGENCY)

SORTED: Final[Mapping[str, tuple[Any, ...]]] = {
    "number": ("number",),
    "-number": ("-number",),
    "-votes": ("-votes", "number"),
    "votes": ("votes", "number"),
    "-people": ("-people", "number"),
    "people": ("people", "number"),
    "label": (F("label__position").asc(nulls_last=True), "label", "number"),
    "-label": (F("label__position").desc(nulls_first=True), "-label", "number"),
    "category": (F("category__position").asc(nulls_last=True), "category", "number"),
    "-category": (F("category__position").desc(nulls_first=True), "-category", "number"),
}


class Candidate(NamedTuple):
    """A question in the picker's list."""

    question: Question
    became: str
    """What became of it, in words."""


def questions_of(engagement: Engagement) -> QuerySet[Question]:
    return Question.objects.filter(floor__engagement=engagement)


def choosable(
    readout: Readout,
    *,
    q: str = "",
    category: RoleCategory | None = None,
    label: str = "",
    became: str = "",
    sort: str = "number",
) -> QuerySet[Question]:
    """Questions that may be quoted and are not yet, narrowed down and in the order wished for."""
    found = with_forwarded(questions_of(readout.engagement)).filter(state__in=rules.QUOTABLE)
    for word in q.split():
        found = found.filter(Q(text__icontains=word) | Q(number__in=_numbers(word)))
    if category:
        found = found.filter(category=category)
    if label:
        found = found.filter(label=None if label == WITHOUT_LABEL else int(label))
    if became:
        found = _that_became(found, became)
    found = found.exclude(pk__in=readout.samples.values("question"))
    return found.select_related("category", "label").order_by(*SORTED.get(sort, ("number",)))


def candidates(questions: Iterable[Question]) -> list[Candidate]:
    """Of questions that know whether they are forwarded (see `with_forwarded`)."""
    return [Candidate(question, became_of(question)) for question in questions]


def with_forwarded(questions: QuerySet[Question]) -> QuerySet[Question]:
    """Each with `is_forwarded` and `agency_says`, which tell what became of it."""
    return questions.annotate(is_forwarded=is_forwarded(), agency_says=agency_says())


def became_of(question: Question) -> str:
    """What became of a question that may be quoted, in words."""
    key = question_states.disposition(
        question.state,
        question.outcome,
        dismissal=question.dismissal,
        is_forwarded=getattr(question, "is_forwarded", False),
        agency_says=getattr(question, "agency_says", ""),
    )
    return disposition_words(key)


def disposition_words(key: str) -> str:
    """In short, with all dismissals as one."""
    kind = key.partition(".")[0]
    if kind == question_states.DISMISSED:
        return str(_("Dismissed"))
    return defining.words(f"disposition.{kind}")["label"]


def samples_of(readout: Readout) -> list[ReadoutSample]:
    """In order. The words of a question that its asker has withdrawn are read by nobody."""
    questions = Question.objects.filter(pk__in=readout.samples.values("question"))
    asked = {
        question.pk: question
        for question in with_forwarded(questions).select_related("category", "label")
    }
    samples = list(readout.samples.select_related("chosen_by"))
    for sample in samples:
        sample.question = asked[sample.question_id]
        if sample.question.state == question_states.WITHDRAWN:
            sample.text = ""
    return samples


def quoted(readout: Readout) -> list[tuple[str, str]]:
    """Heading and words of each sample, in order, for the public. What was set aside since it was
    chosen is not among them; the actions refuse to publish until somebody has removed it."""
    standing = readout.samples.filter(question__state__in=rules.QUOTABLE)
    return list(standing.values_list("heading", "text"))


def samples_record(readout: Readout) -> list[dict[str, Any]]:
    """The choice for the record of a version, in order: JSON, for the office only.

    `asked` are the words as they were asked, as far as they are not redacted; `published` those
    of the readout.
    """
    return [
        {
            "number": sample.question.number,
            "asked": sample.question.original_text,
            "published": sample.text,
            "reason": sample.reason,
            "heading": sample.heading,
        }
        for sample in readout.samples.select_related("question")
    ]


def _numbers(word: str) -> list[int]:
    return [int(word)] if word.isascii() and word.isdecimal() and len(word) < 10 else []


def _that_became(questions: QuerySet[Question], became: str) -> QuerySet[Question]:
    if became == HELD:
        return questions.filter(state=question_states.HELD)
    if became in _ANSWERED:
        return questions.filter(outcome=became)
    questions = questions.exclude(outcome__in=_ANSWERED)
    if became in _SAID:
        return questions.filter(Exact(agency_says(), became))
    reached = is_forwarded() if became == question_states.FORWARDED else ~is_forwarded()
    return questions.filter(Exact(agency_says(), ""), reached)
