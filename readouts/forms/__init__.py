"""What the office may send about a readout."""

from __future__ import annotations

from readouts.forms.clearance import (
    ApproveForm,
    OrderForm,
    PublishForm,
    ScheduleForm,
    SendBackForm,
    StepForm,
)
from readouts.forms.editor import CommentForm, ReadingForm, TextForm, written
from readouts.forms.figures import SettleForm
from readouts.forms.samples import (
    ChooseForm,
    FilterForm,
    SampleForm,
    sample_forms,
    unknown_entries,
    worded,
)
from readouts.forms.texts import NoteForm, ReasonForm, RevisionForm

__all__ = [
    "ApproveForm",
    "ChooseForm",
    "CommentForm",
    "FilterForm",
    "NoteForm",
    "OrderForm",
    "PublishForm",
    "ReadingForm",
    "ReasonForm",
    "RevisionForm",
    "SampleForm",
    "ScheduleForm",
    "SendBackForm",
    "SettleForm",
    "StepForm",
    "TextForm",
    "sample_forms",
    "unknown_entries",
    "worded",
    "written",
]
