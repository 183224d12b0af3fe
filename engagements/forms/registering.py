"""What a stakeholder sends to register, to change the own registration, and to walk in."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from engagements import queries
from engagements.actions import accommodating
from engagements.files.addresses import is_deliverable
from engagements.forms.fields import LineField
from engagements.forms.own_questions import OwnQuestions, initial_of, values_sent
from engagements.models import Accommodation, Notice, Registration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.forms.boundfield import BoundField

    from engagements.forms.own_questions import ShownQuestion
    from engagements.models import Engagement, RoleCategory

Kind = Accommodation.Kind

DETAILS: Final = {
    Kind.SIGN_LANGUAGE: _("Which sign language?"),
    Kind.LANGUAGE: _("Which language?"),
    Kind.OTHER: _("What do you need?"),
}
AT_THE_END: Final = ("consent", "notice", "leave_empty", "wants_news")
MUST_BE_DETAILED: Final = frozenset({Kind.LANGUAGE, Kind.OTHER})


def category_field() -> forms.ModelChoiceField[RoleCategory]:
    """One of the role categories that are offered."""
    return forms.ModelChoiceField(
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


class RoleForm(forms.Form):
    """A name and a role. Any further fields that are posted are ignored."""

    name = LineField(
        label=_("Your name"),
        max_length=128,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Please write your name.")},
    )
    category = category_field()

    def clean_category(self) -> Any:
        if len(values_sent(self.data, "category")) > 1:
            raise ValidationError(_("Please choose one role only."), code="doubled")
        return self.cleaned_data["category"]


class PersonForm(RoleForm):
    """Who somebody is, what the office asks, and what the person needs."""

    organization = LineField(
        label=_("Organization"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    field_order = ("name", "email", "organization", "language", "category")

    def __init__(self, *args: Any, engagement: Engagement, **options: Any) -> None:
        super().__init__(*args, **options)
        self.engagement = engagement
        self._questions = list(engagement.own_questions.filter(retired_at=None))
        self._own = OwnQuestions(self, self._questions)
        self.takes_needs = accommodating.is_open(engagement)
        self._add_needs()

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["answers"] = self._own.answers()
        self.cleaned_data["accommodations"] = self._needs()
        return self.cleaned_data

    def own_questions(self) -> Iterator[ShownQuestion]:
        return self._own.shown()

    def need_details(self) -> list[tuple[str, BoundField]]:
        """Fields that say more of a need, with its kind."""
        return [(kind.value, self[f"needs_{kind.value}"]) for kind in DETAILS]

    def entry(self) -> dict[str, Any]:
        """What the action takes."""
        names = ("name", "organization", "category", "answers", "accommodations")
        return {name: self.cleaned_data[name] for name in names}

    def _add_needs(self) -> None:
        self.fields["needs"] = forms.MultipleChoiceField(
            label=_("I need"),
            choices=[(kind.value, str(kind.label).capitalize()) for kind in Kind],
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        for kind, label in DETAILS.items():
            only_if = _("Only if you need this: %(need)s.") % {"need": kind.label}
            self.fields[f"needs_{kind.value}"] = LineField(
                label=label, help_text=only_if, max_length=500, required=False
            )

    def _needs(self) -> dict[str, str]:
        """Kind and detail. A detail stands for its tick."""
        details = {kind: self.cleaned_data.get(f"needs_{kind.value}", "") for kind in DETAILS}
        ticked = self.cleaned_data.get("needs", [])
        wanted = {
            kind.value: details.get(kind, "")
            for kind in Kind
            if kind.value in ticked or details.get(kind)
        }
        if wanted and not self.takes_needs:
            late = _("Accommodations for this engagement can no longer be requested.")
            self.add_error(None, ValidationError(late, code="too_late"))
        for kind in MUST_BE_DETAILED:
            if kind.value in wanted and not wanted[kind.value]:
                missing = ValidationError(_("Please say more, so that it can be arranged."))
                self.add_error(f"needs_{kind.value}", missing)
        return wanted


class ConsentForm(forms.Form):
    """The notices that were read, and a field that only a machine fills."""

    consent = forms.BooleanField(
        label=_("I have read this notice and agree to it"),
        error_messages={"required": _("Please read the notice and agree to it.")},
    )
    notice = forms.IntegerField(required=False, widget=forms.HiddenInput)
    leave_empty = forms.CharField(
        label=_("Please leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    engagement: Engagement

    def clean_leave_empty(self) -> str:
        if self.cleaned_data["leave_empty"]:
            raise ValidationError(
                _("This field must stay empty. It is there to stop automatic entries."),
                code="automatic",
            )
        return ""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        read = cleaned.get("notice")
        if read is not None and read != Notice.shown_for(self.engagement).pk:
            changed = _("The notice has changed meanwhile. Please read it again.")
            self.add_error("consent", ValidationError(changed, code="notice"))
        return cleaned


class RegistrationForm(ConsentForm, PersonForm):
    """Everything of one registration."""

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
    language = forms.ChoiceField(
        label=_("Language of our mail"), choices=settings.LANGUAGES, required=False
    )
    wants_news = forms.BooleanField(required=False)

    def __init__(self, *args: Any, engagement: Engagement, **options: Any) -> None:
        super().__init__(*args, engagement=engagement, **options)
        if len(settings.LANGUAGES) == 1:
            del self.fields["language"]
        else:
            self.fields["language"].initial = get_language()
        if engagement.series is None:
            del self.fields["wants_news"]
        else:
            self.fields["wants_news"].label = _(
                "Tell me by mail of further engagements of “%(series)s”"
            ) % {"series": engagement.series}
        # As on the page, for the list of what is wrong.
        self.order_fields([*(name for name in self.fields if name not in AT_THE_END), *AT_THE_END])

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if not is_deliverable(email):
            raise ValidationError(self.fields["email"].error_messages["invalid"], code="invalid")
        return email

    def entry(self) -> dict[str, Any]:
        """What `register` takes."""
        return super().entry() | {
            "email": self.cleaned_data["email"],
            "language": self.cleaned_data.get("language") or settings.LANGUAGES[0][0],
            "wants_news": self.cleaned_data.get("wants_news", False),
        }


class OwnRegistrationForm(PersonForm):
    """What the owner of a registration may change. The role, until the engagement starts."""

    def __init__(self, *args: Any, registration: Registration, **options: Any) -> None:
        self.registration = registration
        super().__init__(*args, engagement=registration.engagement, **options)
        self.initial |= self._kept() | options.get("initial", {})
        if registration.engagement.state != registration.engagement.State.SCHEDULED:
            del self.fields["category"]
        elif not registration.category.is_offered:
            # Held already, so it may be kept.
            offered = self.fields["category"]
            offered.queryset = offered.queryset | offered.queryset.model.objects.filter(  # type: ignore[attr-defined]  # a ModelChoiceField
                pk=registration.category_id
            )

    def entry(self) -> dict[str, Any]:
        """What `change` takes. What the deadline has closed stays as it is."""
        self.cleaned_data.setdefault("category", None)
        entry = super().entry()
        return entry if self.takes_needs else entry | {"accommodations": None}

    def _kept(self) -> dict[str, Any]:
        own = self.registration
        answers = dict(own.answers.values_list("question", "values"))
        standing = own.accommodations.exclude(state=Accommodation.State.WITHDRAWN)
        needs = dict(standing.values_list("kind", "detail"))
        return {
            "name": own.name,
            "organization": own.organization,
            "category": own.category.key,
            "needs": list(needs),
            **{f"needs_{kind.value}": needs.get(kind.value, "") for kind in DETAILS},
            **initial_of(answers, self._questions),
        }


class WalkInForm(ConsentForm, RoleForm):
    """Name and role, at the door."""

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, engagement: Engagement, **options: Any) -> None:
        super().__init__(*args, **options)
        self.engagement = engagement

    def entry(self) -> dict[str, Any]:
        """What `walk_in` takes."""
        return {
            "name": self.cleaned_data["name"],
            "category": self.cleaned_data["category"],
            "key": self.cleaned_data["key"] or uuid.uuid4(),
        }
