"""What stands in each column of a list for one question, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.text import capfirst
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from qa import states
from qa.files.agency import columns, statuses
from qa.models import Translation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from engagements.files.sheets import Value
    from qa.forwarded import ListRow

_ALWAYS: Final = (
    columns.NUMBER,
    columns.QUESTION,
    columns.ASKED_AT,
    columns.LABEL,
    columns.CATEGORY,
    columns.VOTES,
    columns.TIMES_ASKED,
    columns.STATUS,
    columns.REASON,
    columns.LANGUAGE,
)


def columns_of(rows: Iterable[ListRow]) -> tuple[str, ...]:
    """The columns of a list, but for those of the agency. Words as asked and translations have
    theirs only where a question has them."""
    rows = list(rows)
    found = list(_ALWAYS)
    if any(row.translation for row in rows):
        found[2:2] = [columns.TRANSLATION, columns.TRANSLATED_BY]
    if any(row.original_text for row in rows):
        found.insert(2, columns.ORIGINAL)
    return tuple(found)


def values(row: ListRow, named: Sequence[str], zone: ZoneInfo) -> list[Value]:
    """One for each of these columns. Of a withdrawn question there is its number, and no more."""
    if row.is_withdrawn:
        said: dict[str, Value] = {
            columns.NUMBER: row.number,
            columns.QUESTION: _("(withdrawn by the asker)"),
            columns.STATUS: statuses.label(states.WITHDRAWN),
        }
    else:
        said = {
            columns.NUMBER: row.number,
            columns.QUESTION: row.text,
            columns.ORIGINAL: row.original_text or None,
            columns.TRANSLATION: row.translation or None,
            columns.TRANSLATED_BY: translated_by(row.translation_kind) or None,
            columns.ASKED_AT: local(row.asked_at, zone),
            columns.LABEL: row.label or None,
            columns.CATEGORY: row.category or None,
            columns.VOTES: row.votes,
            columns.TIMES_ASKED: row.times_asked,
            columns.STATUS: statuses.label(row.status),
            columns.REASON: reason(row) or None,
            columns.LANGUAGE: language(row.language) or None,
        }
    return [said.get(column) for column in named]


def reason(row: ListRow) -> str:
    """Why it was set aside, or with which question it is answered."""
    if row.merged_into is None:
        return row.reason
    merged = _("Answered with No. %(number)d.") % {"number": row.merged_into}
    return f"{merged} {row.reason}".strip()


def translated_by(kind: str) -> str:
    return capfirst(str(Translation.Kind(kind).label)) if kind else ""


def language(code: str) -> str:
    """Its name in the language of the list; an unknown one stays what it is."""
    if not code:
        return ""
    try:
        return capfirst(str(get_language_info(code)["name_translated"]))
    except KeyError:
        return code


def local(at: datetime | None, zone: ZoneInfo) -> datetime | None:
    """As a clock in that zone showed it: a cell holds no time zone."""
    return at.astimezone(zone).replace(tzinfo=None) if at else None
