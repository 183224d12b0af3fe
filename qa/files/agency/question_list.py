"""The list that an agency gets: rows to workbook. It has no column for who asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.files.sheets import (
    Column,
    Cover,
    Muted,
    Section,
    Sheet,
    safe_file_name,
    write_workbook,
)
from qa import states

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime

    from django.utils.functional import _StrPromise

    from engagements.files.sheets import Value

LEAST_OF_CATEGORY: Final = 5
"""Attendees who must share a role category before it travels with a question (record 13)."""


@dataclass(frozen=True)
class ListFacts:
    """What the first sheet says. The labels are words for people, in the language of the list."""

    department: str
    office: str
    engagement_title: str
    kind: str
    held_on: date
    agency: str
    agency_short: str
    frozen_at: datetime
    time_zone: str
    questions: int
    """Written questions; withdrawn ones are not among them."""
    withdrawn: int
    by_status: Mapping[str, int]
    """Label to count, in the order to print; adds up to `questions`."""
    forwarding_number: int | None = None
    """None for a copy that has not been forwarded."""
    joined: int | None = None
    respond_by: date | None = None


@dataclass(frozen=True)
class ListRow:
    number: int
    question: str | None
    """None for a withdrawn one: its number stays, its text and the rest do not travel."""
    category: str = ""
    status: str = ""
    reason: str = ""


def question_list(facts: ListFacts, rows: Sequence[ListRow]) -> bytes:
    """The workbook, the same bytes for the same facts, rows and language.

    Raises ValueError when the counts and the rows contradict each other, since a list whose own
    figures do not add up must not leave the house; TextTooLong when a cell cannot hold a text.
    """
    _check(facts, rows)
    title = _("Questions for %(agency)s: %(engagement)s") % {
        "agency": facts.agency_short,
        "engagement": facts.engagement_title,
    }
    return write_workbook(
        [_about(facts, rows), _questions(rows)],
        title=title,
        creator=facts.office,
        at=facts.frozen_at,
    )


def list_file_name(slug: str, forwarding_number: int | None) -> str:
    """Name of the file: the engagement's, with the number of the list once it has one."""
    ending = f" {forwarding_number}" if forwarding_number else ""
    return safe_file_name(f"{slug} questions{ending}", ".xlsx")


def status_label(state: str, outcome: str) -> str:
    """What became of a question, in the words that the first sheet explains."""
    key = outcome if state in states.ANSWERABLE and outcome in _STATUSES else state
    return str(_STATUSES[key][0])


# In the order in which the first sheet explains them. Shown and without an answer is open.
_STATUSES: Final[Mapping[str, tuple[_StrPromise, _StrPromise]]] = {
    states.ANSWERED_LIVE: (
        gettext_lazy("Answered live"),
        gettext_lazy("The speakers answered it during the engagement."),
    ),
    states.ANSWERED_IN_WRITING: (
        gettext_lazy("Answered in writing"),
        gettext_lazy("It was answered in writing during the engagement."),
    ),
    states.FOLLOW_UP: (
        gettext_lazy("To follow up"),
        gettext_lazy("The speakers promised to come back to it. Please answer it."),
    ),
    states.SHOWN: (
        gettext_lazy("Open"),
        gettext_lazy("It was shown to everybody and not answered. Please answer it."),
    ),
    states.WAITING: (
        gettext_lazy("Not reviewed"),
        gettext_lazy("It came in, and time ran out before it was reviewed. Please answer it."),
    ),
    states.HELD: (
        gettext_lazy("Held"),
        gettext_lazy("The office reviewed it and did not show it. Please answer it if you can."),
    ),
    states.DISMISSED: (
        gettext_lazy("Dismissed"),
        gettext_lazy("The office set it aside for the reason given. It needs no answer."),
    ),
    states.MERGED: (
        gettext_lazy("Merged"),
        gettext_lazy("It asks the same as another question, which is named in the reason."),
    ),
    states.WITHDRAWN: (
        gettext_lazy("Withdrawn"),
        gettext_lazy("The asker took it back. Only its number is kept, and it is not counted."),
    ),
}


def _check(facts: ListFacts, rows: Sequence[ListRow]) -> None:
    asked = sum(row.question is not None for row in rows)
    counted = sum(facts.by_status.values())
    if (asked, counted) != (facts.questions, facts.questions):
        raise ValueError(
            f"{facts.questions} questions are stated, {asked} listed, {counted} counted by status"
        )
    if len(rows) - asked != facts.withdrawn:
        raise ValueError(
            f"{facts.withdrawn} withdrawn questions are stated, {len(rows) - asked} listed"
        )


