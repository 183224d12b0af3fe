from __future__ import annotations

from qa.models.floor import Floor, FloorEvent, new_epoch
from qa.models.forwarding import ForwardedQuestion, Forwarding
from qa.models.question import MAX_LENGTH, Question

__all__ = [
    "MAX_LENGTH",
    "Floor",
    "FloorEvent",
    "ForwardedQuestion",
    "Forwarding",
    "Question",
    "new_epoch",
]
