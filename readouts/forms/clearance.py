"""Clear, return and publish a readout; the office's chain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.forms.fields import LineField, LocalTimeField, moment_in
from engagements.queries import office_accounts
from readouts.actions.moving import LONGEST_NOTE
from readouts.forms.texts import RevisionForm
from readouts.models import ClearanceStep

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from engagements.models import User

    _Accounts = forms.ModelMultipleChoiceField[User]
else:
    _Accounts = forms.ModelMultipleChoiceField

DIGEST = r"^[0-9a-f]{64}$"
LONGEST_KEY = 18
"""Digits of a row's number."""


class ReadForm(RevisionForm):
    """Exactly what the person had before the eyes."""

    digest = forms.RegexField(DIGEST, widget=forms.HiddenInput(attrs={"autocomplete": "off"}))


class PublishForm(RevisionForm):
    digest = forms.RegexField(
        DIGEST, required=False, widget=forms.HiddenInput(attrs={"autocomplete": "off"})
    )


class ApproveForm(ReadForm):
    step = forms.IntegerField(min_value=1, max_value=2**62, widget=forms.HiddenInput())
    remark = forms.CharField(
        label=_("Remark"),
        required=False,
        max_length=LONGEST_NOTE,
        help_text=_("Optional. It stays with the approval; the public does not see it."),
    )


class SendBackForm(forms.Form):
    """Without a note only for one's own submission; the action knows."""

    note = forms.CharField(
        label=_("What is to be changed"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The editors read it. The public does not."),
    )


class ScheduleForm(ReadForm):
    """`at` is a time of the engagement's zone; cleaned, it is a moment."""

    at = LocalTimeField(label=_("Publish at"))

    def __init__(self, zone: ZoneInfo, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.zone = zone
        self.fields["at"].help_text = _("Date and time in %(zone)s.") % {
            "zone": str(zone).replace("_", " ")
        }

    def clean_at(self) -> Any:
        return moment_in(self.zone, self.cleaned_data["at"])


class _PeopleField(_Accounts):
    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> Any:
        """Refuses a number that no database holds, which Django would ask it for."""
        for pk in value if isinstance(value, (list, tuple)) else ():
            if len(str(pk)) > LONGEST_KEY:
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"], "invalid_choice", {"value": str(pk)[:20]}
                )
        return super().clean(value)

    def label_from_instance(self, obj: User) -> str:
        return f"{obj.name} ({obj.email})"


class StepForm(forms.Form):
    """One step of the chain; without a step, a new one."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput(attrs={"autocomplete": "off"}))
    name = LineField(label=_("Name"), max_length=ClearanceStep._meta.get_field("name").max_length)
    people = _PeopleField(label=_("Who approves"), queryset=office_accounts().order_by("name"))
    is_active = forms.BooleanField(
        label=_("In use"),
        required=False,
        help_text=_("A step that is not in use is asked of no readout; its approvals stay known."),
    )

    def __init__(
        self, data: Any = None, *, step: ClearanceStep | None = None, seen: str = ""
    ) -> None:
        initial: dict[str, Any] = {"seen": seen, "is_active": True}
        if step is not None:
            initial |= {
                "name": step.name,
                "people": [person.pk for person in step.people.all()],
                "is_active": step.is_active,
            }
        super().__init__(data, initial=initial, prefix=None, auto_id=_ids(step))
        self.step = step
        if step is None:
            del self.fields["is_active"]


class OrderForm(forms.Form):
    """A step goes one place up or down."""

    seen = forms.CharField(max_length=64)
    way = forms.ChoiceField(choices=[("up", "up"), ("down", "down")])


def _ids(step: ClearanceStep | None) -> str:
    """Several forms share a page."""
    return f"step-{step.pk if step else 'new'}-%s"
