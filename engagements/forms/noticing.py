"""What the office sends to tell people something else before they register."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from engagements.actions.noticing import NoticeTexts
from engagements.forms.fields import LineField, TextField

if TYPE_CHECKING:
    from engagements.models import Notice


class NoticeForm(forms.Form):
    privacy = TextField(
        label=_("Privacy notice"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_(
            "By which authority the data are collected, for which purpose, who gets to see them, "
            "and what happens without them (5 U.S.C. 552a(e)(3))."
        ),
        error_messages={"required": _("Please write a privacy notice.")},
    )
    recording = TextField(
        label=_("Recording"),
        max_length=4_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whether the engagement is recorded, and where the recording will be."),
    )
    advice = TextField(
        label=_("Not legal advice"),
        max_length=4_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("That answers are general, and no advice in a person's own case."),
    )
    omb_number = LineField(
        label=_("OMB control number"),
        max_length=20,
        required=False,
        help_text=_("Eight figures, such as 1234-0056. Leave it empty if there is none."),
        validators=[
            RegexValidator(
                r"^\d{4}-\d{4}$", _("Please write the number as four figures, a hyphen, and four.")
            )
        ],
    )
    omb_expires_on = forms.DateField(
        label=_("Expires on"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("Please give a date, for example 2027-05-31.")},
    )
    burden = TextField(
        label=_("Burden statement"),
        max_length=4_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("How long answering takes, and where to send comments (44 U.S.C. 3507)."),
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, notice: Notice, **options: Any) -> None:
        texts = {name: getattr(notice, name) for name in NoticeTexts.__annotations__}
        options["initial"] = texts | {"seen": notice.pk}
        super().__init__(*args, **options)

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        number = given.get("omb_number")
        for name in ("omb_expires_on", "burden"):
            if number and name in given and not given[name]:
                self.add_error(name, _("This belongs to the control number. Please give both."))
            elif given.get(name) and number == "":
                self.add_error("omb_number", _("Please give the number that this belongs to."))
        return given
