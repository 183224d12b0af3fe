"""Sentences from facts, in the house wording. Pure: the phrases are data, the rules English."""

from __future__ import annotations

from dataclasses import dataclass
from string import Template
from typing import TYPE_CHECKING, Final

from engagements.figures import shares

if TYPE_CHECKING:
    from datetime import date

    from readouts.facts import CategoryCount, Facts, SpeakerFacts

# A spelled-out number is a whole percent. A library for all numbers takes three seconds to load.
_UNITS: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS: Final = "twenty thirty forty fifty sixty seventy eighty ninety".split()

_PLACES: Final = {"ordinary": 0, "other": 1, "not_stated": 2}


@dataclass(frozen=True)
class House:
    """The office's phrases. A $word is filled in from the facts and never read again itself."""

    language: str = "en"
    label: str = "Engagement Readout"
    speakers: str = "Speakers"
    calendar_date: str = "$month $day, $year"
    months: tuple[str, ...] = (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    )
    opening: str = "On $date, the $departments $office hosted $a_kind about $about."
    joined: str = "A total of $people stakeholders joined this $kind."
    joined_by_one: str = "One stakeholder joined this $kind."
    joined_by_nobody: str = "No stakeholders joined this $kind."
    first_share: str = "$share of attendees $verb $noun_phrase"
    next_share: str = "$share $verb $noun_phrase"
    percent_in_words: str = "$number percent"
    percent_in_figures: str = "$number%"
    less_than: str = "less than $share"
    more_than: str = "more than $share"
    between_shares: str = "; "
    before_last_share: str = "; and "
    questions: str = (
        "Participants submitted $questions written questions and the speakers answered as many "
        "as they could during the engagement."
    )
    one_question: str = "Participants submitted one written question."
    no_question: str = "No written questions were submitted."
    sample: str = "Below is a sample of the questions received:"
    whole_list: str = "Below are the questions received:"
    whole_list_of_one: str = "Below is the question received:"
    share_list: str = (
        "The $office will share a full list of inquiries with $agency to give the agency an "
        "opportunity to address the public's concerns."
    )
    share_one: str = (
        "The $office will share the inquiry with $agency to give the agency an opportunity to "
        "address the public's concerns."
    )
    post: str = "The $office will post the engagement's presentation on its website."
    post_too: str = (
        "Additionally, the $office will post the engagement's presentation on its website."
    )
    version: str = "Version $version, published $date"
    page: str = "Page $page of $pages"

    def dated(self, day: date) -> str:
        return filled(
            self.calendar_date, month=self.months[day.month - 1], day=day.day, year=day.year
        )


HOUSE: Final = House()


def filled(phrase: str, **words: object) -> str:
    """The phrase with its $words, on one line. Raises KeyError for a $word that nobody gives."""
    return " ".join(Template(phrase).substitute(words).split())


def opening(facts: Facts, *, house: House = HOUSE) -> str:
    """Who hosted what and when."""
    office = facts.office
    return filled(
        house.opening,
        date=house.dated(facts.held_on),
        departments=_with_short(_possessive(office.department), office.department_short),
        office=_with_short(office.name, office.short_name),
        a_kind=_with_article(facts.kind),
        about=facts.about,
    )


def attendance(facts: Facts, *, samples: int, house: House = HOUSE) -> str:
    """How many joined, as what, and what they asked; leads over to so many sample questions."""
    sentences = (
        _joined(facts, house),
        _shares(facts, house),
        _questions(facts.questions, house),
        _lead(facts.questions, samples, house),
    )
    return " ".join(filter(None, sentences))


def closing(facts: Facts, *, house: House = HOUSE) -> str:
    """What the office promises: to share the questions, to post the presentation, or ""."""
    office, agency = facts.office.short_name, facts.agency.short_name
    promises = []
    if facts.questions:
        share = house.share_one if facts.questions == 1 else house.share_list
        promises.append(filled(share, office=office, agency=agency))
    if facts.posts_presentation:
        promises.append(filled(house.post_too if promises else house.post, office=office))
    return " ".join(promises)


