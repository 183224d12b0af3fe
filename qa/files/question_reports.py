"""Reports of a webinar platform's questions: bytes to rows. No database.

Opened by the reader of attendance lists, which trusts nothing that a file says of itself. What is
known of each platform's report, and how, stands in record 42.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from engagements.files.attendance import grid, headings
from engagements.files.text import clean_text
from engagements.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from engagements.files.attendance.document import Line

MOST_BYTES: Final = 5 * 1024 * 1024
MOST_ROWS: Final = 5_000
LONGEST_HEADING: Final = 100

NUMBER, QUESTION, EMAIL, ANSWER = "number", "question", "email", "answer"
ASKED, CATEGORY, KIND, THREAD = "asked", "category", "kind", "thread"
MEANINGS: Final = (QUESTION, EMAIL, ANSWER, ASKED, CATEGORY, NUMBER, KIND, THREAD)
"""What a column may hold. `KIND` says whether its row is a question, `THREAD` which it belongs to;
`NUMBER` is the platform's own."""

ZOOM, TEAMS, OTHER = "zoom", "teams", "other"

_HEADINGS: Final = {
    NUMBER: "no; nr; number; question number; numero",
    QUESTION: """
        question; questions; question text; question content; question title; content; frage;
        pregunta; preguntas; questao; pergunta; text of question
    """,
    EMAIL: """
        asker email; asker e mail; email; e mail; email address; user email; attendee email;
        correo electronico; correo electronico del solicitante; identity; asker email address
    """,
    ANSWER: """
        answer; answers; answer(s); answer details; response; responses; reply; replies; respuesta;
        respuestas; respuesta(s); antwort; antworten; reponse; reponses
    """,
    ASKED: """
        question time; time; date; timestamp; timestamp (utc); timestamp utc; asked at; created;
        created at; created time; created date; posted at; submitted at; date asked; time asked;
        hora; fecha
    """,
    CATEGORY: "role category; category; categoria; which best describes you; stakeholder type",
    KIND: "type; message type; post type; tipo",
    THREAD: "conversation id; conversationid; thread id; question id; parent id",
}
_MEANING: Final = {
    headings.plain(name): meaning
    for meaning, names in _HEADINGS.items()
    for name in " ".join(names.split()).split(";")
}
_TITLES: Final = frozenset(
    {"q a report", "report generated", "question details", "panelist details", "host details"}
)
_QUESTIONS: Final = frozenset("question,questions,pregunta,frage,pergunta".split(","))
_ANSWERS: Final = frozenset(
    "answer,response,reply,private reply,private response,best answer,respuesta,antwort".split(",")
)


@dataclass(frozen=True, slots=True)
class Report:
    """A file, opened. `meanings` says of each column what it holds, as far as its heading tells;
    `elsewhere` counts rows of other tables, which are not read."""

    platform: str
    reason: str
    headings: list[str]
    meanings: list[str]
    lines: list[Line]
    elsewhere: int = 0


@dataclass(slots=True)
class ReportedQuestion:
    """`row` is the first row of it in the file; the words are whole and clean."""

    row: int
    text: str
    email: str = ""
    asked: str = ""
    category: str = ""
    answers: list[str] = field(default_factory=list)


def read_report(content: bytes) -> Report:
    """The table of questions of a file. Refuses, with a sentence, what is none or could harm."""
    if len(content) > MOST_BYTES:
        raise Refused("too_large", _("This file is larger than 5 MB."))
    sheets = [[line for line in sheet if any(line[1])] for _name, sheet in grid.sheets_of(content)]
    lines, head = _heading(sheets)
    names = [name[:LONGEST_HEADING] for name in lines[head][1]]
    while not names[-1]:
        names.pop()
    rows, elsewhere = _below(sheets, lines[head][1])
    if not rows:
        raise Refused("no_rows", _("There is no question in this file."))
    if len(rows) > MOST_ROWS:
        raise Refused(
            "too_long",
            _("This file has more than %(most)s rows. Please split it.")
            % {"most": f"{MOST_ROWS:,}"},
        )
    platform, reason = _platform(lines[:head], names)
    return Report(platform, reason, names, _meanings(names), rows, elsewhere)


