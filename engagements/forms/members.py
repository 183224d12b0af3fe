"""Who gets which role in an engagement."""

from __future__ import annotations

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from engagements import queries
from engagements.models import Role


class MemberForm(forms.Form):
    user = forms.ModelChoiceField(
        label=_("Person"),
        queryset=queries.office_accounts(),
        error_messages={
            "required": _("Please choose a person."),
            "invalid_choice": _("Please choose somebody of the office."),
        },
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(key, capfirst(name)) for key, name in Role.choices],
        error_messages={"required": _("Please choose a role.")},
    )
