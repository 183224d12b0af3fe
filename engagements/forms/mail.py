"""What the office sends to choose, edit and write mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements import queries
from engagements.forms.fields import LineField, TextField
from engagements.models import OutgoingMail, Registration
from engagements.queries.mail import MailFilter

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from engagements.models import Engagement

OCCASIONS: Final = {
    "engagements/registered": _("registered"),
    "engagements/confirm_address": _("address to be confirmed"),
    "engagements/waitlisted": _("on the waitlist"),
    "engagements/promoted": _("seat from the waitlist"),
    "engagements/changed": _("registration changed"),
    "engagements/withdrawn": _("registration cancelled"),
    "engagements/accommodation_decided": _("answer about accommodations"),
    "engagements/invitee": _("invitation to the engagement"),
    "engagements/invitee_moved": _("rescheduled, to an invited person"),
    "engagements/invitee_cancelled": _("engagement cancelled, to an invited person"),
    "engagements/reminder": _("reminder"),
    "engagements/starting": _("starting now"),
    "engagements/thanks": _("thanks"),
    "engagements/moved": _("rescheduled"),
    "engagements/cancelled": _("engagement cancelled"),
    "engagements/news": _("news of the series"),
    "engagements/letter": _("letter of the office"),
    "engagements/invited": _("invitation to an account"),
    "accounts/changed": _("account changed"),
    "accounts/confirm_address": _("address of an account"),
    "accounts/password_reset": _("new password"),
    "accounts/unknown": _("unknown account"),
    "qa/forwarded": _("list forwarded"),
}
"""Words for the occasions of mail, by template."""


class OutboxFilterForm(forms.Form):
    """What is not understood asks for nothing."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All")), *OutgoingMail.State.choices],
    )
    engagement = forms.ChoiceField(label=_("Engagement"), required=False)
    template = forms.ChoiceField(
        label=_("Occasion"), required=False, choices=[("", _("All")), *OCCASIONS.items()]
    )
    to = LineField(label=_("Address contains"), required=False, max_length=256)
    newest = forms.IntegerField(required=False, min_value=0, max_value=2**62)

    def __init__(self, *args: Any, engagements: QuerySet[Engagement], **options: Any) -> None:
        super().__init__(*args, **options)
        self.engagements = engagements

    def with_choices(self) -> OutboxFilterForm:
        """Before it is shown: the engagements that have mail, by name."""
        field = self.fields["engagement"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", _("All")),
            *((each.slug, each.full_title) for each in self.engagements),
        ]
        return self

    def chosen(self) -> MailFilter:
        self.with_choices().full_clean()
        given = {key: value for key, value in self.cleaned_data.items() if value}
        return MailFilter(**given)


class MailForm(forms.Form):
    """A mail as somebody of the office has written it over."""

    subject = LineField(
        label=_("Subject"),
        max_length=300,
        error_messages={"required": _("Please write a subject.")},
    )
    body = TextField(
        label=_("Text"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text=_(
            "Plain text. Links stay links. Where “[…]” stands, the person's own link is put in "
            "when you save; leave it as it is."
        ),
        error_messages={"required": _("Please write a text.")},
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)


class LetterForm(forms.Form):
    """A letter to registrants or attendees, and whom it is for."""

    NAMES: Final = {
        Registration.State.REGISTERED: _("registered"),
        Registration.State.WAITLISTED: _("on the waitlist"),
        Registration.State.UNCONFIRMED: _("not confirmed yet"),
        Registration.State.CANCELLED: _("cancelled their registration"),
    }

    states = forms.MultipleChoiceField(
        label=_("People who are"),
        choices=list(NAMES.items()),
        initial=[Registration.State.REGISTERED],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Please choose at least one.")},
    )
    categories = forms.ModelMultipleChoiceField(
        label=_("Of these roles"),
        queryset=queries.offered_categories(),
        to_field_name="key",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("All roles if you choose none."),
    )
    came = forms.ChoiceField(
        label=_("Attendance"),
        required=False,
        choices=[
            ("", _("all of them")),
            ("yes", _("only who joined")),
            ("no", _("only who did not join")),
        ],
        widget=forms.RadioSelect,
    )
    subject = LineField(
        label=_("Subject"),
        max_length=200,
        error_messages={"required": _("Please write a subject.")},
    )
    body = TextField(
        label=_("Text"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_(
            "Plain text; addresses of pages become links. The title and time of the engagement, "
            "and a personal link for who is registered, follow by themselves."
        ),
        error_messages={"required": _("Please write a text.")},
    )
    is_held = forms.BooleanField(
        label=_("Hold the mails in the outbox until somebody releases them"), required=False
    )

    def audience(self) -> dict[str, Any]:
        return {
            "states": self.cleaned_data["states"],
            "categories": [category.key for category in self.cleaned_data["categories"]],
            "came": self.cleaned_data["came"],
        }
