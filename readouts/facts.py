"""The numbers and names that a readout states, and what of them may be published. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, get_args

from engagements.figures import MINIMUM_CATEGORY, MINIMUM_PEOPLE, CategoryKind, too_small

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


@dataclass(frozen=True)
class OfficeFacts:
    department: str
    department_short: str
    name: str
    short_name: str


@dataclass(frozen=True)
class AgencyFacts:
    name: str
    short_name: str


@dataclass(frozen=True)
class CategoryCount:
    """The people of a role category, with the words that a sentence about them uses."""

    noun_phrase: str
    verb: str
    people: int
    kind: CategoryKind = "ordinary"
    key: str = ""
    """Of the office's table; by it a wording in another language finds its own words."""

    def __post_init__(self) -> None:
        if self.people < 0:
            raise ValueError(f"{self.people} people in the category {self.noun_phrase!r}")
        if self.kind not in get_args(CategoryKind):
            raise ValueError(f"{self.kind!r} is not a kind of category")


@dataclass(frozen=True)
class DispositionCount:
    """What became of so many written questions; these add up to all of them."""

    key: str
    """"answered_live", "answered_in_writing", "forwarded", "open", "merged", or "dismissed."
    followed by the code of the reason."""
    questions: int
    words: str = ""
    """The reason of a dismissal, as the office's list has it."""

    def __post_init__(self) -> None:
        _check_questions(self.key, self.questions)


@dataclass(frozen=True)
class LabelCount:
    """Written questions with one label of the agenda; "" are those without."""

    name: str
    questions: int
    key: str = ""
    """Stays with the label when the agenda is put in another order; "none" of those without."""

    def __post_init__(self) -> None:
        _check_questions(self.name, self.questions)


@dataclass(frozen=True)
class SpeakerFacts:
    name: str
    title: str = ""
    organization: str = ""


@dataclass(frozen=True)
class Facts:
    """What a readout is made from. Raises ValueError when its numbers contradict each other."""

    office: OfficeFacts
    agency: AgencyFacts
    series: str
    title: str
    kind: str
    """A noun: "webinar", "listening session"."""
    about: str
    """Completes "… hosted a webinar about …", with its article."""
    held_on: date
    joined: int | None
    """Distinct people who were there; None when attendance is not known."""
    categories: tuple[CategoryCount, ...]
    """In the order of the office's table. They add up to `joined`, or are left out altogether."""
    questions: int
    """Written questions received by any channel, without withdrawn ones."""
    posts_presentation: bool
    speakers: tuple[SpeakerFacts, ...] = ()
    kind_key: str = ""
    """Of the kinds of engagements; by it a wording in another language finds its own noun."""
    registered: int | None = None
    no_shows: int | None = None
    peak: int | None = None
    """People at once, in the fullest five minutes."""
    mean_minutes: int | None = None
    median_minutes: int | None = None
    dispositions: tuple[DispositionCount, ...] = ()
    """They add up to `questions`, or are left out altogether."""
    labels: tuple[LabelCount, ...] = ()
    """In the order of the agenda. They add up to `questions`, or are left out altogether."""

    def __post_init__(self) -> None:
        for contradiction in _contradictions(self):
            raise ValueError(contradiction)

    @property
    def full_title(self) -> str:
        return f"{self.series}: {self.title}" if self.series else self.title

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {
            "held_on": self.held_on.isoformat(),
            "categories": [asdict(category) for category in self.categories],
            "speakers": [asdict(speaker) for speaker in self.speakers],
            "dispositions": [asdict(part) for part in self.dispositions],
            "labels": [asdict(part) for part in self.labels],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Facts:
        given: dict[str, Any] = {
            **data,
            "office": OfficeFacts(**data["office"]),
            "agency": AgencyFacts(**data["agency"]),
            "held_on": date.fromisoformat(data["held_on"]),
            "categories": tuple(CategoryCount(**entry) for entry in data["categories"]),
            "speakers": tuple(SpeakerFacts(**entry) for entry in data["speakers"]),
            "dispositions": tuple(
                DispositionCount(**entry) for entry in data.get("dispositions", ())
            ),
            "labels": tuple(LabelCount(**entry) for entry in data.get("labels", ())),
        }
        return cls(**given)


def publishable(
    facts: Facts,
    *,
    minimum_people: int = MINIMUM_PEOPLE,
    minimum_category: int = MINIMUM_CATEGORY,
) -> Facts:
    """The facts without figures small enough to point at a person (record 13).

    With fewer people than `minimum_people` the figures by category are left out. A category with
    some, but fewer than `minimum_category`, is counted with the *other* one, which is added where
    there is none. *Not stated* stays as it is: it tells nobody's role, and is never silently
    *other*. Where no role with people would remain, the figures are left out,
    because "everybody identified as other" would be untrue.
    """
    small = too_small(
        [(category.kind, category.people) for category in facts.categories],
        people=facts.joined or 0,
        minimum_people=minimum_people,
        minimum_category=minimum_category,
    )
    if facts.joined is None or small is None:
        return replace(facts, categories=())
    if not small:
        return facts
    kept = [one for place, one in enumerate(facts.categories) if place not in small]
    hidden = sum(facts.categories[place].people for place in small)
    return replace(facts, categories=_with_others(kept, hidden))


def _check_questions(part: str, questions: int) -> None:
    if questions < 0:
        raise ValueError(f"{questions} questions in {part!r}")


def _contradictions(facts: Facts) -> Iterator[str]:
    """In what the numbers contradict each other."""
    numbers = [facts.joined, facts.questions, facts.registered, facts.no_shows, facts.peak]
    numbers += [facts.mean_minutes, facts.median_minutes]
    if any(number is not None and number < 0 for number in numbers):
        yield f"fewer than nobody: {numbers} (joined first)"
    stated = sum(category.people for category in facts.categories)
    if facts.categories and stated != (facts.joined or 0):
        yield f"{facts.joined} people joined, {stated} are in categories"
    if facts.no_shows is not None and facts.no_shows > (facts.registered or 0):
        yield f"{facts.no_shows} no-shows of {facts.registered} registered people"
    if facts.peak is not None and facts.peak > (facts.joined or 0):
        yield f"{facts.joined} people joined, {facts.peak} of them at once"
    if (facts.mean_minutes is None) != (facts.median_minutes is None):
        yield f"{facts.mean_minutes} minutes on average, {facts.median_minutes} in the middle"
    for parts in (facts.dispositions, facts.labels):
        if parts and sum(part.questions for part in parts) != facts.questions:
            yield f"{facts.questions} questions, but not in {parts}"
    # A key that two figures have would leave open which of them counts.
    for keys in (
        [category.key for category in facts.categories if category.key],
        [part.key for part in facts.dispositions],
    ):
        doubled = {key for key in keys if keys.count(key) > 1}
        if doubled:
            yield f"counted twice: {sorted(doubled)}"


def _with_others(categories: Sequence[CategoryCount], people: int) -> tuple[CategoryCount, ...]:
    for i, category in enumerate(categories):
        if category.kind == "other":
            merged = replace(category, people=category.people + people)
            return (*categories[:i], merged, *categories[i + 1 :])
    return (*categories, CategoryCount("other", "identified as", people, "other"))
