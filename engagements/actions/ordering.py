"""Rows that people put in order, one step at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Placed(Protocol):
    pk: int
    position: int

    def save(self, *, update_fields: list[str]) -> None: ...


P = TypeVar("P", bound=Placed)


def moved(rows: Sequence[P], row: P, *, up: bool) -> list[P]:
    """The rows with this one a step further up or down. At the end of its way it stays."""
    order = list(rows)
    here = next(place for place, one in enumerate(order) if one.pk == row.pk)
    there = min(max(here + (-1 if up else 1), 0), len(order) - 1)
    order.insert(there, order.pop(here))
    return order


def last_place(rows: Iterable[P]) -> int:
    """Behind all of them."""
    return max((row.position for row in rows), default=0) + 1


def number(rows: Sequence[P]) -> None:
    """Positions from 1 on, in this order. To be called with what they belong to locked."""
    for position, row in enumerate(rows, start=1):
        if row.position != position:
            row.position = position
            row.save(update_fields=["position"])
