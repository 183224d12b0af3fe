"""How a stakeholder reads the list of shown questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.forms.fields import LineField
from qa.forms.lists import ANSWERED, ListForm

if TYPE_CHECKING:
    from collections.abc import Container


class RoomListForm(ListForm):
    """Which questions, and in which order; kept in the page's address."""

    mine = forms.BooleanField(label=_("Mine"), required=False)
    label = LineField(label=_("Topic"), max_length=60, required=False)
    q = LineField(label=_("Search"), max_length=100, required=False)

    def chosen(
        self, questions: list[dict[str, Any]], own: Container[int | None]
    ) -> list[dict[str, Any]]:
        """Those that the reader wants to see, by the rules of `static/qa/choice.js`."""
        wanted = self.cleaned_data if self.is_valid() else {}
        words = str(wanted.get("q", "")).casefold().split()
        return [
            question
            for question in questions
            if not (wanted.get("unanswered") and question["outcome"] in ANSWERED)
            and not (wanted.get("mine") and question["number"] not in own)
            and not (wanted.get("label") and question["label"] != wanted["label"])
            and all(word in _searched(question) for word in words)
        ]

    def narrows(self) -> bool:
        """Whether some questions may be left out."""
        return self.is_valid() and any(
            self.cleaned_data[name] for name in ("unanswered", "mine", "label", "q")
        )


def _searched(question: dict[str, Any]) -> str:
    answer = question["answer"] or {"text": ""}
    parts = (str(question["number"]), question["text"], question["label"], answer["text"])
    return "\n".join(parts).casefold()
