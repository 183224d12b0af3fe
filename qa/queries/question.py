"""One question at the desk: which others ask the same, and who asked it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from qa import semantics, states
from qa.models import Question, Silence

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from engagements.models import Registration
    from qa.models import Floor

MOST_LIKE: Final = 5
MOST_FOUND: Final = 20


class Like(NamedTuple):
    """A question that may ask the same; `percent` is how much alike, None where it was searched."""

    question: Question
    percent: int | None


class Asker(NamedTuple):
    """Who asked a question, and what else this person asked here, oldest first."""

    registration: Registration
    silence: Silence | None
    questions: list[Question]


def question_of(floor: Floor, number: int) -> Question | None:
    """With all that its page tells."""
    questions = floor.questions.described().select_related("asker", "entered_by")
    return questions.filter(number=number).first()


def likely_duplicates(floor: Floor, question: Question) -> list[Like]:
    """Those that are most alike, merged ones standing for the question that they were merged into.

    Only ever suggested: what asks the opposite is alike too.
    """
    standing = {one.pk: one for one in _others(floor, question)}
    own = question.stands_for.pk
    texts = [
        (one.stands_for.pk, one.text)
        for one in floor.questions.select_related("merged_into").exclude(state=states.WITHDRAWN)
        if one.pk != question.pk
    ]
    found: dict[int, float] = {}
    for key, alike in semantics.likely(question.text, texts, most=4 * MOST_LIKE):
        if key != own and key in standing:
            found.setdefault(key, alike)
    best = list(found.items())[:MOST_LIKE]
    return [Like(standing[key], round(alike * 100)) for key, alike in best]


def questions_with(floor: Floor, question: Question, words: str) -> list[Like]:
    """By number, or by words that are all in the text, in any order."""
    wanted = words.casefold().split()
    if not wanted:
        return []
    found = [
        one
        for one in _others(floor, question)
        if words.strip().lstrip("#") == str(one.number)
        or all(word in one.text.casefold() for word in wanted)
    ]
    return [Like(one, None) for one in found[:MOST_FOUND]]


def merged_into(question: Question) -> QuerySet[Question]:
    """Those that were joined with it, each with what was joined with that one before."""
    return question.merged.described().order_by("number")


def asker_of(question: Question) -> Asker | None:
    """None where nobody of the room has asked it, or the person is forgotten."""
    person = question.asker
    if person is None or person.is_erased:
        return None
    asked = Question.objects.filter(floor=question.floor_id, asker=person).described()
    silence = Silence.objects.filter(
        floor=question.floor_id, registration=person, ended_at=None
    ).select_related("begun_by")
    return Asker(person, silence.first(), list(asked.order_by("number")))


def _others(floor: Floor, question: Question) -> QuerySet[Question]:
    """What stands by itself: merged and withdrawn ones are no choice."""
    gone = [states.MERGED, states.WITHDRAWN]
    return floor.questions.described().exclude(state__in=gone).exclude(pk=question.pk)
