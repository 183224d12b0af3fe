"""The sample questions of a readout: their words, what the picker lists, and what it adds."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from engagements.files.text import clean_line, clean_text
from engagements.models import RoleCategory
from qa.models import MAX_LENGTH, Label
from readouts import queries
from readouts.actions.sampling import LONGEST_HEADING, LONGEST_REASON, SampleEntry
from readouts.queries.samples import BECAME, WITHOUT_LABEL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.http import QueryDict
    from django_stubs_ext import StrOrPromise

    from engagements.models import Engagement
    from qa.models import Question
    from readouts.models import ReadoutSample

LAST_PLACE = 32_767
LONGEST_OWN_WORDS = 150
"""Of a reason, so that it fits in with what a quick pick says."""

PICKS: Final[Mapping[str, StrOrPromise]] = {
    "people": _("Many asked it"),
    "votes": _("Many voted for it"),
    "label": _("It stands for its label"),
    "category": _("It speaks for its role"),
    "became": _("It shows what became of such questions"),
    "plain": _("It says plainly what others asked too"),
}
"""Reasons to choose a question. The record says them with the figures of the question itself."""

ORDERS: Final[Mapping[str, StrOrPromise]] = {
    "": _("as they came"),
    "-number": _("the last first"),
    "-votes": _("most votes first"),
    "votes": _("fewest votes first"),
    "-people": _("asked by most first"),
    "people": _("asked by fewest first"),
    "label": _("by label"),
    "-label": _("by label, the last first"),
    "category": _("by role"),
    "-category": _("by role, the last first"),
}
"""Words for `queries.samples.SORTED`."""

SAMPLE_FORM: Final = "sample-form"
"""Id of the form with the sample, which is sent together with what is added to it."""

REASONS_LIST: Final = "reasons-to-choose"
HEADINGS_LIST: Final = "headings-there"
"""Ids of the lists from which a page completes reasons and headings."""


class SampleForm(forms.Form):
    """One question of the sample: its words for publication, why it is there, and its place."""

    text = forms.CharField(
        label=_("Words for publication"),
        max_length=MAX_LENGTH,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    reason = forms.CharField(
        label=_("Why it was chosen"),
        max_length=LONGEST_REASON,
        widget=forms.TextInput(attrs={"list": REASONS_LIST, "autocomplete": "off"}),
        error_messages={"required": _("Please say why it was chosen.")},
    )
    heading = forms.CharField(
        label=_("Under the heading"),
        max_length=LONGEST_HEADING,
        required=False,
        widget=forms.TextInput(attrs={"list": HEADINGS_LIST, "autocomplete": "off", "dir": "auto"}),
    )
    position = forms.IntegerField(
        label=_("Place"),
        min_value=1,
        max_value=LAST_PLACE,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    seen = forms.CharField(
        required=False, max_length=16, widget=forms.HiddenInput(attrs={"autocomplete": "off"})
    )
    """Mark of what was saved when the page was made."""

    def __init__(self, sample: ReadoutSample, data: Mapping[str, str] | None = None) -> None:
        super().__init__(
            data,
            prefix=f"sample-{sample.pk}",
            initial={
                "text": sample.text,
                "reason": sample.reason,
                "heading": sample.heading,
                "position": sample.position,
                "seen": _mark(sample.text, sample.reason, sample.heading, sample.position),
            },
        )
        self.sample = sample
        # What came with an archive was chosen by people who can no longer be asked.
        self.fields["reason"].required = bool(sample.reason)

    @property
    def entry(self) -> SampleEntry:
        given = self.cleaned_data
        return SampleEntry(
            self.sample.pk, given["text"], given["position"], given["reason"], given["heading"]
        )

    @property
    def is_changed(self) -> bool:
        """Whether anything but the ends of its lines is another than what is saved."""
        given, saved = self.cleaned_data, self.sample
        return (
            clean_text(given["text"]) != saved.text
            or clean_line(given["reason"]) != saved.reason
            or clean_line(given["heading"]) != saved.heading
            or given["position"] != saved.position
        )

    @property
    def is_untouched(self) -> bool:
        """Whether it came back as it was on the page, whatever is saved by now."""
        if not self.is_valid():
            return False
        given = self.cleaned_data
        words = clean_text(given["text"]), clean_line(given["reason"]), clean_line(given["heading"])
        return bool(given["seen"]) and given["seen"] == _mark(*words, given["position"])


class FilterForm(forms.Form):
    """Which questions the picker lists. Filled from the address, so that it works by a link."""

    q = forms.CharField(label=_("Words or number"), required=False, max_length=200)
    label = forms.ChoiceField()
    category = forms.ModelChoiceField(
        label=_("Role"),
        queryset=RoleCategory.objects.all(),
        to_field_name="key",
        required=False,
        empty_label=_("all roles"),
    )
    became = forms.ChoiceField(
        label=_("What became of it"), required=False, choices=[("", _("all")), *BECAME.items()]
    )
    sort = forms.ChoiceField(label=_("Order"), required=False, choices=list(ORDERS.items()))
    part = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    """Which page of the sample itself is edited above the picker."""

    def __init__(self, data: Mapping[str, str], *, engagement: Engagement) -> None:
        super().__init__(data)
        labels = Label.objects.filter(engagement=engagement).values_list("pk", "name")
        named = [(str(pk), name) for pk, name in labels]
        self.has_labels = bool(named)
        self.fields["label"] = forms.ChoiceField(
            label=_("Label"),
            required=False,
            choices=[("", _("all labels")), *named, (WITHOUT_LABEL, _("without a label"))],
        )

    @property
    def wanted(self) -> dict[str, Any]:
        """What of the address can be understood, for `queries.choosable`."""
        self.is_valid()
        given = self.cleaned_data
        names = ("q", "category", "label", "became", "sort")
        return {name: given[name] for name in names if given.get(name)}

    @property
    def part_wanted(self) -> int:
        self.is_valid()
        return self.cleaned_data.get("part") or 1

    @property
    def query(self) -> str:
        """The filter as it stands in an address, without the page."""
        return self.query_with()

    def query_with(self, **changes: object) -> str:
        given = {name: self[name].value() for name in self.fields} | changes
        return urlencode({name: value for name, value in given.items() if value})


class ChooseForm(forms.Form):
    """Which questions are added, and why: a quick pick, own words, or both."""

    why = forms.ChoiceField(
        label=_("Why?"), required=False, choices=[("", _("Please choose")), *PICKS.items()]
    )
    own = forms.CharField(
        label=_("In your own words"), required=False, max_length=LONGEST_OWN_WORDS
    )
    heading = forms.CharField(
        label=_("Under the heading"),
        required=False,
        max_length=LONGEST_HEADING,
        widget=forms.TextInput(attrs={"list": HEADINGS_LIST, "autocomplete": "off", "dir": "auto"}),
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, prefix="choose")
        for field in self.fields.values():
            field.widget.attrs["form"] = SAMPLE_FORM
        given = data.getlist("choose-pick") if data else []
        self.picked = [int(pk) for pk in given if pk.isascii() and pk.isdecimal() and len(pk) < 19]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if not self.picked:
            raise forms.ValidationError(_("Tick the questions that you want to add."), "none")
        if not given.get("why") and not given.get("own") and not self.errors:
            self.add_error("why", _("Please say why. The record keeps it for the office."))
        return given

    def reason_for(self, question: Question) -> str:
        """Quick pick and own words about one of the questions."""
        why, own = self.cleaned_data["why"], self.cleaned_data["own"]
        return " ".join(filter(None, (worded(why, question) if why else "", own)))


def _mark(*saved: object) -> str:
    return hashlib.sha256(repr(saved).encode()).hexdigest()[:16]


def worded(pick: str, question: Question) -> str:
    """A quick pick as the record has it, with the figures of the question as they are now."""
    if pick == "people":
        asked = ngettext("Asked by %(people)d person.", "Asked by %(people)d people.",
                         question.people)  # fmt: skip
        return asked % {"people": question.people}
    if pick == "votes":
        votes = ngettext("%(votes)d vote.", "%(votes)d votes.", question.votes)
        return votes % {"votes": question.votes}
    if pick == "label":
        name = question.label.name if question.label else gettext("without a label")
        return gettext("Stands for its label: %(name)s.") % {"name": name}
    if pick == "category":
        name = question.category.label if question.category else gettext("without a role")
        return gettext("Speaks for its role: %(name)s.") % {"name": name}
    if pick == "became":
        return gettext("Shows what became of such questions: %(became)s.") % {
            "became": queries.became_of(question)
        }
    return gettext("Says plainly what others asked too.")


def sample_forms(
    samples: Iterable[ReadoutSample], data: Mapping[str, str] | None = None
) -> list[SampleForm]:
    """One form per question of the sample, bound where the data have it."""
    given = data or {}
    return [
        SampleForm(sample, data if f"sample-{sample.pk}-text" in given else None)
        for sample in samples
    ]


def unknown_entries(samples: Iterable[ReadoutSample], data: Mapping[str, str]) -> dict[int, str]:
    """Words that were sent for questions that are not in the sample: taken out of it meanwhile,
    or made up. Id -> words; an id that is no number is 0."""
    known = {sample.pk for sample in samples}
    sent = {
        name.removeprefix("sample-").removesuffix("-text"): words
        for name, words in data.items()
        if name.startswith("sample-") and name.endswith("-text")
    }
    ids = {
        int(pk) if pk.isascii() and pk.isdecimal() and len(pk) < 19 else 0: words
        for pk, words in sent.items()
    }
    return {pk: words for pk, words in ids.items() if pk not in known}