def stated_number(figure: int, *, house: House = HOUSE) -> str:
    """A figure as it stands inside a sentence."""
    return f"{figure:,}"


def stated_share(people: int, joined: int, percent: int, *, house: House = HOUSE) -> str:
    """A share of at least one person who joined, as it stands inside a sentence."""
    return _share(people, joined, percent, house, in_words=False)


def speaker_line(speaker: SpeakerFacts) -> str:
    return ", ".join(filter(None, (speaker.name, speaker.title, speaker.organization)))


def _joined(facts: Facts, house: House) -> str:
    if facts.joined is None:
        return ""
    phrases = {0: house.joined_by_nobody, 1: house.joined_by_one}
    phrase = phrases.get(facts.joined, house.joined)
    return filled(phrase, people=f"{facts.joined:,}", kind=facts.kind)


def _shares(facts: Facts, house: House) -> str:
    """One sentence, its first figure in words. Of one person there is no share."""
    percents = shares([category.people for category in facts.categories])
    present = [pair for pair in zip(facts.categories, percents, strict=True) if pair[0].people]
    if not facts.joined or facts.joined == 1 or not present:
        return ""
    present.sort(key=lambda pair: (_PLACES[pair[0].kind], -pair[0].people))
    first, *others = present
    clauses = [_clause(house.first_share, first, facts.joined, house, in_words=True)]
    clauses += [_clause(house.next_share, pair, facts.joined, house) for pair in others]
    return f"{_capitalized(_enumerated(clauses, house))}."


def _clause(
    phrase: str,
    pair: tuple[CategoryCount, int],
    joined: int,
    house: House,
    *,
    in_words: bool = False,
) -> str:
    category, percent = pair
    share = _share(category.people, joined, percent, house, in_words=in_words)
    return filled(phrase, share=share, verb=category.verb, noun_phrase=category.noun_phrase)


def _share(people: int, joined: int, percent: int, house: House, *, in_words: bool) -> str:
    """Never 0% of somebody, and never 100% beside somebody else."""
    if people * 100 < joined:
        return filled(house.less_than, share=_percent(1, house, in_words=in_words))
    if percent == 100 and people < joined:
        return filled(house.more_than, share=_percent(99, house, in_words=in_words))
    return _percent(percent, house, in_words=in_words)


def _percent(percent: int, house: House, *, in_words: bool) -> str:
    if in_words:
        return filled(house.percent_in_words, number=_in_words(percent))
    return filled(house.percent_in_figures, number=percent)


def _in_words(percent: int) -> str:
    if percent < len(_UNITS):
        return _UNITS[percent]
    if percent == 100:
        return "one hundred"
    tens, units = divmod(percent, 10)
    return f"{_TENS[tens - 2]}-{_UNITS[units]}" if units else _TENS[tens - 2]


def _with_article(kind: str) -> str:
    """By sound, as far as the kinds of engagements need it."""
    is_vowel = kind.lower().startswith(("a", "e", "i", "o", "hour"))
    return f"{'an' if is_vowel else 'a'} {kind}"


def _enumerated(clauses: list[str], house: House) -> str:
    *before, last = clauses
    if not before:
        return last
    return house.between_shares.join(before) + house.before_last_share + last


def _questions(questions: int, house: House) -> str:
    phrases = {0: house.no_question, 1: house.one_question}
    return filled(phrases.get(questions, house.questions), questions=f"{questions:,}")


def _lead(questions: int, samples: int, house: House) -> str:
    if not samples or not questions:
        return ""
    if samples < questions:
        return house.sample
    return house.whole_list_of_one if questions == 1 else house.whole_list


def _with_short(name: str, short: str) -> str:
    return f"{name} ({short})" if short else name


def _possessive(name: str) -> str:
    return f"{name}'" if name.casefold().endswith("s") else f"{name}'s"


def _capitalized(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
