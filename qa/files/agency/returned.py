"""A list that came back with answers: bytes from outside to what each row says, and what is wrong
with it. Knows no database."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

from django.utils.translation import gettext as _

from engagements.files import extent
from engagements.files.text import clean_line, clean_text
from engagements.files.visible import restored, units
from engagements.refusals import Refused
from qa import states
from qa.files.agency import columns, returned_cells
from qa.files.agency.returned_cells import NotRead, text_of
from qa.files.agency.returned_table import Line, find_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from qa.files.agency.returned_table import Table

MOST_BYTES: Final = 25 * 1024 * 1024
LONGEST_SHOWN: Final = 4_000
"""Characters that a problem keeps of a text that was changed."""

_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_ESCAPE: Final = re.compile("_x([0-9A-Fa-f]{4})_")
_FULL: Final = 30_000
"""UTF-16 units from which on a cell counts as full: what follows goes on within the sentence."""


class Expected(NamedTuple):
    """A question of the list in force. Of a withdrawn one the text is empty."""

    number: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedRow:
    """What the agency says to one question. What the file leaves empty is empty or None here."""

    row: int
    number: int
    status: str = ""
    text: str = ""
    page_url: str = ""
    same_as: int | None = None
    directorate_name: str = ""
    contact: str = ""
    answered_on: date | None = None
    is_publishable: bool | None = None
    remarks: tuple[str, ...] = ()
    """What was done to make sense of it, in words."""

    def as_json(self) -> dict[str, Any]:
        day = self.answered_on
        return asdict(self) | {"answered_on": day and day.isoformat()}

    @classmethod
    def of_json(cls, stored: dict[str, Any]) -> Self:
        known = {name: stored[name] for name in cls.__slots__}
        day = stored["answered_on"]
        known["answered_on"] = date.fromisoformat(day) if day else None
        known["remarks"] = tuple(stored["remarks"])
        return cls(**known)


class Problem(NamedTuple):
    """Why a row cannot be taken. `before` and `after` are the two texts of a changed question."""

    row: int
    number: int | None
    column: str
    code: str
    words: str
    before: str = ""
    after: str = ""


@dataclass(slots=True)
class Returned:
    rows: list[ReturnedRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    marks: set[tuple[int, str]] = field(default_factory=set)
    """Number and digest of each list that the file says it is."""


def read(content: bytes, expected: Sequence[Expected]) -> Returned:
    """Each row of the file that says something is either among the rows or among the problems.

    A row without an answer says nothing. Refuses, in words, a file that cannot be read, is no
    list, or says nothing at all.
    """
    if not content:
        raise Refused("empty", _("There is nothing in this file."))
    if len(content) > MOST_BYTES:
        words = _("This file is larger than %(most)s MB.") % {"most": MOST_BYTES // 1024 // 1024}
        raise Refused("too_large", words)
    table = find_table(content)
    reading = _Reading(table, {one.number: one.text for one in expected})
    return reading.read()


class _Reading:
    def __init__(self, table: Table, texts: dict[int, str]) -> None:
        self.table = table
        self.texts = texts
        self.found = Returned(marks=table.marks)

    def read(self) -> Returned:
        numbered = list(self._numbered())
        groups: dict[int, list[Line]] = {}
        for number, line in numbered:
            groups.setdefault(number, []).append(line)
        for number, lines in groups.items():
            self._question(number, lines)
        self.found.problems.sort(key=lambda problem: problem.row)
        self._note(groups)
        return self.found

    def _numbered(self) -> Iterator[tuple[int, Line]]:
        for line in self.table.lines:
            if columns.NUMBER in line.marks and _says_something(line):
                self._marked(line, None, columns.NUMBER)
                continue
            try:
                number = returned_cells.number_of(line.cells.get(columns.NUMBER, ""))
            except NotRead as error:
                if _says_something(line):
                    self._problem(line, None, columns.NUMBER, error.code, error.words)
                continue
            if number is not None:
                yield number, line
            elif _says_something(line):
                words = _("This row has an answer and no number of a question.")
                self._problem(line, None, columns.NUMBER, "no_number", words)

    def _question(self, number: int, lines: list[Line]) -> None:
        speaking = [line for line in lines if _says_something(line)]
        if not speaking:
            return
        if number not in self.texts:
            words = _("There is no question No. %(number)s on this list.") % {"number": number}
            self._problem_of_each(speaking, number, columns.NUMBER, "unknown", words)
        elif not self.texts[number]:
            words = _("Question %(number)s was withdrawn by its asker and needs no answer.")
            words %= {"number": number}
            self._problem_of_each(speaking, number, columns.NUMBER, "withdrawn", words)
        elif self._is_asked_as_sent(number, lines, speaking):
            self._answer(number, lines, speaking[0])

    def _is_asked_as_sent(self, number: int, lines: list[Line], speaking: list[Line]) -> bool:
        """Whether the words beside the number are those that were sent, in one row or in several
        that continue each other; tells the problem otherwise."""
        for line in lines:
            if columns.QUESTION in line.marks:
                self._marked(line, number, columns.QUESTION)
                return False
        sent = clean_text(self.texts[number])
        asked = [_exact(line) for line in lines]
        came = clean_text("".join(asked))
        if came == sent or _unescaped(came) == _unescaped(sent):
            return True
        rows = ", ".join(str(line.row) for line in lines)
        if len(lines) > 1 and all(clean_text(one) == sent for one in asked if one):
            words = _("Question %(number)s stands in rows %(rows)s. Please leave one of them.")
            words %= {"number": number, "rows": rows}
            self._problem_of_each(speaking, number, columns.NUMBER, "doubled", words)
            return False
        words = _("The words of the question are not those that were sent. Nothing is taken.")
        self.found.problems.append(
            Problem(
                speaking[0].row,
                number,
                self._heading(columns.QUESTION),
                "question_changed",
                words,
                sent[:LONGEST_SHOWN],
                came[:LONGEST_SHOWN],
            )
        )
        return False

    def _answer(self, number: int, lines: list[Line], first: Line) -> None:
        before = len(self.found.problems)
        for line in lines:
            for column in line.marks:
                if column in columns.TO_FILL_IN:
                    self._marked(line, number, column)
        said: dict[str, Any] = {}
        for column, read in _READ.items():
            for line in lines:
                try:
                    value = read(line.cells.get(column, ""))
                except NotRead as error:
                    self._problem(line, number, column, error.code, error.words)
                else:
                    # Of rows that continue each other the first that says something counts.
                    said[column] = value if said.get(column) in (None, "") else said[column]
        written = _joined([text_of(line.cells.get(columns.ANSWER, "")) for line in lines])
        if len(self.found.problems) == before:
            self.found.rows.append(_understood(first.row, number, said, written))

    def _marked(self, line: Line, number: int | None, column: str) -> None:
        words = {
            extent.FORMULA: _("This cell is a formula. Please put its value there."),
            extent.ERROR: _("This cell shows an error, such as #N/A, and no value."),
        }
        self._problem(line, number, column, line.marks[column], words[line.marks[column]])

    def _problem_of_each(
        self, lines: list[Line], number: int, column: str, code: str, words: str
    ) -> None:
        for line in lines:
            self._problem(line, number, column, code, words)

    def _problem(self, line: Line, number: int | None, column: str, code: str, words: str) -> None:
        # The words may repeat a cell, and a cell may hold what no database can.
        told = Problem(line.row, number, self._heading(column), code, clean_line(words))
        self.found.problems.append(told)

    def _heading(self, column: str) -> str:
        return self.table.headings.get(column) or columns.heading(column)

    def _note(self, groups: dict[int, list[Line]]) -> None:
        if self.table.ignored:
            words = _("Columns that are not of the list were not read: %(names)s.")
            names = ", ".join(self.table.ignored[:10])
            self.found.notes.append(words % {"names": names})
        missing = sorted(
            number for number, text in self.texts.items() if text and number not in groups
        )
        if missing:
            numbers = _ranges(missing)
            words = _("Questions that are not in the file stay as they are: %(numbers)s.")
            self.found.notes.append(words % {"numbers": numbers})


_READ: Final[dict[str, Callable[[Any], Any]]] = {
    columns.ANSWER_STATUS: returned_cells.status_of,
    columns.PUBLISHABLE: returned_cells.yes_or_no,
    columns.ANSWERED_ON: returned_cells.day_of,
    columns.SAME_AS: returned_cells.same_as,
    columns.PAGE: lambda cell: clean_line(text_of(cell)),
    columns.DIRECTORATE: lambda cell: clean_line(text_of(cell)),
    columns.CONTACT: lambda cell: clean_line(text_of(cell)),
}


def _says_something(line: Line) -> bool:
    return any(
        column in line.marks or text_of(line.cells.get(column, "")).strip()
        for column in columns.TO_FILL_IN
    )


def _exact(line: Line) -> str:
    return restored(text_of(line.cells.get(columns.QUESTION, "")))


def _unescaped(text: str) -> str:
    """As a program reads it that takes _x0041_ for an escape, and writes it as A."""
    return clean_text(_ESCAPE.sub(lambda found: chr(int(found[1], 16)), text))


def _joined(parts: list[str]) -> str:
    """Rows that continue each other: within the sentence where a cell was full."""
    text = ""
    for part in filter(None, parts):
        text += part if not text or _is_full(text) else f"\n{part}"
    return text


def _is_full(text: str) -> bool:
    return units(text) >= _FULL


def _understood(row: int, number: int, said: dict[str, Any], written: str) -> ReturnedRow:
    """What was left out although it can be told from the rest is filled in, and remarked."""
    remarks = []
    text = clean_text(written)
    status, page, same = said[columns.ANSWER_STATUS], said[columns.PAGE], said[columns.SAME_AS]
    if _UNPRINTABLE.search(written):
        remarks.append(_("Characters that cannot be printed were left out."))
    if not status:
        status = _status_told_by(text, page, same)
        if status:
            remarks.append(
                _("The answer status was empty; it is taken for “%(status)s”.")
                % {"status": columns.answer_statuses()[status]}
            )
    if status == states.SEE_PAGE and not page and (page := returned_cells.page_in(text)):
        text = "" if text == page else text
        remarks.append(_("The address of the page was taken from the answer."))
    if status == states.SAME_AS and same is None:
        same = returned_cells.number_in(text)
        if same is not None:
            text = ""
            remarks.append(_("The number of the other question was taken from the answer."))
    return ReturnedRow(
        row=row,
        number=number,
        status=status,
        text=text,
        page_url=page,
        same_as=same,
        directorate_name=said[columns.DIRECTORATE],
        contact=said[columns.CONTACT],
        answered_on=said[columns.ANSWERED_ON],
        is_publishable=said[columns.PUBLISHABLE],
        remarks=tuple(remarks),
    )


def _status_told_by(text: str, page: str, same: int | None) -> str:
    if text:
        return states.ANSWERED
    if page:
        return states.SEE_PAGE
    return states.SAME_AS if same is not None else ""


def _ranges(numbers: Sequence[int]) -> str:
    """“3, 5 to 8”, and the first ones of very many."""
    runs: list[str] = []
    for _key, group in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        run = [number for _at, number in group]
        words = {"first": run[0], "last": run[-1]}
        runs.append(str(run[0]) if len(run) == 1 else _("%(first)d to %(last)d") % words)
    return ", ".join(runs[:20]) + (" …" if len(runs) > 20 else "")
