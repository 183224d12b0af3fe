"""What each number of a readout means, and from what it is counted, in words for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.queries import attendance

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django_stubs_ext import StrOrPromise

FROM_PEOPLE: Final = gettext_lazy(
    "People who were in our room or whom the office noted there by phone, each once; people who "
    "watched together with them, as they said; people whom the office declared; and people on "
    "attendance lists of other platforms, unless they were in our room too."
)
FROM_TIMES: Final = gettext_lazy(
    "The stretches of presence in our room and on the attendance lists that count; those of one "
    "person on several devices are one."
)
FROM_QUESTIONS: Final = gettext_lazy(
    "Each question has a number of its own, whether it came in the room, by mail, by phone, on "
    "paper or from another platform. Each of these numbers counts once."
)

# key -> label, definition, what it is counted from. $name stands for a category, reason or label.
_WORDS: Final[Mapping[str, tuple[StrOrPromise, StrOrPromise, StrOrPromise]]] = {
    "joined": (gettext_lazy("Joined"), attendance.JOINED, FROM_PEOPLE),
    "people": (
        gettext_lazy("Joined: %(name)s"),
        gettext_lazy(
            "People who joined and identified as this role when they did. Whoever is not counted "
            "as joined is not counted here."
        ),
        FROM_PEOPLE,
    ),
    "share": (
        gettext_lazy("Share: %(name)s"),
        gettext_lazy(
            "This role's part of everybody who joined, in whole percent. Percents are rounded "
            "together, so that all of them make 100: each is cut to a whole number, and the "
            "points that are missing go to the largest remainders."
        ),
        FROM_PEOPLE,
    ),
    "registered": (
        gettext_lazy("Registered"),
        attendance.REGISTERED,
        gettext_lazy("The registrations for this engagement that stand, each once."),
    ),
    "no_shows": (
        gettext_lazy("No-shows"),
        attendance.NO_SHOWS,
        gettext_lazy(
            "Registrations that stand, without attendance and without a row on an attendance list "
            "that counts."
        ),
    ),
    "peak": (
        gettext_lazy("Most people at once"),
        gettext_lazy(
            "People who were there in the fullest five minutes of the clock, each once. It tells "
            "of those whose times are known."
        ),
        FROM_TIMES,
    ),
    "mean_minutes": (
        gettext_lazy("Minutes on average"),
        gettext_lazy(
            "How long people were there, on average (the mean), in whole minutes. Only time from "
            "two hours before to two hours after the engagement counts."
        ),
        FROM_TIMES,
    ),
    "median_minutes": (
        gettext_lazy("Minutes in the middle"),
        gettext_lazy(
            "Half of the people were there at least so long (the median), in whole minutes."
        ),
        FROM_TIMES,
    ),
    "questions": (
        gettext_lazy("Written questions"),
        gettext_lazy(
            "Every question received in writing, shown or not, dismissed and merged ones too. "
            "Withdrawn ones are not counted."
        ),
        FROM_QUESTIONS,
    ),
    "disposition.answered_live": (
        gettext_lazy("Answered live"),
        gettext_lazy("Written questions that the speakers answered during the engagement."),
        FROM_QUESTIONS,
    ),
    "disposition.answered_in_writing": (
        gettext_lazy("Answered in writing"),
        gettext_lazy("Written questions to which the office published a written answer."),
        FROM_QUESTIONS,
    ),
    "disposition.answered_by_agency": (
        gettext_lazy("Answered by the agency"),
        gettext_lazy(
            "Written questions to which we published the agency's answer: in its words, as a page "
            "to read, or as the same answer as to another question."
        ),
        FROM_QUESTIONS,
    ),
    "disposition.declined_by_agency": (
        gettext_lazy("Declined by the agency"),
        gettext_lazy(
            "Written questions that the agency declined to answer, for a reason that we published, "
            "or that it answered to the office alone."
        ),
        FROM_QUESTIONS,
    ),
    "disposition.forwarded": (
        gettext_lazy("Forwarded, not answered yet"),
        gettext_lazy(
            "Written questions without a published answer, on a list that an agency got and that "
            "was not recalled."
        ),
        FROM_QUESTIONS,
    ),
    "disposition.open": (
        gettext_lazy("Open"),
        gettext_lazy("Written questions without an answer, on no list that an agency got."),
        FROM_QUESTIONS,
    ),
    "disposition.merged": (
        gettext_lazy("Merged"),
        gettext_lazy(
            "Written questions that were read together with another one that asks the same. What "
            "became of that one is counted with that one."
        ),
        FROM_QUESTIONS,
    ),
    "disposition.dismissed": (
        gettext_lazy("Dismissed: %(name)s"),
        gettext_lazy("Written questions that were set aside for this reason of the office's list."),
        FROM_QUESTIONS,
    ),
    "label": (
        gettext_lazy("Questions on: %(name)s"),
        gettext_lazy("Written questions with this label of the agenda. A question has one label."),
        FROM_QUESTIONS,
    ),
    "unlabeled": (
        gettext_lazy("Questions without a label"),
        gettext_lazy("Written questions with no label of the agenda."),
        FROM_QUESTIONS,
    ),
}


def label(kind: str, name: str = "") -> str:
    return words(kind, name)["label"]


def words(kind: str, name: str = "") -> dict[str, str]:
    """Label, definition and origin of a number of this kind, in the language of now."""
    label, definition, counted_from = _WORDS[kind]
    if kind == "disposition.dismissed" and name == "unstated":
        name = _("no reason kept")
    return {
        "label": str(label) % {"name": name} if name else str(label),
        "definition": str(definition),
        "counted_from": str(counted_from),
    }
