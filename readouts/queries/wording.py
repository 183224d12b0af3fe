"""The house wordings, which one a readout is written in, and what is wrong with one in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from readouts.models import HouseWording, Readout
from readouts.wording import HOUSE, House

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from readouts.wording.phrases import Problem


def house_of(readout: Readout) -> House:
    """In the wording that its editors chose, or else in the office's usual one."""
    return house(readout.wording or usual())


def house(wording: HouseWording | None) -> House:
    """Nothing stored is the wording that comes with Openfloor."""
    return House.from_json(wording.language, wording.phrases) if wording else HOUSE


def usual() -> HouseWording | None:
    return HouseWording.objects.filter(is_usual=True).first()


def is_language(code: str) -> bool:
    """A language as a page names it (BCP 47), in a form that this program keeps."""
    return re.fullmatch(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2}|-[0-9]{3})?", code) is not None


def wordings() -> list[tuple[HouseWording, int]]:
    """All of them, each with how many readouts chose it; the usual one first."""
    rows = HouseWording.objects.select_related("changed_by").order_by("-is_usual", "name")
    chosen = Readout.objects.exclude(wording=None).order_by().values_list("wording")
    readouts = dict(chosen.annotate(Count("pk")))
    return [(wording, readouts.get(wording.pk, 0)) for wording in rows]


REASONS: Final[dict[str, StrOrPromise]] = {
    "attendance_unknown": gettext_lazy("It is not known how many joined."),
    "nobody": gettext_lazy("Nobody joined."),
    "one_person": gettext_lazy("One person joined; of one person there is no share."),
    "no_categories": gettext_lazy(
        "There are no figures by role: none were counted, or the groups are too small to publish."
    ),
    "not_more_than_hundreds": gettext_lazy("There are no hundreds that it could be more than."),
    "begins_with_figure": gettext_lazy("The sentence would begin with a figure."),
    "no_questions": gettext_lazy("No written question was received."),
    "one_question": gettext_lazy("Only one written question was received."),
    "none_answered": gettext_lazy("No question is noted as answered live."),
    "answers_unknown": gettext_lazy("Nobody noted which questions were answered."),
    "some_unanswered": gettext_lazy("Not all questions are noted as answered live."),
}
"""Why the facts do not support a sentence."""


def told(problem: Problem) -> str:
    """What is wrong with a phrase, as a sentence for its author."""
    words = ", ".join(f"${word}" for word in problem.words)
    if problem.code == "wrong_number":
        needed, given = problem.words
        return _("This needs %(needed)s lines, and has %(given)s.") % {
            "needed": needed,
            "given": given,
        }
    if problem.code in {"unknown_word", "missing_word", "begins_with_figure"}:
        return _PROBLEMS[problem.code] % {"words": words}
    return str(_PROBLEMS[problem.code])


_PROBLEMS: Final[dict[str, StrOrPromise]] = {
    "empty": gettext_lazy("Please write this phrase."),
    "broken": gettext_lazy("This must be one line of 600 characters at most."),
    "lone_sign": gettext_lazy(
        "A $ has to be followed by one of the words below. For the sign itself write $$."
    ),
    "unknown_word": gettext_lazy("This phrase cannot have %(words)s. Its words are named below."),
    "missing_word": gettext_lazy("Please put %(words)s into this phrase."),
    "typed_figure": gettext_lazy("Figures come from the facts. Please take out the digits."),
    "begins_with_figure": gettext_lazy(
        "A sentence never begins with a figure. Please put some words before %(words)s."
    ),
    "unknown_choice": gettext_lazy("Please choose one of these."),
    "repeated": gettext_lazy("Two lines are the same."),
    "incomplete": gettext_lazy("Please fill in all the words of a row, or none of them."),
}
