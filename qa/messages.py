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
    wants_answer: bool
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


class PollFigures(TypedDict):
    """How many answered, and chose the first, second … answer. Where only the number of answers is
    told, `counts` and `percents` are empty."""

    answers: int
    counts: list[int]
    percents: list[int]


class Poll(TypedDict):
    """`results` are those of a closed poll, for good."""

    number: int
    kind: str
    text: str
    options: list[str]
    low_label: str
    high_label: str
    state: str
    shows_live: bool
    opened_at: str | None
    closed_at: str | None
    results: PollFigures | None


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


class PollChanged(TypedDict):
    """The poll as it is now; drafts are told to the desk only."""

    type: Literal["poll"]
    poll: Poll


class PollGone(TypedDict):
    """Taken back, or at the desk deleted."""

    type: Literal["poll-gone"]
    number: int


class SurveyChanged(TypedDict):
    """The survey after the event opened or closed."""

    type: Literal["survey"]
    is_open: bool


Event = (
    QuestionChanged
    | QuestionGone
    | FloorChanged
    | EngagementChanged
    | Announced
    | AnnouncementGone
    | PollChanged
    | PollGone
    | SurveyChanged
)


class PollResults(TypedDict):
    """What was answered so far: number -> figures of each open poll of which this audience is
    told."""

    type: Literal["poll-results"]
    results: dict[str, PollFigures]


class OwnPollAnswer(TypedDict):
    """What the person has chosen, as places from 1."""

    type: Literal["own-poll-answer"]
    number: int
    chosen: list[int]


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
    polls: list[Poll]
    survey: bool
    mark: int
    votes: dict[str, int]


class Counts(TypedDict):
    """Votes of the questions whose votes changed between the marks: number -> votes."""

    type: Literal["counts"]
    after: int
    mark: int
    votes: dict[str, int]


class Own(TypedDict):
    """All that is a stakeholder's own: the questions, newest first; numbers voted for; what was
    chosen in which poll, as places from 1."""

    type: Literal["own"]
    questions: list[OwnQuestion]
    votes: list[int]
    silenced: bool
    silence_reason: str
    poll_answers: dict[str, list[int]]


class OwnStanding(TypedDict):
    """Whether the office takes no questions from this person any more, and why."""

    type: Literal["own-standing"]
    silenced: bool
    reason: str


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


class Look(TypedDict):
    name: str
    number: int


class Looking(TypedDict):
    """Which other moderators have which question before them now; replaces what was known."""

    type: Literal["looking"]
    who: list[Look]


class Beacon(TypedDict):
    """Where the log ends for this audience: who is not there yet has lost something."""

    type: Literal["beacon"]
    number: int


class Identifier(TypedDict):
    """Words of a text that look like a personal identifier, and what they look like."""

    kind: str
    name: str
    words: str


class Similar(TypedDict):
    """A shown question that asks alike; `is_close`: so much that it may well be the same."""

    number: int
    text: str
    is_close: bool


class Hints(TypedDict):
    """What somebody is told of a question before it is sent."""

    identifiers: list[Identifier]
    similar: list[Similar]


class Backstager(TypedDict):
    """Somebody backstage: an account or a speaker. `who` tells two of the same name apart."""

    who: str
    name: str


class BackstageNote(TypedDict):
    """What somebody backstage has written, and who says that it was read."""

    number: int
    text: str
    by: Backstager
    at: str
    read_by: list[Backstager]


class Backstage(TypedDict):
    """The newest messages behind the scenes, the last one first; replaces what was known."""

    type: Literal["backstage"]
    mark: int
    messages: list[BackstageNote]


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
    Events | Snapshot | Counts | Own | OwnQuestionChanged | OwnStanding | OwnVote | Presence
    | Beacon | Looking | PollResults | OwnPollAnswer | Backstage
)  # fmt: skip
Reply = Done | NotDone
