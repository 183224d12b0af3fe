"""Where a number of a readout comes from, kept with it; and how shares are rounded. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from engagements.figures import MINIMUM_CATEGORY, shares

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


@dataclass(frozen=True)
class Exclusion:
    """So many are not counted in a number, and why."""

    reason: str
    count: int


@dataclass(frozen=True)
class Source:
    """A file, or a declaration of the office, from which something was counted."""

    name: str
    sha256: str = ""
    at: str = ""
    """When it came, as ISO 8601."""
    kind: str = ""
    """"list" of attendance, "report" of questions, "archive" or "declared"."""
    pk: int | None = None


@dataclass(frozen=True)
class Share:
    """People of one category among all who joined."""

    people: int
    joined: int
    exact: str
    """The percentage to four decimal places, cut off."""
    percent: int
    """As it is told: whole, by largest remainder."""


@dataclass(frozen=True)
class Provenance:
    """Of one number: what it means, and from what exactly it was counted."""

    key: str
    """The name of its token: "joined", "share.attorney", "disposition.open"."""
    label: str
    value: int | None
    """None when it is not known."""
    definition: str
    counted_from: str
    rows: int
    """So many rows of the database were counted."""
    counted_at: str
    """As ISO 8601."""
    digest: str
    """SHA-256 over the rows: a recount that gives another one counted something else."""
    exclusions: tuple[Exclusion, ...] = ()
    sources: tuple[Source, ...] = ()
    share: Share | None = None
    stated: bool = field(default=False)
    """Of a published one: the readout tells this number, so the public may read of it."""

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {
            "exclusions": [asdict(one) for one in self.exclusions],
            "sources": [asdict(one) for one in self.sources],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Provenance:
        given: dict[str, Any] = {
            **data,
            "exclusions": tuple(Exclusion(**one) for one in data["exclusions"]),
            "sources": tuple(Source(**one) for one in data["sources"]),
            "share": Share(**data["share"]) if data["share"] else None,
        }
        return cls(**given)


@dataclass(frozen=True)
class PublicExclusion:
    reason: str
    count: int | None
    """None: so few that no number is told."""


@dataclass(frozen=True)
class Rounded:
    """One part on its way from people to whole percents."""

    people: int
    exact: str
    whole: int
    """Percents without the fraction."""
    remainder: str
    """The fraction, to four decimal places, cut off."""
    has_point: bool
    """It is among those with the largest remainders, which get the points that are missing."""
    percent: int


def digest_of(rows: Iterable[object]) -> str:
    """Stands for exactly these rows, in this order."""
    return hashlib.sha256("\n".join(str(row) for row in rows).encode()).hexdigest()


def share(people: int, joined: int, percent: int) -> Share:
    return Share(people, joined, _decimal(Fraction(people * 100, joined or 1)), percent)


def rounding(people: Sequence[int]) -> list[Rounded]:
    """How `engagements.figures.shares` comes to its percents, part by part."""
    total = sum(people) or 1
    found = []
    for count, percent in zip(people, shares(people), strict=True):
        exact = Fraction(count * 100, total)
        whole = int(exact)
        found.append(
            Rounded(
                people=count,
                exact=_decimal(exact),
                whole=whole,
                remainder=_decimal(exact - whole),
                has_point=percent > whole,
                percent=percent,
            )
        )
    return found


def public_exclusions(entry: Provenance) -> list[PublicExclusion]:
    """As everybody may read them, on a page and in a file alike."""
    is_small = [one.count < MINIMUM_CATEGORY for one in entry.exclusions]
    # No-shows and who came make up the registered: of two parts, one would tell the other.
    is_all_hidden = entry.key == "no_shows" and any(is_small)
    return [
        PublicExclusion(one.reason, None if small or is_all_hidden else one.count)
        for one, small in zip(entry.exclusions, is_small, strict=True)
    ]


def by_key(entries: Iterable[Provenance]) -> dict[str, Provenance]:
    return {entry.key: entry for entry in entries}


def _decimal(number: Fraction) -> str:
    whole, rest = divmod(number.numerator * 10_000 // number.denominator, 10_000)
    return f"{whole}.{rest:04d}"
