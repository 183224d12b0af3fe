"""The office's own questions as fields of a form, and what a question that depends on another asks.

Without scripts every question is on the page, with a hint when it applies; what does not apply is
not required, and its answer is not kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext as _

from engagements.forms.fields import TextField
from engagements.models import RegistrationQuestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from django.forms.boundfield import BoundField

Kind = RegistrationQuestion.Kind

LONGEST_ANSWER: Final = 1_000
MOST_RADIOS: Final = 8
"""More choices than that make a list to open."""


class ShownQuestion(NamedTuple):
    """A field, and on what it depends: the name of another field and the answer there, or ""."""

    field: BoundField
    when: str
    answer: str


class OwnQuestions:
    """The questions of one engagement in one form."""

    def __init__(self, form: forms.Form, questions: Iterable[RegistrationQuestion]) -> None:
        self._form = form
        self._questions = {question.pk: question for question in questions}
        for question in self._questions.values():
            form.fields[name_of(question)] = self._field(question)

    def shown(self) -> Iterator[ShownQuestion]:
        for question in self._questions.values():
            parent = self._parent(question)
            yield ShownQuestion(
                self._form[name_of(question)],
                name_of(parent) if parent else "",
                question.shown_when_answer if parent else "",
            )

    def answers(self) -> dict[int, list[str]]:
        """What was answered and applies. A question that applies and lacks its answer becomes an
        error of its field. For the form's own cleaning."""
        given = {pk: self._given(question) for pk, question in self._questions.items()}
        kept: dict[int, list[str]] = {}
        for pk, question in self._questions.items():
            if not self._applies(question, given, set()):
                continue
            if self._is_doubled(question):
                self._form.add_error(
                    name_of(question), ValidationError(_("Please choose one only."), code="doubled")
                )
            elif given[pk]:
                kept[pk] = given[pk]
            elif question.is_required and name_of(question) not in self._form.errors:
                self._form.add_error(
                    name_of(question), ValidationError(_("Please answer this."), code="required")
                )
        return kept

    def _applies(
        self, question: RegistrationQuestion, given: Mapping[int, list[str]], seen: set[int]
    ) -> bool:
        if question.shown_when_id is None:
            return True
        parent = self._parent(question)
        if parent is None or question.pk in seen:
            return False
        return question.shown_when_answer in given[parent.pk] and self._applies(
            parent, given, seen | {question.pk}
        )

    def _parent(self, question: RegistrationQuestion) -> RegistrationQuestion | None:
        return self._questions.get(question.shown_when_id or 0)

    def _is_doubled(self, question: RegistrationQuestion) -> bool:
        """Of two answers the last one would count."""
        sent = values_sent(self._form.data, name_of(question))
        return question.kind == Kind.CHOICE and len(sent) > 1

    def _given(self, question: RegistrationQuestion) -> list[str]:
        value: Any = self._form.cleaned_data.get(name_of(question))
        if isinstance(value, list):
            return value
        return [value] if value else []

    def _field(self, question: RegistrationQuestion) -> forms.Field:
        parent = self._parent(question)
        options: dict[str, Any] = {
            "label": question.label,
            "help_text": _hint(question, parent),
            # Those that depend on another are asked for in `answers`.
            "required": question.is_required and question.shown_when_id is None,
            "error_messages": {"required": _("Please answer this.")},
        }
        choices = [(choice, choice) for choice in question.choices]
        if question.kind == Kind.TEXT:
            rows = forms.Textarea(attrs={"rows": 2})
            return TextField(max_length=LONGEST_ANSWER, widget=rows, **options)
        if question.kind == Kind.SEVERAL:
            several = forms.CheckboxSelectMultiple()
            return forms.MultipleChoiceField(choices=choices, widget=several, **options)
        if len(choices) > MOST_RADIOS:
            return forms.ChoiceField(choices=[("", _("Please choose")), *choices], **options)
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect(), **options)


def name_of(question: RegistrationQuestion) -> str:
    return f"question-{question.pk}"


def initial_of(
    answers: Mapping[int, Sequence[str]], questions: Iterable[RegistrationQuestion]
) -> dict[str, Any]:
    """What the fields show at first: the answers given before."""
    return {
        name_of(question): list(answers[question.pk])
        if question.kind == Kind.SEVERAL
        else next(iter(answers[question.pk]), "")
        for question in questions
        if question.pk in answers
    }


def values_sent(data: Mapping[str, Any], name: str) -> list[Any]:
    getlist = getattr(data, "getlist", None)
    return getlist(name) if getlist else [data[name]] if name in data else []


def _hint(question: RegistrationQuestion, parent: RegistrationQuestion | None) -> str:
    if parent is None:
        return format_html("{}", question.hint)
    when = (
        _("Required if you answered “%(answer)s” to “%(question)s”.")
        if question.is_required
        else _("Only if you answered “%(answer)s” to “%(question)s”.")
    ) % {"answer": question.shown_when_answer, "question": parent.label}
    return format_html("{} {}", when, question.hint)
