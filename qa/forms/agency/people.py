"""An invitation to a colleague of the own agency."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.forms.fields import LineField

CONTRIBUTOR: Final = "contributor"
LIAISON: Final = "liaison"


class ColleagueForm(forms.Form):
    """Gives `is_contributor` in place of the choice."""

    name = LineField(label=_("Name"), max_length=128)
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("The invitation is sent there. It is also the name for signing in."),
        error_messages={"invalid": _("Please write an e-mail address, such as name@example.gov.")},
    )
    part = forms.ChoiceField(
        label=_("Will be"),
        choices=[
            (CONTRIBUTOR, _("a contributor: answers the questions that are given to them")),
            (LIAISON, _("a liaison: sees all lists, submits, invites others")),
        ],
        initial=CONTRIBUTOR,
        widget=forms.RadioSelect,
    )

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if "part" in given:
            given["is_contributor"] = given.pop("part") == CONTRIBUTOR
        return given
