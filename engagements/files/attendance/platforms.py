"""Which platform wrote a file, how sure that is, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import ParseError, fromstring  # type: ignore[import-untyped]
from django.utils.translation import gettext as _

from engagements.files.attendance import grid, headings
from engagements.files.attendance.document import (
    ATTENDEES,
    HOSTS,
    IGNORED,
    MOST_COLUMNS,
    MOST_ROWS,
    PANELISTS,
    Document,
    Table,
    Unreadable,
)
from engagements.files.attendance.sections import Sections, facts_of, sections_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ZOOM, TEAMS, TEAMS_LIVE = "zoom", "teams", "teams_live"
ADOBE_CONNECT, GOTOWEBINAR, OTHER = "adobe_connect", "gotowebinar", "other"

SURE: Final = "sure"
LIKELY: Final = "likely"
UNKNOWN: Final = "unknown"

WRONG_REPORTS: Final = frozenset(
    "q a report,registration report,poll report,survey report,performance report".split(",")
)
ZOOM_HEADINGS: Final = frozenset(
    "time in session (minutes),user name (original name),name (original name),user email".split(",")
)
TEAMS_HEADINGS: Final = frozenset(
    "participant id (upn),in meeting duration,first join,last leave".split(",")
)
GOTO_HEADINGS: Final = frozenset(["interest rating", "in session duration", "unsubscribed"])
LIVE_HEADINGS: Final = frozenset(["utceventtimestamp", "action"])


def recognize(content: bytes) -> Document:
    """The file, opened and recognized. Raises Unreadable with a sentence for whoever sent it."""
    grid.check_size(content)
    start = content[:200].lstrip(b"\xef\xbb\xbf \r\n\t")
    if start.startswith((b"<?xml", b"<results")):
        document = _of_xml(content)
    else:
        document = _of_sheets(content)
    if not document.rows:
        raise Unreadable("no_rows", _("The file lists nobody."))
    if document.rows > MOST_ROWS:
        raise Unreadable("too_many_rows", _("The file has more than 100,000 rows."))
    return document


def _of_sheets(content: bytes) -> Document:
    parts = [sections_of(lines) for _name, lines in grid.sheets_of(content)]
    found = Sections(
        [table for part in parts for table in part.tables],
        [row for part in parts for row in part.preamble],
        [number for part in parts for number in part.numbers],
    )
    if found.preamble and headings.plain(found.preamble[0][0]) in WRONG_REPORTS:
        raise Unreadable(
            "wrong_report",
            _("This is another report of the platform: it does not tell who came. "
              "Please download the attendee report."),
        )  # fmt: skip
    platform, confidence, reason = _platform(found)
    facts = facts_of(found.preamble, in_pairs=platform == GOTOWEBINAR)
    zone = "UTC" if platform == TEAMS_LIVE else ""
    return Document(platform, confidence, reason, _tables(platform, found), facts, zone)


def _platform(found: Sections) -> tuple[str, str, str]:
    names = {headings.plain(name) for table in found.tables for name in table.headings}
    numbers = set(found.numbers)
    kinds = {table.kind for table in found.tables}
    signs = [
        (
            names >= LIVE_HEADINGS,
            (TEAMS_LIVE, SURE, _("Each row says “Joined” or “Left”, with a time in UTC.")),
        ),
        (
            {2, 3} <= numbers or (2 in numbers and names & TEAMS_HEADINGS),
            (TEAMS, SURE, _("It has the numbered sections of a Teams attendance report.")),
        ),
        (
            names & GOTO_HEADINGS and "attended" in names,
            (GOTOWEBINAR, SURE, _("It has the columns of a GoToWebinar attendee report.")),
        ),
        (
            {HOSTS, PANELISTS} & kinds,
            (ZOOM, SURE, _("It has the stacked tables of a Zoom attendee report.")),
        ),
        (names & ZOOM_HEADINGS, (ZOOM, LIKELY, _("It has columns that Zoom writes."))),
        (names & TEAMS_HEADINGS, (TEAMS, LIKELY, _("It has columns that Microsoft Teams writes."))),
        (
            any(any(table.meanings) for table in found.tables),
            (OTHER, UNKNOWN, _("Its columns are known, but no platform that writes them so.")),
        ),
    ]
    unknown = (OTHER, UNKNOWN, _("Nothing in it tells which platform wrote it."))
    return next((told for applies, told in signs if applies), unknown)


def _tables(platform: str, found: Sections) -> list[Table]:
    tables = _joined(table for table in found.tables if table.kind != IGNORED)
    if sum(len(table.headings) for table in tables) > MOST_COLUMNS:
        raise Unreadable("too_many_columns", _("The tables of the file have too many columns."))
    if platform == TEAMS_LIVE:
        return [_of_events(table) for table in tables]
    if platform == TEAMS:
        return tables
    return [_with_roles_as_categories(table) for table in tables]


def _joined(tables: Iterable[Table]) -> list[Table]:
    """One table for those that have the same headings, as of several files pasted together."""
    found: dict[tuple[str, str, tuple[str, ...]], Table] = {}
    for table in tables:
        if table.lines:
            known = found.setdefault((table.kind, table.title, tuple(table.headings)), table)
            if known is not table:
                known.lines.extend(table.lines)
    return list(found.values())


def _with_roles_as_categories(table: Table) -> Table:
    """Only Teams writes who presents into a column; elsewhere a role is what people said."""
    if headings.CATEGORY in table.meanings:
        return table
    meanings = [
        headings.CATEGORY if meaning == headings.ROLE else meaning for meaning in table.meanings
    ]
    return Table(table.kind, table.title, table.headings, meanings, table.lines)


def _of_events(table: Table) -> Table:
    """The participant is an address where somebody signed in; the session tells the rest apart."""
    meant = {"sessionid": headings.ID, "participantid": headings.EMAIL, "fullname": headings.NAME}
    meanings = [
        meant.get(headings.plain(name), meaning)
        for name, meaning in zip(table.headings, table.meanings, strict=True)
    ]
    return Table(table.kind, table.title, table.headings, meanings, table.lines)


def _of_xml(content: bytes) -> Document:
    try:
        root = fromstring(content, forbid_dtd=True)
    except DefusedXmlException as error:
        raise Unreadable("xml", _("The file has XML that is not safe to read.")) from error
    except (ParseError, ValueError, LookupError) as error:
        raise Unreadable("xml", _("The file is no XML that can be read.")) from error
    rows = [_cells(row) for row in root.iter("row")]
    if not rows:
        raise Unreadable("xml", _("The file is XML, but not an attendance report."))
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [
        (number, [row.get(name, "") for name in names]) for number, row in enumerate(rows, start=1)
    ]
    table = Table(ATTENDEES, "", names, [_ADOBE.get(name, "") for name in names], lines)
    is_adobe = root.find(".//report-meeting-attendance") is not None
    if is_adobe:
        reason = _("It is the XML of the meeting attendance report.")
        return Document(ADOBE_CONNECT, SURE, reason, [table])
    return Document(OTHER, UNKNOWN, _("It is XML with one element per row."), [table])


_ADOBE: Final = {
    "login": headings.EMAIL,
    "principal-id": headings.ID,
    "participant-name": headings.NAME,
    "date-created": headings.JOINED,
    "date-end": headings.LEFT,
}


def _cells(row: object) -> dict[str, str]:
    return {name: text.strip() for name, text in _named_texts(row)}


def _named_texts(row: object) -> Iterator[tuple[str, str]]:
    yield from row.attrib.items()  # type: ignore[attr-defined]
    for child in row:  # type: ignore[attr-defined]
        yield str(child.tag), child.text or ""
