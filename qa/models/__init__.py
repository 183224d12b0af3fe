from __future__ import annotations

from qa.models.announcement import LONGEST_ANNOUNCEMENT, Announcement
from qa.models.desk import (
    Acknowledgement,
    BackstageMessage,
    DismissalReason,
    QuestionImport,
    Silence,
    ViewLink,
)
from qa.models.floor import CLOCK, Floor, FloorEvent, Label, Moment, new_epoch
from qa.models.forwarding import ForwardedQuestion, Forwarding
from qa.models.gate import Finding, FlaggedWord, Redaction, SealedText
from qa.models.poll import Poll, PollAnswer, PollOption
from qa.models.question import LONGEST_NOTE, MAX_LENGTH, Question, Vote, WrittenAnswer
from qa.models.session import EndedSession

__all__ = [
    "CLOCK",
    "LONGEST_ANNOUNCEMENT",
    "LONGEST_NOTE",
    "MAX_LENGTH",
    "Acknowledgement",
    "Announcement",
    "BackstageMessage",
    "DismissalReason",
    "EndedSession",
    "Finding",
    "FlaggedWord",
    "Floor",
    "FloorEvent",
    "ForwardedQuestion",
    "Forwarding",
    "Label",
    "Moment",
    "Poll",
    "PollAnswer",
    "PollOption",
    "Question",
    "QuestionImport",
    "Redaction",
    "SealedText",
    "Silence",
    "ViewLink",
    "Vote",
    "WrittenAnswer",
    "new_epoch",
]
