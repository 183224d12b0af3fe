"""The parts of sentences: numbers, shares, kinds, roles, names. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from readouts.wording.house import HOUSE, CategoryWords, House, KindWords, filled

if TYPE_CHECKING:
    from readouts.facts import CategoryCount, Facts


class Unsupported(Exception):
    """The facts do not support a sentence. `reason` is one of `REASONS`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


REASONS: Final = (
    "attendance_unknown",
    "nobody",
    "one_person",
    "no_categories",
    "not_more_than_hundreds",
    "begins_with_figure",
    "no_questions",
    "one_question",
    "none_answered",
    "answers_unknown",
    "some_unanswered",
    "no_presentation",
)


def stated_number(number: int, *, house: House = HOUSE, in_words: bool = False) -> str:
    """A figure inside a sentence; in words only as far as the house has them."""
    return figure(number, house, in_words=in_words)


def stated_share(
    people: int, joined: int, percent: int, *, house: House = HOUSE, in_words: bool = False
) -> str:
    """A share inside a sentence."""
    if not people:
        return filled(house.exactly, share=_percent(0, house, in_words=in_words))
    return share_of(people, joined, percent, house, in_words=in_words)


def figure(number: int, house: House, *, in_words: bool) -> str:
    below = len(house.number_words) if in_words else 10 if house.numbers_by == "below_ten" else 0
    if number < below:
        return house.number_words[number]
    return f"{number:,}".replace(",", house.thousands)


def begins_with(phrase: str, word: str) -> bool:
    return phrase.lstrip().startswith((f"${word}", f"${{{word}}}"))


def sentence(words: str) -> str:
    if words[:1].isdigit():
        raise Unsupported("begins_with_figure")
    return words[:1].upper() + words[1:]


def share_of(people: int, joined: int, percent: int, house: House, *, in_words: bool) -> str:
    """Never 0% of somebody, and never 100% beside somebody else."""
    phrase = house.exactly
    if people * 100 < joined:
        phrase, percent = house.less_than, 1
    elif percent == 100 and people < joined:
        phrase, percent = house.more_than, 99
    return filled(phrase, share=_percent(percent, house, in_words=in_words))


def _percent(percent: int, house: House, *, in_words: bool) -> str:
    if in_words or house.percent_by == "in_words":
        return filled(house.percent_in_words, number=house.number_words[percent])
    spelled = house.percent_by == "spelled"
    return filled(house.percent_in_words if spelled else house.percent_in_figures, number=percent)


def kind_of(facts: Facts, house: House) -> KindWords:
    found = house.kinds.get(facts.kind_key)
    return found or KindWords(facts.kind, _with_article(facts.kind), f"this {facts.kind}")


def words_of(category: CategoryCount, house: House) -> CategoryWords:
    own = house.categories.get(category.key) or house.categories.get(category.kind)
    return own or CategoryWords(category.noun_phrase, category.verb)


def _with_article(kind: str) -> str:
    """By sound, as far as the kinds of engagements need it."""
    is_vowel = kind.lower().startswith(("a", "e", "i", "o", "hour"))
    return f"{'an' if is_vowel else 'a'} {kind}"


def enumerated(parts: list[str], between: str, before_last: str) -> str:
    *before, last = parts
    return between.join(before) + before_last + last if before else last


def with_short(name: str, short: str) -> str:
    return f"{name} ({short})" if short else name


def possessive(name: str) -> str:
    return f"{name}'" if name.casefold().endswith("s") else f"{name}'s"
