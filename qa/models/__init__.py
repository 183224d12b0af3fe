from __future__ import annotations

from qa.models.announcement import LONGEST_ANNOUNCEMENT, Announcement
from qa.models.answer import (
    CONTENT,
    LONGEST_ANSWER,
    AgencyAnswer,
    AnswerContent,
    AnswerTold,
    AnswerUpload,
    AnswerVersion,
    Directorate,
    PublishedAnswer,
)
from qa.models.desk import (
    Acknowledgement,
    BackstageMessage,
    DismissalReason,
    QuestionImport,
    Silence,
    ViewLink,
)
from qa.models.floor import CLOCK, Floor, FloorEvent, Label, Moment, new_epoch
from qa.models.forwarding import (
    ExtensionRequest,
    ForwardedQuestion,
    Forwarding,
    ForwardingFile,
    Receipt,
    Reminder,
)
from qa.models.gate import Finding, FlaggedWord, Redaction, SealedText
from qa.models.integration import ApiToken, Delivery, Webhook
from qa.models.poll import Poll, PollAnswer, PollOption
from qa.models.question import (
    LONGEST_NOTE,
    MAX_LENGTH,
    Question,
    Translation,
    Vote,
    WrittenAnswer,
    digest_of,
)
from qa.models.session import EndedSession

__all__ = [
    "CLOCK",
    "CONTENT",
    "LONGEST_ANNOUNCEMENT",
    "LONGEST_ANSWER",
    "LONGEST_NOTE",
    "MAX_LENGTH",
    "Acknowledgement",
    "AgencyAnswer",
    "Announcement",
    "AnswerContent",
    "AnswerTold",
    "AnswerUpload",
    "AnswerVersion",
    "ApiToken",
    "BackstageMessage",
    "Delivery",
    "Directorate",
    "DismissalReason",
    "EndedSession",
    "ExtensionRequest",
    "Finding",
    "FlaggedWord",
    "Floor",
    "FloorEvent",
    "ForwardedQuestion",
    "Forwarding",
    "ForwardingFile",
    "Label",
    "Moment",
    "Poll",
    "PollAnswer",
    "PollOption",
    "PublishedAnswer",
    "Question",
    "QuestionImport",
    "Receipt",
    "Redaction",
    "Reminder",
    "SealedText",
    "Silence",
    "Translation",
    "ViewLink",
    "Vote",
    "Webhook",
    "WrittenAnswer",
    "digest_of",
    "new_epoch",
]
