"""What a stakeholder sends to register."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from engagements import queries
from engagements.forms.fields import LineField, ends_line
from engagements.models import Notice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engagements.models import Engagement


class RegistrationForm(forms.Form):
    """What a stakeholder sends. Any further fields that are posted are ignored."""

    name = LineField(
        label=_("Your name"),
        max_length=128,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Please write your name.")},
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=256,
        help_text=_("We send your personal link to this address."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Please write your e-mail address."),
            "invalid": _("Please write an e-mail address, such as name@example.org."),
        },
    )
    organization = LineField(
        label=_("Organization"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    category = forms.ModelChoiceField(
        label=_("Your role"),
        queryset=queries.offered_categories(),
        to_field_name="key",
        empty_label=None,
        blank=False,
        widget=forms.RadioSelect,
        help_text=_("What you identify as. We report how many people of each role took part."),
        error_messages={
            "required": _("Please choose your role."),
            "invalid_choice": _("Please choose one of the roles below."),
        },
    )
    consent = forms.BooleanField(
        label=_("I have read this notice and agree to it"),
        error_messages={"required": _("Please read the notice and agree to it.")},
    )
    notice = forms.IntegerField(required=False)
    leave_empty = forms.CharField(
        label=_("Please leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, engagement: Engagement, **options: Any) -> None:
        super().__init__(*args, **options)
        self.engagement = engagement

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        # Within quotes an address may hold control characters, and a mail header may not.
        if any(ends_line(char) for char in email):
            raise ValidationError(self.fields["email"].error_messages["invalid"], code="invalid")
        return email

    def clean_category(self) -> Any:
        if len(_values(self.data, "category")) > 1:
            raise ValidationError(_("Please choose one role only."), code="doubled")
        return self.cleaned_data["category"]

    def clean_leave_empty(self) -> str:
        if self.cleaned_data["leave_empty"]:
            raise ValidationError(
                _("This field must stay empty. It is there to stop automatic entries."),
                code="automatic",
            )
        return ""

    def clean(self) -> dict[str, Any]:
        read = self.cleaned_data.get("notice")
        if read is not None and read != Notice.shown_for(self.engagement).pk:
            changed = _("The notice has changed meanwhile. Please read it again.")
            self.add_error("consent", ValidationError(changed, code="notice"))
        return self.cleaned_data

    def entry(self) -> dict[str, Any]:
        """What `register` takes."""
        return {
            name: self.cleaned_data[name] for name in ("name", "email", "organization", "category")
        }


def _values(data: Mapping[str, Any], name: str) -> list[Any]:
    getlist = getattr(data, "getlist", None)
    return getlist(name) if getlist else [data.get(name)]
