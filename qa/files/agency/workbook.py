"""A list as a workbook: what it is, the questions with room for answers, counts, and changes."""

from __future__ import annotations

from itertools import zip_longest
from math import ceil
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from engagements.files.sheets import (
    Column,
    Cover,
    Holds,
    Muted,
    Sheet,
    Summary,
    Tally,
    write_workbook,
)
from engagements.files.visible import LONGEST_TEXT, pieces
from qa import forwarded
from qa.files.agency import columns, fields, statuses, tallies
from qa.files.agency.read_me import read_me, title_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engagements.files.sheets import Value
    from qa.forwarded import Change, ListFacts, ListRow

PROPERTY: Final = "Openfloor list"
"""Custom property of the document that holds the mark of the list."""


def workbook(facts: ListFacts, rows: Sequence[ListRow], *, digest: str) -> bytes:
    """Expects facts and rows that agree, see `tallies.check`. Texts are never cut: what a cell
    cannot hold goes on in rows below, under the same number."""
    return write_workbook(
        sheets_of(facts, rows, digest=digest),
        title=title_of(facts),
        creator=facts.office,
        at=facts.frozen_at,
        properties={PROPERTY: columns.list_mark(facts.forwarding_number, digest)},
    )


def sheets_of(
    facts: ListFacts, rows: Sequence[ListRow], *, digest: str
) -> list[Cover | Sheet | Summary]:
    sheets: list[Cover | Sheet | Summary] = [
        read_me(facts, rows, digest=digest),
        _questions(facts, rows),
        _summary(facts, rows),
    ]
    if facts.supersedes is not None:
        sheets.append(_changes(facts))
    return sheets


class _QuestionLines:
    """The lines of the questions, laid out anew each time they are gone through."""

    def __init__(self, facts: ListFacts, rows: Sequence[ListRow], named: Sequence[str]) -> None:
        self._rows = rows
        self._named = named
        self._zone = ZoneInfo(facts.time_zone)
        self._empty = [None] * len(columns.TO_FILL_IN)
        self._status = named.index(columns.STATUS)

    def __iter__(self) -> Iterator[Sequence[Value]]:
        for row in self._rows:
            line = fields.values(row, self._named, self._zone)
            if row.is_withdrawn:
                yield Muted([*line, *self._empty])
                continue
            first, *rest = continued(line)
            yield [*first, *self._empty]
            for part, more in enumerate(rest, start=2):
                more[0] = row.number
                more[self._status] = _("Continued, part %(part)d of %(parts)d") % {
                    "part": part,
                    "parts": len(rest) + 1,
                }
                yield [*more, *self._empty]


def continued(line: Sequence[Value]) -> list[list[Value]]:
    """One line, or as many as its longest text takes, with the rest of each text below it."""
    if not any(isinstance(value, str) and len(value) * 9 > LONGEST_TEXT for value in line):
        return [list(line)]
    parts = [pieces(value) if isinstance(value, str) else [value] for value in line]
    return [list(together) for together in zip_longest(*parts)]


def _questions(facts: ListFacts, rows: Sequence[ListRow]) -> Sheet:
    named = fields.columns_of(rows)
    shapes = [_asked(key, rows) for key in named] + [_to_fill_in(key) for key in columns.TO_FILL_IN]
    return Sheet(
        title=columns.sheet_title(),
        columns=shapes,
        rows=_QuestionLines(facts, rows, named),
        # A slip of the hand must not change a question under its number: what comes back is
        # matched by both. No password, because the aim is care, not force.
        locked=True,
        grows=True,
        pages_wide=_pages_wide(shapes),
        repeated=_REPEATED,
        frozen=_REPEATED,
    )


_REPEATED: Final = 2
"""Number and question stay beside the answer, in the window and on paper."""
_WIDTH_OF_A_PAGE: Final = 190
"""In digits, of a sheet of paper that can be read."""
_MUCH: Final = 1_200
"""Characters that a row can show in a column of the usual width; it cannot be higher than 409
points."""
_WIDE: Final = 74


def _pages_wide(shapes: Sequence[Column]) -> int:
    widths = [column.width for column in shapes]
    return ceil(sum(widths[_REPEATED:]) / (_WIDTH_OF_A_PAGE - sum(widths[:_REPEATED])))


def _asked(key: str, rows: Sequence[ListRow]) -> Column:
    width, wrap = _SHAPES[key]
    if key in {columns.QUESTION, columns.ORIGINAL, columns.TRANSLATION}:
        name = "text" if key == columns.QUESTION else key
        if any(len(getattr(row, name)) > _MUCH for row in rows):
            width = _WIDE
    return Column(columns.heading(key), width, wrap)


