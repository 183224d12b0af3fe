"""What the office sends to ask something of its own on a registration form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from engagements.actions.questioning import may_decide
from engagements.files.text import clean_line
from engagements.forms.fields import LineField, TextField
from engagements.models import RegistrationQuestion

if TYPE_CHECKING:
    from collections.abc import Sequence

Kind = RegistrationQuestion.Kind


class QuestionForm(forms.Form):
    """`others`: the questions of the form, of which an earlier one may decide about this one."""

    label = LineField(label=_("Question"), max_length=200)
    hint = LineField(
        label=_("Hint"),
        max_length=300,
        required=False,
        help_text=_("Stands under the question, in small type."),
    )
    kind = forms.ChoiceField(
        label=_("Answered by"),
        choices=[(key, capfirst(name)) for key, name in Kind.choices],
        initial=Kind.TEXT,
        widget=forms.RadioSelect,
    )
    choices = TextField(
        label=_("Choices"),
        max_length=12_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One on each line. A text has none."),
    )
    is_required = forms.BooleanField(
        label=_("Must be answered"),
        required=False,
        help_text=_("Only where it is shown."),
    )
    shown = forms.ChoiceField(
        label=_("Shown"),
        required=False,
        help_text=_("A question with choices that comes earlier can decide whether it is shown."),
        error_messages={"invalid_choice": _("Please choose one of the answers in the list.")},
    )

    def __init__(
        self,
        *args: Any,
        others: Sequence[RegistrationQuestion],
        question: RegistrationQuestion | None = None,
        **options: Any,
    ) -> None:
        if question is not None:
            options["initial"] = _as_typed(question)
        super().__init__(*args, **options)
        self.deciding = {
            one.pk: one
            for one in others
            if may_decide(one) and (question is None or one.position < question.position)
        }
        self.fields["shown"].choices = [  # type: ignore[attr-defined]  # a choice field
            ("", gettext("always")),
            *(
                (
                    gettext("when “%(label)s” is answered with") % {"label": one.label},
                    [(_condition(one, answer), answer) for answer in one.choices],
                )
                for one in self.deciding.values()
            ),
        ]

    def clean_choices(self) -> list[str]:
        lines = (clean_line(line) for line in self.cleaned_data["choices"].splitlines())
        return [line for line in lines if line]

    def wording(self) -> dict[str, Any]:
        """What an action takes."""
        wording = dict(self.cleaned_data)
        pk, _colon, answer = wording.pop("shown").partition(":")
        return wording | {
            "shown_when": self.deciding[int(pk)] if pk else None,
            "shown_when_answer": answer,
        }


def _condition(question: RegistrationQuestion, answer: str) -> str:
    return f"{question.pk}:{answer}"


def _as_typed(question: RegistrationQuestion) -> dict[str, Any]:
    parent = question.shown_when
    return {
        "label": question.label,
        "hint": question.hint,
        "kind": question.kind,
        "choices": "\n".join(question.choices),
        "is_required": question.is_required,
        "shown": _condition(parent, question.shown_when_answer) if parent else "",
    }
