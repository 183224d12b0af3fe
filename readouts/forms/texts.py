"""The words around the figures."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from readouts.actions.moving import LONGEST_NOTE


class RevisionForm(forms.Form):
    """The revision that the person had before the eyes."""

    revision = forms.IntegerField(
        min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput(attrs={"autocomplete": "off"})
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
