"""Sentences from facts, in the house wording. What the numbers do not support is not said. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engagements.figures import shares
from readouts.wording.house import HOUSE, House, filled
from readouts.wording.parts import (
    Unsupported,
    begins_with,
    enumerated,
    figure,
    kind_of,
    possessive,
    sentence,
    share_of,
    with_short,
    words_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from readouts.facts import CategoryCount, Facts, SpeakerFacts


_PLACES: Final = {"ordinary": 0, "other": 1, "not_stated": 2}


@dataclass(frozen=True)
class Tried:
    """What a variant would say, or the reason why it may not; `is_used` where it is said."""

    slot: str
    variant: str
    words: str = ""
    reason: str = ""
    is_used: bool = False


def opening(facts: Facts, *, house: House = HOUSE) -> str:
    """Who hosted what and when."""
    office, kind = facts.office, kind_of(facts, house)
    return filled(
        house.opening,
        date=house.dated(facts.held_on),
        department=with_short(office.department, office.department_short),
        departments=with_short(possessive(office.department), office.department_short),
        office=with_short(office.name, office.short_name),
        agency=facts.agency.short_name,
        kind=kind.noun,
        a_kind=kind.with_article,
        this_kind=kind.this,
        about=facts.about,
    )


def attendance(facts: Facts, *, samples: int, house: House = HOUSE) -> str:
    """How many joined, as what, and what they asked; leads over to so many sample questions."""
    sentences = (
        _chosen("attendance", facts, house)[1],
        _chosen("questions", facts, house)[1],
        _lead(facts.questions, samples, house),
    )
    return " ".join(filter(None, sentences))


def closing(facts: Facts, *, house: House = HOUSE) -> str:
    """What the office promises: to share the questions, to post the presentation, or ""."""
    promise = _chosen("promise", facts, house)[1]
    if not facts.posts_presentation:
        return promise
    post = filled(
        house.post_too if promise else house.post,
        office=facts.office.short_name,
        agency=facts.agency.short_name,
        this_kind=kind_of(facts, house).this,
    )
    return f"{promise} {post}".strip()


def promised(facts: Facts, *, house: House = HOUSE) -> tuple[str, ...]:
    """What `closing` promises: "share_list", "post_presentation", both or neither."""
    shares_list = _chosen("promise", facts, house)[0] != "nothing"
    made = {"share_list": shares_list, "post_presentation": facts.posts_presentation}
    return tuple(name for name, is_made in made.items() if is_made)


def said(slot: str, variant: str, facts: Facts, *, house: House = HOUSE) -> str:
    """The sentence of a variant. Raises Unsupported when the facts do not support it."""
    return VARIANTS[slot][variant](facts, house)


def tried(facts: Facts, *, house: House = HOUSE) -> Iterator[Tried]:
    """Every variant of every sentence with these facts, and which ones are said."""
    for slot, variants in VARIANTS.items():
        used, _words = _chosen(slot, facts, house)
        for variant in variants:
            try:
                words = said(slot, variant, facts, house=house)
            except Unsupported as refusal:
                yield Tried(slot, variant, reason=refusal.reason)
            else:
                yield Tried(slot, variant, words, is_used=variant == used)


def speaker_line(speaker: SpeakerFacts) -> str:
    return ", ".join(filter(None, (speaker.name, speaker.title, speaker.organization)))


def _chosen(slot: str, facts: Facts, house: House) -> tuple[str, str]:
    """The variant that the house prefers, or the next one that the facts support."""
    variant = getattr(house, f"{slot}_by")
    while True:
        try:
            return variant, said(slot, variant, facts, house=house)
        except Unsupported:
            variant = INSTEAD.get(variant, "nothing")


def _nothing(_facts: Facts, _house: House) -> str:
    return ""


def _total(facts: Facts, house: House) -> str:
    if facts.joined is None:
        raise Unsupported("attendance_unknown")
    phrases = {0: house.joined_by_nobody, 1: house.joined_by_one}
    return _counted(phrases.get(facts.joined, house.joined), facts, house)


def _rounded(facts: Facts, house: House) -> str:
    """ "More than 300": down to the hundred, and never of a hundred exactly."""
    if facts.joined is None:
        raise Unsupported("attendance_unknown")
    hundreds, more = divmod(facts.joined, 100)
    if not hundreds or not more:
        raise Unsupported("not_more_than_hundreds")
    number = figure(100 * hundreds, house, in_words=False)
    return _counted(house.rounded, facts, house, hundreds=number)


def _with_shares(facts: Facts, house: House) -> str:
    """Two sentences, the second with the figures."""
    return f"{_total(facts, house)} {_shares(facts, house)}"


def _with_names(facts: Facts, house: House) -> str:
    return _counted(house.including, facts, house, names=_names(facts, house))


def _with_names_uncounted(facts: Facts, house: House) -> str:
    return _counted(house.including_uncounted, facts, house, names=_names(facts, house))


def _shares(facts: Facts, house: House) -> str:
    """One sentence, its first figure in words where it begins with it."""
    percents = shares([category.people for category in facts.categories])
    first, *others = present(facts, percents)
    in_words = begins_with(house.first_share, "share")
    clauses = [_clause(house.first_share, first, facts, house, in_words=in_words)]
    clauses += [_clause(house.next_share, pair, facts, house) for pair in others]
    return f"{sentence(enumerated(clauses, house.between_shares, house.before_last_share))}."


def _names(facts: Facts, house: House) -> str:
    """The roles that somebody had, those of *other* as others; who did not say is not named."""
    found = [one for one, _ in present(facts, [0] * len(facts.categories))]
    roles = [words_of(one, house).noun_phrase for one in found if one.kind == "ordinary"]
    if not roles:
        raise Unsupported("no_categories")
    if any(one.kind == "other" for one in found):
        roles.append(house.others)
    return enumerated(roles, house.between_names, house.before_last_name)


def present(facts: Facts, percents: list[int]) -> list[tuple[CategoryCount, int]]:
    """The categories with people, the largest first, *other* and *not stated* last.

    Raises Unsupported where no shares are told.
    """
    if facts.joined is None:
        raise Unsupported("attendance_unknown")
    if facts.joined < 2:
        raise Unsupported("one_person" if facts.joined else "nobody")
    found = [pair for pair in zip(facts.categories, percents, strict=True) if pair[0].people]
    if not found:
        raise Unsupported("no_categories")
    return sorted(found, key=lambda pair: (_PLACES[pair[0].kind], -pair[0].people))


def _clause(
    phrase: str,
    pair: tuple[CategoryCount, int],
    facts: Facts,
    house: House,
    *,
    in_words: bool = False,
) -> str:
    category, percent = pair
    words = words_of(category, house)
    share = share_of(category.people, facts.joined or 0, percent, house, in_words=in_words)
    return filled(phrase, share=share, verb=words.verb, noun_phrase=words.noun_phrase)


def _count(facts: Facts, house: House) -> str:
    if facts.questions == 0:
        return _none_asked(house)
    if facts.questions == 1:
        phrase = house.one_feedback if _is_feedback(house) else house.one_question
    else:
        phrase = house.feedback if _is_feedback(house) else house.questions
    return _counted(phrase, facts, house, answered=_answered(facts, house))


def _uncounted(facts: Facts, house: House) -> str:
    """Without the number, "questions" has to mean more than one."""
    if facts.questions == 0:
        return _none_asked(house)
    if facts.questions == 1:
        raise Unsupported("one_question")
    phrase = house.feedback_uncounted if _is_feedback(house) else house.questions_uncounted
    return _counted(phrase, facts, house, answered=_answered(facts, house))


def _none_asked(house: House) -> str:
    return sentence(house.no_feedback if _is_feedback(house) else house.no_question)


def _answered(facts: Facts, house: House) -> str:
    """The part of the sentence about answers, to be set behind a word."""
    clause = _chosen("answered", facts, house)[1]
    return clause if not clause or clause[0] in ",;." else f" {clause}"


def _could(facts: Facts, house: House) -> str:
    _check_answered(facts)
    return house.answered_could


def _possible(facts: Facts, house: House) -> str:
    _check_answered(facts)
    return house.answered_possible


def _all(facts: Facts, house: House) -> str:
    """Merged questions are answered by the answer to the other one."""
    if facts.questions == 0:
        raise Unsupported("no_questions")
    answered = _in_dispositions(facts, "answered_live")
    if answered is None:
        raise Unsupported("answers_unknown")
    if not answered:
        raise Unsupported("none_answered")
    if answered + (_in_dispositions(facts, "merged") or 0) < facts.questions:
        raise Unsupported("some_unanswered")
    return house.answered_one if facts.questions == 1 else house.answered_all


def _check_answered(facts: Facts) -> None:
    """Where nobody noted what became of the questions, the office's word stands."""
    if facts.questions == 0:
        raise Unsupported("no_questions")
    if facts.questions == 1:
        raise Unsupported("one_question")
    if _in_dispositions(facts, "answered_live") == 0:
        raise Unsupported("none_answered")


