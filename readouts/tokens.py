"""Figures that stand in a text by their names, such as `{{joined}}`. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from engagements.figures import shares
from readouts.document import as_markdown
from readouts.wording import HOUSE, House, stated_number, stated_share
from readouts.wording import filled as phrased

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from readouts.facts import Facts

# With a backslash before it, it is meant as it stands.
_TOKEN: Final = re.compile(r"(?<!\\)\{\{[ \t]*([^{}\s](?:[^{}\n]{0,118}[^{}\s])?)[ \t]*\}\}")

_PLAIN: Final = ("registered", "joined", "no_shows", "peak", "mean_minutes", "median_minutes")


class UnknownToken(ValueError):
    """No figure stands behind these names: a slip of the pen, or a figure that is not published."""

    def __init__(self, *keys: str) -> None:
        super().__init__(f"no figure is named {', '.join(keys)}")
        self.keys = keys


def token(key: str) -> str:
    """As it is written into a text."""
    return f"{{{{{key}}}}}"


def values(facts: Facts, *, house: House = HOUSE) -> dict[str, str]:
    """Every figure that these facts know, by its key, as it reads inside a sentence.

    What they do not know has no key: give the publishable facts for a text that is published.
    A label is named by its place in the agenda, counted from one.
    """
    return dict(_values(facts, house))


def _values(facts: Facts, house: House) -> Iterator[tuple[str, str]]:
    for key in _PLAIN:
        figure = getattr(facts, key)
        if figure is not None:
            yield key, stated_number(figure, house=house)
    yield "questions", stated_number(facts.questions, house=house)
    percents = shares([category.people for category in facts.categories])
    for category, percent in zip(facts.categories, percents, strict=True):
        if category.key:
            share = _share(category.people, facts.joined or 0, percent, house)
            yield f"share.{category.key}", share
            yield f"people.{category.key}", stated_number(category.people, house=house)
    for part in facts.dispositions:
        yield f"disposition.{part.key}", stated_number(part.questions, house=house)
    for place, label in enumerate(facts.labels, start=1):
        yield f"label.{place}", stated_number(label.questions, house=house)


def _share(people: int, joined: int, percent: int, house: House) -> str:
    if not people:
        return phrased(house.percent_in_figures, number=0)
    return stated_share(people, joined, percent, house=house)


def used(text: str) -> tuple[str, ...]:
    """The names in a text, each once, in their order."""
    return tuple(dict.fromkeys(found[1] for found in _TOKEN.finditer(text)))


def filled(text: str, values: Mapping[str, str]) -> str:
    """The Markdown with the figures in place of their names, which reads as exactly these.

    Raises UnknownToken with every name that has no value.
    """
    unknown = tuple(key for key in used(text) if key not in values)
    if unknown:
        raise UnknownToken(*unknown)
    return replaced(text, lambda key: values[key])


def replaced(text: str, words: Callable[[str], str]) -> str:
    """The Markdown with other words in place of each name, kept from being read as signs of it."""
    return _TOKEN.sub(lambda found: _put(found, words(found[1])), text)


def _put(found: re.Match[str], words: str) -> str:
    before = found.string[: found.start()].rpartition("\n")[2]
    is_item = words.isdecimal() and not before.strip(" \t>") and _next(found) in {".", ")"}
    # A line that begins with "12." would be an entry of a list.
    return as_markdown(words) + ("\\" if is_item else "")


def _next(found: re.Match[str]) -> str:
    return found.string[found.end() : found.end() + 1]
