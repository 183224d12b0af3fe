"""What the office may send about a readout."""

from __future__ import annotations

from readouts.forms.samples import FilterForm, SampleForm, removed_words, sample_forms
from readouts.forms.texts import NoteForm, ReasonForm, RevisionForm, TextForm

__all__ = [
    "FilterForm",
    "NoteForm",
    "ReasonForm",
    "RevisionForm",
    "SampleForm",
    "TextForm",
    "removed_words",
    "sample_forms",
]
