"""The speakers of an engagement, a row for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.actions.running import SpeakerEntry
from engagements.forms.fields import LineField

if TYPE_CHECKING:
    from engagements.models import Engagement

MOST_SPEAKERS = 40
BLANK_ROWS = 3
"""Empty rows for more speakers, so that the page needs no script."""


class SpeakerForm(forms.Form):
    name = LineField(label=_("Name"), max_length=128, required=False)
    title = LineField(label=_("Title"), max_length=200, required=False)
    organization = LineField(label=_("Organization"), max_length=200, required=False)
    position = forms.IntegerField(label=_("Order"), min_value=1, max_value=999, required=False)

    def clean(self) -> dict[str, Any]:
        named = self.cleaned_data.get("name") or "name" in self.errors
        if not named and (self.cleaned_data.get("title") or self.cleaned_data.get("organization")):
            self.add_error("name", _("Please give the speaker's name."))
        return self.cleaned_data


if TYPE_CHECKING:
    SpeakerRowsBase = forms.BaseFormSet[SpeakerForm]
else:
    SpeakerRowsBase = forms.BaseFormSet


class SpeakerRows(SpeakerRowsBase):
    """Rows without a name are left out; equal or missing order numbers keep the rows' own order."""

    def add_fields(self, form: SpeakerForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Remove")

    def entries(self) -> list[SpeakerEntry]:
        rows = [form.cleaned_data for form in self.forms if form not in self.deleted_forms]
        named = [row for row in rows if row.get("name")]
        named.sort(key=lambda row: row["position"] or len(rows) + MOST_SPEAKERS)
        return [SpeakerEntry(row["name"], row["title"], row["organization"]) for row in named]


SpeakerFormSet = cast(
    "type[SpeakerRows]",
    forms.formset_factory(
        SpeakerForm,
        formset=SpeakerRows,
        extra=BLANK_ROWS,
        max_num=MOST_SPEAKERS,
        absolute_max=MOST_SPEAKERS,
        validate_max=True,
        can_delete=True,
    ),
)


def speakers_as_typed(engagement: Engagement) -> list[dict[str, Any]]:
    """The rows of the form for the speakers that there are."""
    return [
        {
            "name": speaker.name,
            "title": speaker.title,
            "organization": speaker.organization,
            "position": position,
        }
        for position, speaker in enumerate(engagement.speakers.all(), start=1)
    ]
