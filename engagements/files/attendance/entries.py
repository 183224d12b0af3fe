"""Rows of the tables to entries: who, from when to when, as what. One entry per row that tells."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from engagements.files.addresses import email_key
from engagements.files.attendance import headings, moments, names
from engagements.files.attendance.document import (
    ATTENDEES,
    HOSTS,
    IGNORED,
    OTHERS,
    PANELISTS,
)
from engagements.files.text import clean_line
from engagements.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from engagements.files.attendance.document import Document, Table

LONGEST_STATED: Final = 200
FAR: Final = timedelta(days=1)
"""What is farther from the engagement than this is no late guest: it is of another day."""

LONGEST_SHOWN: Final = 40

YES: Final = frozenset("yes y true 1 si ja oui sim x attended".split())
NO: Final = frozenset("no n false 0 nein non nao".split())
JOINED: Final = frozenset("joined se unio beigetreten a rejoint entrou ingressou".split())

_ROLES: Final = {
    "organizer": HOSTS, "organizador": HOSTS, "organizadora": HOSTS, "organisator": HOSTS,
    "organisatrice": HOSTS, "organisateur": HOSTS, "host": HOSTS, "co organizer": HOSTS,
    "co host": HOSTS, "alternative host": HOSTS, "anfitrion": HOSTS, "gastgeber": HOSTS,
    "hote": HOSTS, "anfitriao": HOSTS, "producer": HOSTS,
    "presenter": PANELISTS, "panelist": PANELISTS, "moderador": PANELISTS,
    "presentador": PANELISTS, "referent": PANELISTS, "prasentator": PANELISTS,
    "presentateur": PANELISTS, "intervenant": PANELISTS, "apresentador": PANELISTS,
    "attendee": ATTENDEES, "asistente": ATTENDEES, "teilnehmer": ATTENDEES,
    "participant": ATTENDEES, "participante": ATTENDEES,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choices:
    """How the tables are to be read: for each its kind, and a meaning for each column.

    `order` of day and month, where a date can be read in two ways. `zone` for times that name
    none, `day` for those without a date, `end` for who never left. From `start` to `end` the
    engagement lasts; without a `start` nothing is told to be of another time.
    """

    kinds: list[str]
    columns: list[list[str]]
    zone: ZoneInfo
    day: date
    end: datetime
    order: str = ""
    start: datetime | None = None

    def is_far(self, at: datetime) -> bool:
        if self.start is None:
            return False
        return not self.start - FAR <= at <= max(self.start, self.end) + FAR


@dataclass(frozen=True, slots=True)
class Problem:
    """`row` of the file; 0 when it is about all of it."""

    row: int
    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One row. `attended` is None where the file does not say."""

    row: int
    kind: str
    name: str = ""
    email: str = ""
    email_key: str = ""
    phone: str = ""
    id: str = ""
    joined: datetime | None = None
    left: datetime | None = None
    seconds: int | None = None
    attended: bool | None = None
    stated: str = ""
    is_open: bool = False


def moments_in(document: Document, columns: list[list[str]]) -> Iterator[str]:
    """Every text that is to be read as a moment."""
    wanted = {headings.JOINED, headings.LEFT, headings.MOMENT}
    for table, meanings in zip(document.tables, columns, strict=True):
        places = [at for at, meaning in enumerate(meanings) if meaning in wanted]
        for _row, cells in table.lines:
            yield from (cells[at] for at in places if at < len(cells) and cells[at])


def values_in(document: Document, columns: list[list[str]], kinds: list[str]) -> dict[str, int]:
    """What stands in the column of the category, with the rows that say so."""
    found: defaultdict[str, int] = defaultdict(int)
    for table, meanings, kind in zip(document.tables, columns, kinds, strict=True):
        if headings.CATEGORY in meanings and kind != IGNORED:
            at = meanings.index(headings.CATEGORY)
            for _row, cells in table.lines:
                if value := stated(cells[at] if at < len(cells) else ""):
                    found[value] += 1
    return dict(found)


