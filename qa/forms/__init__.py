"""What a person may send about questions."""

from __future__ import annotations

from qa.forms.desk import (
    AnnouncementForm,
    BulkForm,
    DecisionForm,
    DismissForm,
    FloorForm,
    LabelForm,
    LookForm,
    MarkForm,
    SpeakerForm,
    UndoForm,
    VotingForm,
)
from qa.forms.desk_list import DeskListForm, columns
from qa.forms.lists import ANSWERED, ListForm, arranged, staged
from qa.forms.numbers import NumberForm, SeenForm
from qa.forms.polls import AnswerPollForm, PollForm, SurveyQuestionForm
from qa.forms.room import (
    AskForm,
    ChangeForm,
    CompanionsForm,
    HeldForm,
    HintForm,
    VoteForm,
    WishForm,
)

__all__ = [
    "ANSWERED",
    "AnnouncementForm",
    "AnswerPollForm",
    "AskForm",
    "BulkForm",
    "ChangeForm",
    "CompanionsForm",
    "DecisionForm",
    "DeskListForm",
    "DismissForm",
    "FloorForm",
    "HeldForm",
    "HintForm",
    "LabelForm",
    "ListForm",
    "LookForm",
    "MarkForm",
    "NumberForm",
    "PollForm",
    "SeenForm",
    "SpeakerForm",
    "SurveyQuestionForm",
    "UndoForm",
    "VoteForm",
    "VotingForm",
    "WishForm",
    "arranged",
    "columns",
    "staged",
]
