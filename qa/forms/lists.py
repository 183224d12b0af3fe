"""How a list of questions is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from qa import projection, states

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from qa import messages


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


def staged(
    snapshot: messages.Snapshot,
) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    """What a snapshot of the screen has as being answered now, and what may come next; by votes
    where everybody sees them."""
    sees_counts = projection.sees_counts(projection.SCREEN, snapshot["voting"])
    questions: list[dict[str, Any]] = [
        {**question, "votes": snapshot["votes"].get(str(question["number"]), 0)}
        for question in snapshot["questions"]
    ]
    order = arranged(questions, "votes" if sees_counts else "number")
    now = next((one for one in order if one["outcome"] == states.ANSWERING), None)
    return now, [one for one in order if one["outcome"] not in {states.ANSWERING, *ANSWERED}]