def stated(text: str) -> str:
    return "" if moments.is_nothing(text) else clean_line(text)[:LONGEST_STATED]


def entries_of(document: Document, choices: Choices) -> tuple[list[Entry], list[Problem]]:
    """The entries in the order of the file, and what was found wrong with single rows."""
    entries: list[Entry] = []
    problems: list[Problem] = []
    for table, kind, meanings in zip(document.tables, choices.kinds, choices.columns, strict=True):
        if kind == IGNORED:
            continue
        reader = _Reader(kind, meanings, choices, problems)
        if headings.MOMENT in meanings and headings.ACTION in meanings:
            entries += reader.visits(table)
        else:
            entries += reader.entries(table)
    return entries, problems


@dataclass
class _Reader:
    kind: str
    meanings: list[str]
    choices: Choices
    problems: list[Problem]
    _roles_only_presenters: bool = field(default=False, init=False)

    def entries(self, table: Table) -> Iterator[Entry]:
        self._look_at_roles(table)
        for row, cells in table.lines:
            if entry := self._entry(row, cells):
                yield entry

    def visits(self, table: Table) -> Iterator[Entry]:
        """Events to visits: each joining ends with the next leaving of the same session."""
        self._look_at_roles(table)
        events: defaultdict[str, list[tuple[datetime, int, bool, Entry]]] = defaultdict(list)
        for row, cells in table.lines:
            entry = self._entry(row, cells)
            told = self._told(cells)
            if entry is None:
                continue
            at = self._moment(row, told.get(headings.MOMENT, ""))
            if at is not None:
                is_joining = headings.plain(told.get(headings.ACTION, "")) in JOINED
                key = entry.id or entry.email_key or entry.name
                events[key].append((at, row, is_joining, entry))
        for found in events.values():
            yield from self._paired(sorted(found, key=lambda event: (event[0], not event[2])))

    def _paired(self, events: list[tuple[datetime, int, bool, Entry]]) -> Iterator[Entry]:
        waiting: list[Entry] = []
        for at, row, is_joining, entry in events:
            if is_joining:
                waiting.append(replace(entry, joined=at))
            elif waiting:
                visit = replace(waiting.pop(0), left=at)
                self._look_at_time(visit.row, visit.joined or at, at)
                yield visit
            else:
                self._tell(row, "left_only", _("The row tells of leaving, and no row of joining."))
                yield replace(entry, joined=at, left=at)
        for entry in waiting:
            yield self._open(entry)

    def _entry(self, row: int, cells: list[str]) -> Entry | None:
        told = self._told(cells)
        entry = self._who(row, told)
        if not (entry.name or entry.email_key or entry.phone or entry.id):
            if any(not moments.is_nothing(text) for text in told.values()):
                self._tell(row, "nobody", _("The row names nobody. It is left out."))
            return None
        attended = _yes_or_no(told.get(headings.ATTENDED, ""))
        entry = replace(
            entry,
            attended=attended,
            seconds=self._seconds(row, told.get(headings.DURATION, "")),
            stated=stated(told.get(headings.CATEGORY, "")),
        )
        return entry if attended is False else self._timed(entry, told)

    def _who(self, row: int, told: dict[str, str]) -> Entry:
        email = _given(told, headings.EMAIL)
        name = names.shown_name(_given(told, headings.NAME))
        parts = [told.get(part, "") for part in (headings.FIRST_NAME, headings.LAST_NAME)]
        if whole := names.shown_name(" ".join(part for part in parts if part not in {"NA", "--"})):
            name = whole
        key = self._email_key(row, email)
        return Entry(
            row=row,
            kind=self._kind(told),
            name=name or names.shown_name(email),
            email=clean_line(email)[: names.LONGEST] if key else "",
            email_key=key,
            phone=self._phone(told, name),
            id=_given(told, headings.ID)[: names.LONGEST] or ("" if key else email),
        )

    def _phone(self, told: dict[str, str], name: str) -> str:
        """Only a number that joined counts as one; another one may be a whole office's."""
        phone = names.phone_in(name) or (
            _given(told, headings.PHONE) if self.kind == OTHERS or not name else ""
        )
        return clean_line(phone)[:LONGEST_SHOWN]

    def _email_key(self, row: int, email: str) -> str:
        if "@" not in email:
            return ""
        try:
            return email_key(email)
        except Refused as refused:
            self._tell(row, "address", str(refused.message))
            return ""

    def _kind(self, told: dict[str, str]) -> str:
        if self.kind in {HOSTS, PANELISTS}:
            return self.kind
        role = _ROLES.get(headings.plain(told.get(headings.ROLE, "")), "")
        if role == PANELISTS and self._roles_only_presenters:
            return self.kind
        return role if role in {HOSTS, PANELISTS} else self.kind

    def _look_at_roles(self, table: Table) -> None:
        """Where everybody but the host presents, presenting tells nothing of a person."""
        if headings.ROLE not in self.meanings:
            return
        at = self.meanings.index(headings.ROLE)
        roles = {
            _ROLES.get(headings.plain(cells[at]), "")
            for _row, cells in table.lines
            if at < len(cells)
        }
        self._roles_only_presenters = ATTENDEES not in roles

    def _timed(self, entry: Entry, told: dict[str, str]) -> Entry:
        joined = self._moment(entry.row, told.get(headings.JOINED, ""))
        left = self._moment(entry.row, told.get(headings.LEFT, ""))
        if joined is None:
            return entry
        entry = replace(entry, joined=joined, left=left)
        if left is None:
            return self._open(entry)
        self._look_at_time(entry.row, joined, left)
        if left < joined:
            self._tell(
                entry.row,
                "backwards",
                _("The row has somebody leave before joining: no time counts."),
            )
            return replace(entry, left=joined)
        return entry

    def _look_at_time(self, row: int, joined: datetime, left: datetime) -> None:
        if self.choices.is_far(joined) or self.choices.is_far(left):
            self._tell(
                row, "far", _("The row is at another time than the engagement, by more than a day.")
            )

    def _open(self, entry: Entry) -> Entry:
        """Who came on another day cannot have stayed to the end of this one."""
        assert entry.joined is not None
        if self.choices.is_far(entry.joined):
            self._look_at_time(entry.row, entry.joined, entry.joined)
            return replace(entry, left=entry.joined, is_open=True)
        self._tell(
            entry.row,
            "open",
            _("The row has no time of leaving: the person is taken to have stayed to the end."),
        )
        return replace(entry, left=max(entry.joined, self.choices.end), is_open=True)

    def _moment(self, row: int, text: str) -> datetime | None:
        if moments.is_nothing(text):
            return None
        at = moments.moment(
            text, order=self.choices.order, zone=self.choices.zone, day=self.choices.day
        )
        if at is None:
            self._tell(
                row,
                "time",
                _("“%(text)s” cannot be read as a time.") % {"text": text[:LONGEST_SHOWN]},
            )
        return at

    def _seconds(self, row: int, text: str) -> int | None:
        if moments.is_nothing(text):
            return None
        seconds = moments.seconds_of(text)
        if seconds is None:
            self._tell(
                row,
                "duration",
                _("“%(text)s” cannot be read as a duration.") % {"text": text[:LONGEST_SHOWN]},
            )
        return seconds

    def _told(self, cells: list[str]) -> dict[str, str]:
        """The cells by their meaning; of several with one meaning the first that is filled."""
        told: dict[str, str] = {}
        for meaning, cell in zip(self.meanings, cells, strict=False):
            if meaning and not told.get(meaning):
                told[meaning] = cell
        return told

    def _tell(self, row: int, code: str, sentence: str) -> None:
        self.problems.append(Problem(row, code, sentence))


def _given(told: dict[str, str], meaning: str) -> str:
    text = told.get(meaning, "")
    if text in {"--", "NA", "N/A"}:
        return ""
    is_clean = text.isascii() and text.isprintable() and "  " not in text
    return text if is_clean else clean_line(text)


def _yes_or_no(text: str) -> bool | None:
    plain = headings.plain(text)
    return True if plain in YES else (False if plain in NO else None)
