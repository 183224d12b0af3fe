"""A question by its number."""

from __future__ import annotations

from django import forms


class NumberForm(forms.Form):
    number = forms.IntegerField(min_value=1, max_value=2**31 - 1)
