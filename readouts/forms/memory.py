"""Which figures over the years are shown, and what is said of questions asked again."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.forms.fields import LineField
from qa.models import MAX_LENGTH
from readouts.queries.memory import WAYS, Chosen, choices_of

if TYPE_CHECKING:
    from django.http import QueryDict

    from engagements.models import User


class ChosenForm(forms.Form):
    """Filled from the address, so that it works by a link. What fits no choice is left out."""

    MEASURES: ClassVar = [
        ("joined", _("people who joined")),
        ("registered", _("registered people")),
        ("questions", _("written questions")),
    ]

    by = forms.ChoiceField(label=_("By"), required=False, choices=list(WAYS.items()))
    year = forms.ChoiceField(label=_("Year"), required=False)
    agency = forms.ChoiceField(label=_("Agency"), required=False)
    series = forms.ChoiceField(label=_("Series"), required=False)
    measure = forms.ChoiceField(label=_("Chart of"), required=False, choices=MEASURES)

    def __init__(self, data: QueryDict, *, user: User) -> None:
        super().__init__(data)
        for name, choices in choices_of(user).items():
            field = cast("forms.ChoiceField", self.fields[name])
            field.choices = [("", _("all")), *choices]

    def given(self, name: str) -> str:
        self.is_valid()
        return str(self.cleaned_data.get(name, ""))

    @property
    def way(self) -> str:
        return self.given("by") or "year"

    @property
    def measure_shown(self) -> str:
        """By label there are questions only."""
        return "questions" if self.way == "label" else self.given("measure") or "joined"

    @property
    def chosen(self) -> Chosen:
        return Chosen(*(self.given(name) for name in ("year", "agency", "series")))

    @property
    def query(self) -> str:
        """The choice as it stands in an address."""
        given = {name: self.given(name) for name in self.fields}
        return urlencode({name: value for name, value in given.items() if value})


class RecurringForm(forms.Form):
    """What is asked again, in the office's words."""

    text = LineField(
        label=_("In the office's words"),
        max_length=MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Please put the question in the office's words.")},
    )