# Width, and whether the text wraps.
_SHAPES: Final = {
    columns.NUMBER: (6, False),
    columns.QUESTION: (52, True),
    columns.ORIGINAL: (40, True),
    columns.TRANSLATION: (40, True),
    columns.TRANSLATED_BY: (13, True),
    columns.ASKED_AT: (22, False),
    columns.LABEL: (18, True),
    columns.CATEGORY: (20, True),
    columns.VOTES: (9, False),
    columns.TIMES_ASKED: (9, False),
    columns.STATUS: (17, True),
    columns.REASON: (24, True),
    columns.LANGUAGE: (12, True),
}

_WIDTHS_TO_FILL_IN: Final = {
    columns.DIRECTORATE: 24,
    columns.ANSWER_STATUS: 18,
    columns.ANSWER: 60,
    columns.SAME_AS: 15,
    columns.PAGE: 30,
    columns.PUBLISHABLE: 14,
    columns.CONTACT: 24,
    columns.ANSWERED_ON: 15,
}


def _to_fill_in(key: str) -> Column:
    choices = {
        columns.ANSWER_STATUS: list(columns.answer_statuses().values()),
        columns.PUBLISHABLE: [str(columns.YES), str(columns.NO)],
    }
    kinds = {columns.SAME_AS: Holds.NUMBER, columns.ANSWERED_ON: Holds.DATE}
    return Column(
        columns.heading(key),
        _WIDTHS_TO_FILL_IN[key],
        to_fill_in=True,
        choices=choices.get(key, ()),
        holds=kinds.get(key, Holds.TEXT),
        hint=_hints().get(key, ""),
    )


def _hints() -> dict[str, str]:
    return {
        columns.ANSWER_STATUS: _("Choose one. The first sheet says what they mean."),
        columns.SAME_AS: _("Only where the status says so: the number of the other question."),
        columns.PAGE: _("Only where the status says so: the address, beginning with https://."),
        columns.PUBLISHABLE: _("May the office publish this answer?"),
        columns.CONTACT: _("For the office, never published."),
        columns.ANSWERED_ON: _("Such as 2026-03-31."),
    }


def _summary(facts: ListFacts, rows: Sequence[ListRow]) -> Summary:
    categories = tallies.by_category(facts, rows)
    by_status = [(statuses.label(key), count) for key, count in tallies.by_status(rows)]
    return Summary(
        title=_("Summary"),
        heading=_("The questions on this list"),
        counted=_("Questions"),
        tallies=[
            Tally(_("By disposition"), columns.heading(columns.STATUS), by_status),
            Tally(_("By label"), columns.heading(columns.LABEL), tallies.by_label(rows)),
            Tally(
                _("By role category"),
                columns.heading(columns.CATEGORY),
                categories,
                note=_note(facts, any_told=bool(categories)),
            ),
        ],
    )


def _note(facts: ListFacts, *, any_told: bool) -> str:
    if not any_told:
        return _("Left out: too few people attended to tell figures by role.")
    return _("“Not told”: no role stated, or fewer than %(least)d attendees share it.") % {
        "least": facts.least_of_category
    }


def _changes(facts: ListFacts) -> Sheet:
    rows: list[Sequence[Value]] = []
    for change in facts.changes:
        rows += continued(_changed(change))
    nothing = Muted((None, _("Nothing differs from the former list."), None, None, None))
    return Sheet(
        title=_("Changes"),
        columns=[
            Column(columns.heading(columns.NUMBER), 6, wrap=False),
            Column(_("Change"), 20),
            Column(_("Column"), 20),
            Column(_("Before"), 52),
            Column(_("After"), 52),
        ],
        rows=rows or [nothing],
    )


def _changed(change: Change) -> list[Value]:
    words = {
        forwarded.ADDED: _("New on this list"),
        forwarded.REMOVED: _("No longer on this list"),
        forwarded.CHANGED: _("Changed"),
    }
    said = [_told(change.column, value) or None for value in (change.before, change.after)]
    return [change.number, words[change.kind], _column_changed(change.column) or None, *said]


def _column_changed(column: str) -> str:
    if column == "merged_into":
        return _("Answered with No.")
    key = columns.QUESTION if column == "text" else column
    return columns.heading(key) if key else ""


def _told(column: str, value: str) -> str:
    """A value as the sheet with the questions says it."""
    match column:
        case columns.STATUS if value:
            return statuses.label(value)
        case columns.TRANSLATED_BY:
            return fields.translated_by(value)
        case columns.LANGUAGE:
            return fields.language(value)
        case _:
            return value
