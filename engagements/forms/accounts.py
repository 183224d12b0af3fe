"""People and the office's words, as administrators send them; a password for an invitation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.password_validation import (
    password_validators_help_texts,
    validate_password,
)
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from engagements import queries
from engagements.actions.office import CategoryWords
from engagements.forms.fields import LineField
from engagements.models import AuditEntry, Engagement, Office, RoleCategory, User

if TYPE_CHECKING:
    from engagements.models import Invitation

LONGEST_PASSWORD = 128


class AcceptForm(forms.Form):
    password1 = forms.CharField(
        label=_("Password"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Please choose a password.")},
    )
    password2 = forms.CharField(
        label=_("The same password again"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Please type the password again.")},
    )

    def __init__(self, *args: Any, invitation: Invitation, **options: Any) -> None:
        super().__init__(*args, **options)
        self._owner = User(email=invitation.email, name=invitation.name)
        self.fields["password1"].help_text = " ".join(password_validators_help_texts())

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]
        validate_password(password, self._owner)
        return password

    def clean(self) -> dict[str, Any]:
        first, second = (self.cleaned_data.get(f"password{number}") for number in (1, 2))
        if first and second and first != second:
            self.add_error("password2", _("The two passwords differ. Please type them again."))
        return self.cleaned_data


class RightsForm(forms.Form):
    may_create_engagements = forms.BooleanField(
        label=_("May create engagements"),
        required=False,
        help_text=_("Becomes the coordinator of each engagement they create."),
    )
    is_administrator = forms.BooleanField(
        label=_("Administrator"),
        required=False,
        help_text=_("Manages people, role categories, agencies and the words of the office."),
    )


class InviteForm(RightsForm):
    name = LineField(label=_("Name"), max_length=128)
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("The invitation is sent there. It is also the name for signing in."),
        error_messages={"invalid": _("Please write an e-mail address, such as name@example.gov.")},
    )
    agency = forms.ModelChoiceField(
        label=_("Works for"),
        queryset=queries.agencies(),
        required=False,
        empty_label=_("Our office"),
        help_text=_("A liaison of an agency sees only the lists that were forwarded to it."),
        error_messages={"invalid_choice": _("Please choose the office or one of the agencies.")},
    )

    is_contributor = forms.BooleanField(
        label=_("Contributor"),
        required=False,
        help_text=_("Of an agency: answers the questions given to them, and sees no others."),
    )

    field_order = (
        "name",
        "email",
        "agency",
        "is_contributor",
        "may_create_engagements",
        "is_administrator",
    )

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given["is_contributor"] and "agency" in given and not given["agency"]:
            self.add_error("agency", _("A contributor belongs to an agency. Please choose it."))
        if given.get("agency") and (given["is_administrator"] or given["may_create_engagements"]):
            self.add_error(
                "agency",
                _("A liaison of an agency has no rights in the office. Please take them out."),
            )
        return given


class LiaisonForm(forms.Form):
    agency = forms.ModelChoiceField(
        label=_("Liaison of"),
        queryset=queries.agencies(),
        empty_label=None,
        error_messages={"required": _("Please choose an agency.")},
    )


class CategoryForm(forms.Form):
    """One row of the table. The row for a new category may stay empty."""

    label = LineField(label=_("Label on the form"), max_length=120)
    noun_phrase = LineField(label=_("Noun phrase"), max_length=120)
    verb = LineField(label=_("Verb"), max_length=40)
    position = forms.IntegerField(label=_("Order"), min_value=1, max_value=999)
    is_offered = forms.BooleanField(label=_("Offered"), required=False)

    def __init__(self, data: Any = None, *, category: RoleCategory) -> None:
        self.category = category
        self.is_new = category.pk is None
        super().__init__(
            data,
            prefix=f"category-{category.pk or 'new'}",
            initial={name: getattr(category, name) for name in CategoryWords._fields},
            empty_permitted=self.is_new,
            use_required_attribute=not self.is_new,
        )

    def has_changed(self) -> bool:
        """A new row without words is no row, whatever its order says."""
        return bool({"label", "noun_phrase", "verb"}.intersection(self.changed_data))

    def words(self) -> CategoryWords:
        return CategoryWords(**self.cleaned_data)

    def sentence(self) -> str:
        """As a readout would say it, with the words as they stand in this row."""
        verb, noun_phrase = self["verb"].value(), self["noun_phrase"].value()
        return f"43% {verb} {noun_phrase}" if verb and noun_phrase else ""


def category_forms(data: Any = None) -> list[CategoryForm]:
    """A row for each category there is, and one for a new one."""
    categories = list(RoleCategory.objects.all())
    new = RoleCategory(position=len(categories) + 1)
    return [CategoryForm(data, category=category) for category in (*categories, new)]


class AgencyForm(forms.Form):
    name = LineField(
        label=_("Name"), max_length=200, error_messages={"required": _("Please write its name.")}
    )
    short_name = LineField(
        label=_("Short name"),
        max_length=80,
        help_text=_("As people say it, for example: USCIS"),
        error_messages={"required": _("Please write its short name.")},
    )
    clears_answers = forms.BooleanField(
        label=_("A second person clears each answer"),
        required=False,
        help_text=_("Somebody else of the agency than its writer, before it is submitted."),
    )


class OfficeForm(forms.Form):
    department = LineField(label=_("Department"), max_length=200)
    department_short = LineField(label=_("Department, short"), max_length=40)
    name = LineField(label=_("Name of the office"), max_length=200)
    short_name = LineField(
        label=_("Short name of the office"),
        max_length=80,
        help_text=_("Stands in the header of every page."),
    )
    case_form_url = forms.URLField(
        label=_("Link to the case-assistance form"),
        max_length=500,
        required=False,
        assume_scheme="https",
        validators=[URLValidator(schemes=["https"])],
        help_text=_("Where people are sent with a question about one case. It begins with https."),
    )
    case_form_name = LineField(
        label=_("Name of the case-assistance form"), max_length=120, required=False
    )

    def __init__(self, *args: Any, office: Office, **options: Any) -> None:
        options["initial"] = {name: getattr(office, name) for name in self.base_fields}
        super().__init__(*args, **options)


class AuditFilterForm(forms.Form):
    engagement = forms.ModelChoiceField(
        label=_("Engagement"),
        queryset=Engagement.objects.select_related("series"),
        to_field_name="slug",
        required=False,
        empty_label=_("All"),
    )
    action = forms.ChoiceField(label=_("Action"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        actions = AuditEntry.objects.order_by("action").values_list("action", flat=True)
        self.fields["action"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", _("All")),
            *((action, action) for action in actions.distinct()),
        ]
