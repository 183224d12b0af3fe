"""What the office sends about a list for the agency."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.forms.fields import TextField

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from qa.queries.agency.outgoing import Choice


class DraftForm(forms.Form):
    """What goes on a list. `offered_labels` and `offered_states` are what there is to choose."""

    revision = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    labels = forms.MultipleChoiceField(
        label=_("Labels"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all of them."),
    )
    states = forms.MultipleChoiceField(
        label=_("What became of the question"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all of them."),
    )
    due_on = forms.DateField(
        label=_("Answers are due on"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("The agency is reminded before and after. Leave it empty for no date."),
    )
    cover_note = TextField(
        label=_("Cover note"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        help_text=_("Stands on the first sheet of the workbook and on the agency's page."),
    )

    def __init__(
        self,
        *args: Any,
        offered_labels: Sequence[Choice],
        offered_states: Sequence[Choice],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.offered = {"labels": offered_labels, "states": offered_states}
        for name, offered in self.offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = [(one.key, f"{one.words} ({one.questions:,})") for one in offered]

    def chosen(self) -> dict[str, Any]:
        """As the action takes it. Everything ticked means everything, as nothing does."""
        data = self.cleaned_data
        due_on: date | None = data["due_on"]
        return {
            "revision": data["revision"],
            "labels": [int(key) for key in self._narrowed("labels")],
            "chosen_states": self._narrowed("states"),
            "cover_note": data["cover_note"],
            "due_on": due_on,
        }

    def _narrowed(self, name: str) -> list[str]:
        chosen: list[str] = self.cleaned_data[name]
        return [] if len(chosen) == len(self.offered[name]) else chosen


class SealForm(forms.Form):
    """The mark of the list that somebody has looked at."""

    seen = forms.RegexField("^[0-9a-f]{32}$")


class RecallForm(forms.Form):
    reason = TextField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=_("The agency's liaisons read it in a mail."),
        error_messages={"required": _("Please say why the list is recalled.")},
    )
