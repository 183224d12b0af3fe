"""The texts and switches of a readout, and remarks about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from readouts import queries
from readouts.forms.texts import RevisionForm
from readouts.forms.wording import WordingField
from readouts.models import Comment, Readout

if TYPE_CHECKING:
    from readouts.actions.editing import Columns

SWITCHES: Final = (
    "shows_chart",
    "shows_speakers",
    "shows_materials",
    "shows_answers",
    "posts_presentation",
)


def _longest(name: str) -> int | None:
    longest: int | None = getattr(Readout._meta.get_field(name), "max_length", None)
    return longest


class MarkdownField(forms.CharField):
    def __init__(self, name: str, *, rows: int, **options: Any) -> None:
        super().__init__(
            required=False,
            max_length=_longest(name),
            strip=False,
            widget=forms.Textarea(attrs={"rows": rows, "data-text": name}),
            **options,
        )


class TextForm(RevisionForm):
    """What an editor decides. A part that was not on the page is not among the changes."""

    seen = forms.CharField(
        required=False, max_length=2_000, widget=forms.HiddenInput(attrs={"autocomplete": "off"})
    )
    switches = forms.CharField(
        required=False, initial=" ".join(SWITCHES), max_length=200, widget=forms.HiddenInput()
    )
    wording = WordingField()
    summary = MarkdownField("summary", rows=18, label=_("Text of the summary"))
    attendance_text = MarkdownField(
        "attendance_text", rows=8, label=_("Text of who joined and asked")
    )
    closing_text = MarkdownField("closing_text", rows=5, label=_("Text of the closing"))
    shows_chart = forms.BooleanField(label=_("With a chart of who joined, by role"), required=False)
    shows_speakers = forms.BooleanField(label=_("With the speakers"), required=False)
    shows_materials = forms.BooleanField(label=_("With the materials"), required=False)
    shows_answers = forms.BooleanField(label=_("With follow-up answers"), required=False)
    posts_presentation = forms.BooleanField(
        label=_("The office will post the presentation"),
        required=False,
        help_text=_("The last paragraph then promises it."),
    )
    small_figures_reason = forms.CharField(
        label=_("Reason to publish figures of small groups"),
        required=False,
        max_length=_longest("small_figures_reason"),
        help_text=Readout._meta.get_field("small_figures_reason").help_text,
    )

    @classmethod
    def of(cls, readout: Readout) -> TextForm:
        initial = queries.standing(readout) | {
            "revision": readout.revision,
            "seen": written(queries.marks_of(readout)),
        }
        return cls(initial=initial)

    def clean_seen(self) -> dict[str, str] | None:
        """Marks by the names of the parts; None where the page sent none."""
        pairs = (word.partition(":") for word in str(self.cleaned_data["seen"]).split())
        return {name: mark for name, _colon, mark in pairs} or None

    def changes(self) -> Columns:
        """Of what was on the page."""
        told = set(str(self.cleaned_data["switches"]).split())
        given: Any = {
            name: value
            for name, value in self.cleaned_data.items()
            if name in queries.standing_names() and (name in self.data or name in told)
        }
        changes: Columns = given
        return changes

    def texts_typed(self) -> list[forms.BoundField]:
        """Those of the page that was sent."""
        return [self[name] for name in queries.TEXTS if name in self.data]


class CommentForm(forms.Form):
    """How long a comment may be, the action knows: a browser sends an end of line as two signs."""

    section = forms.ChoiceField(choices=Comment.Section.choices)
    text = forms.CharField(
        label=_("Comment"),
        required=False,
        strip=False,
        max_length=2 * 2_000,
    )


class ReadingForm(forms.Form):
    """A text as it stands in the page, to see how it reads."""

    name = forms.ChoiceField(choices=[(name, name) for name in queries.TEXTS])
    text = forms.CharField(required=False, strip=False, max_length=_longest("summary"))


def written(marks: dict[str, str]) -> str:
    """As a form carries them."""
    return " ".join(f"{name}:{mark}" for name, mark in marks.items())
