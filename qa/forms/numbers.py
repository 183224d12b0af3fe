"""A question by its number; a revision that was seen."""

from __future__ import annotations

from django import forms


class NumberForm(forms.Form):
    number = forms.IntegerField(min_value=1, max_value=2**31 - 1)


class SeenForm(forms.Form):
    """`seen` is the revision of the question or poll on the sender's page."""

    seen = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
