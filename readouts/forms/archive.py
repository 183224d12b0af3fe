from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.files.text import clean_line
from readouts.queries.archive import Wanted
from readouts.searching import LONGEST_QUERY

if TYPE_CHECKING:
    from django.http import QueryDict

LONGEST_LABEL = 60
LARGEST = 2**31 - 1


class ArchiveForm(forms.Form):
    """What the address of the archive may ask for. What makes no sense asks for nothing."""

    q = forms.CharField(label=_("Words"), required=False)
    agency = forms.IntegerField(required=False, min_value=1, max_value=LARGEST)
    series = forms.IntegerField(required=False, min_value=1, max_value=LARGEST)
    year = forms.IntegerField(required=False, min_value=1, max_value=9999)
    label = forms.CharField(required=False, max_length=LONGEST_LABEL)
    when = forms.ChoiceField(required=False, choices=[("ahead", "")])
    sort = forms.ChoiceField(required=False, choices=[("date", "")])

    @classmethod
    def wanted(cls, address: QueryDict) -> Wanted:
        """Letters that no text may hold are left out before anything else reads them."""
        given = {name: clean_line(address.get(name, "")) for name in cls.base_fields}
        form = cls(given | {"q": given["q"][:LONGEST_QUERY]})
        form.is_valid()
        asked: dict[str, Any] = form.cleaned_data
        return Wanted(
            q=asked.get("q", ""),
            agency=asked.get("agency"),
            series=asked.get("series"),
            year=asked.get("year"),
            label=asked.get("label", ""),
            is_ahead=asked.get("when") == "ahead",
            by_date=asked.get("sort") == "date",
        )
