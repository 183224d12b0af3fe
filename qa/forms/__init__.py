"""What a person may send about questions."""

from __future__ import annotations

from qa.forms.desk import (
    AnnouncementForm,
    DecisionForm,
    DismissForm,
    FloorForm,
    MarkForm,
    VotingForm,
)
from qa.forms.lists import ANSWERED, ListForm, arranged
from qa.forms.numbers import NumberForm
from qa.forms.room import AskForm, CompanionsForm, VoteForm

__all__ = [
    "ANSWERED",
    "AnnouncementForm",
    "AskForm",
    "CompanionsForm",
    "DecisionForm",
    "DismissForm",
    "FloorForm",
    "ListForm",
    "MarkForm",
    "NumberForm",
    "VoteForm",
    "VotingForm",
    "arranged",
]