def _questions(rows: Sequence[ListRow]) -> Sheet:
    return Sheet(
        title=_("Questions"),
        columns=[
            Column(_("No."), 7, wrap=False),
            Column(_("Question"), 66),
            Column(_("Asked by"), 22),
            Column(_("Status"), 16),
            Column(_("Reason"), 21),
            Column(_("Answer"), 54, to_fill_in=True),
            Column(_("Answered by (office)"), 20, to_fill_in=True),
        ],
        rows=[_row(row) for row in rows],
        # A slip of the hand must not change a question under its number: what comes back is
        # matched by both. No password, because the aim is care, not force.
        locked=True,
    )


def _row(row: ListRow) -> Sequence[Value]:
    if row.question is None:
        status = str(_STATUSES[states.WITHDRAWN][0])
        return Muted((row.number, _("(withdrawn by the asker)"), None, status, None, None, None))
    return (
        row.number,
        row.question,
        row.category or None,
        row.status or None,
        row.reason or None,
        None,
        None,
    )


def _about(facts: ListFacts, rows: Sequence[ListRow]) -> Cover:
    return Cover(
        title=_("About this list"),
        heading=_("Questions from the public for %(agency)s") % {"agency": facts.agency_short},
        sections=[
            Section(_("What this is"), list(_what_this_is(facts))),
            Section(_("In figures"), list(_figures(facts))),
            Section(_("The written questions by status"), list(facts.by_status.items())),
            Section(_("How to answer"), list(_how_to_answer(facts))),
            Section(_("Without attribution"), [(_("Who asked"), _promise())]),
            Section(_("What the statuses mean"), list(_legend(rows))),
        ],
    )


def _what_this_is(facts: ListFacts) -> Iterator[tuple[str, str]]:
    kind = facts.kind
    names = {"kind": kind, "office": facts.office, "agency": facts.agency_short}
    yield (
        _("This list"),
        _(
            "Every written question that the public submitted for this %(kind)s. The %(office)s "
            "shares the list with %(agency)s to give the agency an opportunity to address the "
            "public's concerns."
        )
        % names,
    )
    yield _("Engagement"), facts.engagement_title
    yield _("Kind"), kind[:1].upper() + kind[1:]
    yield _("Held on"), _day(facts.held_on)
    yield _("Office"), f"{facts.office}, {facts.department}"
    yield (
        _("Agency"),
        _("%(name)s (%(short)s)")
        % {
            "name": facts.agency,
            "short": facts.agency_short,
        },
    )
    yield _("List"), _which_list(facts)


def _which_list(facts: ListFacts) -> str:
    moment = formatted(facts.frozen_at.astimezone(ZoneInfo(facts.time_zone)), "F j, Y, P T")
    if facts.forwarding_number is None:
        return _("Copy, not forwarded. As of %(moment)s.") % {"moment": moment}
    return _(
        "List %(number)s, frozen on %(moment)s. It never changes; a later list replaces it."
    ) % {
        "number": facts.forwarding_number,
        "moment": moment,
    }


def _figures(facts: ListFacts) -> Iterator[tuple[str, Value]]:
    if facts.joined is not None:
        yield _("Stakeholders who joined"), facts.joined
    yield _("Written questions"), facts.questions
    if facts.withdrawn:
        yield _("Withdrawn, not counted"), facts.withdrawn


def _how_to_answer(facts: ListFacts) -> Iterator[tuple[str, str]]:
    if facts.respond_by is not None:
        yield _("Please answer by"), _day(facts.respond_by)
    yield (
        _("Step 1"),
        _(
            'On the sheet "Questions", write in the yellow columns "Answer" and '
            '"Answered by (office)". One answer may stand for several questions: write '
            '"See No. 12", for example.'
        ),
    )
    yield (
        _("Step 2"),
        _(
            "Do not change a number or the text of a question, and do not delete a row. The sheet "
            "is protected against slips, without a password. You can filter it and change the "
            "size of rows and columns."
        ),
    )
    yield _("Step 3"), _("Leave a row empty if you have no answer yet.")
    yield (
        _("Step 4"),
        _("Save it as a workbook (.xlsx), and send it back to the office that forwarded it."),
    )


def _promise() -> str:
    return _(
        "The public was promised that questions reach the agency without attribution. This list "
        'has no column for names, addresses, organizations or times. "Asked by" gives the role '
        "that a stakeholder registered with, and only where at least %(least)s attendees share "
        "it. Please do not try to find out who asked."
    ) % {"least": LEAST_OF_CATEGORY}


def _legend(rows: Sequence[ListRow]) -> Iterator[tuple[str, str]]:
    used = {row.status for row in rows if row.question is not None}
    if any(row.question is None for row in rows):
        used.add(str(_STATUSES[states.WITHDRAWN][0]))
    for label, meaning in _STATUSES.values():
        if str(label) in used:
            yield str(label), str(meaning)


def _day(day: date) -> str:
    return formatted(day, "l, F j, Y")
