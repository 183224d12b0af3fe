"""Figures that stand in a text by their names, such as `{{joined}}`. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from engagements.figures import shares
from readouts.document import as_markdown
from readouts.wording import HOUSE, House, stated_number, stated_share

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from readouts.facts import Facts

# With a backslash before it, it is meant as it stands.
_TOKEN: Final = re.compile(r"(?<!\\)\{\{[ \t]*([^{}\s](?:[^{}\n]{0,118}[^{}\s])?)[ \t]*\}\}")

IN_WORDS: Final = ".words"

_PLAIN: Final = (
    *("joined", "questions", "registered", "no_shows"),
    *("peak", "mean_minutes", "median_minutes"),
)


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

    What they do not know has no key: give the publishable facts for a text that is published. With
    `.words` after its key a figure is spelled out, where the house has words for it, as at the
    beginning of a sentence. A label is named by its key, `none` without one.
    """
    found = {}
    for key, (figure, joined, percent) in _figures(facts).items():
        if percent is None:
            found[key] = stated_number(figure, house=house)
            spelled = stated_number(figure, house=house, in_words=True)
        else:
            found[key] = stated_share(figure, joined, percent, house=house)
            spelled = stated_share(figure, joined, percent, house=house, in_words=True)
        if not spelled[:1].isdigit():
            found[key + IN_WORDS] = spelled
    return found


def _figures(facts: Facts) -> dict[str, tuple[int, int, int | None]]:
    """Of each key its figure; of a share the people, those who joined, and the whole percents."""
    joined = facts.joined or 0
    found: dict[str, tuple[int | None, int, int | None]] = {
        key: (getattr(facts, key), joined, None) for key in _PLAIN
    }
    percents = shares([category.people for category in facts.categories])
    for category, percent in zip(facts.categories, percents, strict=True):
        if category.key:
            found[f"share.{category.key}"] = (category.people, joined, percent)
            found[f"people.{category.key}"] = (category.people, joined, None)
    for part in facts.dispositions:
        found[f"disposition.{part.key}"] = (part.questions, joined, None)
    for label in facts.labels:
        if label.key:
            found[f"label.{label.key}"] = (label.questions, joined, None)
    return {
        key: (figure, joined, percent)
        for key, (figure, joined, percent) in found.items()
        if figure is not None
    }


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


def replaced(
    text: str,
    words: Callable[[str], str],
    mark: Callable[[str, str], str] = lambda _key, words: words,
) -> str:
    """The Markdown with other words in place of each name, kept from being read as signs of it;
    `mark` may set name and words apart."""
    return _TOKEN.sub(lambda found: _put(found, words(found[1]), mark), text)


def tokenized(words: str, values: Mapping[str, str]) -> str:
    """Markdown that reads as these words, with the names of figures in place of figures.

    The other way round it gives the same words; where that cannot be, they have no names. Figures
    stand in them in the order of `values`, as in the house's sentences.
    """
    waiting: dict[str, list[str]] = {}
    for key, value in values.items():
        waiting.setdefault(value.casefold(), []).append(key)
    if not waiting:
        return as_markdown(words)
    longest_first = sorted(waiting, key=len, reverse=True)
    figure = re.compile(
        rf"(?<![\w.,])(?:{'|'.join(map(re.escape, longest_first))})(?!\w|[.,]\d)", re.IGNORECASE
    )
    parts, place = [], 0
    for found in figure.finditer(words):
        keys = waiting[found[0].casefold()]
        parts += [as_markdown(words[place : found.start()]), token(keys[0])]
        place = found.end()
        del keys[: len(keys) > 1]
    text = "".join([*parts, as_markdown(words[place:])])
    return text if filled(text, values) == as_markdown(words) else as_markdown(words)


def _put(found: re.Match[str], words: str, mark: Callable[[str, str], str]) -> str:
    text, start, end = found.string, found.start(), found.end()
    line = text[:start].rpartition("\n")[2].strip(" \t>")
    is_item = words.isdecimal() and not line and text[end : end + 1] in {".", ")"}
    if found[1].endswith(IN_WORDS) and _begins_sentence(text[:start]):
        words = words[:1].upper() + words[1:]
    # A line that begins with "12." would be an entry of a list.
    return mark(found[1], as_markdown(words)) + ("\\" if is_item else "")


def _begins_sentence(before: str) -> bool:
    plain = before.rstrip(" \t*_>#-")
    return not plain or plain[-1] in ".!?\n"
