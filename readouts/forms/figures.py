from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST_REASON = 300


class SettleForm(forms.Form):
    """Why published figures stay as they are."""

    reason = forms.CharField(
        label=_("Why the published figures stay as they are"),
        max_length=LONGEST_REASON,
        help_text=_("For the office only. As in: “Four people of a list that came late.”"),
        error_messages={"required": _("Please say why the published figures stay as they are.")},
        widget=forms.TextInput(attrs={"class": "usa-input"}),
    )
