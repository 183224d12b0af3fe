"""Where bars, lines and words of a chart stand. The page draws them as SVG."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH: Final = 640
HEIGHT: Final = 250
LEFT: Final = 56
RIGHT: Final = 12
TOP: Final = 34
BOTTOM: Final = 36
MOST_WORDS: Final = 5
GAP: Final = 0.22
"""Of a bar's place that stays free."""


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    is_highest: bool


@dataclass(frozen=True)
class Word:
    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Chart:
    bars: tuple[Bar, ...]
    lines: tuple[Word, ...]
    """Horizontal lines, with the figure that each stands for."""
    places: tuple[Word, ...]
    """Words along the bottom."""
    highest: Word | None
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    floor: int = HEIGHT - BOTTOM


def bars(values: Sequence[int], places: Sequence[str]) -> Chart:
    """A bar for each value, each standing over its word; as many words as there is room for."""
    top = _round_up(max(values, default=0))
    slot = (WIDTH - LEFT - RIGHT) / max(1, len(values))
    best = max(range(len(values)), key=lambda place: values[place], default=None)
    drawn = tuple(
        Bar(
            x=round(LEFT + (place + GAP / 2) * slot, 1),
            y=round(_y(value, top), 1),
            width=round(slot * (1 - GAP), 1),
            height=round(HEIGHT - BOTTOM - _y(value, top), 1),
            is_highest=place == best,
        )
        for place, value in enumerate(values)
    )
    return Chart(
        bars=drawn,
        lines=tuple(
            Word(LEFT, round(_y(figure, top), 1), f"{figure:,}") for figure in (0, top // 2, top)
        ),
        places=tuple(
            Word(round(LEFT + place * slot, 1), HEIGHT - BOTTOM + 24, places[place])
            for place in range(0, len(values), max(1, -(-len(values) // MOST_WORDS)))
        ),
        highest=_over(drawn[best], values[best]) if best is not None else None,
    )


def _over(bar: Bar, value: int) -> Word:
    """The figure over its bar, moved inward where it would leave the chart."""
    middle = bar.x + bar.width / 2
    return Word(round(min(max(middle, LEFT + 30), WIDTH - 40), 1), bar.y - 8, f"{value:,}")


def _y(value: int, top: int) -> float:
    return HEIGHT - BOTTOM - value * (HEIGHT - TOP - BOTTOM) / top


def _round_up(value: int) -> int:
    """The next of 2, 4, 6, 8, 10, 20, 40 … at or above the value: half of it is whole too."""
    unit = 1
    while value > 10 * unit:
        unit *= 10
    return next(unit * step for step in (2, 4, 6, 8, 10) if unit * step >= value)
