"""The texts and switches of a draft: as they stand, and as they read with their figures."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from readouts import tokens, wording
from readouts.facts import publishable
from readouts.files import markup
from readouts.queries import defining
from readouts.queries.facts import stored_facts
from readouts.queries.wording import house_of
from readouts.tokens import IN_WORDS, token

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.safestring import SafeString

    from readouts.facts import Facts
    from readouts.models import Readout
    from readouts.wording import House

TEXTS: Final = ("summary", "attendance_text", "closing_text")
"""In the order of the readout."""

COLUMNS: Final = (
    "wording",
    *TEXTS,
    "shows_chart",
    "shows_speakers",
    "shows_materials",
    "shows_answers",
    "small_figures_reason",
)

# Private signs around a figure while Markdown becomes HTML: nobody can type them.
_BEGIN, _MIDDLE, _END = "\ue000", "\ue001", "\ue002"
_MARKED: Final = re.compile(f"{_BEGIN}([^{_MIDDLE}]*){_MIDDLE}(.*?){_END}")
_IN_ADDRESS: Final = re.compile(r"%EE%80%80.*?%EE%80%81(.*?)%EE%80%82")
_LINK: Final = re.compile(r"(<a [^>]*>.*?</a>)", re.DOTALL)
_PRIVATE: Final = str.maketrans("", "", _BEGIN + _MIDDLE + _END)


@dataclass(frozen=True)
class Figures:
    """What the texts of a draft may state: `values` may be published, `counted` is everything."""

    facts: Facts
    """The publishable ones."""
    house: House
    values: Mapping[str, str]
    counted: Mapping[str, str]


def standing(readout: Readout) -> dict[str, Any]:
    """What the editors decided, by name: the columns, and whether a presentation is posted."""
    stand = {name: getattr(readout, name) for name in COLUMNS}
    return stand | {"posts_presentation": bool(readout.facts["posts_presentation"])}


def standing_names() -> tuple[str, ...]:
    return (*COLUMNS, "posts_presentation")


def marks_of(readout: Readout) -> dict[str, str]:
    """By them it is told later which of the parts somebody has changed meanwhile."""
    return {name: mark(value) for name, value in standing(readout).items()}


def mark(value: Any) -> str:
    """The same for the same text, switch or wording."""
    known = getattr(value, "pk", value)
    return hashlib.sha256(str(known).encode()).hexdigest()[:16]


def figures_of(readout: Readout, facts: Facts | None = None) -> Figures:
    """Of the stored facts, or of other ones."""
    counted = facts or stored_facts(readout)
    told = counted if readout.small_figures_reason else publishable(counted)
    house = house_of(readout)
    return Figures(
        told, house, tokens.values(told, house=house), tokens.values(counted, house=house)
    )


def house_words(name: str, figures: Figures, *, samples: int) -> str:
    """What the house says where an editor writes nothing. Of the summary it says nothing."""
    if name == "attendance_text":
        return wording.attendance(figures.facts, samples=samples, house=figures.house)
    return wording.closing(figures.facts, house=figures.house) if name == "closing_text" else ""


def house_text(name: str, figures: Figures, *, samples: int) -> str:
    """The house's words as an editor may go on with them: figures by their names."""
    facts = figures.facts
    by_size = sorted(
        (category for category in facts.categories if category.key),
        key=lambda category: ((category.kind != "ordinary"), -category.people),
    )
    order = ["joined", *(f"share.{category.key}" for category in by_size), "questions"]
    keys = [key for stem in order for key in (stem, stem + IN_WORDS) if key in figures.values]
    stated = {key: figures.values[key] for key in keys}
    return tokens.tokenized(house_words(name, figures, samples=samples), stated)


