"""What a moderator wants to see of the questions; kept in the address of the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _

from engagements.forms.fields import LineField
from qa import sifting, states
from qa.forms.lists import ListForm, arranged
from qa.models import Question

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.core.paginator import Page

    from engagements.models import Engagement

ON_A_PAGE: Final = 15
COLUMNS: Final = {
    "waiting": frozenset({states.WAITING}),
    "shown": frozenset({states.SHOWN}),
    "rest": sifting.ASIDE,
}
"""The desk's three lists: what waits, what the room sees, and the rest."""


class DeskListForm(ListForm):
    """Nothing chosen is everything. What is no possible choice counts as not chosen."""

    q = LineField(label=_("Search"), max_length=100, required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    label = forms.ChoiceField(label=_("Label"), required=False)
    speaker = forms.ChoiceField(label=_("Speaker"), required=False)
    category = forms.CharField(label=_("Category"), max_length=120, required=False)
    language = forms.CharField(label=_("Language"), max_length=12, required=False)
    source = forms.ChoiceField(label=_("Source"), required=False)
    since = forms.RegexField(r"^([01]\d|2[0-3]):[0-5]\d$", label=_("Asked from"), required=False)
    until = forms.RegexField(r"^([01]\d|2[0-3]):[0-5]\d$", label=_("until"), required=False)
    flagged = forms.BooleanField(label=_("Flagged only"), required=False)

    def __init__(self, data: Any, *, engagement: Engagement, found: Iterable[dict[str, Any]]):
        """`found` are all questions of the desk: what they have can be chosen."""
        super().__init__(data)
        del self.fields["unanswered"]
        found = list(found)
        of_labels = [(str(one.pk), one.name) for one in engagement.labels.all()]
        of_speakers = [(str(one.pk), one.name) for one in engagement.speakers.all()]
        self.offered: dict[str, list[tuple[str, Any]]] = {
            "state": [*Question.State.choices, *Question.Outcome.choices[1:]],
            "label": [*of_labels, (sifting.NONE, _("without a label"))] if of_labels else [],
            "speaker": [*of_speakers, (sifting.NONE, _("nobody"))] if of_speakers else [],
            "category": [(one, one) for one in sorted({q["category"] for q in found} - {""})],
            "language": [(one, one) for one in sorted({q["language"] for q in found} - {""})],
            "source": list(Question.Source.choices),
        }
        for name in ("state", "label", "speaker", "source"):
            field: Any = self.fields[name]
            field.choices = [("", "")] + self.offered[name]
        self.is_valid()

    def choices(self) -> dict[str, str]:
        """All that is chosen, as it stands in the address."""
        if not self.is_bound:
            return {}
        named = {name: self.cleaned_data.get(name) for name in self.fields}
        return {name: "on" if v is True else str(v) for name, v in named.items() if v}

    def filters(self) -> dict[str, str]:
        return {name: value for name, value in self.choices().items() if name != "sort"}

    def query(self) -> str:
        chosen = self.choices()
        return f"?{urlencode(chosen)}" if chosen else ""


class Column:
    """One of the lists, as much of it as a page without scripts shows."""

    def __init__(self, name: str, questions: list[dict[str, Any]], page: str | None, query: str):
        self.name = name
        self.paginator = Paginator(questions, ON_A_PAGE)
        self.page: Page[dict[str, Any]] = self.paginator.get_page(page or 1)
        self.query = query

    @property
    def count(self) -> int:
        return self.paginator.count

    def address(self, number: int) -> str:
        separator = "&" if self.query else "?"
        return f"{self.query}{separator}{self.name}={number}#{self.name}-heading"

    @property
    def before(self) -> str:
        return self.address(self.page.number - 1) if self.page.has_previous() else ""

    @property
    def after(self) -> str:
        return self.address(self.page.number + 1) if self.page.has_next() else ""


def columns(
    form: DeskListForm, questions: Iterable[dict[str, Any]], *, sort: str, zone: str
) -> list[Column]:
    """What is being answered now stays, whatever is chosen."""
    found = list(questions)
    kept = sifting.sifted(found, form.filters(), zone)
    numbers = {question["number"] for question in kept}
    kept += [
        question
        for question in found
        if question["outcome"] == states.ANSWERING and question["number"] not in numbers
    ]
    ordered = arranged(kept, sort)
    return [
        Column(
            name,
            [question for question in ordered if question["state"] in belong],
            form.data.get(name) if form.is_bound else None,
            form.query(),
        )
        for name, belong in COLUMNS.items()
    ]
