"""Where the bars of a chart by name stand, from top to bottom. The page draws them as SVG."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH: Final = 640
MOST_LEFT: Final = 272
LETTER: Final = 10.5
"""About the width of one on a phone, for the room that the longest name needs."""
RIGHT: Final = 90
ROW: Final = 30
BAR: Final = 18
LONGEST_NAME: Final = 24
MOST: Final = 20
"""Bars in one chart; the table has the rest."""


@dataclass(frozen=True)
class Bar:
    name: str
    figure: str
    y: float
    middle: float
    width: float
    end: float


@dataclass(frozen=True)
class Bars:
    bars: tuple[Bar, ...]
    height: int
    left_out: int
    """Names that the chart has no room for."""
    left: int
    width: int = WIDTH
    thick: int = BAR


def across(figures: Sequence[tuple[str, int]]) -> Bars:
    """A bar for each name, as long as its figure is against the greatest."""
    shown = figures[:MOST]
    top = max((figure for _name, figure in shown), default=0) or 1
    longest = max((len(_short(name)) for name, _figure in shown), default=0)
    left = min(MOST_LEFT, round(20 + LETTER * longest))
    room = WIDTH - left - RIGHT
    bars = []
    for place, (name, figure) in enumerate(shown):
        width = round(room * figure / top, 1)
        y = place * ROW + (ROW - BAR) / 2
        end = left + width + 8
        bars.append(Bar(_short(name), f"{figure:,}", y, y + BAR / 2 + 4.5, width, end))
    return Bars(tuple(bars), max(1, len(shown)) * ROW, len(figures) - len(shown), left)


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"
