"""What a person may send about questions: the same forms for the socket and for plain POST."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.files.text import clean_text
from engagements.forms.fields import LineField
from qa import states
from qa.models import MAX_LENGTH, Floor, Question


class AskForm(forms.Form):
    text = forms.CharField(
        label=_("Your question"),
        max_length=MAX_LENGTH,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        error_messages={
            "required": _("Please write your question."),
            "max_length": _(
                "Your question has %(show_value)d characters; %(limit_value)d are possible."
            ),
        },
    )
    client_id = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={"required": _("This form is incomplete. Please reload the page.")},
    )

    def clean_text(self) -> str:
        text = clean_text(self.cleaned_data["text"])
        if not text:
            raise forms.ValidationError(_("Please write your question."), code="required")
        return text


class NumberForm(forms.Form):
    number = forms.IntegerField(min_value=1, max_value=2**31 - 1)


class DecisionForm(NumberForm):
    """`seen` is the revision of the question on the moderator's page."""

    seen = forms.IntegerField(min_value=1, max_value=2**31 - 1)


class DismissForm(DecisionForm):
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=Question.Dismissal.choices,
        error_messages={"required": _("Please choose a reason.")},
    )
    note = LineField(label=_("Note for the desk"), max_length=300, required=False)


class MarkForm(DecisionForm):
    outcome = forms.ChoiceField(choices=[(outcome, outcome) for outcome in states.OUTCOMES])


class FloorForm(forms.Form):
    state = forms.ChoiceField(choices=Floor.State.choices)
