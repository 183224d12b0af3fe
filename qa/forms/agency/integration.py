"""A token for a program of an agency, and an address that is told of its lists."""

from __future__ import annotations

from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.forms.fields import LineField
from qa.models import ApiToken, Webhook

LIVES: Final = ((30, _("30 days")), (90, _("90 days")), (180, _("half a year")), (365, _("a year")))


class TokenForm(forms.Form):
    name = LineField(
        label=_("Program"),
        max_length=120,
        help_text=_("The program that gets the token, as you call it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Please name the program.")},
    )
    scopes = forms.MultipleChoiceField(
        label=_("It may"),
        choices=ApiToken.Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one thing that the token may do.")},
    )
    days = forms.TypedChoiceField(
        label=_("It works for"), choices=LIVES, coerce=int, initial=90,
        help_text=_("Then the program needs a new one."),
    )  # fmt: skip


class WebhookForm(forms.Form):
    url = LineField(
        label=_("Address"),
        max_length=500,
        help_text=_("Begins with https:// and is reached from the public internet."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "url"}),
        error_messages={"required": _("Please give the address.")},
    )
    events = forms.MultipleChoiceField(
        label=_("It is told when"),
        choices=Webhook.Event.choices,
        initial=Webhook.Event.values,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one event.")},
    )
