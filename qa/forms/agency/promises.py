"""Which open promises are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from qa.queries.agency.open_promises import SORTED, Chosen, choices_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import QueryDict

    from engagements.models import User


class PromisesForm(forms.Form):
    """Filled from the address, so that it works by a link. What fits no choice is left out."""

    agency = forms.ChoiceField(label=_("Agency"), required=False)
    series = forms.ChoiceField(label=_("Series"), required=False)
    overdue = forms.ChoiceField(
        label=_("Show"), required=False, choices=[("", _("all")), ("on", _("overdue only"))]
    )
    sort = forms.ChoiceField(
        label=_("Sorted by"),
        required=False,
        choices=[(key, words) for key, (words, _sorted_by) in SORTED.items()],
    )

    def __init__(self, data: QueryDict, *, user: User) -> None:
        super().__init__(data)
        for name, choices in choices_of(user).items():
            field = cast("forms.ChoiceField", self.fields[name])
            field.choices = [("", _("all")), *choices]

    def given(self, name: str) -> str:
        self.is_valid()
        return str(self.cleaned_data.get(name, ""))

    @property
    def chosen(self) -> Chosen:
        return Chosen(
            agency=self.given("agency"),
            series=self.given("series"),
            overdue=bool(self.given("overdue")),
            sort=self.given("sort"),
        )

    @property
    def query(self) -> str:
        """The choice as it stands in an address."""
        given = {name: self.given(name) for name in self.fields}
        return urlencode({name: value for name, value in given.items() if value})

    def words(self) -> str:
        """The choice for a reader who does not see the form; "" for all."""
        found = []
        for name in ("agency", "series", "overdue"):
            value = self.given(name)
            if value:
                field = cast("forms.ChoiceField", self.fields[name])
                words = dict(cast("Iterable[tuple[str, str]]", field.choices))
                found.append(f"{field.label}: {words.get(value, value)}")
        return "; ".join(found)