def _in_dispositions(facts: Facts, key: str) -> int | None:
    if not facts.dispositions:
        return None
    return sum(part.questions for part in facts.dispositions if part.key == key)


def _share_list(facts: Facts, house: House) -> str:
    return _promise(house.share_one if facts.questions == 1 else house.share_list, facts, house)


def _share_unattributed(facts: Facts, house: House) -> str:
    return _promise(house.share_unattributed, facts, house)


def _promise(phrase: str, facts: Facts, house: House) -> str:
    """A list of no questions is not promised."""
    if not facts.questions:
        raise Unsupported("no_questions")
    return _counted(phrase, facts, house)


VARIANTS: Final[Mapping[str, Mapping[str, Callable[[Facts, House], str]]]] = {
    "attendance": {
        "shares": _with_shares,
        "names": _with_names,
        "names_uncounted": _with_names_uncounted,
        "total": _total,
        "rounded": _rounded,
        "nothing": _nothing,
    },
    "questions": {"count": _count, "uncounted": _uncounted, "nothing": _nothing},
    "answered": {"could": _could, "possible": _possible, "all": _all, "nothing": _nothing},
    "promise": {"list": _share_list, "unattributed": _share_unattributed, "nothing": _nothing},
}
"""By sentence, the variants that a house may choose from (`house.<sentence>_by`)."""

