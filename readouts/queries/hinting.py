"""Hints for the writer of a text, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.models import Agency, Office
from readouts import plain_language, tokens, wording
from readouts.queries.texts import TEXTS, not_told
from readouts.tokens import token

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django_stubs_ext import StrOrPromise

    from readouts.plain_language import Hint
    from readouts.queries.texts import Figures

MOST_HINTS = 12
"""Of a text at once; the next ones come when these are done."""

WORDS_SHOWN = 8

_SENTENCES: Final[dict[str, StrOrPromise]] = {
    "long_sentence": gettext_lazy(
        "A sentence of %(number)d words: “%(beginning)s …”. Can it be two?"
    ),
    "undefined": gettext_lazy("“%(words)s” stands here for the first time and is not explained."),
    "defined_late": gettext_lazy(
        "“%(words)s” is explained only further down, not at its first use."
    ),
    "many_abbreviations": gettext_lazy(
        "%(number)d abbreviations in this readout: %(words)s. Readers keep three in mind."
    ),
    "typed_figure": gettext_lazy("%(words)s is typed by hand. By its name it follows the count."),
    "other_figure": gettext_lazy("%(words)s is not the figure that was counted: %(stated)s."),
    "begins_with_figure": gettext_lazy(
        "A sentence begins with a figure, %(words)s. Write it in words."
    ),
}


@dataclass(frozen=True)
class ToldHint:
    """A sentence about a place in a text, and what may be written there instead."""

    sentence: str
    start: int = 0
    end: int = 0
    instead: tuple[str, ...] = ()
    is_wrong: bool = False
    """It keeps the readout from being submitted."""


def hints_of(name: str, texts: Mapping[str, str], figures: Figures) -> list[ToldHint]:
    """Of one of the texts, as far as the others are known."""
    text = texts[name]
    wrong = [
        ToldHint(not_told(key, figures), *_place(text, key), is_wrong=True)
        for key in tokens.used(text)
        if key not in figures.values
    ]
    opening = wording.opening(figures.facts, house=figures.house)
    earlier = TEXTS[: TEXTS.index(name)]
    found = plain_language.hints(
        text,
        before="\n\n".join([opening, *(texts[one] for one in earlier)]),
        all_texts="\n\n".join(texts[one] for one in TEXTS),
        known=_full_names(),
        figures=plain_language.Figures(
            figures.values,
            {one.key: one.noun_phrase for one in figures.facts.categories if one.key},
        ),
    )
    return [*wrong, *(_told(hint, figures) for hint in found)][:MOST_HINTS]


def lead_missing(text: str, figures: Figures, *, samples: int) -> list[ToldHint]:
    """Of a text on attendance that the sample follows: nothing in it leads over to the questions.

    The house's sentence does, and an editor's words may have been written before any was chosen.
    """
    lead = wording.lead(figures.facts, samples=samples, house=figures.house)
    if not lead or text.rstrip().endswith(":"):
        return []
    sentence = _("The sample questions follow this text, and nothing leads over to them.")
    end = len(text.rstrip())
    return [ToldHint(sentence, end, end, (f" {lead}",))]


def _place(text: str, key: str) -> tuple[int, int]:
    start = max(text.find(token(key)), 0)
    return start, start + len(token(key))


def _full_names() -> dict[str, str]:
    office = Office.current()
    own = {office.department_short: office.department, office.short_name: office.name}
    agencies = dict(Agency.objects.values_list("short_name", "name"))
    return {short: name for short, name in (agencies | own).items() if short and name}


def _told(hint: Hint, figures: Figures) -> ToldHint:
    return ToldHint(_sentence(hint, figures), hint.start, hint.end, hint.instead)


def _sentence(hint: Hint, figures: Figures) -> str:
    told = tokens.replaced(hint.words, lambda key: figures.values.get(key, token(key)))
    named = [key for one in hint.instead for key in tokens.used(one)]
    return str(_SENTENCES[hint.kind]) % {
        "words": hint.words,
        "number": hint.number,
        "beginning": " ".join(told.split()[:WORDS_SHOWN]),
        "stated": ", ".join(figures.values.get(key, "") for key in named),
    }
