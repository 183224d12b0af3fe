"""Published words that were redacted since. The version keeps them; somebody has to correct it."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from qa.actions.sealing import tells_sealed_words
from qa.models import MAX_LENGTH, Question
from readouts.document import Document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from engagements.models import Engagement
    from readouts.models import ReadoutVersion


def redacted_in(version: ReadoutVersion) -> list[int]:
    """Numbers of the questions of which the version tells words that are redacted now."""
    texts = list(_texts(Document.from_json(version.document)))
    return [
        question.number
        for question in _redacted(version.readout.engagement)
        if any(_tells(question, text) for text in texts)
    ]


def without_redacted(engagement: Engagement, parts: Iterable[str]) -> Iterator[str]:
    """The parts of a text but for those with redacted words, line by line."""
    questions = _redacted(engagement)
    for part in parts:
        lines = part.split("\n")
        yield "\n".join(
            line for line in lines if not any(_tells(question, line) for question in questions)
        )


def telling(engagement: Engagement, texts: Mapping[int, Iterable[str]]) -> set[int]:
    """The keys under which a text tells words that are redacted now."""
    questions = _redacted(engagement)
    return {
        key
        for key, parts in texts.items()
        for part in parts
        if any(_tells(question, part) for question in questions)
    }


def _redacted(engagement: Engagement) -> list[Question]:
    found = Question.objects.filter(floor__engagement=engagement, is_redacted=True)
    return list(found.order_by("number"))


def _tells(question: Question, text: str) -> bool:
    """Looked at in pieces, because a text of a readout may be longer than a mask reads."""
    pieces = textwrap.wrap(text, MAX_LENGTH, break_long_words=True)
    return any(tells_sealed_words(question, piece) for piece in pieces)


def _texts(document: Document) -> Iterator[str]:
    yield from (document.summary, document.attendance, document.closing)
    for group in document.samples:
        yield from group.questions
    for one in document.answers:
        yield from (one.question, one.answer)