def questions_of(report: Report, meanings: Sequence[str]) -> list[ReportedQuestion]:
    """The questions in the order of the file, each with the answers that stand beside or below it.

    `meanings` of the columns as somebody named them. A row with an answer and no question goes on
    with the question above it, or with the one of its thread.
    """
    found: list[ReportedQuestion] = []
    threads: dict[str, ReportedQuestion] = {}
    last = ""
    for row, cells in report.lines:
        told = _told(meanings, cells)
        kind = headings.plain(told.get(KIND, ""))
        if kind and kind not in _QUESTIONS:
            _answer(threads.get(told.get(THREAD, "")), found, kind, told)
            continue
        text, number = told.get(QUESTION, ""), told.get(NUMBER, "")
        if found and _goes_on(found[-1], text, number, last):
            found[-1].answers += _given(told)
            continue
        question = ReportedQuestion(
            row, text, told.get(EMAIL, ""), told.get(ASKED, ""), told.get(CATEGORY, ""),
            _given(told),
        )  # fmt: skip
        found.append(question)
        if thread := told.get(THREAD):
            threads.setdefault(thread, question)
        last = number
    return found


def _told(meanings: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """What the cells say, by what they mean; several cells of one meaning under each other."""
    told: dict[str, str] = {}
    for meaning, cell in zip(meanings, cells, strict=False):
        if meaning and (text := clean_text(cell)):
            told[meaning] = f"{told[meaning]}\n{text}" if meaning in told else text
    return told


def _given(told: dict[str, str]) -> list[str]:
    return [told[ANSWER]] if ANSWER in told else []


def _answer(
    question: ReportedQuestion | None,
    found: list[ReportedQuestion],
    kind: str,
    told: dict[str, str],
) -> None:
    """A row of its own for what somebody replied; other kinds of rows ask nothing."""
    if question is None and not told.get(THREAD) and found:
        question = found[-1]
    words = told.get(QUESTION) or told.get(ANSWER)
    if question is not None and words and kind in _ANSWERS:
        question.answers.append(words)


def _goes_on(above: ReportedQuestion, text: str, number: str, last: str) -> bool:
    """A further answer: below its question, or beside the same question under the same number."""
    if number:
        return number == last and text in {"", above.text}
    return not text


def _heading(sheets: list[list[Line]]) -> tuple[list[Line], int]:
    """The sheet and the place of the first row that heads questions; or else the widest of the
    first rows, for somebody to name."""
    filled = [lines for lines in sheets if lines]
    if not filled:
        raise Refused("empty", _("There is nothing in this file."))
    for lines in filled:
        for at, (_number, cells) in enumerate(lines):
            if QUESTION in _meanings(cells) and not headings.are_of_the_event(cells):
                return lines, at
    widths = [sum(map(bool, cells)) for _number, cells in filled[0][:50]]
    return filled[0], widths.index(max(widths))


def _below(sheets: list[list[Line]], names: list[str]) -> tuple[list[Line], int]:
    """The rows under this heading, also where it stands again, and how many stand under others."""
    rows: list[Line] = []
    elsewhere = 0
    for lines in sheets:
        is_here = is_below = False
        for number, cells in lines:
            if cells == names:
                is_here = is_below = True
            elif _is_title(cells):
                is_here = False
            elif is_here:
                rows.append((number, cells))
            elif is_below or lines is not sheets[0]:
                elsewhere += not headings.are_of_the_event(cells)
    return rows, elsewhere


def _is_title(cells: list[str]) -> bool:
    return headings.plain(cells[0]) in _TITLES and sum(map(bool, cells)) <= 2


def _meanings(cells: Iterable[str]) -> list[str]:
    """A second column of the same meaning has none, so that nothing is put together unasked."""
    return list(_once(map(_meaning, cells)))


def _meaning(cell: str) -> str:
    return NUMBER if cell == "#" else _MEANING.get(headings.plain(cell), "")


def _once(meanings: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for meaning in meanings:
        yield "" if meaning in seen else meaning
        seen.add(meaning)


def _platform(before: list[Line], names: list[str]) -> tuple[str, str]:
    titles = {headings.plain(cells[0]) for _number, cells in before}
    known = {headings.plain(name) for name in names}
    if "question details" in titles or "q a report" in titles or "asker name" in known:
        return ZOOM, _("It looks like the Q&A report of a Zoom webinar.")
    if known & {"conversation id", "conversationid"}:
        return TEAMS, _("It looks like the Q&A report of a Teams event.")
    return OTHER, _("Nothing in it tells which platform wrote it.")
