"""What the public reads on the page of an engagement once its readout is published.

Questions become public with the readout, by the second person who publishes it: before that they
are known in the room, and a withdrawal takes them back with all the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, Q

from qa import states
from qa.models import Question, WrittenAnswer
from readouts.document import Document
from readouts.queries.courses import with_courses
from readouts.queries.pages import page_of
from readouts.queries.published import version_in_force

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from engagements.models import Engagement
    from qa.models import Label
    from readouts.models import ReadoutVersion, VersionFile

ANSWERED: Final = Q(answer__published_at__isnull=False, answer__reach=WrittenAnswer.Reach.ALL)
"""An answer for the asker alone stays so."""

ANSWERS_SHOWN: Final = 20


@dataclass(frozen=True)
class Record:
    """What was published of an engagement, for its page. `page` is the document for a template."""

    version: ReadoutVersion
    page: dict[str, Any]
    files: Sequence[VersionFile]
    answered: Sequence[Question]
    questions: int
    answers: int


def posted_questions(engagement: Engagement) -> QuerySet[Question]:
    """Shown ones in the order of their numbers, with label and answer.

    Words that look like a personal identifier keep a question back until somebody has decided. Ask
    only where a version is in force.
    """
    shown = Question.objects.filter(
        floor__engagement=engagement, state=states.SHOWN, open_findings=[]
    )
    return shown.select_related("label", "answer").order_by("number")


def posted_answer(question: Question) -> WrittenAnswer | None:
    """What was answered to everybody."""
    answer: WrittenAnswer | None = getattr(question, "answer", None)
    if answer is None or not answer.is_published or answer.reach != WrittenAnswer.Reach.ALL:
        return None
    return answer


def posted_labels(engagement: Engagement) -> list[tuple[Label, int]]:
    """Topics under which there are questions to read, and how many."""
    shown = posted_questions(engagement).order_by().values("pk")
    labels = engagement.labels.annotate(
        posted=Count("questions", filter=Q(questions__in=shown))
    ).filter(posted__gt=0)
    return [(label, label.posted) for label in labels]


def record_of(engagement: Engagement) -> Record | None:
    """None while no version is in force."""
    version = version_in_force(engagement)
    if version is None:
        return None
    shown = posted_questions(engagement)
    counts = shown.order_by().aggregate(all=Count("pk"), answered=Count("pk", filter=ANSWERED))
    return Record(
        version=version,
        page=page_of(Document.from_json(version.document)),
        files=list(version.files.defer("content")),
        answered=with_courses(engagement, shown.filter(ANSWERED)[:ANSWERS_SHOWN]),
        questions=counts["all"],
        answers=counts["answered"],
    )
