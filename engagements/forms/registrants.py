"""What the office looks for among its registrants, and what it types in for who phoned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from engagements import rules
from engagements.files.addresses import is_deliverable
from engagements.forms.fields import LineField, TextField
from engagements.forms.registering import DETAILS, PersonForm
from engagements.models import Accommodation, Registration, RoleCategory
from engagements.queries.people import REMOVED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engagements.models import Engagement, User
    from engagements.queries.people import Wanted

PAGE_SIZES: Final = (50, 100, 250)
ALL: Final = ("", _("All"))


class RollForm(forms.Form):
    """Filters that stand in the address. What is not known there is passed over."""

    words = LineField(
        label=_("Name, e-mail address or organization"), required=False, max_length=100
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[ALL, *Registration.State.choices, (REMOVED, _("removed"))],
    )
    category = forms.ChoiceField(label=_("Role category"), required=False)
    source = forms.ChoiceField(
        label=_("Came by"), required=False, choices=[ALL, *Registration.Source.choices]
    )
    joined = forms.ChoiceField(
        label=_("Joined"), required=False, choices=[ALL, ("yes", _("yes")), ("no", _("no"))]
    )
    accommodation = forms.ChoiceField(
        label=_("Accommodation"),
        required=False,
        choices=[ALL, ("any", _("any")), *Accommodation.Kind.choices],
    )
    size = forms.TypedChoiceField(
        label=_("On a page"),
        required=False,
        coerce=int,
        choices=[(size, str(size)) for size in PAGE_SIZES],
    )

    def __init__(
        self, data: Any, *, categories: Sequence[tuple[str, str]], may_see_needs: bool
    ) -> None:
        super().__init__(data)
        if not may_see_needs:
            del self.fields["accommodation"]
        self.fields["category"].choices = [ALL, *categories]  # type: ignore[attr-defined]  # a ChoiceField
        self.is_valid()

    def wanted(self) -> Wanted:
        """What `queries.people.registrants` takes."""
        names = ("words", "state", "category", "source", "joined", "accommodation")
        return cast("Wanted", {name: self.cleaned_data.get(name, "") for name in names})

    def page_size(self) -> int:
        size: int = self.cleaned_data.get("size") or PAGE_SIZES[0]
        return size

    @property
    def is_filtering(self) -> bool:
        return any(self.wanted().values())


class StaffRegistrationForm(PersonForm):
    """Somebody phoned, and the office types. The same questions, and no address is needed."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=256,
        required=False,
        help_text=_("The personal link goes there. Without an address there is no mail."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "invalid": _("Please write an e-mail address, such as name@example.org."),
        },
    )
    phone = LineField(
        label=_("Phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )
    language = forms.ChoiceField(
        label=_("Language of our mail"), choices=settings.LANGUAGES, required=False
    )
    was_read_out = forms.BooleanField(
        label=_("The notice was read out to the person"),
        error_messages={"required": _("Please read the notice out to the person first.")},
    )

    def __init__(self, *args: Any, engagement: Engagement, user: User, **options: Any) -> None:
        super().__init__(*args, engagement=engagement, **options)
        self.fields["name"].label = _("Name")
        self.fields["name"].widget.attrs["autocomplete"] = "off"
        self.fields["organization"].widget.attrs["autocomplete"] = "off"
        category = self.fields["category"]
        category.label = _("Role category")
        category.help_text = _("What the person identifies as. Please ask, and do not guess.")
        category.queryset = RoleCategory.objects.filter(  # type: ignore[attr-defined]  # a ModelChoiceField
            is_offered=True
        ) | RoleCategory.objects.filter(kind=RoleCategory.Kind.NOT_STATED)
        # The office decides itself what it can still arrange.
        self.takes_needs = rules.may_see_accommodations(user, engagement)
        if not self.takes_needs:
            for name in ("needs", *(f"needs_{kind.value}" for kind in DETAILS)):
                del self.fields[name]
        else:
            self.fields["needs"].label = _("The person needs")
        if len(settings.LANGUAGES) == 1:
            del self.fields["language"]

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if not is_deliverable(email):
            raise ValidationError(self.fields["email"].error_messages["invalid"], code="invalid")
        return email

    def entry(self) -> dict[str, Any]:
        """What `register` takes."""
        return super().entry() | {
            "email": self.cleaned_data["email"],
            "phone": self.cleaned_data["phone"],
            "language": self.cleaned_data.get("language") or settings.LANGUAGES[0][0],
            "source": Registration.Source.STAFF,
        }


class CategoryForm(forms.Form):
    """Another role category for one person, by the office; the one held now stands first."""

    category = forms.ModelChoiceField(
        label=_("Role category"),
        queryset=RoleCategory.objects.none(),
        to_field_name="key",
        empty_label=None,
    )

    def __init__(self, *args: Any, held: RoleCategory, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = RoleCategory.objects.filter(Q(is_offered=True) | Q(pk=held.pk))
        cast("forms.ModelChoiceField[RoleCategory]", self.fields["category"]).queryset = choices
        self.initial.setdefault("category", held.key)


class DecisionForm(forms.Form):
    """What becomes of an accommodation."""

    state = forms.ChoiceField(
        label=_("State"),
        choices=[
            (state.value, capfirst(state.label))
            for state in Accommodation.State
            if state != Accommodation.State.WITHDRAWN
        ],
    )
    notes = TextField(
        label=_("Notes of the office"),
        max_length=4_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    tells = forms.BooleanField(label=_("Tell the person by mail"), required=False)
