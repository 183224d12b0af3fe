"""What the office decides about the answers of an agency."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.forms.fields import TextField
from qa import states
from qa.actions.agency.accepting import LONGEST_REMARK
from qa.queries.agency.acceptance import REACHED_OFFICE

ACCEPT = "accept"
RETURN = "return"

MOST = 2**31 - 1


class ReadAnswers(forms.Field):
    """Answers and the revision of each that was read, as "key:revision"."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> dict[int, int]:
        read: dict[int, int] = {}
        for pair in value or ():
            key, _sign, revision = str(pair).partition(":")
            if not (_is_number(key) and _is_number(revision)):
                raise forms.ValidationError(_("Choose answers of this page."))
            read[int(key)] = int(revision)
        if not read and self.required:
            raise forms.ValidationError(_("Choose at least one answer."))
        return read


class DecideForm(forms.Form):
    """`only` is the button of one answer; without it, all that are ticked are meant."""

    what = forms.ChoiceField(choices=[(ACCEPT, ACCEPT), (RETURN, RETURN)])
    answers = ReadAnswers()
    remark = TextField(label=_("Remark"), required=False, max_length=LONGEST_REMARK)


class StateForm(forms.Form):
    state = forms.ChoiceField(choices=[(state, state) for state in REACHED_OFFICE])

    @classmethod
    def wanted(cls, query: Any, counts: dict[str, int]) -> str:
        """What was asked for, or where there is most to do."""
        form = cls(query)
        if form.is_valid():
            return str(form.cleaned_data["state"])
        busy = [state for state in REACHED_OFFICE if counts[state]]
        return busy[0] if busy else states.ANSWER_SUBMITTED


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 11 and int(text) <= MOST
