"""What makes a text hard to read, or its figures hard to trust: hints for its writer. Pure.

A hint is never a refusal. Sentences and abbreviations are those of English and its kin; the
figures are compared by the house's way of writing them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from readouts.tokens import IN_WORDS, token

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LONGEST_SENTENCE: Final = 25
"""Words. Plain-language guides of the federal government ask for twenty on average."""

MOST_ABBREVIATIONS: Final = 3

SMALLEST_TELLING: Final = 10
"""A smaller number equals some figure by chance, so it needs a noun beside it."""

MOST_SUGGESTIONS: Final = 3

Kind = Literal[
    "long_sentence",
    "undefined",
    "defined_late",
    "many_abbreviations",
    "typed_figure",
    "other_figure",
    "begins_with_figure",
]


@dataclass(frozen=True)
class Hint:
    kind: Kind
    words: str
    """What it is about, as it stands in the text."""
    start: int
    end: int
    number: int = 0
    """Words of a long sentence; abbreviations when they are many."""
    instead: tuple[str, ...] = ()
    """What may stand in its place."""


@dataclass(frozen=True)
class Figures:
    """What the writer may have typed by hand."""

    values: Mapping[str, str]
    """By token, as `tokens.values` gives them."""
    nouns: Mapping[str, str]
    """Noun phrases of the categories, by their keys."""


# Of the same length, so that places stay what they are: code, addresses and signs are not read.
_UNREAD: Final = re.compile(
    r"^(```|~~~).*?^\1|`[^`\n]+`|\]\([^()\n]*\)|<[^<>\s]+>|https?://\S+|\{\{[^{}\n]*\}\}",
    re.DOTALL | re.MULTILINE,
)
_BLOCK: Final = re.compile(r"[ \t>]*(?:#{1,6}[ \t]|[-*+][ \t]|\d{1,9}[.)][ \t])?[ \t]*")
_STOP: Final = re.compile(r"[.!?…]+[\"'\u201d\u2019)\]*_]*(?=\s)")
_SPACE: Final = re.compile(r"\s*")
_NO_STOP: Final = re.compile(
    r"(?:\b(?:[A-Za-z]|Mr|Mrs|Ms|Dr|St|Jr|Sr|No|Inc|vs|etc|[ap]\.m|e\.g|i\.e)|\bU\.S)\.$"
)
_WORD: Final = re.compile(r"[^\W_]+(?:['\u2019.,-][^\W_]+)*")
_ABBREVIATION: Final = re.compile(r"(?<![\w&-])[A-Z][A-Z0-9&]{1,6}s?(?![\w&]|-\d)")
_ROMAN: Final = re.compile(r"[IVXLC]+")
_KNOWN_TO_ALL: Final = frozenset(
    {"AM", "PM", "EST", "EDT", "ET", "US", "USA", "ID", "OK", "TV", "PDF"}
)

_NUMBER: Final = re.compile(
    r"(?<![\w.,$€£#/-])(\d{1,3}(?:,\d{3})+|\d+)(%|\s+percent\b)?(?![\w/%]|[.,-]\d)"
)
_MONTH_BEFORE: Final = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Section|Form|Part|Title|Chapter|Page|Version|Question)\s+$"
)
_MEASURE: Final = re.compile(
    r"(?:\s+|-)(?:hundred|thousand|million|billion|years?|months?|weeks?|days?|hours?|minutes?"
    r"|[ap]\.?m\b|dollars|pages?)\b"
)
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_TOTALS: Final[Mapping[str, re.Pattern[str]]] = {
    "registered": re.compile(r"\s+(?:\w+\s+){0,2}(?:registered|registrations)\b"),
    "joined": re.compile(
        r"\s+(?:stakeholders|attendees|participants|people|persons)\s+"
        r"(?:joined|attended|participated|took part|were there)\b"
    ),
    "questions": re.compile(r"\s+(?:written\s+)?questions\b(?:\s+were)?"),
}
_ALL_QUESTIONS: Final = re.compile(
    r"(?:submitted|received|asked|sent|total of)\s+(?:a total of\s+)?$"
)
_ASKED: Final = re.compile(r"\s+(?:submitted|received|asked|sent)\b")


def hints(
    text: str,
    *,
    before: str = "",
    all_texts: str = "",
    known: Mapping[str, str] | None = None,
    figures: Figures | None = None,
) -> list[Hint]:
    """In the order of the text. `before` is what a reader has read by then; `all_texts` are those
    whose abbreviations are counted; `known` has the full names of abbreviations."""
    readable = _readable(text)
    found = [
        *_sentences_too_long(text, readable),
        *_beginning_with_figures(text, readable, figures),
        *_abbreviations(readable, _readable(before), known or {}),
        *(_typed(readable, figures) if figures else ()),
    ]
    used = abbreviations(all_texts or text)
    if len(used) > MOST_ABBREVIATIONS and abbreviations(text):
        found.append(Hint("many_abbreviations", ", ".join(used), 0, 0, len(used)))
    return sorted(found, key=lambda hint: (hint.start, hint.kind))


def abbreviations(text: str) -> tuple[str, ...]:
    """Each once, in their order, without those that everybody knows."""
    return tuple(dict.fromkeys(name for name, _place in _used(_readable(text))))


def _used(readable: str) -> Iterator[tuple[str, int]]:
    place = 0
    for line in readable.splitlines(keepends=True):
        if not _is_shouted(line):
            for found in _ABBREVIATION.finditer(line):
                name = found[0].removesuffix("s")
                if len(name) > 1 and name not in _KNOWN_TO_ALL and not _ROMAN.fullmatch(name):
                    yield name, place + found.start()
        place += len(line)


def _is_shouted(line: str) -> bool:
    """In a line of capitals nothing tells an abbreviation from a word."""
    return line.upper() == line and len(_WORD.findall(line)) > 2


def _readable(text: str) -> str:
    def blank(found: re.Match[str]) -> str:
        is_token = found[0].startswith("{{")
        return "".join("\n" if sign == "\n" else "x" if is_token else " " for sign in found[0])

    return _UNREAD.sub(blank, text)


def _blocks(readable: str) -> Iterator[tuple[int, int]]:
    """Paragraphs, headings and entries of lists: where each begins and ends, without its sign."""
    start, place = None, 0
    for line in readable.splitlines(keepends=True):
        sign = _BLOCK.match(line)
        width = sign.end() if sign else 0
        is_new = not line.strip() or line[:width].strip(" \t>")
        if is_new and start is not None:
            yield start, place
            start = None
        if start is None and line.strip():
            start = place + width
        place += len(line)
    if start is not None:
        yield start, place


def _sentences(readable: str) -> Iterator[tuple[int, int]]:
    for start, end in _blocks(readable):
        begin = start
        for stop in _STOP.finditer(readable, start, end):
            if not _NO_STOP.search(readable, max(begin, stop.end() - 12), stop.end()):
                yield begin, stop.end()
                begin = stop.end() + len(_SPACE.match(readable, stop.end(), end)[0])  # type: ignore[index]
        if readable[begin:end].strip():
            yield begin, begin + len(readable[begin:end].rstrip())


def _sentences_too_long(text: str, readable: str) -> Iterator[Hint]:
    for start, end in _sentences(readable):
        words = len(_WORD.findall(readable, start, end))
        if words > LONGEST_SENTENCE:
            yield Hint("long_sentence", text[start:end], start, end, words)


def _beginning_with_figures(text: str, readable: str, figures: Figures | None) -> Iterator[Hint]:
    for start, end in _sentences(readable):
        opening = text[start:end].lstrip("*_[\"“'(")
        place = end - len(opening)
        if opening[:1].isdigit():
            number = re.match(r"[\d,.]*\d%?", opening)
            width = len(number[0]) if number else 1
            yield Hint("begins_with_figure", opening[:width], place, place + width)
        elif opening.startswith("{{") and figures:
            name, _closing, _rest = opening[2:].partition("}}")
            key = name.strip()
            if not key.endswith(IN_WORDS) and key in figures.values:
                spelled = key + IN_WORDS
                instead = (token(spelled),) if spelled in figures.values else ()
                width = len(name) + 4
                yield Hint("begins_with_figure", opening[:width], place, place + width, 0, instead)


def _abbreviations(readable: str, before: str, known: Mapping[str, str]) -> Iterator[Hint]:
    told = {name for name, _place in _used(before)}
    for name, place in _used(readable):
        if name in told:
            continue
        told.add(name)
        if _is_defined(readable, name, place):
            continue
        end = place + len(name)
        is_late = f"({name})" in readable[place:]
        instead = (f"{known[name]} ({name})",) if name in known and not is_late else ()
        yield Hint("defined_late" if is_late else "undefined", name, place, end, 0, instead)


def _is_defined(readable: str, name: str, place: int) -> bool:
    """As "a full name (FN)", or as "FN (a full name)"."""
    after = readable[place + len(name) :]
    is_in_brackets = readable[:place].endswith("(") and re.match(r"s?[),;]", after) is not None
    return is_in_brackets or re.match(r"s?\s\([^()]*\s[^()]*\)", after) is not None


def _typed(readable: str, figures: Figures) -> Iterator[Hint]:
    equal = _by_digits(figures)
    for found in _NUMBER.finditer(readable):
        before = readable[max(0, found.start() - 40) : found.start()]
        after = readable[found.end() : found.end() + 160]
        is_item = not before.rpartition("\n")[2].strip() and after[:1] in {".", ")"}
        if is_item or _MONTH_BEFORE.search(before):
            continue
        kind, keys = _meant(before, found, after, figures, equal)
        if kind:
            instead = tuple(map(token, keys[:MOST_SUGGESTIONS]))
            yield Hint(kind, found[0], found.start(), found.end(), 0, instead)


def _meant(
    before: str,
    found: re.Match[str],
    after: str,
    figures: Figures,
    equal: Mapping[tuple[bool, str], list[str]],
) -> tuple[Kind | None, list[str]]:
    """Which figure is meant, and whether it is this one."""
    named = _named(before, after, is_share=found[2] is not None, figures=figures)
    if named:
        is_same = _digits(figures.values[named]) == _digits(found[0])
        return "typed_figure" if is_same else "other_figure", [named]
    is_plain = found[2] is None
    if _MEASURE.match(after):
        return None, []
    if is_plain and (int(_digits(found[1])) < SMALLEST_TELLING or _YEAR.fullmatch(found[1])):
        return None, []
    keys = equal.get((not is_plain, _digits(found[0])), [])
    return ("typed_figure" if keys else None), keys


def _by_digits(figures: Figures) -> dict[tuple[bool, str], list[str]]:
    """The names of figures by how they are written: shares apart, the weightiest name first."""
    found: dict[tuple[bool, str], list[str]] = {}
    for key, value in sorted(figures.values.items(), key=lambda pair: _by_weight(pair[0])):
        stem = key.partition(".")[0]
        if value[:1].isdigit() and stem not in {"disposition", "label", "mean_minutes"}:
            found.setdefault((key.startswith("share."), _digits(value)), []).append(key)
    return found


def _named(before: str, after: str, *, is_share: bool, figures: Figures) -> str | None:
    """By the noun that follows in the same clause."""
    clause = re.split(r"[.;:\n]|, and |\d", after, maxsplit=1)[0][:120]
    stem = "share" if is_share else "people"
    for key, noun in figures.nouns.items():
        name = f"{stem}.{key}"
        is_near = clause.strip().startswith(noun) if stem == "people" else noun in clause
        if is_near and name in figures.values:
            return name
    if is_share:
        return None
    for key, pattern in _TOTALS.items():
        match = pattern.match(after)
        is_total = match and (
            key != "questions" or _ALL_QUESTIONS.search(before) or _ASKED.match(after, match.end())
        )
        if is_total and key in figures.values:
            return key
    return None


def _digits(words: str) -> str:
    return re.sub(r"\D", "", words)


def _by_weight(key: str) -> tuple[int, str]:
    order = ("joined", "questions", "registered", "share", "people")
    stem = key.partition(".")[0]
    return (order.index(stem) if stem in order else len(order)), key
