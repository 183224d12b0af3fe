"""A question that came by phone, by mail or on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from engagements import clock
from engagements.files.addresses import email_key
from engagements.forms.fields import LocalTimeField, moment_in
from engagements.models import Registration, RoleCategory
from engagements.refusals import Refused
from engagements.rules import ADMITTED
from qa.actions.entering import SOURCES, Entry
from qa.forms.languages import LANGUAGES
from qa.forms.room import AskForm
from qa.models import Label, Question

if TYPE_CHECKING:
    from datetime import datetime

    from qa.models import Floor


class EnterForm(AskForm):
    """`is_sure`: it is stored although another question here says almost the same."""

    source = forms.ChoiceField(
        label=_("It came"),
        choices=[(one.value, one.label) for one in SOURCES],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please say how the question came.")},
    )
    category = forms.ModelChoiceField(
        label=_("Role category"),
        queryset=RoleCategory.objects.none(),
        to_field_name="key",
        required=False,
        empty_label=None,
        help_text=_("What the person identifies as. Do not guess."),
    )
    asked_at = LocalTimeField(label=_("Received at"))
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, required=False)
    label = forms.ModelChoiceField(
        label=_("Label"),
        queryset=Label.objects.none(),
        required=False,
        empty_label=_("no label"),
    )
    email = forms.CharField(
        label=_("E-mail address of a registrant"),
        max_length=256,
        required=False,
        help_text=_(
            "Only if the person is registered: the question is then one of theirs, with their "
            "role category. The address itself is not stored with it."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    is_sure = forms.BooleanField(required=False, widget=forms.HiddenInput)

    field_order = (
        "source", "text", "category", "asked_at", "language", "label", "email", "wants_answer",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, floor: Floor, source: str = "") -> None:
        self.engagement = floor.engagement
        known = source if source in SOURCES else Question.Source.PHONE
        super().__init__(
            data,
            initial={
                "source": known,
                "client_id": uuid4(),
                "asked_at": self.engagement.local(clock.now()),
                "label": floor.current_label_id if floor.is_open else None,
            },
        )
        del self.fields["with_name"]
        self.fields["text"].label = _("The question, as the person put it")
        self.fields["wants_answer"].label = _("The person would like the agency's answer by mail")
        categories = RoleCategory.objects.filter(is_offered=True) | _not_stated()
        self.fields["category"].queryset = categories  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["category"].initial = _not_stated().values_list("key", flat=True).first()
        self.fields["label"].queryset = self.engagement.labels.all()  # type: ignore[attr-defined]
        self.fields["asked_at"].help_text = _("In the time zone of the engagement, %(zone)s.") % {
            "zone": self.engagement.time_zone.replace("_", " ")
        }
        if not self.engagement.labels.exists():
            del self.fields["label"]

    def clean_category(self) -> RoleCategory:
        chosen: RoleCategory | None = self.cleaned_data["category"]
        return chosen or _not_stated().get()

    def clean_asked_at(self) -> datetime:
        at = moment_in(self.engagement.zone, self.cleaned_data["asked_at"])
        if at > clock.now():
            raise ValidationError(
                _("The question cannot have been received later than now."), code="future"
            )
        return at

    def clean_email(self) -> Registration | None:
        email: str = self.cleaned_data["email"].strip()
        if not email:
            return None
        try:
            key = email_key(email)
        except Refused as refusal:
            raise ValidationError(refusal.message, code=refusal.code) from refusal
        people = self.engagement.registrations.select_related("category")
        found = people.filter(ADMITTED, email_key=key).first()
        if found is None:
            raise ValidationError(
                _("Nobody is registered with exactly this address. Leave it empty to go on."),
                code="unknown",
            )
        return found

    def entry(self) -> Entry:
        """What `entering.enter` takes."""
        told = self.cleaned_data
        return Entry(
            text=told["text"],
            source=told["source"],
            client_id=told["client_id"],
            category=told["category"],
            asked_at=told["asked_at"],
            asker=told["email"],
            language=told["language"],
            wants_answer=told["wants_answer"],
            label=told.get("label"),
        )


def _not_stated() -> Any:
    return RoleCategory.objects.filter(kind=RoleCategory.Kind.NOT_STATED)
