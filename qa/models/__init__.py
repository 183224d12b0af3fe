from __future__ import annotations

from qa.models.announcement import LONGEST_ANNOUNCEMENT, Announcement
from qa.models.floor import Floor, FloorEvent, new_epoch
from qa.models.forwarding import ForwardedQuestion, Forwarding
from qa.models.question import MAX_LENGTH, Question, Vote
from qa.models.session import EndedSession

__all__ = [
    "LONGEST_ANNOUNCEMENT",
    "MAX_LENGTH",
    "Announcement",
    "EndedSession",
    "Floor",
    "FloorEvent",
    "ForwardedQuestion",
    "Forwarding",
    "Question",
    "Vote",
    "new_epoch",
]
