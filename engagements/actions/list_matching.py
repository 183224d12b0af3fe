"""Finds people of a list among those who registered: by e-mail address, then by name."""

from __future__ import annotations

from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from rapidfuzz import fuzz, process

from engagements.files.addresses import email_key
from engagements.files.attendance.names import is_nobody, name_key
from engagements.models import ListedPerson, Registration, RoleCategory
from engagements.refusals import Refused

if TYPE_CHECKING:
    from engagements.files.attendance import Person
    from engagements.models import Engagement

Match = ListedPerson.Match
Counted = Registration.Counted
Exclusion = ListedPerson.Exclusion

ALIKE: Final = 85
"""Of 100: names that are so much alike may be the same person, and somebody should look."""

MOST_CANDIDATES: Final = 5
SHORTEST_TOKEN: Final = 2

_EXCLUSIONS: Final = {
    Counted.STAFF: Exclusion.STAFF,
    Counted.SPEAKER: Exclusion.SPEAKER,
    Counted.TEST: Exclusion.TEST,
}


class Registrant(NamedTuple):
    pk: int
    name: str
    email: str
    key: str
    category: int
    exclusion: str


class Found(NamedTuple):
    registration: int | None = None
    match: str = Match.NONE
    is_doubtful: bool = False


@dataclass
class Registrants:
    """Everybody who registered, whatever became of it, in indexes to be found by."""

    by_pk: dict[int, Registrant]
    categories: dict[str, int]
    not_stated: int
    by_email: dict[str, int] = field(default_factory=dict)
    by_name: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_token: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    taken: set[int] = field(default_factory=set)
    """Whom an address of the same list has found; a name finds somebody else."""

    def find(self, person: Person) -> Found:
        """By address; else by the same name, if one registrant has it; alike names are doubtful."""
        if pk := self.by_email.get(person.email_key):
            return Found(pk, Match.EMAIL)
        if is_nobody(person.name):
            return Found()
        same = [pk for pk in self.by_name.get(name_key(person.name), ()) if pk not in self.taken]
        if len(same) == 1:
            return Found(same[0], Match.NAME)
        return Found(is_doubtful=bool(same) or bool(self.alike(person.name, 1)))

    def alike(self, name: str, number: int = MOST_CANDIDATES) -> list[tuple[int, int]]:
        """Registrants with names like this, the most alike first, each with how much of 100."""
        key = name_key(name)
        names = {found for token in _tokens(key) for found in self.by_token.get(token, ())}
        ranked = process.extract(
            key, sorted(names), scorer=fuzz.ratio, score_cutoff=ALIKE, limit=number
        )
        return [
            (pk, round(score))
            for found, score, _at in ranked
            for pk in self.by_name[found]
            if pk not in self.taken
        ][:number]

    def category(self, key: str, registration: int | None) -> int:
        """What the file states, else what the registrant did, else *not stated*."""
        if key in self.categories:
            return self.categories[key]
        return self.by_pk[registration].category if registration else self.not_stated


def registrants_of(engagement: Engagement, *, taken: set[int] | None = None) -> Registrants:
    registrants = {
        pk: Registrant(pk, name, email, key or "", category, _EXCLUSIONS.get(Counted(counted), ""))
        for pk, name, email, key, category, counted in engagement.registrations.order_by(
            "pk"
        ).values_list("pk", "name", "email", "email_key", "category", "counted")
    }
    categories = dict(RoleCategory.objects.values_list("key", "pk"))
    not_stated = RoleCategory.objects.filter(kind=RoleCategory.Kind.NOT_STATED)
    found = Registrants(registrants, categories, not_stated.values_list("pk", flat=True)[0])
    found.taken |= taken or set()
    for registrant in registrants.values():
        key = name_key(registrant.name)
        if registrant.key:
            found.by_email[registrant.key] = registrant.pk
        if key:
            found.by_name[key].append(registrant.pk)
    tokens = Counter(token for key in found.by_name for token in set(_tokens(key)))
    # A word that very many names share finds too many to compare, and tells little.
    common = max(200, len(found.by_name) // 50)
    for key in found.by_name:
        for token in _tokens(key):
            if tokens[token] <= common:
                found.by_token[token].add(key)
    return found


def key_of(email: str) -> str:
    """As `email_key`, and "" for what is none."""
    with suppress(Refused):
        return email_key(email)
    return ""


def _tokens(key: str) -> list[str]:
    """What two names may share if they are alike: words, and the letters they begin with."""
    words = [word for word in key.split() if len(word) >= SHORTEST_TOKEN]
    return [*words, "=" + "".join(sorted(word[0] for word in words))] if words else []
