"""What a stakeholder may send: the same forms for the socket and for plain POST."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.actions.attending import MOST_COMPANIONS
from engagements.files.text import clean_text
from qa.forms.languages import OWN_NAMES
from qa.forms.numbers import NumberForm
from qa.models import MAX_LENGTH


class HintForm(forms.Form):
    """What somebody has typed so far. Nothing of it is kept."""

    text = forms.CharField(max_length=MAX_LENGTH, strip=False, required=False)

    def clean_text(self) -> str:
        return clean_text(self.cleaned_data["text"])


class WordsForm(forms.Form):
    """A question as its asker puts it."""

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
    with_name = forms.BooleanField(label=_("Show my name with my question"), required=False)

    def clean_text(self) -> str:
        text = clean_text(self.cleaned_data["text"])
        if not text:
            raise forms.ValidationError(_("Please write your question."), code="required")
        return text


class AskForm(WordsForm):
    wants_answer = forms.BooleanField(label=_("Mail me the agency's answer"), required=False)
    language = forms.ChoiceField(
        label=_("Language of my question"), choices=OWN_NAMES, required=False
    )
    client_id = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={"required": _("This form is incomplete. Please reload the page.")},
    )


class ChangeForm(NumberForm, WordsForm):
    """The own question in other words."""


class WishForm(NumberForm):
    """Whether the answer to an own question is mailed."""

    wanted = forms.BooleanField(required=False)


class HeldForm(forms.Form):
    """What a page without scripts says it has told its reader already.

    `hinted` names the text whose hints were shown, `names` who was to read who asked.
    """

    hinted = forms.CharField(max_length=64, required=False)
    names = forms.CharField(max_length=12, required=False)


class VoteForm(NumberForm):
    cast = forms.TypedChoiceField(
        choices=[("true", "true"), ("false", "false")], coerce=lambda value: value == "true"
    )


class CompanionsForm(forms.Form):
    people = forms.IntegerField(
        label=_("How many people watch together with you?"),
        min_value=0,
        max_value=MOST_COMPANIONS,
        error_messages={
            "required": _("Please give a number from 0 to 99."),
            "invalid": _("Please give a number from 0 to 99."),
            "min_value": _("Please give a number from 0 to 99."),
            "max_value": _("Please give a number from 0 to 99."),
        },
    )
