"""Long rows of clients, part by part: everybody else has a turn on the loop between two parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

T = TypeVar("T")

IN_ONE_GO: Final = 250


def in_parts(items: Iterable[T]) -> Iterator[tuple[T, ...]]:
    """Those that are there now, in their order. To be followed by a sleep of nothing each."""
    row = tuple(items)
    for start in range(0, len(row), IN_ONE_GO):
        yield row[start : start + IN_ONE_GO]
