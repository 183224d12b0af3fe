"""Which accepted answers are published, and what was looked at before."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.forms.fields import LineField
from qa.forms.agency.acceptance import ReadAnswers
from readouts.actions.following_up import LONGEST_NOTE


class AheadForm(forms.Form):
    answers = ReadAnswers(required=False)
    correction_note = LineField(
        label=_("What is corrected"), required=False, max_length=LONGEST_NOTE
    )


class ConfirmedWords(forms.Field):
    """Keys of what was noticed and looked at; an unknown one confirms nothing."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[str]:
        return [str(key) for key in value or ()]


class PublishAnswersForm(AheadForm):
    digest = forms.RegexField(r"^[0-9a-f]{64}$")
    confirmed = ConfirmedWords(required=False)
