"""Whatever order, cutting and encoding a list comes in, the count and the minutes are the same."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from engagements.files import attendance
from engagements.files.attendance import Choices
from tests.engagements import attendance_samples as samples

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

HEAD = ["Name", "Email", "Join time", "Leave time"]
START = datetime(2021, 4, 14, 14)  # noqa: DTZ001 - a wall clock

Row = tuple[str, str, int, int]
NAMES = ["Jane Roe", "Roe, Jane", "Luis Ortega", "Li Wei", "iPhone", "test", "Ann O'Brien"]
ADDRESSES = ["", "jane@mail.example", "JANE@mail.example", "luis@mail.example", "a@b.example"]


@st.composite
def visits(draw: st.DrawFn) -> Row:
    first = draw(st.integers(0, 100))
    return (
        draw(st.sampled_from(NAMES)),
        draw(st.sampled_from(ADDRESSES)),
        first,
        first + draw(st.integers(0, 60)),
    )


def clock(minute: int) -> str:
    return (START + timedelta(minutes=minute)).isoformat(" ")


def table(rows: Sequence[Row]) -> list[list[Any]]:
    return [HEAD, *([name, email, clock(a), clock(b)] for name, email, a, b in rows)]


def text(rows: Sequence[Row]) -> bytes:
    return samples.as_csv(table(rows)).encode()


def tabs(rows: Sequence[Row]) -> bytes:
    return samples.as_csv(table(rows), "\t").encode("utf-16")


def workbook(rows: Sequence[Row]) -> bytes:
    return samples.as_workbook(table(rows))


def figures(content: bytes) -> list[tuple[str, int]]:
    """Who counts or not, and for how many seconds, in no order."""
    document = attendance.recognize(content)
    choices = Choices(
        [table.kind for table in document.tables],
        [table.meanings for table in document.tables],
        ZoneInfo("America/New_York"),
        date(2021, 4, 14),
        datetime(2021, 4, 14, 19, tzinfo=UTC),
    )
    entries, problems = attendance.entries_of(document, choices)
    assert problems == []
    return sorted((person.why, person.presence) for person in attendance.people_of(entries))


@given(st.lists(visits(), min_size=1, max_size=12), st.randoms(use_true_random=False))
@settings(max_examples=80, deadline=None)
def test_the_order_of_rows_changes_nothing(rows: list[Row], random: Any) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert figures(text(shuffled)) == figures(text(rows))


@given(st.lists(visits(), min_size=1, max_size=8), st.data())
@settings(max_examples=80, deadline=None)
def test_coming_back_changes_nothing(rows: list[Row], data: st.DataObject) -> None:
    # Rows that nobody can tell apart are people of their own each, so they stay whole.
    rows = [row for row in rows if row[1] or row[0] != "iPhone"] or [("Li Wei", "", 0, 5)]
    cut = []
    for name, email, first, last in rows:
        places = data.draw(st.lists(st.integers(first, last), max_size=3))
        cut += [(name, email, a, b) for a, b in pairwise(sorted({first, last, *places}))] or [
            (name, email, first, last)
        ]
    assert figures(text(cut)) == figures(text(rows))


@given(st.lists(visits(), min_size=1, max_size=6), st.sampled_from([tabs, workbook]))
@settings(max_examples=40, deadline=None)
def test_the_kind_of_file_changes_nothing(
    rows: list[Row], written: Callable[[Sequence[Row]], bytes]
) -> None:
    assert figures(written(rows)) == figures(text(rows))
