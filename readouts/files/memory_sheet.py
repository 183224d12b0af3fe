"""Figures over the years as a workbook, for the annual report. No name and no question of anybody
is in it, only questions in the office's own words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _

from engagements.figures import MINIMUM_CATEGORY, MINIMUM_PEOPLE
from engagements.files.sheets import Column, Cover, Section, Sheet, write_workbook

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


@dataclass(frozen=True)
class Row:
    """So many engagements and what was counted of them. `joined` is None where it is not known."""

    label: str
    engagements: int
    registered: int | None
    joined: int | None
    questions: int
    became: Sequence[int]


@dataclass(frozen=True)
class CategoryRow:
    """`joined` is None where the figure is too small to tell."""

    label: str
    joined: int | None


@dataclass(frozen=True)
class AskedAgain:
    text: str
    engagements: int
    unanswered: int
    last_on: str


@dataclass(frozen=True)
class Remembered:
    """What the workbook tells."""

    office: str
    at: datetime
    chosen: str
    parts: Sequence[str]
    """What can have become of a question, in the order of `Row.became`."""
    tables: Sequence[tuple[str, str, Sequence[Row]]]
    """Title of the sheet, heading of its first column, rows."""
    categories: Sequence[CategoryRow]
    asked_again: Sequence[AskedAgain]
    differences: Sequence[tuple[str, str]]


def memory_sheet(remembered: Remembered) -> bytes:
    """Raises TextTooLong where a text is longer than a cell."""
    return write_workbook(
        [
            _read_me(remembered),
            *(
                _table(title, first, rows, remembered.parts)
                for title, first, rows in remembered.tables
            ),
            _categories(remembered.categories),
            _asked_again(remembered.asked_again),
        ],
        title=_("Figures over the years"),
        creator=remembered.office,
        at=remembered.at,
    )


def _read_me(remembered: Remembered) -> Cover:
    what = [
        (_("Office"), remembered.office),
        (_("Engagements"), remembered.chosen),
        (_("Counted"), formatted(remembered.at, "F j, Y, P T")),
        (_("Without names"), _("This workbook has figures only, and names nobody.")),
    ]
    meaning = [
        (
            _("Joined"),
            _(
                "Everybody who was there, once for each engagement. Who came to two engagements "
                "counts at both."
            ),
        ),
        (_("Written questions"), _("All that were received, without withdrawn ones.")),
        (
            _("What became of them"),
            _("Each question stands in one of these columns, so they add up."),
        ),
        (_("Asked again"), _("Questions that somebody of the office recognized as the same.")),
        (
            _("Small figures"),
            _(
                "With fewer than %(people)d people no figure by role category is told. A category "
                "of fewer than %(category)d is told with “other”."
            )
            % {"people": MINIMUM_PEOPLE, "category": MINIMUM_CATEGORY},
        ),
    ]
    sections = [Section(_("What this is"), what), Section(_("What each figure counts"), meaning)]
    if remembered.differences:
        sections.append(
            Section(_("Readouts that say another figure"), list(remembered.differences))
        )
    return Cover(title=_("Read me"), heading=_("Figures over the years"), sections=sections)


def _table(title: str, first: str, rows: Sequence[Row], parts: Sequence[str]) -> Sheet:
    columns = [
        Column(first, 46),
        Column(_("Engagements"), 14),
        Column(_("Registered"), 14),
        Column(_("Joined"), 14),
        Column(_("Written questions"), 14),
        *(Column(part[:1].upper() + part[1:], 14) for part in parts),
    ]
    unknown = _("not known")
    return Sheet(
        title=title,
        columns=columns,
        rows=[
            (
                row.label,
                row.engagements,
                unknown if row.registered is None else row.registered,
                unknown if row.joined is None else row.joined,
                row.questions,
                *row.became,
            )
            for row in rows
        ],
    )


def _categories(rows: Sequence[CategoryRow]) -> Sheet:
    return Sheet(
        title=_("By role category"),
        columns=[Column(_("Role category"), 52), Column(_("Joined"), 16)],
        rows=[(row.label, _("not told") if row.joined is None else row.joined) for row in rows],
    )


def _asked_again(rows: Sequence[AskedAgain]) -> Sheet:
    return Sheet(
        title=_("Asked again"),
        columns=[
            Column(_("Question, in the office's words"), 80),
            Column(_("Asked at engagements"), 16),
            Column(_("Unanswered at"), 16),
            Column(_("Last asked"), 16),
        ],
        rows=[(row.text, row.engagements, row.unanswered, row.last_on) for row in rows],
    )
