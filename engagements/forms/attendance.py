"""What the office declares about attendance."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from engagements import queries
from engagements.files.phones import phone_key
from engagements.forms.fields import LineField, TextField
from engagements.models import DeclaredAttendance

MOST_PEOPLE: Final = 100_000
MOST_NUMBERS: Final = 2_000

Kind = DeclaredAttendance.Kind


class DeclarationForm(forms.Form):
    """People counted together: how many, in which role, and how the office knows."""

    category = forms.ModelChoiceField(
        label=_("Role category"),
        queryset=queries.offered_categories(),
        to_field_name="key",
        empty_label=_("Choose one"),
        help_text=_("Choose “not stated” if nobody said."),
        error_messages={"required": _("Please choose a role category.")},
    )
    people = forms.IntegerField(
        label=_("People"),
        min_value=1,
        max_value=MOST_PEOPLE,
        error_messages={"required": _("Please say how many people they were.")},
    )
    source = LineField(
        label=_("How the office knows"),
        max_length=300,
        help_text=_("In words, for example: “The operator's report of May 3”. Please name nobody."),
        error_messages={"required": _("Please say how the office knows.")},
    )

    def __init__(self, *args: Any, has_numbers: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if has_numbers:
            del self.fields["people"]


class NewDeclarationForm(DeclarationForm):
    kind = forms.ChoiceField(
        label=_("Who they are"),
        choices=[
            (Kind.PHONE, _("People who joined by phone only")),
            (Kind.GROUP, _("A group that watched together")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please say who they are.")},
    )
    numbers = TextField(
        label=_("Their phone numbers, one per line"),
        required=False,
        max_length=MOST_NUMBERS * 40,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "inputmode": "tel"}),
        help_text=_(
            "Only for people by phone, and instead of a figure. Each number counts once, also if "
            "it is counted already. Numbers are not kept."
        ),
    )

    field_order = ("kind", "category", "people", "numbers", "source")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["people"].required = False

    def clean_numbers(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["numbers"].splitlines()]
        numbers = [line for line in lines if line]
        if len(numbers) > MOST_NUMBERS:
            raise ValidationError(
                _("At most %(most)d numbers can be given at once."), params={"most": MOST_NUMBERS}
            )
        for place, line in enumerate(lines, start=1):
            if line and not phone_key(line):
                raise ValidationError(
                    _("Line %(place)d is no phone number."), params={"place": place}
                )
        return numbers

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        kind, people, numbers = (given.get(name) for name in ("kind", "people", "numbers"))
        if "people" in self.errors or "numbers" in self.errors or not kind:
            return given
        if numbers and kind == Kind.GROUP:
            self.add_error("numbers", _("Phone numbers are for people by phone only."))
        elif numbers and people:
            self.add_error("people", _("Please give a figure or phone numbers, not both."))
        elif not numbers and not people:
            self.add_error("people", _("Please say how many people they were."))
        given["people"] = people or 0
        return given


class SmallFiguresForm(forms.Form):
    reason = LineField(
        label=_("Reason"),
        max_length=300,
        required=False,
        help_text=_("Leave it empty to keep small figures back."),
    )
