"""What a person may send about questions: the same forms for the socket and for plain POST."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.actions.attending import MOST_COMPANIONS
from engagements.files.text import clean_text
from engagements.forms.fields import LineField, TextField
from qa import states
from qa.models import LONGEST_ANNOUNCEMENT, MAX_LENGTH, Floor, Question

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class AskForm(forms.Form):
    text = forms.CharField(
        label=_("Your question"),
        max_length=MAX_LENGTH,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        error_messages={
            "required": _("Please write your question."),
            "max_length": _(
                "Your question has %(show_value)d characters; %(limit_value)d are possible."
            ),
        },
    )
    client_id = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={"required": _("This form is incomplete. Please reload the page.")},
    )

    def clean_text(self) -> str:
        text = clean_text(self.cleaned_data["text"])
        if not text:
            raise forms.ValidationError(_("Please write your question."), code="required")
        return text


class NumberForm(forms.Form):
    number = forms.IntegerField(min_value=1, max_value=2**31 - 1)


class VoteForm(NumberForm):
    cast = forms.TypedChoiceField(
        choices=[("true", "true"), ("false", "false")], coerce=lambda value: value == "true"
    )


class DecisionForm(NumberForm):
    """`seen` is the revision of the question on the moderator's page."""

    seen = forms.IntegerField(min_value=1, max_value=2**31 - 1)


class DismissForm(DecisionForm):
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=Question.Dismissal.choices,
        error_messages={"required": _("Please choose a reason.")},
    )
    note = LineField(label=_("Note for the desk"), max_length=300, required=False)


class MarkForm(DecisionForm):
    outcome = forms.ChoiceField(choices=[(outcome, outcome) for outcome in states.OUTCOMES])


class FloorForm(forms.Form):
    state = forms.ChoiceField(choices=Floor.State.choices)


class VotingForm(forms.Form):
    setting = forms.ChoiceField(choices=Floor.Voting.choices)


class AnnouncementForm(forms.Form):
    text = TextField(
        label=_("Announcement"),
        max_length=LONGEST_ANNOUNCEMENT,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        help_text=_("Up to 500 characters. Everybody in the room reads it at once."),
        error_messages={"required": _("Please write the announcement.")},
    )


class CompanionsForm(forms.Form):
    people = forms.IntegerField(
        label=_("How many people watch together with you?"),
        min_value=0,
        max_value=MOST_COMPANIONS,
        error_messages={
            "required": _("Please give a number from 0 to 99."),
            "invalid": _("Please give a number from 0 to 99."),
            "min_value": _("Please give a number from 0 to 99."),
            "max_value": _("Please give a number from 0 to 99."),
        },
    )


class ListForm(forms.Form):
    """How a list of questions is read; kept in the page's address."""

    sort = forms.ChoiceField(
        label=_("Order"),
        choices=[
            ("newest", _("Newest first")),
            ("votes", _("Most votes first")),
            ("number", _("By number")),
        ],
        required=False,
    )
    unanswered = forms.BooleanField(label=_("Not answered yet"), required=False)

    def chosen_order(self, default: str, *, sees_counts: bool) -> str:
        """By votes only for who sees them; what is no order is the default."""
        chosen = self.cleaned_data.get("sort") if self.is_valid() else ""
        return str(default if not chosen or (chosen == "votes" and not sees_counts) else chosen)

    def query(self) -> str:
        """The choice as the end of an address; empty when nothing was chosen."""
        chosen = self.cleaned_data if self.is_valid() else {}
        pairs = {name: "on" if value is True else value for name, value in chosen.items() if value}
        return f"?{urlencode(pairs)}" if pairs else ""

    def leaves_out_answered(self) -> bool:
        return self.is_valid() and bool(self.cleaned_data["unanswered"])


ANSWERED: Final = frozenset({states.ANSWERED_LIVE, states.ANSWERED_IN_WRITING})

_ORDERS: Final[dict[str, Callable[[dict[str, Any]], Any]]] = {
    "newest": lambda question: (question["shown_at"] or "", question["number"]),
    "votes": lambda question: (question["votes"], -question["number"]),
    "number": lambda question: -question["number"],
}


def arranged(questions: Iterable[dict[str, Any]], sort: str) -> list[dict[str, Any]]:
    """In the order of `static/qa/order.js`: what is being answered now is always first."""
    order = _ORDERS[sort]
    return sorted(
        questions,
        key=lambda question: (question["outcome"] == states.ANSWERING, order(question)),
        reverse=True,
    )
