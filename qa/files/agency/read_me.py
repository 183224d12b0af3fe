"""The first sheet of a list: what it is, its figures, and how to answer."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as formatted
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.files.sheets import Cover, Section
from engagements.files.visible import LONGEST_TEXT, units, visible
from qa import states
from qa.files.agency import columns, statuses, tallies

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime

    from engagements.files.sheets import Value
    from qa.forwarded import ListFacts, ListRow

Pairs = list[tuple[str, "Value"]]

_LONGEST_PARAGRAPH: Final = 1_500
"""Characters of a row of the cover note: more would be higher than a row may be."""


def read_me(facts: ListFacts, rows: Sequence[ListRow], *, digest: str) -> Cover:
    sections = [
        Section(_("What this is"), list(_what_this_is(facts))),
        Section(_("Cover note"), list(_cover_note(facts))),
        Section(_("In figures"), list(_figures(facts))),
        Section(_("The questions by disposition"), list(_by_disposition(rows))),
        Section(_("How to answer"), list(_how_to_answer(facts))),
        Section(_("What the answer statuses mean"), list(_answer_statuses())),
        Section(_("Without attribution"), list(_without_attribution(facts))),
        Section(_("What the columns mean"), list(_columns(facts, rows))),
        Section(_("What the dispositions mean"), list(_dispositions(rows))),
        Section(_("How this list is recognized"), list(_recognized(facts, digest))),
    ]
    return Cover(
        title=_("Read me"),
        heading=_("Questions from the public for %(agency)s") % {"agency": facts.agency_short},
        sections=[section for section in sections if section.rows],
    )


def title_of(facts: ListFacts) -> str:
    return _("Questions for %(agency)s: %(engagement)s") % {
        "agency": facts.agency_short,
        "engagement": facts.engagement_title,
    }


def _what_this_is(facts: ListFacts) -> Iterator[tuple[str, Value]]:
    names = {"kind": facts.kind, "office": facts.office, "agency": facts.agency_short}
    yield (
        _("This list"),
        _(
            "Written questions that the public submitted for this %(kind)s. The %(office)s "
            "shares the list with %(agency)s to give the agency an opportunity to address the "
            "public's concerns."
        )
        % names,
    )
    yield _("Engagement"), facts.engagement_title
    yield _("Kind"), capfirst(facts.kind)
    yield _("Held on"), _day(facts.held_on)
    yield _("Office"), f"{facts.office}, {facts.department}" if facts.department else facts.office
    yield (
        _("Agency"),
        _("%(name)s (%(short)s)") % {"name": facts.agency, "short": facts.agency_short},
    )
    yield _("List"), _which_list(facts)
    if facts.supersedes is not None:
        yield (
            _("Replaces"),
            _("List %(number)d. What is different stands on the sheet “Changes”.")
            % {"number": facts.supersedes},
        )
    if facts.due_on is not None:
        yield _("Please answer by"), _day(facts.due_on)


def _which_list(facts: ListFacts) -> str:
    moment = _moment(facts.frozen_at, facts)
    if facts.forwarding_number is None:
        return _("Copy, not forwarded. As of %(moment)s.") % {"moment": moment}
    return _(
        "List %(number)s, frozen on %(moment)s. It never changes; a later list replaces it."
    ) % {"number": facts.forwarding_number, "moment": moment}


def _cover_note(facts: ListFacts) -> Iterator[tuple[str, Value]]:
    label = _("From the office")
    for paragraph in facts.cover_note.split("\n\n"):
        for part in _parts(paragraph.strip("\n")):
            yield label, part
            label = ""


def _parts(paragraph: str) -> list[str]:
    if len(paragraph) <= _LONGEST_PARAGRAPH and units(visible(paragraph)) <= LONGEST_TEXT:
        return [paragraph] if paragraph else []
    return wrap(
        visible(paragraph), _LONGEST_PARAGRAPH, replace_whitespace=False, drop_whitespace=False
    )


def _figures(facts: ListFacts) -> Iterator[tuple[str, Value]]:
    if facts.joined is not None:
        yield _("Stakeholders who joined"), facts.joined
    yield _("Written questions received"), facts.received
    yield _("Of these on this list"), facts.questions
    if facts.received != facts.questions:
        yield _("Of these not chosen for this list"), facts.received - facts.questions
    if facts.chosen_labels:
        yield _("Chosen by label"), ", ".join(facts.chosen_labels)
    if facts.chosen_states:
        yield _("Chosen by disposition"), ", ".join(map(statuses.label, facts.chosen_states))
    if facts.withdrawn:
        yield _("Withdrawn, listed by number and not counted"), facts.withdrawn


def _by_disposition(rows: Sequence[ListRow]) -> Iterator[tuple[str, Value]]:
    counts = tallies.by_status(rows)
    yield from ((statuses.label(key), count) for key, count in counts)
    if counts:
        yield _("Together, all on this list"), sum(count for _key, count in counts)


def _how_to_answer(facts: ListFacts) -> Iterator[tuple[str, Value]]:
    names = {name: columns.heading(column) for name, column in _COLUMNS_NAMED.items()}
    names["sheet"] = columns.sheet_title()
    yield (
        _("Step 1"),
        _(
            "On the sheet “%(sheet)s”, fill in the yellow columns. For each question choose an "
            "“%(status)s”, write the “%(answer)s”, and choose whether the office may publish it "
            "(“%(publishable)s”). What you leave empty stays open, and can be answered later."
        )
        % names,
    )
    yield (
        _("Step 2"),
        _(
            "Do not change a number or the text of a question, and do not delete a row: what comes "
            "back is matched by both. The sheet is protected against slips, without a password. "
            "You can filter it and change the size of rows and columns. An answer longer than a "
            "cell (%(units)s characters) goes on in a row that you insert below it."
        )
        % {"units": f"{LONGEST_TEXT:,}"},
    )
    yield (
        _("Step 3"),
        _(
            "Save it as a workbook (.xlsx) and upload it on your agency's page. Before anything is "
            "taken, you see what was read and what could not be, row by row. You can upload again "
            "at any time, and you can also answer on the page."
        ),
    )
    if facts.due_on is not None:
        yield (
            _("More time"),
            _("Please answer by %(day)s. On the same page you can ask for more time.")
            % {"day": _day(facts.due_on)},
        )


_COLUMNS_NAMED: Final = {
    "status": columns.ANSWER_STATUS,
    "answer": columns.ANSWER,
    "publishable": columns.PUBLISHABLE,
}


def _answer_statuses() -> Iterator[tuple[str, Value]]:
    names = {
        "answer": columns.heading(columns.ANSWER),
        "page": columns.heading(columns.PAGE),
        "same": columns.heading(columns.SAME_AS),
    }
    meanings = {
        states.IN_PROGRESS: _("You are working on it. A text is kept as a draft."),
        states.ANSWERED: _("The answer stands in “%(answer)s”."),
        states.SEE_PAGE: _("It is answered by a public page, whose address is in “%(page)s”."),
        states.SAME_AS: _("It has the answer of another question, whose number is in “%(same)s”."),
        states.DECLINED: _("You do not answer it. The reason stands in “%(answer)s”."),
    }
    for key, word in columns.answer_statuses().items():
        yield word, meanings[key] % names


def _without_attribution(facts: ListFacts) -> Iterator[tuple[str, Value]]:
    yield (
        _("Who asked"),
        _(
            "The public was promised that questions reach the agency without attribution. This "
            "list has no column for names, addresses or organizations. A role category stands "
            "beside a question only where at least %(least)d attendees share it. Please do not "
            "try to find out who asked."
        )
        % {"least": facts.least_of_category},
    )
    if facts.merged_categories:
        yield (
            _("Left out"),
            ngettext(
                "Of %(count)d question the role category is left out for this reason.",
                "Of %(count)d questions the role category is left out for this reason.",
                facts.merged_categories,
            )
            % {"count": facts.merged_categories},
        )


def _columns(facts: ListFacts, rows: Sequence[ListRow]) -> Iterator[tuple[str, Value]]:
    named = {key: columns.heading(key) for key in columns.HEADINGS}
    yield named[columns.QUESTION], _("As the office edited it for publication.")
    if any(row.original_text for row in rows):
        yield named[columns.ORIGINAL], _("In the asker's own words, where they were edited.")
    if any(row.translation for row in rows):
        yield (
            named[columns.TRANSLATION],
            _("Made by a person or by a machine, as the column beside it says."),
        )
    yield (
        named[columns.ASKED_AT],
        _("By the clock of %(zone)s.") % {"zone": facts.time_zone.replace("_", " ")},
    )
    yield named[columns.VOTES], _("How many other attendees wanted it answered too.")
    yield (
        named[columns.TIMES_ASKED],
        _("How many people asked it, counting those whose questions were merged into it."),
    )
    yield from _marks(rows)


def _marks(rows: Sequence[ListRow]) -> Iterator[tuple[str, Value]]:
    """What a reader is told only of a list that has it."""
    texts = [text for row in rows for text in (row.text, row.original_text, row.translation)]
    shown = [visible(text) for text in texts]
    if shown != texts:
        yield (
            "⟦U+0007⟧",
            _("A character that a workbook cannot hold, by its number in Unicode."),
        )
    if any(len(text) * 2 > LONGEST_TEXT and units(text) > LONGEST_TEXT for text in shown):
        yield (
            _("Continued"),
            _("The text is longer than a cell. It goes on in the next row, under the same number."),
        )


def _dispositions(rows: Sequence[ListRow]) -> Iterator[tuple[str, Value]]:
    used = {states.WITHDRAWN if row.is_withdrawn else row.status for row in rows}
    for key in statuses.STATUSES:
        if key in used:
            yield statuses.label(key), statuses.meaning(key)


def _recognized(facts: ListFacts, digest: str) -> Iterator[tuple[str, Value]]:
    yield (
        _("Mark"),
        columns.list_mark(facts.forwarding_number, digest),
    )
    yield (
        _("What it is for"),
        _(
            "The number of the list, and the SHA-256 of everything that it says. By it your upload "
            "is recognized, so please leave it here. The page of the list, and the receipt of each "
            "download, show the same."
        ),
    )


def _moment(at: datetime, facts: ListFacts) -> str:
    return formatted(at.astimezone(ZoneInfo(facts.time_zone)), "F j, Y, P T")


def _day(day: date) -> str:
    return formatted(day, "l, F j, Y")
