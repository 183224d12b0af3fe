from __future__ import annotations

from qa.models.floor import Floor, FloorEvent, new_epoch
from qa.models.forwarding import ForwardedQuestion, Forwarding
from qa.models.question import MAX_LENGTH, Question, Vote
from qa.models.session import EndedSession

__all__ = [
    "MAX_LENGTH",
    "EndedSession",
    "Floor",
    "FloorEvent",
    "ForwardedQuestion",
    "Forwarding",
    "Question",
    "Vote",
    "new_epoch",
]
