"""Rows to the tables that stand in one file one under the other, and what stands around them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from engagements.files.attendance import headings
from engagements.files.attendance.document import ATTENDEES, IGNORED, VISITS, Table

if TYPE_CHECKING:
    from engagements.files.attendance.document import Line

BY_NUMBER: Final = {1: IGNORED, 2: ATTENDEES, 3: VISITS}
"""What the numbered sections of Teams hold, in whatever language their titles are."""


@dataclass
class Sections:
    """`preamble`: rows that belong to no table. `numbers`: of the numbered sections met."""

    tables: list[Table] = field(default_factory=list)
    preamble: list[list[str]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)


def sections_of(lines: list[Line]) -> Sections:
    found = Sections()
    current: Table | None = None
    kind, title, is_announced = "", "", False
    for number, cells in lines:
        filled = [cell for cell in cells if cell]
        if not filled:
            continue
        if len(filled) == 1 and (announced := _announced(found, cells[0])):
            kind, title, is_announced, current = announced, filled[0], True, None
        elif (_may_head(cells, current) and _are_headings(cells)) or (
            is_announced and kind == VISITS and current is None
        ):
            current = _table(kind or ATTENDEES, title, cells)
            found.tables.append(current)
            is_announced = False
        elif current is not None:
            current.lines.append((number, cells))
        elif is_announced and found.numbers and kind == ATTENDEES:
            # A numbered section in a language that the headings are not known in.
            current = _table(kind, title, cells)
            found.tables.append(current)
        else:
            found.preamble.append(cells)
    if not any(table.lines for table in found.tables):
        found.tables = _of_unknown_headings(lines)
    return found


def facts_of(preamble: list[list[str]], *, in_pairs: bool) -> list[tuple[str, str]]:
    """Labels and values of a file's own header: side by side, or a row of each.

    `in_pairs`: also two cells are labels, with their values in the next row.
    """
    facts: list[tuple[str, str]] = []
    labels: list[str] = []
    for cells in preamble:
        filled = [cell for cell in cells if cell]
        if labels:
            facts += [pair for pair in zip(labels, cells, strict=False) if all(pair)]
            labels = []
        elif len(filled) == 2 and (filled[0].endswith(":") or not in_pairs):
            facts.append((filled[0].rstrip(":"), filled[1]))
        elif len(filled) >= 2:
            labels = cells
    return facts


def _announced(found: Sections, cell: str) -> str:
    """The kind of table that a row with this cell alone announces."""
    if number := headings.numbered_section(cell):
        found.numbers.append(number)
        return headings.kind_by_title(cell) or BY_NUMBER.get(number, IGNORED)
    return headings.kind_by_title(cell)


def _may_head(cells: list[str], current: Table | None) -> bool:
    """Inside a table only rows that begin with a known heading are looked at, for speed."""
    return current is None or cells == current.headings or bool(headings.meaning_of(cells[0]))


def _are_headings(cells: list[str]) -> bool:
    meanings = {headings.meaning_of(cell) for cell in cells if cell} - {""}
    return (
        len(meanings) >= 2
        and bool(meanings & headings.IDENTIFYING)
        and not headings.are_of_the_event(cells)
    )


def _table(kind: str, title: str, cells: list[str]) -> Table:
    return Table(kind, title, cells, _meanings(cells), [])


def _meanings(cells: list[str]) -> list[str]:
    """A second column of the same meaning has none, except for addresses."""
    seen: set[str] = set()
    meanings = []
    for cell in cells:
        meaning = headings.meaning_of(cell)
        meanings.append("" if meaning in seen and meaning != headings.EMAIL else meaning)
        seen.add(meaning)
    return meanings


def _of_unknown_headings(lines: list[Line]) -> list[Table]:
    """The first of the widest rows has the headings, if nothing is known of any."""
    widths = [(sum(map(bool, cells)), -number, at) for at, (number, cells) in enumerate(lines[:50])]
    if not widths or max(widths)[0] == 0:
        return []
    at = max(widths)[2]
    table = _table(ATTENDEES, "", lines[at][1])
    table.lines.extend(line for line in lines[at + 1 :] if any(line[1]))
    return [table]