def live_html(text: str, figures: Figures, *, slug: str) -> SafeString:
    """The Markdown as the public would read it, its figures set apart, each with its page."""

    def words(key: str) -> str:
        return figures.values.get(key, token(key))

    marked = tokens.replaced(
        text.translate(_PRIVATE), words, lambda key, words: _BEGIN + key + _MIDDLE + words + _END
    )
    parts = _LINK.split(_IN_ADDRESS.sub(r"\1", markup.to_html(marked)))
    html = "".join(
        _with_pages(part, figures, slug, is_linked=place % 2 == 1)
        for place, part in enumerate(parts)
    )
    # Both are escaped: what to_html wrote, and the keys, which came through it.
    return mark_safe(html)  # noqa: S308


def _with_pages(html: str, figures: Figures, slug: str, *, is_linked: bool) -> str:
    return _MARKED.sub(lambda found: _live(found, figures, slug, is_linked=is_linked), html)


def _live(found: re.Match[str], figures: Figures, slug: str, *, is_linked: bool) -> str:
    key, words = found[1], mark_safe(found[2])  # noqa: S308 - from to_html, as above
    stem = key.removesuffix(IN_WORDS)
    if key not in figures.values:
        return format_html('<mark class="unknown-figure">{}</mark>', words)
    address = _page_of(slug, stem)
    if is_linked or not address:
        return format_html('<mark class="live-figure" data-figure="{}">{}</mark>', stem, words)
    return format_html(
        '<a class="live-figure" data-figure="{}" href="{}">{}</a>', stem, address, words
    )


def _page_of(slug: str, key: str) -> str:
    try:
        return reverse("readout-figure", args=[slug, key])
    except NoReverseMatch:
        return ""


def unpublishable(readout: Readout) -> list[str]:
    """What is said of each name in the texts that has no figure for the public."""
    texts = [getattr(readout, name) for name in TEXTS]
    used = dict.fromkeys(key for text in texts for key in tokens.used(text))
    if not used:
        return []
    figures = figures_of(readout)
    return [not_told(key, figures) for key in used if key not in figures.values]


def not_told(key: str, figures: Figures) -> str:
    """Why this name shows no figure."""
    if key in figures.counted:
        return _(
            "%(token)s is a figure of a small group and is not published. Take it out, or give "
            "the reason to publish figures of small groups."
        ) % {"token": token(key)}
    return _("%(token)s is not a figure of this readout.") % {"token": token(key)}


@dataclass(frozen=True)
class PaletteEntry:
    """A figure that may be put into a text."""

    key: str
    label: str
    value: str
    now: str = ""
    """As counted now, where that is another figure."""
    address: str = ""
    is_published: bool = True
    has_words: bool = False

    @property
    def token(self) -> str:
        return token(self.key)


def palette(readout: Readout, fresh: Facts) -> list[PaletteEntry]:
    """Every counted figure, with what it would be now."""
    figures, later = figures_of(readout), figures_of(readout, fresh)
    names = _names(stored_facts(readout))
    slug = readout.engagement.slug
    return [
        PaletteEntry(
            key=key,
            label=names[key],
            value=figures.values.get(key, counted),
            now=_now(key, figures, later),
            address=_page_of(slug, key),
            is_published=key in figures.values,
            has_words=key + IN_WORDS in figures.values,
        )
        for key, counted in figures.counted.items()
        if not key.endswith(IN_WORDS)
    ]


def _now(key: str, figures: Figures, later: Figures) -> str:
    was = figures.values.get(key, figures.counted[key])
    now = later.values.get(key) or later.counted.get(key) or _("not known")
    return "" if now == was else now


def _names(facts: Facts) -> dict[str, str]:
    plain = ("joined", "questions", "registered", "no_shows", "peak", "mean_minutes")
    found = {key: defining.label(key) for key in (*plain, "median_minutes")}
    for category in facts.categories:
        for stem in ("share", "people"):
            found[f"{stem}.{category.key}"] = defining.label(stem, category.noun_phrase)
    for part in facts.dispositions:
        kind, _dot, code = part.key.partition(".")
        found[f"disposition.{part.key}"] = defining.label(f"disposition.{kind}", part.words or code)
    for topic in facts.labels:
        kind = "label" if topic.name else "unlabeled"
        found[f"label.{topic.key}"] = defining.label(kind, topic.name)
    return found
