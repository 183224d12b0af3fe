"""What the server says over the live socket, message by message. See docs/live-protocol.md.

A message holds exactly these fields: the type checker holds the code to it, and the tests every
message that is sent. `qa/projection.py` alone decides who gets which.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict


class Answer(TypedDict):
    """The office's written answer, as published; `by` is the person who gives it."""

    text: str
    by: str


class DraftedAnswer(Answer):
    """The same at the desk: `reach` is `all` or `asker`."""

    reach: str
    is_published: bool


class RoomQuestion(TypedDict):
    """A shown question, as everybody in the room and at the screen reads it.

    `people` is how many asked it, in so many role `categories`, those merged into it included.
    """

    number: int
    text: str
    outcome: str
    shown_at: str | None
    asker_name: str
    label: str
    speaker: str
    speaker_id: int | None
    people: int
    categories: int
    is_edited: bool
    answer: Answer | None


class OwnQuestion(TypedDict):
    """What a stakeholder is told of the own question; one with a smaller revision is older news."""

    number: int
    client_id: str | None
    text: str
    state: str
    outcome: str
    revision: int
    asked_at: str | None
    original_text: str
    asker_name: str
    merged_into: int | None
    is_redacted: bool
    dismissal: str
    reason: str
    answer: Answer | None


class DeskQuestion(TypedDict):
    """`original_text` only where it is another than `text`; `findings` are those still open."""

    number: int
    text: str
    state: str
    outcome: str
    revision: int
    category: str
    source: str
    language: str
    asked_at: str | None
    shown_at: str | None
    asker_name: str
    original_text: str
    label: str
    label_id: int | None
    speaker: str
    speaker_id: int | None
    dismissal: str
    reason: str
    tells_reason: bool
    merged_into: int | None
    people: int
    categories: int
    answer: DraftedAnswer | None
    note: str
    findings: list[str]
    flagged_words: list[str]
    is_redacted: bool
    decided_by: str
    decided_at: str | None


class Announcement(TypedDict):
    """What the office tells everybody here."""

    number: int
    text: str
    announced_at: str


class QuestionChanged(TypedDict):
    """The question as it is now; replaces what was known of this number."""

    type: Literal["question"]
    question: RoomQuestion | DeskQuestion


class QuestionGone(TypedDict):
    """No longer shown."""

    type: Literal["question-gone"]
    number: int


class FloorChanged(TypedDict):
    """`label` is the topic that is up; `seconds_between` the slow mode, 0 for none."""

    type: Literal["floor"]
    state: str
    voting: str
    attribution: str
    seconds_between: int
    label: str


class EngagementChanged(TypedDict):
    type: Literal["engagement"]
    state: str


class Announced(TypedDict):
    type: Literal["announcement"]
    announcement: Announcement


class AnnouncementGone(TypedDict):
    """Taken back."""

    type: Literal["announcement-gone"]
    number: int


Event = (
    QuestionChanged | QuestionGone | FloorChanged | EngagementChanged | Announced | AnnouncementGone
)


class Events(TypedDict):
    """What leads from number `after` to `number`."""

    type: Literal["events"]
    after: int
    number: int
    events: list[Event]


class Snapshot(TypedDict):
    """Everything that an audience sees, as of `number` and, for votes, `mark`."""

    type: Literal["snapshot"]
    epoch: str
    number: int
    engagement: str
    floor: str
    voting: str
    attribution: str
    seconds_between: int
    label: str
    questions: list[RoomQuestion] | list[DeskQuestion]
    announcements: list[Announcement]
    mark: int
    votes: dict[str, int]


class Counts(TypedDict):
    """Votes of the questions whose votes changed between the marks: number -> votes."""

    type: Literal["counts"]
    after: int
    mark: int
    votes: dict[str, int]


class Own(TypedDict):
    """All that is a stakeholder's own: the questions, newest first; numbers voted for."""

    type: Literal["own"]
    questions: list[OwnQuestion]
    votes: list[int]


class OwnQuestionChanged(TypedDict):
    type: Literal["own-question"]
    question: OwnQuestion


class OwnVote(TypedDict):
    type: Literal["own-vote"]
    number: int
    voted: bool


class Presence(TypedDict):
    """Distinct people present now, on whatever number of devices."""

    type: Literal["presence"]
    people: int


class Beacon(TypedDict):
    """Where the log ends for this audience: who is not there yet has lost something."""

    type: Literal["beacon"]
    number: int


class Entered(TypedDict):
    """What `enter` is answered with. `own` only where it may have changed since the ticket."""

    news: Events | Snapshot
    people: int
    own: NotRequired[Own]


class Error(TypedDict):
    """`retry_after`: seconds after which it may be tried again."""

    code: str
    message: str
    retry_after: NotRequired[int]


class Done(TypedDict):
    re: int
    ok: dict[str, Any]


class NotDone(TypedDict):
    re: int | None
    error: Error


News = (
    Events | Snapshot | Counts | Own | OwnQuestionChanged | OwnVote | Presence | Beacon
)  # fmt: skip
Reply = Done | NotDone
