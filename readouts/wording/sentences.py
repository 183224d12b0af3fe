"""Sentences from facts, in the house wording. What the numbers do not support is not said. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engagements.figures import shares
from readouts.wording.house import HOUSE, CategoryWords, House, KindWords, filled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from readouts.facts import CategoryCount, Facts, SpeakerFacts

_PLACES: Final = {"ordinary": 0, "other": 1, "not_stated": 2}


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
    "begins_with_figure",
    "no_questions",
    "one_question",
    "none_answered",
    "answers_unknown",
    "some_unanswered",
    "no_presentation",
)


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
    office, kind = facts.office, _kind(facts, house)
    return filled(
        house.opening,
        date=house.dated(facts.held_on),
        department=_with_short(office.department, office.department_short),
        departments=_with_short(_possessive(office.department), office.department_short),
        office=_with_short(office.name, office.short_name),
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
        this_kind=_kind(facts, house).this,
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


def stated_number(figure: int, *, house: House = HOUSE, in_words: bool = False) -> str:
    """A figure inside a sentence; in words only as far as the house has them."""
    return _figure(figure, house, in_words=in_words)


def stated_share(
    people: int, joined: int, percent: int, *, house: House = HOUSE, in_words: bool = False
) -> str:
    """A share inside a sentence."""
    if not people:
        return filled(house.exactly, share=_percent(0, house, in_words=in_words))
    return _share(people, joined, percent, house, in_words=in_words)


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
    present = _present(facts, percents)
    first, *others = present
    in_words = _begins_with(house.first_share, "share")
    clauses = [_clause(house.first_share, first, facts, house, in_words=in_words)]
    clauses += [_clause(house.next_share, pair, facts, house) for pair in others]
    sentence = _enumerated(clauses, house.between_shares, house.before_last_share)
    return f"{_sentence(sentence)}."


def _names(facts: Facts, house: House) -> str:
    """The roles that somebody had, those of *other* as others; who did not say is not named."""
    present = [one for one, _ in _present(facts, [0] * len(facts.categories))]
    roles = [_words(one, house).noun_phrase for one in present if one.kind == "ordinary"]
    if not roles:
        raise Unsupported("no_categories")
    if any(one.kind == "other" for one in present):
        roles.append(house.others)
    return _enumerated(roles, house.between_names, house.before_last_name)


def _present(facts: Facts, percents: list[int]) -> list[tuple[CategoryCount, int]]:
    """The categories with people, the largest first, *other* and *not stated* last."""
    if facts.joined is None:
        raise Unsupported("attendance_unknown")
    if facts.joined < 2:
        raise Unsupported("one_person" if facts.joined else "nobody")
    present = [pair for pair in zip(facts.categories, percents, strict=True) if pair[0].people]
    if not present:
        raise Unsupported("no_categories")
    return sorted(present, key=lambda pair: (_PLACES[pair[0].kind], -pair[0].people))


def _clause(
    phrase: str,
    pair: tuple[CategoryCount, int],
    facts: Facts,
    house: House,
    *,
    in_words: bool = False,
) -> str:
    category, percent = pair
    words = _words(category, house)
    share = _share(category.people, facts.joined or 0, percent, house, in_words=in_words)
    return filled(phrase, share=share, verb=words.verb, noun_phrase=words.noun_phrase)


def _share(people: int, joined: int, percent: int, house: House, *, in_words: bool) -> str:
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
    return _sentence(house.no_feedback if _is_feedback(house) else house.no_question)


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
    "uncounted": "count",
    "could": "all",
    "possible": "all",
}
"""What is said where a variant is not supported; otherwise nothing. No figure takes the place of a
sentence that was chosen because it has none, but for the one question that cannot be hidden."""


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
    kind = _kind(facts, house)
    return _sentence(
        filled(
            phrase,
            people=_figure(facts.joined or 0, house, in_words=_begins_with(phrase, "people")),
            questions=_figure(facts.questions, house, in_words=_begins_with(phrase, "questions")),
            kind=kind.noun,
            a_kind=kind.with_article,
            this_kind=kind.this,
            office=facts.office.short_name,
            agency=facts.agency.short_name,
            **words,
        )
    )


def _figure(number: int, house: House, *, in_words: bool) -> str:
    below = len(house.number_words) if in_words else 10 if house.numbers_by == "below_ten" else 0
    if number < below:
        return house.number_words[number]
    return f"{number:,}".replace(",", house.thousands)


def _begins_with(phrase: str, word: str) -> bool:
    return phrase.lstrip().startswith((f"${word}", f"${{{word}}}"))


def _sentence(words: str) -> str:
    if words[:1].isdigit():
        raise Unsupported("begins_with_figure")
    return words[:1].upper() + words[1:]


def _kind(facts: Facts, house: House) -> KindWords:
    found = house.kinds.get(facts.kind_key)
    return found or KindWords(facts.kind, _with_article(facts.kind), f"this {facts.kind}")


def _words(category: CategoryCount, house: House) -> CategoryWords:
    own = house.categories.get(category.key) or house.categories.get(category.kind)
    return own or CategoryWords(category.noun_phrase, category.verb)


def _with_article(kind: str) -> str:
    """By sound, as far as the kinds of engagements need it."""
    is_vowel = kind.lower().startswith(("a", "e", "i", "o", "hour"))
    return f"{'an' if is_vowel else 'a'} {kind}"


def _enumerated(parts: list[str], between: str, before_last: str) -> str:
    *before, last = parts
    return between.join(before) + before_last + last if before else last


def _with_short(name: str, short: str) -> str:
    return f"{name} ({short})" if short else name


def _possessive(name: str) -> str:
    return f"{name}'" if name.casefold().endswith("s") else f"{name}'s"
