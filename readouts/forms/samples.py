"""The sample questions of a readout, and which ones the picker lists."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.models import RoleCategory
from qa.models import MAX_LENGTH, Question
from readouts import rules
from readouts.actions.sampling import SampleEntry

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from readouts.models import ReadoutSample

LAST_PLACE = 32_767


class SampleForm(forms.Form):
    """One question of the sample: its words for publication, and its place."""

    text = forms.CharField(
        label=_("Words for publication"),
        max_length=MAX_LENGTH,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    position = forms.IntegerField(
        label=_("Place"),
        min_value=1,
        max_value=LAST_PLACE,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, sample: ReadoutSample, data: Mapping[str, str] | None = None) -> None:
        super().__init__(
            data,
            prefix=f"sample-{sample.pk}",
            initial={"text": sample.text, "position": sample.position},
        )
        self.sample = sample

    @property
    def entry(self) -> SampleEntry:
        return SampleEntry(self.sample.pk, self.cleaned_data["text"], self.cleaned_data["position"])


class FilterForm(forms.Form):
    """Which questions the picker lists. Filled from the address, so that it works by a link."""

    q = forms.CharField(label=_("Words in the question"), required=False, max_length=200)
    category = forms.ModelChoiceField(
        label=_("Role"),
        queryset=RoleCategory.objects.all(),
        to_field_name="key",
        required=False,
        empty_label=_("all roles"),
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("shown and held")),
            *((value, label) for value, label in Question.State.choices if value in rules.QUOTABLE),
        ],
    )

    @property
    def query(self) -> str:
        """The filter as it stands in an address, without the page."""
        given = {name: self[name].value() for name in self.fields}
        return urlencode({name: value for name, value in given.items() if value})


def sample_forms(
    samples: Iterable[ReadoutSample], data: Mapping[str, str] | None = None
) -> list[SampleForm]:
    """One form per question of the sample, bound where the data have it."""
    given = data or {}
    return [
        SampleForm(sample, data if f"sample-{sample.pk}-text" in given else None)
        for sample in samples
    ]


def removed_words(forms: Iterable[SampleForm], data: Mapping[str, str]) -> list[str]:
    """Words that were sent for questions which somebody has taken out of the sample meanwhile."""
    known = {f"{form.prefix}-text" for form in forms}
    return [
        text
        for name, text in data.items()
        if name.startswith("sample-") and name.endswith("-text") and name not in known
    ]
