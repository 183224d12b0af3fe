"""What a readout's numbers are counted from: every row that counts, read once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from engagements import figures
from engagements.models import RoleCategory
from engagements.queries import attendance, counts, registered_people
from qa import states
from qa.queries import accounts_of, received_questions

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet

    from engagements.figures import Course, Presence
    from engagements.models import Engagement, Registration
    from engagements.queries.counts import PersonRow
    from qa.models import Label
    from qa.queries import Disposed, ReceivedQuestion

Row = TypeVar("Row")
Key = TypeVar("Key")


@dataclass(frozen=True)
class Tally:
    """The rows of one engagement as they stood at one moment."""

    engagement: Engagement
    is_known: bool
    """Attendance is; an archive may not tell it."""
    categories: list[RoleCategory]
    """Those of whom somebody joined, in table order."""
    joined: list[PersonRow]
    registered: list[int] | None
    no_shows: list[int] | None
    presences: list[Presence]
    course: Course
    questions: list[ReceivedQuestion]
    """Written questions: withdrawn ones are not among them."""
    withdrawn: int
    labels: list[Label]
    accounts: list[Disposed]
    """Empty for an archive that tells of no question what became of it."""

    def of_category(self, category: RoleCategory) -> list[PersonRow]:
        return self._by_category.get(category.pk, [])

    def of_label(self, label: Label | None) -> list[ReceivedQuestion]:
        return self._by_label.get(label.pk if label else None, [])

    def of_disposition(self, key: str) -> list[ReceivedQuestion]:
        return self._by_disposition.get(key, [])

    @cached_property
    def _by_category(self) -> dict[int, list[PersonRow]]:
        return _grouped(self.joined, lambda row: row.category)

    @cached_property
    def _by_label(self) -> dict[int | None, list[ReceivedQuestion]]:
        return _grouped(self.questions, lambda one: one.label)

    @cached_property
    def _by_disposition(self) -> dict[str, list[ReceivedQuestion]]:
        return _grouped(self.questions, lambda one: one.disposition)


def _grouped(rows: list[Row], key: Callable[[Row], Key]) -> dict[Key, list[Row]]:
    found: defaultdict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return dict(found)


def label_key(label: Label | None) -> str:
    """Names the figure of a label, whatever its place in the agenda becomes."""
    return str(label.pk) if label else "none"


def people(rows: list[PersonRow]) -> int:
    return sum(row.people for row in rows)


def tally(engagement: Engagement) -> Tally:
    is_ours = not engagement.imported_from
    joined = [row for row in counts.joined_rows(engagement) if row.people]
    of_anybody = {row.category for row in joined}
    received = received_questions(engagement)
    written = [one for one in received if one.state != states.WITHDRAWN]
    presences = attendance.presences(engagement)
    return Tally(
        engagement=engagement,
        is_known=is_ours or engagement.declared_attendance.exists(),
        categories=list(RoleCategory.objects.filter(pk__in=of_anybody)),
        joined=joined,
        registered=_ids(registered_people(engagement)) if is_ours else None,
        no_shows=_ids(attendance.no_shows(engagement)) if is_ours and engagement.is_over else None,
        presences=presences,
        course=figures.course(presences, window=attendance.window(engagement)),
        questions=written,
        withdrawn=len(received) - len(written),
        labels=list(engagement.labels.all()),
        accounts=accounts_of(written) if is_ours or any(map(_is_decided, written)) else [],
    )


def _is_decided(question: ReceivedQuestion) -> bool:
    return question.disposition not in {states.OPEN, states.FORWARDED}


def _ids(registrations: QuerySet[Registration]) -> list[int]:
    return list(registrations.order_by("pk").values_list("pk", flat=True))
