"""The words around the figures."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from readouts.actions.moving import LONGEST_NOTE
from readouts.models import Readout


class RevisionForm(forms.Form):
    """The revision that the person had before the eyes."""

    revision = forms.IntegerField(
        min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput(attrs={"autocomplete": "off"})
    )


class TextForm(RevisionForm):
    """The words around the figures."""

    summary = forms.CharField(
        label=_("Summary"),
        required=False,
        max_length=Readout._meta.get_field("summary").max_length,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text=_(
            "What was said. Leave an empty line between paragraphs; **bold**, *italic*, "
            "[words](https://address), and lists whose lines begin with a hyphen."
        ),
    )
    posts_presentation = forms.BooleanField(
        label=_("The office will post the presentation"),
        required=False,
        help_text=_("The last paragraph then promises it."),
    )
    small_figures_reason = forms.CharField(
        label=_("Reason to publish figures of small groups"),
        required=False,
        max_length=Readout._meta.get_field("small_figures_reason").max_length,
        help_text=Readout._meta.get_field("small_figures_reason").help_text,
    )


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("What is to be corrected"),
        max_length=LONGEST_NOTE,
        help_text=_("The public reads it with the corrected version."),
        error_messages={"required": _("Please say what is to be corrected.")},
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_NOTE,
        help_text=_("The public reads it in place of the readout."),
        error_messages={"required": _("Please give the reason; the public reads it.")},
    )
