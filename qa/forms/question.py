"""What a moderator may send about one question. Its number is in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.forms.fields import LineField, TextField
from qa.forms.languages import LANGUAGES
from qa.forms.numbers import SeenForm
from qa.models import LONGEST_NOTE, MAX_LENGTH, WrittenAnswer
from qa.queries.translations import HOUSE

if TYPE_CHECKING:
    from qa.models import Question, Translation

ITSELF, OTHER = "itself", "other"


class EditForm(SeenForm):
    text = TextField(
        label=_("Text for publication"),
        max_length=MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("The text as it was asked is kept, and the asker sees both."),
        error_messages={"required": _("Please write the text.")},
    )


class NoteForm(SeenForm):
    note = TextField(
        label=_("Note"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=_("Only the desk reads it."),
    )


class LanguageForm(SeenForm):
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, required=False)

    def __init__(self, *args: Any, known: str = "", **options: Any) -> None:
        """`known` can be chosen also where it is none of the common ones."""
        super().__init__(*args, **options)
        if known not in dict(LANGUAGES):
            field = self.fields["language"]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [*LANGUAGES, (known, known)]


class TranslationForm(SeenForm):
    language = forms.ChoiceField(
        label=_("Translated into"),
        choices=LANGUAGES[1:],
        error_messages={"required": _("Please choose the language of the translation.")},
    )
    text = TextField(
        label=_("Translation"),
        max_length=4 * MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("It stands beside the question: on the public record, and for the agency."),
        error_messages={"required": _("Please write the translation.")},
    )
    kind = forms.ChoiceField(
        label=_("Translated by"),
        choices=[("human", _("a person")), ("machine", _("a machine"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please say whether a person or a machine translated it.")},
    )


class TranslationGoneForm(SeenForm):
    language = forms.CharField(max_length=12)


class MergeForm(SeenForm):
    """`other` is the number of the other question, `other_seen` its revision, and `stays` says
    which of the two is read from then on."""

    other = forms.IntegerField(min_value=1, max_value=2**31 - 1)
    other_seen = forms.IntegerField(min_value=1, max_value=2**31 - 1)
    stays = forms.ChoiceField(choices=[(ITSELF, ITSELF), (OTHER, OTHER)])


class FindForm(forms.Form):
    """Words, or a number, of a question to merge with."""

    find = LineField(label=_("Number or words"), max_length=100, required=False)


class AnswerForm(SeenForm):
    text = TextField(
        label=_("Answer"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        error_messages={"required": _("Please write the answer.")},
    )
    given_by = LineField(
        label=_("Answered by"),
        max_length=200,
        help_text=_("The person under whose name it is published."),
        widget=forms.TextInput(attrs={"list": "q-speakers", "autocomplete": "off"}),
        error_messages={"required": _("Please name the person who answers.")},
    )
    reach = forms.ChoiceField(
        label=_("Who reads it"), choices=WrittenAnswer.Reach.choices, widget=forms.RadioSelect
    )
    publish = forms.BooleanField(required=False, widget=forms.HiddenInput)


class SilenceForm(forms.Form):
    reason = LineField(
        label=_("Reason"),
        max_length=300,
        help_text=_("The person reads it."),
        error_messages={"required": _("Please say why. The person reads it.")},
    )


def translation_form(question: Question, known: Translation | None) -> TranslationForm:
    """With the translation as it stands, else into the language of the office."""
    into = HOUSE if question.language != HOUSE else ""
    told = {"language": into}
    if known is not None:
        told = {"language": known.language, "text": known.text, "kind": known.kind}
    return TranslationForm(initial=told, auto_id="q-translation-%s")


def answer_form(question: Question) -> AnswerForm:
    """With the answer as it stands, or with the speaker whose question it is."""
    if question.has_answer:
        answer = question.answer
        known = {"text": answer.text, "given_by": answer.given_by, "reach": answer.reach}
    else:
        known = {
            "given_by": str(question.speaker) if question.speaker else "",
            "reach": WrittenAnswer.Reach.ALL if question.is_shown else WrittenAnswer.Reach.ASKER,
        }
    return AnswerForm(initial=known, auto_id="q-answer-%s")
