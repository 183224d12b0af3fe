"""What the office writes as a poll, and what a person in the room answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from engagements.forms.fields import LineField, TextField
from qa import states
from qa.actions.polling import MOST_OPTIONS
from qa.forms.numbers import NumberForm
from qa.models import Poll, PollOption

if TYPE_CHECKING:
    from django.http import QueryDict

LONGEST_OPTION: Final = PollOption._meta.get_field("text").max_length or 200
_PLACE: Final = re.compile(r"[1-9]\d?")
_NUMBER: Final = re.compile(r"[1-9]\d{0,8}")
_PLACES: Final = re.compile(r"[1-9]\d?( [1-9]\d?){0,19}")


class AnswerPollForm(NumberForm):
    """`chosen` are places of answers, from 1, with a space between two."""

    chosen = forms.CharField(
        max_length=100, error_messages={"required": _("Please choose one of the answers.")}
    )

    def clean_chosen(self) -> tuple[int, ...]:
        chosen = self.cleaned_data["chosen"]
        if not _PLACES.fullmatch(chosen):
            raise forms.ValidationError(_("Please choose one of the answers."), code="invalid")
        return tuple(int(place) for place in chosen.split(" "))


class PollForm(forms.Form):
    """`options` has one answer in each line; a scale has labels of its ends instead."""

    text = LineField(
        label=_("Question"),
        max_length=300,
        error_messages={"required": _("Please write the question.")},
    )
    kind = forms.ChoiceField(
        label=_("Kind of answer"),
        choices=Poll.Kind.choices,
        initial=Poll.Kind.CHOICE,
        widget=forms.RadioSelect,
    )
    options = TextField(
        label=_("Answers, one in each line"),
        required=False,
        max_length=MOST_OPTIONS * (LONGEST_OPTION + 2),
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
        help_text=_("From 2 to 12 answers. A scale needs none."),
    )
    low_label = LineField(
        label=_("What 1 means"), max_length=60, required=False, help_text=_("For a scale.")
    )
    high_label = LineField(
        label=_("What 5 means"), max_length=60, required=False, help_text=_("For a scale.")
    )
    shows_live = forms.BooleanField(
        label=_("The room sees the results while the poll is open"),
        required=False,
        help_text=_("You can change this while it is open. Closed, everybody sees them."),
    )

    def clean_options(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["options"].splitlines()]
        return [line for line in lines if line]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") == states.SCALE:
            cleaned["options"] = []
        elif "options" in cleaned:
            cleaned |= {"low_label": "", "high_label": ""}
            problem = _problem(cleaned["options"])
            if problem:
                self.add_error("options", problem)
        return cleaned


class SurveyQuestionForm(PollForm):
    """In a survey nobody sees results before it is closed, and then only the office."""

    shows_live = None  # type: ignore[assignment]  # Django's way to leave a field out


def _problem(options: list[str]) -> str:
    if not 2 <= len(options) <= MOST_OPTIONS:
        return _now("Please give from 2 to %(most)d answers.") % {"most": MOST_OPTIONS}
    if len({option.casefold() for option in options}) < len(options):
        return _now("Two of these answers are the same.")
    if any(len(option) > LONGEST_OPTION for option in options):
        return _now("An answer has at most %(most)d characters.") % {"most": LONGEST_OPTION}
    return ""


def survey_answers(sent: QueryDict) -> dict[int, tuple[int, ...]]:
    """What was chosen on the survey's page: number of the question -> places.

    What is no such field, or holds no places, is left out: the action refuses what is not asked.
    """
    answers = {}
    for name in sent:
        number = name.removeprefix("q")
        places = [value for value in sent.getlist(name) if _PLACE.fullmatch(value)]
        if name.startswith("q") and _NUMBER.fullmatch(number) and places:
            answers[int(number)] = tuple(int(place) for place in places[:MOST_OPTIONS])
    return answers
