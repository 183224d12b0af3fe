"""Askers are told by mail what an agency has answered, each of them once for each answer.

Who is to be told is laid down with the publication. Their mails follow at once where they are few;
the rest the worker lays in pieces, so that nobody waits for thousands.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.db import transaction
from django.urls import reverse

from engagements import audit, clock, outbox
from engagements.models import Office, OutgoingMail
from engagements.rules import is_admitted
from qa import answered, events, states
from qa.models import AnswerTold, PublishedAnswer, Question
from qa.queries.wishes import token_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from engagements.models import Registration
    from qa.models import Floor

TEMPLATE: Final = "qa/answered"

PIECE: Final = 50
"""Mails of one transaction: a fraction of a second."""


class Letter(NamedTuple):
    """What one mail is about: an answer, and the questions of one asker that it answers."""

    asker: Registration
    published: PublishedAnswer
    questions: list[Question]
    was_told: bool
    """An earlier version of the answer: this one corrects it."""


@transaction.atomic
def tell(published: Sequence[PublishedAnswer]) -> int:
    """Lay down who is to be told of answers that were just published, in the same transaction.

    Those are the askers who want it and can be written to: of the question, of those merged into
    it, and of those that have the same answer by a published “same as”. A rehearsal tells nobody.
    Gives how many questions' askers are told.
    """
    floors: dict[int, set[int]] = defaultdict(set)
    for one in published:
        floors[one.answer.question.floor_id].add(one.pk)
    told = sum(_tell(floor, among) for floor, among in floors.items())
    _lay(PIECE)
    return told


@transaction.atomic
def tell_of(question: Question) -> int:
    """The asker wants it from now on: what is published already is told, as above."""
    told = _tell(question.floor_id, None, only={question.pk})
    _lay(PIECE)
    return told


def lay_all(*, stop: Callable[[], bool] = lambda: False) -> int:
    """For the worker: mails for everybody who is still to be told. Gives how many were laid."""
    laid, settled = 0, 1
    while settled and not stop():
        settled, mails = _lay(PIECE)
        laid += mails
    return laid


@transaction.atomic
def _lay(most: int) -> tuple[int, int]:
    """Mails about at most so many askers' questions. Gives how many of these are done with, and
    how many mails were laid.

    Whoever withdrew the wish, the question or the registration meanwhile gets nothing, nor whose
    question is not answered by this any more, and nobody gets a version that a correction has
    overtaken.
    """
    due = _due(most)
    letters = [letter for letter in _letters(due) if letter.questions]
    office = Office.current()
    OutgoingMail.objects.bulk_create(_mail(letter, office) for letter in letters)
    told = {(one.published.pk, own.pk) for one in letters for own in one.questions}
    _settle(due, told)
    audit.record_all(
        "answer.told",
        [
            (letter.published, "worker", {"questions": [one.number for one in letter.questions]})
            for letter in letters
        ],
    )
    return len(due), len(letters)


def _tell(floor_id: int, among: Collection[int] | None, *, only: Collection[int] = ()) -> int:
    """`among` are the published answers that are news, all where there are none; `only` these
    questions, all where there are none."""
    floor = events.lock(floor_id)
    if floor.engagement.is_rehearsal:
        return 0
    pairs = [
        (one.answer, one.question)
        for one in _answered_questions(floor)
        if among is None or not one.by.isdisjoint(among)
    ]
    askers = Question.objects.filter(
        floor=floor, wants_answer=True, asker__isnull=False, pk__in={pk for _of, pk in pairs}
    )
    if only:
        askers = askers.filter(pk__in=only)
    wanting = set(askers.exclude(state=states.WITHDRAWN).values_list("pk", flat=True))
    rows = [
        AnswerTold(published_id=published, question_id=question)
        for published, question in pairs
        if question in wanting
    ]
    known = set(
        AnswerTold.objects.filter(question__in=wanting).values_list("published", "question")
    )
    new = [row for row in rows if (row.published_id, row.question_id) not in known]
    AnswerTold.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def _answered_questions(floor: Floor) -> Iterable[answered.Spread]:
    """Each question of the floor that has a published answer, and that answer: the own one, that
    of a question with the same answer, or of the one that it was merged into."""
    published = PublishedAnswer.objects.filter(answer__question__floor=floor).order_by("number")
    latest = {
        (agency, number): answered.Answered(key, question, same_as)
        for key, agency, question, number, same_as in published.values_list(
            "pk", "answer__agency", "answer__question", "answer__question__number", "same_as"
        )
    }
    merged = floor.questions.filter(merged_into__isnull=False).values_list("pk", "merged_into")
    return answered.spread(latest, {pk: into for pk, into in merged if into is not None})


def _due(most: int) -> list[AnswerTold]:
    """The first that are due, the questions of one asker together."""
    due = AnswerTold.objects.filter(told_at=None).select_for_update(skip_locked=True, of=("self",))
    found = list(
        due.select_related(
            "published__answer__agency",
            "published__answer__question__floor__engagement",
            "question__asker__engagement__series",
            "question__merged_into",
        ).order_by("published", "question__asker", "pk")[:most]
    )
    if len(found) < most:
        return found
    last = _whose(found[-1])
    whole = [one for one in found if _whose(one) != last]
    return whole or found


def _whose(row: AnswerTold) -> tuple[int, int | None]:
    return row.published_id, row.question.asker_id


def _letters(due: Sequence[AnswerTold]) -> list[Letter]:
    overtaken = _overtaken(due)
    told = _told_before(due)
    standing = _standing(due)
    letters = []
    for (published, _asker), rows in groupby(due, key=_whose):
        group = list(rows)
        person = group[0].question.asker
        if person is None or published in overtaken or not _can_be_written_to(person):
            continue
        letters.append(
            Letter(
                asker=person,
                published=group[0].published,
                questions=[
                    one.question
                    for one in group
                    if _wants(one.question) and (published, one.question_id) in standing
                ],
                was_told=any((one.published.answer_id, one.question_id) in told for one in group),
            )
        )
    return letters


def _can_be_written_to(asker: Registration) -> bool:
    return is_admitted(asker) and bool(asker.email)


def _wants(question: Question) -> bool:
    return question.wants_answer and question.state != states.WITHDRAWN


def _standing(due: Sequence[AnswerTold]) -> set[tuple[int, int]]:
    """Answers and questions that belong together still: a merge may have been undone meanwhile."""
    floors = {one.question.floor_id: one.published.answer.question.floor for one in due}
    return {
        (one.answer, one.question)
        for floor in floors.values()
        for one in _answered_questions(floor)
    }


def _overtaken(due: Sequence[AnswerTold]) -> set[int]:
    """Versions among them that have a later one."""
    answers = {one.published.answer_id: one.published for one in due}
    latest: dict[int, int] = {}
    numbers = PublishedAnswer.objects.filter(answer__in=answers).values_list("answer", "number")
    for answer, number in numbers:
        latest[answer] = max(number, latest.get(answer, 0))
    return {
        one.published_id for one in due if one.published.number < latest[one.published.answer_id]
    }


def _told_before(due: Sequence[AnswerTold]) -> set[tuple[int, int]]:
    """Answers and questions of which an earlier version was told."""
    corrected = [one for one in due if one.published.number > 1]
    earlier = AnswerTold.objects.filter(
        question__in=[one.question_id for one in corrected],
        published__answer__in=[one.published.answer_id for one in corrected],
        told_at__isnull=False,
    )
    return set(earlier.values_list("published__answer", "question")) if corrected else set()


def _settle(due: Sequence[AnswerTold], told: set[tuple[int, int]]) -> None:
    """What is not told now is not told later either: the row would only wait for ever."""
    laid = [one.pk for one in due if (one.published_id, one.question_id) in told]
    AnswerTold.objects.filter(pk__in=laid).update(told_at=clock.now())
    AnswerTold.objects.filter(pk__in={one.pk for one in due} - set(laid)).delete()


def _mail(letter: Letter, office: Office) -> OutgoingMail:
    asker, published = letter.asker, letter.published
    engagement = asker.engagement
    answers = published.answer.question
    return outbox.compose(
        TEMPLATE,
        to=asker.email,
        engagement=engagement,
        registration=asker,
        language=asker.language,
        unsubscribe=outbox.absolute(reverse("answer-mails", args=[token_of(asker)])),
        office=office,
        questions=[_own(one, answers) for one in letter.questions],
        answer=published,
        agency=published.answer.agency,
        number=answers.number,
        is_correction=letter.was_told,
        page=_page(answers),
    )


def _own(question: Question, answers: Question) -> dict[str, Any]:
    """The asker's own words, and under which question of others they are answered, if not these."""
    is_merged = question.pk != answers.pk and question.merged_into_id is not None
    return {
        "number": question.number,
        "text": question.original_text,
        "joined_with": question.stands_for.number if is_merged else None,
    }


def _page(answers: Question) -> str:
    """Where everybody reads it; "" for a question that the public is not shown, which is answered
    to its askers alone."""
    if not answers.is_shown or answers.open_findings:
        return ""
    slug = answers.floor.engagement.slug
    return outbox.absolute(reverse("follow-up-question", args=[slug, answers.number]))
