"""The office's phrases and habits as data. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from string import Template
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from datetime import date

# A blank that keeps a figure and its sign together stays what it is.
_SPACE: Final = re.compile("[^\\S\u00a0\u202f]+")
_UNITS: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS: Final = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_MONTHS: Final = (
    "January February March April May June July August September October November December"
).split()


class KindWords(NamedTuple):
    """A kind of engagement: "webinar", "a webinar", "this webinar"."""

    noun: str
    with_article: str
    this: str


class CategoryWords(NamedTuple):
    """A role category in a sentence: "employers", "were"."""

    noun_phrase: str
    verb: str


def _english_numbers() -> tuple[str, ...]:
    """Of zero to one hundred."""
    by_tens = (
        f"{tens}-{unit}" if place else tens
        for tens in _TENS
        for place, unit in enumerate(_UNITS[:10])
    )
    return (*_UNITS, *by_tens, "one hundred")


@dataclass(frozen=True)
class House:
    """The office's phrases. A $word is filled in from the facts and never read again itself.

    Which $words a phrase may have is in `phrases.PHRASES`, which habits there are in
    `phrases.HABITS`.
    """

    language: str = "en"

    attendance_by: str = "shares"
    questions_by: str = "count"
    subject: str = "questions"
    answered_by: str = "could"
    percent_by: str = "sign"
    numbers_by: str = "figures"
    promise_by: str = "list"

    label: str = "Engagement Readout"
    speakers: str = "Speakers"
    materials: str = "Materials"
    answers: str = "Follow-up questions and answers"
    chart: str = "Who joined, by role"
    chart_category: str = "Role"
    chart_people: str = "People"
    chart_share: str = "Share"
    version: str = "Version $version, published $date"
    page: str = "Page $page of $pages"

    calendar_date: str = "$month $day, $year"
    months: tuple[str, ...] = tuple(_MONTHS)
    number_words: tuple[str, ...] = _english_numbers()
    """Of zero to one hundred."""
    thousands: str = ","
    kinds: Mapping[str, KindWords] = field(default_factory=dict)
    """By the key of the kind. Of one that is not here, the facts' own noun is used, in English."""
    categories: Mapping[str, CategoryWords] = field(default_factory=dict)
    """By the key of the category, or else by its kind ("other", "not_stated"). Of one that is not
    here, the words of the office's table are used."""

    opening: str = "On $date, the $departments $office hosted $a_kind about $about."
    joined: str = "A total of $people stakeholders joined $this_kind."
    joined_by_one: str = "One stakeholder joined $this_kind."
    joined_by_nobody: str = "No stakeholders joined $this_kind."
    including: str = "A total of $people stakeholders joined $this_kind, including $names."
    including_uncounted: str = "Stakeholders joined $this_kind, including $names."
    rounded: str = "More than $hundreds stakeholders joined $this_kind."
    others: str = "others"
    between_names: str = ", "
    before_last_name: str = " and "
    first_share: str = "$share of attendees $verb $noun_phrase"
    next_share: str = "$share $verb $noun_phrase"
    percent_in_words: str = "$number percent"
    percent_in_figures: str = "$number%"
    exactly: str = "$share"
    less_than: str = "less than $share"
    more_than: str = "more than $share"
    between_shares: str = "; "
    before_last_share: str = "; and "
    questions: str = "Participants submitted $questions written questions$answered."
    questions_uncounted: str = "Participants submitted written questions$answered."
    one_question: str = "Participants submitted one written question$answered."
    no_question: str = "No written questions were submitted."
    answered_could: str = "and the speakers answered as many as they could during the engagement"
    answered_possible: str = "and the speakers answered as many as possible during the engagement"
    answered_all: str = "and the speakers answered all of them during the engagement"
    answered_one: str = "and the speakers answered it during the engagement"
    feedback: str = "Participants submitted $questions pieces of written feedback."
    feedback_uncounted: str = "Participants submitted written feedback."
    one_feedback: str = "Participants submitted one piece of written feedback."
    no_feedback: str = "No written feedback was submitted."
    sample: str = "Below is a sample of the questions received:"
    whole_list: str = "Below are the questions received:"
    whole_list_of_one: str = "Below is the question received:"
    feedback_sample: str = "Below is a sample of the feedback received:"
    feedback_list: str = "Below is the feedback received:"
    share_list: str = (
        "The $office will share a full list of inquiries with $agency to give the agency an "
        "opportunity to address the public's concerns."
    )
    share_one: str = (
        "The $office will share the inquiry with $agency to give the agency an opportunity to "
        "address the public's concerns."
    )
    share_unattributed: str = (
        "The $office will share what participants wrote with $agency, without attribution, to "
        "give the agency an opportunity to address the public's concerns."
    )
    post: str = "The $office will post the engagement's presentation on its website."
    post_too: str = (
        "Additionally, the $office will post the engagement's presentation on its website."
    )

    @classmethod
    def from_json(cls, language: str, phrases: Mapping[str, Any]) -> House:
        """The original with these phrases in place of its own. What nobody knows is passed over."""
        given = {name: _READERS.get(name, str)(phrases[name]) for name in _NAMES & phrases.keys()}
        return cls(**given, language=language)

    def to_json(self) -> dict[str, Any]:
        """What differs from the original, without the language."""
        own = {name: getattr(self, name) for name in sorted(_NAMES)}
        return {name: _plain(value) for name, value in own.items() if value != getattr(HOUSE, name)}

    def dated(self, day: date) -> str:
        return filled(
            self.calendar_date, month=self.months[day.month - 1], day=day.day, year=day.year
        )


def _kinds(found: Mapping[str, Any]) -> dict[str, KindWords]:
    return {key: KindWords(*words) for key, words in found.items()}


def _categories(found: Mapping[str, Any]) -> dict[str, CategoryWords]:
    return {key: CategoryWords(*words) for key, words in found.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: list(words) for key, words in value.items()}
    return list(value) if isinstance(value, tuple) else value


_READERS: Final[dict[str, Any]] = {
    "months": tuple,
    "number_words": tuple,
    "kinds": _kinds,
    "categories": _categories,
}
_NAMES: Final = frozenset(one.name for one in fields(House)) - {"language"}
HOUSE: Final = House()


def filled(phrase: str, **words: object) -> str:
    """The phrase with its $words, on one line. Raises KeyError for a $word that nobody gives."""
    return _SPACE.sub(" ", Template(phrase).substitute(words)).strip(" ")
