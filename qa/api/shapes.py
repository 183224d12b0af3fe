"""What the interface takes and gives. Its description is made from these; docs tell the meaning."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import BaseModel, ConfigDict, Field

from qa.models import LONGEST_ANSWER

MOST_ANSWERS = 1_000
"""In one request. More of them go in several."""

Number = Annotated[int, Field(ge=1, le=2**31 - 1)]
Status = Literal["in_progress", "answered", "see_page", "same_as", "declined"]


class FileOut(Schema):
    format: str
    name: str
    size: int
    sha256: str


class ForwardingOut(Schema):
    id: int
    number: int
    engagement: str
    title: str
    state: str
    sent_at: datetime
    due_on: date | None
    cover_note: str
    questions: int
    digest: str
    supersedes: int | None
    files: list[FileOut]


class ForwardingsOut(Schema):
    count: int
    items: list[ForwardingOut]


class QuestionOut(Schema):
    """Of a withdrawn question there is the number, and its status."""

    number: int
    text: str
    original_text: str
    asked_at: datetime | None
    label: str
    category: str
    votes: int
    times_asked: int
    merged_into: int | None
    status: str
    reason: str
    language: str
    translation: str
    translation_kind: str


class QuestionsOut(Schema):
    count: int
    items: list[QuestionOut]


class AnswerOut(Schema):
    number: int
    status: str
    text: str
    page_url: str
    same_as: int | None
    directorate: str
    contact: str
    answered_on: date | None
    publishable: bool | None
    state: str
    revision: int
    remark: str
    edited_at: datetime


class AnswersOut(Schema):
    count: int
    items: list[AnswerOut]


class AnswerIn(BaseModel):
    """All of an answer: what is left out is empty."""

    model_config = ConfigDict(strict=True, extra="forbid")

    status: Status
    text: Annotated[str, Field(max_length=LONGEST_ANSWER)] = ""
    page_url: Annotated[str, Field(max_length=500)] = ""
    same_as: Number | None = None
    directorate: Annotated[str, Field(max_length=200)] = ""
    contact: Annotated[str, Field(max_length=300)] = ""
    answered_on: Annotated[date | None, Field(strict=False)] = None
    publishable: bool | None = None


class OneAnswerIn(AnswerIn):
    submit: bool = False


class NumberedAnswerIn(AnswerIn):
    """`revision` is that of the answer as it was read, 0 for none; without it the last one wins."""

    number: Number
    revision: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None


class AnswersIn(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    answers: Annotated[list[NumberedAnswerIn], Field(min_length=1, max_length=MOST_ANSWERS)]
    submit: bool = False


class WrittenOut(Schema):
    """Numbers of questions."""

    changed: list[int]
    unchanged: list[int]
    submitted: list[int]


class ProblemOut(Schema):
    """RFC 9457. `code` is for programs; `problems` tells each of several."""

    type: str
    title: str
    status: int
    code: str
    detail: str = ""
    problems: Annotated[list[dict[str, object]], Field(default_factory=list)]
