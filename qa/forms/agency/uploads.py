"""A file with answers, as its page sends it; and what somebody decides about it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from qa.actions.agency.comparing import OUTCOMES
from qa.files.agency.returned import MOST_BYTES

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

MOST_ON_A_PAGE: Final = 200
TAKE, CHOOSE = "take", "choose"


class Sent(NamedTuple):
    name: str
    content: bytes


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File with answers"),
        help_text=_("The workbook of this list (.xlsx) or its CSV file, at most 25 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        max_length=200,
        allow_empty_file=True,
        error_messages={"required": _("Please choose a file.")},
    )

    def clean_file(self) -> Sent:
        """Looked at before a byte of it is read into memory."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise ValidationError(_("This file is larger than 25 MB."), code="too_large")
        return Sent(file.name or "", file.read())


class DecisionForm(forms.Form):
    """`shown` are the numbers with a choice on the page, `replacing` those where the file was
    chosen. `step` says what to do then: take over, save the choices, or show another page."""

    shown = forms.CharField(required=False, max_length=20 * MOST_ON_A_PAGE)
    replacing = forms.MultipleChoiceField(required=False)
    step = forms.RegexField(f"^({TAKE}|{CHOOSE}|page-[0-9]{{1,6}})$", required=False)
    seen = forms.CharField(required=False, max_length=64)
    submit = forms.BooleanField(required=False)
    show = forms.ChoiceField(choices=[(one, one) for one in OUTCOMES], required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        given = _numbers(data.get("shown", ""))
        field = self.fields["replacing"]
        field.choices = [(str(number), str(number)) for number in given]  # type: ignore[attr-defined]

    def clean_shown(self) -> set[int]:
        return _numbers(self.cleaned_data["shown"])

    def clean_replacing(self) -> set[int]:
        return {int(number) for number in self.cleaned_data["replacing"]}

    @property
    def place(self) -> dict[str, str]:
        """What the address of the next page says."""
        step = self.cleaned_data["step"]
        page = step.removeprefix("page-") if step.startswith("page-") else ""
        show = self.cleaned_data["show"]
        return ({"show": show} if show else {}) | ({"page": page} if page else {})


def _numbers(text: str) -> set[int]:
    return {int(number) for number in re.findall(r"\d{1,9}", text)[:MOST_ON_A_PAGE]}
