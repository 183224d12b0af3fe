"""Open promises as a workbook, for the office. No question and no name of anybody is in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _

from engagements.files.sheets import Column, Cover, Section, Sheet, write_workbook

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime


@dataclass(frozen=True)
class PromiseRow:
    """The questions of one agency or of one list, counted. None is what there is nothing of."""

    agency: str
    engagement: str
    list_number: int | None
    lists: int
    due_on: date | None
    asked: int
    answered: int
    declined: int
    outstanding: int
    submitted: int
    accepted: int
    oldest: int | None
    median: int | None
    overdue_days: int


@dataclass(frozen=True)
class PromiseFacts:
    """What the workbook tells."""

    office: str
    at: datetime
    chosen: str
    agencies: Sequence[PromiseRow]
    lists: Sequence[PromiseRow]


def promises_sheet(facts: PromiseFacts) -> bytes:
    return write_workbook(
        [_read_me(facts), _by_agency(facts.agencies), _by_list(facts.lists)],
        title=_("What agencies have answered"),
        creator=facts.office,
        at=facts.at,
    )


def _read_me(facts: PromiseFacts) -> Cover:
    what = [
        (_("Office"), facts.office),
        (_("Lists"), facts.chosen or _("all in force")),
        (_("Counted"), formatted(facts.at, "F j, Y, P T")),
        (_("Without names"), _("This workbook has figures only, and names nobody who asked.")),
    ]
    meaning = [
        (
            _("Asked"),
            _(
                "Questions on the lists in force, without those that were withdrawn, and without "
                "those that the office answered or dismissed itself. A question that was merged "
                "into another counts, and is answered with that one."
            ),
        ),
        (_("Answered"), _("The agency's answer is published.")),
        (
            _("Declined"),
            _("The agency gave a reason why it does not answer, or answered the office alone."),
        ),
        (_("With the agency"), _("The agency has not returned an answer.")),
        (_("To accept"), _("The agency has returned an answer that the office has not accepted.")),
        (_("To publish"), _("The office has accepted an answer that is not published yet.")),
        (
            _("They add up"),
            _(
                "Answered, declined, with the agency, to accept and to publish together are the "
                "questions asked."
            ),
        ),
        (
            _("Age"),
            _("Days since the agency first got a question that has no published answer yet."),
        ),
    ]
    return Cover(
        title=_("Read me"),
        heading=_("What agencies have answered"),
        sections=[Section(_("What this is"), what), Section(_("What each figure counts"), meaning)],
    )


def _figures() -> list[Column]:
    return [
        Column(_("Asked"), 10),
        Column(_("Answered"), 11),
        Column(_("Declined"), 11),
        Column(_("With the agency"), 13),
        Column(_("To accept"), 11),
        Column(_("To publish"), 11),
        Column(_("Oldest, days"), 11),
        Column(_("Median, days"), 11),
        Column(_("Overdue, days"), 11),
    ]


def _cells(row: PromiseRow) -> tuple[int | None, ...]:
    return (
        row.asked,
        row.answered,
        row.declined,
        row.outstanding,
        row.submitted,
        row.accepted,
        row.oldest,
        row.median,
        row.overdue_days or None,
    )


def _by_agency(rows: Sequence[PromiseRow]) -> Sheet:
    columns = [Column(_("Agency"), 46), Column(_("Lists in force"), 11), *_figures()]
    return Sheet(
        title=_("By agency"),
        columns=columns,
        rows=[(row.agency, row.lists, *_cells(row)) for row in rows],
    )


def _by_list(rows: Sequence[PromiseRow]) -> Sheet:
    columns = [
        Column(_("Engagement"), 46),
        Column(_("Agency"), 16),
        Column(_("List"), 8),
        Column(_("Due on"), 13),
        *_figures(),
    ]
    return Sheet(
        title=_("By list"),
        columns=columns,
        rows=[
            (row.engagement, row.agency, row.list_number, row.due_on, *_cells(row)) for row in rows
        ],
    )
