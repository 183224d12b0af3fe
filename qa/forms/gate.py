"""What is decided about identifiers, and the office's lists of words and reasons."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.forms.fields import LineField, TextField
from qa import states
from qa.actions.lists import ReasonWords
from qa.forms.desk import DecisionForm
from qa.models import MAX_LENGTH, DismissalReason, Redaction

DESK = "desk"
LISTS = "lists"


class NextForm(forms.Form):
    """Where the reader goes on: at the question, or at the lists for the agency."""

    back_to = forms.ChoiceField(choices=[(DESK, DESK), (LISTS, LISTS)], required=False)


class FindingForm(DecisionForm):
    """`verdict` says what the words of a finding are; a reason, why they stay."""

    finding = forms.IntegerField(min_value=1, max_value=2**31 - 1)
    verdict = forms.ChoiceField(
        choices=[
            (states.FINDING_NO_IDENTIFIER, states.FINDING_NO_IDENTIFIER),
            (states.FINDING_KEPT, states.FINDING_KEPT),
            (states.FINDING_OPEN, states.FINDING_OPEN),
        ]
    )
    reason = LineField(label=_("Why they stay"), max_length=300, required=False)


class RedactForm(DecisionForm):
    """Words of findings, and words written down, one piece a line."""

    findings = forms.TypedMultipleChoiceField(coerce=int, required=False)
    words = TextField(
        label=_("Words to take out"),
        max_length=MAX_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("As they stand in the question. One piece a line."),
    )
    reason = forms.ChoiceField(label=_("Because it is"), choices=Redaction.Reason.choices)

    def __init__(self, *args: Any, findings: list[int], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["findings"].choices = [(pk, pk) for pk in findings]  # type: ignore[attr-defined]  # a choice field

    def clean_words(self) -> list[str]:
        lines = self.cleaned_data["words"].splitlines()
        return [line.strip() for line in lines if line.strip()]


class UndoRedactionForm(DecisionForm):
    redaction = forms.IntegerField(min_value=1, max_value=2**31 - 1)


class FlaggedWordsForm(forms.Form):
    """The whole list at once, a word or a phrase a line."""

    words = TextField(
        label=_("Words and phrases"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 12, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("One a line. Case and accents do not matter; only whole words are marked."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def clean_words(self) -> list[str]:
        lines = [" ".join(line.split()) for line in self.cleaned_data["words"].splitlines()]
        too_long = [line for line in lines if len(line) > 60]
        if too_long:
            raise forms.ValidationError(
                _("A word or phrase has 60 characters at most: %(words)s…"),
                params={"words": too_long[0][:60]},
            )
        return [line for line in lines if line]


class ReasonForm(forms.Form):
    """One row of the table. The row for a new reason may stay empty."""

    label = LineField(label=_("Reason"), max_length=80)
    position = forms.IntegerField(label=_("Order"), min_value=0, max_value=999)
    is_told = forms.BooleanField(label=_("The asker is told"), required=False)
    is_active = forms.BooleanField(label=_("In use"), required=False)
    is_removed = forms.BooleanField(label=_("Remove"), required=False)

    def __init__(self, data: Any = None, *, reason: DismissalReason) -> None:
        self.reason = reason
        self.is_new = reason.pk is None
        super().__init__(
            data,
            prefix=f"reason-{reason.pk or 'new'}",
            initial={name: getattr(reason, name) for name in ReasonWords._fields},
            empty_permitted=self.is_new,
            use_required_attribute=not self.is_new,
        )
        if self.is_new or reason.is_built_in:
            del self.fields["is_removed"]

    def has_changed(self) -> bool:
        """A new row without a label is no row."""
        return "label" in self.changed_data if self.is_new else super().has_changed()

    def words(self) -> ReasonWords:
        return ReasonWords(**{name: self.cleaned_data[name] for name in ReasonWords._fields})

    @property
    def removes(self) -> bool:
        return bool(self.cleaned_data.get("is_removed"))


def reason_forms(data: Any = None) -> list[ReasonForm]:
    """A row for each reason there is, and one for a new one."""
    reasons = list(DismissalReason.objects.all())
    last = max((reason.position for reason in reasons), default=0)
    new = DismissalReason(position=last + 1)
    return [ReasonForm(data, reason=reason) for reason in (*reasons, new)]
