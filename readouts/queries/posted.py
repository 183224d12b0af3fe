"""What the public reads of the questions of an engagement.

Questions become public with the readout, by the second person who publishes it: before that they
are known in the room, and a withdrawal takes them back with all the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa import states
from qa.models import Question, WrittenAnswer

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from engagements.models import Engagement


def posted_questions(engagement: Engagement) -> QuerySet[Question]:
    """Shown ones in the order of their numbers.

    Words that look like a personal identifier keep a question back until somebody has decided. Ask
    only where a version is in force.
    """
    shown = Question.objects.filter(
        floor__engagement=engagement, state=states.SHOWN, open_findings=[]
    )
    return shown.select_related("label", "answer").order_by("number")


def posted_answer(question: Question) -> WrittenAnswer | None:
    """What was answered to everybody; what is for the asker alone stays so."""
    answer = getattr(question, "answer", None)
    if answer is None or not answer.is_published or answer.reach != WrittenAnswer.Reach.ALL:
        return None
    return answer