INSTEAD: Final = {
    "shares": "total",
    "names": "total",
    "rounded": "total",
    "uncounted": "count",
    "could": "all",
    "possible": "all",
}
"""What is said where a variant is not supported; otherwise nothing. No figure takes the place of a
sentence that was chosen because it has none, but for the one question that cannot be hidden."""


def lead(facts: Facts, *, samples: int, house: House = HOUSE) -> str:
    """Leads over to so many sample questions; "" where there are none."""
    return _lead(facts.questions, samples, house)


def _lead(questions: int, samples: int, house: House) -> str:
    if not samples or not questions:
        return ""
    if _is_feedback(house):
        return house.feedback_sample if samples < questions else house.feedback_list
    if samples < questions:
        return house.sample
    return house.whole_list_of_one if questions == 1 else house.whole_list


def _is_feedback(house: House) -> bool:
    return house.subject == "feedback"


def _counted(phrase: str, facts: Facts, house: House, **words: str) -> str:
    kind = kind_of(facts, house)
    return sentence(
        filled(
            phrase,
            people=figure(facts.joined or 0, house, in_words=begins_with(phrase, "people")),
            questions=figure(facts.questions, house, in_words=begins_with(phrase, "questions")),
            kind=kind.noun,
            a_kind=kind.with_article,
            this_kind=kind.this,
            office=facts.office.short_name,
            agency=facts.agency.short_name,
            **words,
        )
    )
