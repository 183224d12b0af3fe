"""Commitments: which are listed, who sees to one, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.forms.fields import LineField
from engagements.models import User
from readouts.models import Commitment
from readouts.queries.commitments import (
    OVERDUE,
    Wanted,
    agencies_with,
    engagements_with,
    people_for,
)

if TYPE_CHECKING:
    from django.http import QueryDict

    from engagements.models import Engagement

LONGEST = 500
ALL = "all"


class WantedForm(forms.Form):
    """Which commitments the register lists. Filled from the address, so that it works by a link."""

    STATES: ClassVar = [
        ("", _("open")),
        (OVERDUE, _("overdue")),
        (Commitment.State.KEPT, _("kept")),
        (Commitment.State.DROPPED, _("given up")),
        (ALL, _("all")),
    ]

    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)
    kind = forms.ChoiceField(
        label=_("Promise"), required=False, choices=[("", _("any")), *Commitment.Kind.choices]
    )
    engagement = forms.ChoiceField(label=_("Engagement"), required=False)
    agency = forms.ChoiceField(label=_("Agency"), required=False)
    mine = forms.BooleanField(label=_("Only those that I see to"), required=False)

    def __init__(self, data: QueryDict, *, user: User) -> None:
        super().__init__(data)
        _offer(self, "engagement", engagements_with(user))
        _offer(self, "agency", agencies_with(user))

    @property
    def wanted(self) -> Wanted:
        """What fits no choice is left out."""
        self.is_valid()
        given = self.cleaned_data
        state = given.get("state", "")
        return Wanted(
            state="" if state == ALL else state or Commitment.State.OPEN,
            mine=given.get("mine", False),
            engagement=given.get("engagement", ""),
            agency=given.get("agency", ""),
            kind=given.get("kind", ""),
        )

    def query(self, **other: str) -> str:
        """The filter as it stands in an address, with something else instead."""
        given = {name: self[name].value() for name in self.fields} | other
        return urlencode({name: value for name, value in given.items() if value})


def _offer(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    cast("forms.ChoiceField", form.fields[name]).choices = [("", _("all")), *choices]


class CommitmentForm(forms.Form):
    """A promise, who sees to it and until when."""

    text = LineField(
        label=_("What is promised"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For the office; the public reads it once it is settled."),
    )
    owner = forms.ModelChoiceField(
        label=_("Who sees to it"), queryset=User.objects.none(), required=False,
        empty_label=_("nobody yet: the editors are reminded"),
    )  # fmt: skip
    due_on = forms.DateField(
        label=_("Due on"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, engagement: Engagement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[User]", self.fields["owner"]).queryset = people_for(engagement)


class AssignForm(CommitmentForm):
    """Of one that is there. What a version promised stays in its own words."""

    revision = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput())

    def __init__(self, data: Any = None, *, commitment: Commitment) -> None:
        initial = {
            "text": commitment.text,
            "owner": commitment.owner_id,
            "due_on": commitment.due_on,
            "revision": commitment.revision,
        }
        super().__init__(data, initial=initial, engagement=commitment.engagement)
        if commitment.kind != Commitment.Kind.OTHER:
            del self.fields["text"]


class KeepForm(forms.Form):
    """What shows that it was kept."""

    evidence = LineField(
        label=_("What shows that it was kept"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One or two sentences. The public reads them with the promise."),
        error_messages={
            "required": _("Please say what shows that it was kept; the public reads it.")
        },
    )
    evidence_url = forms.URLField(
        label=_("Link to it"), required=False, max_length=LONGEST, assume_scheme="https"
    )
    revision = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput())


class DropForm(forms.Form):
    reason = LineField(
        label=_("Reason"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The public reads it with the promise."),
        error_messages={"required": _("Please give the reason; the public reads it.")},
    )
    revision = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput())
