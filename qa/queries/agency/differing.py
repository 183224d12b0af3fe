"""What differs between a list and the one that it supersedes, as a page shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa import forwarded
from qa.differences import differences
from qa.files.agency import statuses
from qa.models import Translation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.utils.functional import _StrPromise

    from qa.differences import Piece
    from qa.forwarded import Change
    from qa.models import Forwarding

_COLUMNS: Final[Mapping[str, _StrPromise]] = {
    "text": gettext_lazy("Question"),
    "original_text": gettext_lazy("As it was asked"),
    "label": gettext_lazy("Label"),
    "status": gettext_lazy("Disposition"),
    "reason": gettext_lazy("Reason"),
    "merged_into": gettext_lazy("Merged into No."),
    "times_asked": gettext_lazy("Times asked"),
    "language": gettext_lazy("Language"),
    "translation": gettext_lazy("Translation"),
    "translation_kind": gettext_lazy("Translated by"),
}
_TEXTS: Final = frozenset({"text", "original_text", "translation"})


class Column(NamedTuple):
    name: str
    before: str
    after: str
    pieces: list[Piece]
    """Of a text, what was removed and added; empty for all else."""


class Row(NamedTuple):
    """All that differs about one question."""

    number: int
    kind: str
    columns: list[Column]


class Differences(NamedTuple):
    rows: list[Row]
    added: int
    removed: int
    changed: int


def frozen_changes(forwarding: Forwarding) -> list[Change]:
    """As they were sealed."""
    return [forwarded.Change(**change) for change in forwarding.changes]


def shown(changes: Iterable[Change]) -> Differences:
    """One row for each question, in the order of the numbers."""
    rows: dict[int, Row] = {}
    for change in changes:
        row = rows.setdefault(change.number, Row(change.number, change.kind, []))
        if change.column:
            row.columns.append(_column(change))
    kinds = [row.kind for row in rows.values()]
    return Differences(
        list(rows.values()),
        *(kinds.count(kind) for kind in (forwarded.ADDED, forwarded.REMOVED, forwarded.CHANGED)),
    )


def _column(change: Change) -> Column:
    before, after = (_word(change.column, value) for value in (change.before, change.after))
    pieces = differences(before, after) if change.column in _TEXTS else []
    return Column(str(_COLUMNS[change.column]), before or _("none"), after or _("none"), pieces)


def _word(column: str, value: Any) -> str:
    if column == "status":
        return statuses.label(value) if value in statuses.STATUSES else str(value)
    if column == "translation_kind" and value:
        return str(Translation.Kind(value).label)
    return str(value)
