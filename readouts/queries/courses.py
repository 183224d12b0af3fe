"""What became of each question with the agency, for the record that the public reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from readouts.queries.given import given_to

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from engagements.models import Engagement
    from qa.models import PublishedAnswer, Question
    from readouts.queries.given import Given

WITHHELD: Final = "withheld"


class Course(NamedTuple):
    """The words of an answer stand on the follow-up page alone."""

    steps: tuple[tuple[str, date], ...]
    """What happened, and on which day, in order."""
    answer: str = ""
    """How the agency answered: a status of an answer, or WITHHELD; "" while it has not."""
    page_url: str = ""
    same_as: int | None = None
    address: str = ""
    """Of the answer, on the follow-up page."""


def with_courses(engagement: Engagement, questions: Iterable[Question]) -> list[Question]:
    """The same questions, each with its `course` and its `translated`. A constant number of
    queries."""
    shown = list(questions)
    given = given_to(engagement)
    for question in shown:
        question.course = _course(engagement, given, question)  # type: ignore[attr-defined]
        question.translated = given.translations.get(question.pk)  # type: ignore[attr-defined]
    return shown


def _course(engagement: Engagement, given: Given, question: Question) -> Course:
    steps = [(_("received"), engagement.local(question.asked_at).date())]
    sent = given.sent.get(question.pk)
    if sent is not None:
        day = engagement.local(sent.at).date()
        steps.append((_("forwarded to %(agency)s") % {"agency": sent.agency}, day))
    published = given.published.get(question.pk)
    if published is None:
        return Course(tuple(steps))
    steps.append((_("answered"), _answered_on(engagement, published)))
    return Course(
        steps=tuple(steps),
        answer=WITHHELD if published.is_withheld else published.status,
        page_url=published.page_url,
        same_as=published.same_as,
        address=reverse("follow-up-question", args=[engagement.slug, question.number]),
    )


def _answered_on(engagement: Engagement, published: PublishedAnswer) -> date:
    return published.answered_on or engagement.local(published.published_at).date()
