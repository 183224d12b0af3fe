"""Entries to people: each once, with the devices and the times of coming back merged."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final, TypeVar

from django.utils.translation import gettext as _

from engagements.files.attendance import moments, names
from engagements.files.attendance.document import HOSTS, PANELISTS, VISITS
from engagements.files.attendance.entries import Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import timedelta

    from engagements.files.attendance.entries import Entry

Interval = tuple[datetime, datetime]
Value = TypeVar("Value")

ROUNDING: Final = 60
"""Platforms round a duration up to the minute; only what is shorter by more tells of a gap."""


@dataclass(slots=True)
class Person:
    """`why` is empty for who counts, else host, panelist, staff, speaker, test or absent.

    `seconds` is None where the intervals tell how long the person was there.
    """

    row: int
    name: str
    email: str
    email_key: str
    phone: str
    id: str
    stated: str
    rows: int
    why: str = ""
    intervals: list[Interval] = field(default_factory=list)
    seconds: int | None = None
    names: set[str] = field(default_factory=set)
    is_attendee: bool = False

    @property
    def presence(self) -> int:
        """Seconds."""
        if self.seconds is not None:
            return self.seconds
        return sum(round((left - joined).total_seconds()) for joined, left in self.intervals)

    def is_outside(self, first: datetime, last: datetime) -> bool:
        """Times are known, and none of them lies in there."""
        return bool(self.intervals) and not any(
            left >= first and joined <= last for joined, left in self.intervals
        )


def people_of(
    entries: Iterable[Entry], *, staff: Collection[str] = (), speakers: Collection[str] = ()
) -> list[Person]:
    """The people in the order of the file. The order of its rows changes nobody's count or time.

    One person is who has one e-mail address; without one, one phone number, one id of the platform,
    or one name of the file that is not another person's too. `staff` are addresses as `email_key`
    makes them, `speakers` names as `name_key` does.
    """
    grouped = _grouped(sorted(entries, key=lambda entry: entry.row))
    people = [_person(group) for group in grouped]
    for person in people:
        person.why = person.why or _why(person, staff, speakers)
    return sorted(people, key=lambda person: person.row)


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """Without overlaps, in order of time; what touches is one."""
    found: list[Interval] = []
    for joined, left in sorted(intervals):
        if found and joined <= found[-1][1]:
            found[-1] = (found[-1][0], max(left, found[-1][1]))
        else:
            found.append((joined, left))
    return found


def problems_of(
    people: Iterable[Person], *, starts: datetime, ends: datetime, margin: timedelta
) -> list[Problem]:
    """People who cannot have been there: all their time lies outside the engagement."""
    found = []
    for person in people:
        if person.is_outside(starts - margin, ends + margin):
            sentence = _("The person was there at another time than the engagement.")
            found.append(Problem(person.row, "outside", sentence))
        elif person.intervals and not person.presence:
            found.append(
                Problem(person.row, "moment", _("The person left in the moment of joining."))
            )
    return found


def _grouped(entries: list[Entry]) -> list[list[Entry]]:
    groups: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
    addresses = _only((entry.id, entry.email_key) for entry in entries)
    by_name_only = []
    for entry in entries:
        if entry.email_key:
            groups["email", entry.email_key].append(entry)
        elif phone := names.phone_key(entry.phone):
            groups["phone", phone].append(entry)
        elif entry.id in addresses:
            groups["email", addresses[entry.id]].append(entry)
        elif entry.id:
            groups["id", entry.id].append(entry)
        else:
            by_name_only.append(entry)
    owners = _only(
        (names.name_key(entry.name), key) for key, group in groups.items() for entry in group
    )
    for entry in by_name_only:
        name = names.name_key(entry.name)
        if names.is_nobody(entry.name) or not name:
            groups["row", str(entry.row)].append(entry)
        else:
            groups[owners.get(name, ("name", name))].append(entry)
    return list(groups.values())


def _only(pairs: Iterable[tuple[str, Value]]) -> dict[str, Value]:
    """What each key stands for, if it stands for one thing."""
    found: defaultdict[str, set[Value]] = defaultdict(set)
    for key, value in pairs:
        if key and value:
            found[key].add(value)
    return {key: next(iter(values)) for key, values in found.items() if len(values) == 1}


def _person(group: list[Entry]) -> Person:
    first = group[0]
    person = Person(
        row=first.row,
        name=_first(entry.name for entry in group),
        email=_first(entry.email for entry in group),
        email_key=_first(entry.email_key for entry in group),
        phone=_first(entry.phone for entry in group),
        id=_first(entry.id for entry in group),
        stated=_stated(group),
        rows=len(group),
        names={entry.name for entry in group if entry.name},
    )
    kinds = {entry.kind for entry in group}
    present = [entry for entry in group if entry.attended is not False]
    person.is_attendee = any(entry.kind not in {HOSTS, PANELISTS} for entry in present)
    if HOSTS in kinds:
        person.why = "host"
    elif PANELISTS in kinds:
        person.why = "panelist"
    elif not _came(present):
        person.why = "absent"
    _set_presence(person, present)
    return person


def _came(present: list[Entry]) -> bool:
    return any(
        entry.attended or entry.joined is not None or entry.seconds or entry.seconds is None
        for entry in present
    )


def _set_presence(person: Person, present: list[Entry]) -> None:
    """Single visits tell more than a summary of first and last; times more than minutes."""
    visits = [entry for entry in present if entry.kind == VISITS]
    telling = [entry for entry in visits or present if entry.joined and entry.left]
    person.intervals = merged(
        (entry.joined, entry.left) for entry in telling if entry.joined and entry.left
    )
    minutes = [entry.seconds for entry in present if entry.seconds is not None]
    if not telling:
        person.seconds = min(sum(minutes), moments.LONGEST_STAY) if minutes else None
    elif any(_has_gap(entry) for entry in telling):
        lasting = sum(entry.seconds or 0 for entry in telling)
        person.seconds = min(person.presence, lasting)


def _has_gap(entry: Entry) -> bool:
    """First joining and last leaving with less time than lies between them."""
    if entry.seconds is None or entry.joined is None or entry.left is None or entry.is_open:
        return False
    return entry.seconds + ROUNDING < (entry.left - entry.joined).total_seconds()


def _stated(group: list[Entry]) -> str:
    """What most rows state; of as many, what comes first in the alphabet, whatever their order."""
    said = Counter(entry.stated for entry in group if entry.stated)
    return min(said, key=lambda value: (-said[value], value), default="")


def _first(texts: Iterable[str]) -> str:
    return next((text for text in texts if text), "")


def _why(person: Person, staff: Collection[str], speakers: Collection[str]) -> str:
    if person.email_key and person.email_key in staff:
        return "staff"
    if any(names.name_key(name) in speakers for name in person.names):
        return "speaker"
    if person.names and all(names.is_test(name) for name in person.names):
        return "test"
    return ""
