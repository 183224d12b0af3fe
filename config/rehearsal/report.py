"""What a rehearsal says: a line of progress while it runs, and the report at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from config.rehearsal.tally import percentile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.management.base import OutputWrapper

    from config.rehearsal.tally import Tally

SELDOM: Final = 10.0
"""Seconds between two lines where nobody watches a terminal."""


class Progress:
    """On a terminal one line that is written over; else a line now and then."""

    def __init__(self, out: OutputWrapper) -> None:
        self._out = out
        self._is_terminal = out.isatty()
        self._next = 0.0
        self._width = 0

    def tell(self, tally: Tally, seconds: float) -> None:
        line = progress_line(tally, seconds)
        if self._is_terminal:
            self._out.write(f"\r{line.ljust(self._width)}", ending="")
            self._width = len(line)
        elif seconds >= self._next:
            self._out.write(line)
            self._next = seconds + SELDOM
        self._out.flush()

    def end(self) -> None:
        """The next line stands alone."""
        if self._width:
            self._out.write("")


def progress_line(tally: Tally, seconds: float) -> str:
    return _(
        "%(time)s  %(present)s connected, %(asked)s asked, %(acknowledged)s acknowledged, "
        "%(shown)s shown, %(delivered)s delivered"
    ) % {
        "time": _time(seconds),
        "present": f"{tally.present:,}",
        "asked": f"{tally.asked:,}",
        "acknowledged": f"{len(tally.acknowledged):,}",
        "shown": f"{len(tally.shown):,}",
        "delivered": f"{len(tally.deliveries):,}",
    }


def lines(tally: Tally, faults: Sequence[str]) -> list[str]:
    """The report. `faults` says what is not stored as it was acknowledged."""
    waits = [one.seconds for one in tally.acknowledged]
    stored = faults or [
        _("In the database: every acknowledged question exactly once, in the order of the numbers.")
    ]
    return [
        _row(_of(_("In the room at the end, of %(all)s"), tally.people), tally.present),
        _row(_("Questions asked"), tally.asked),
        _row(_("acknowledged"), len(waits), _spread(waits)),
        _row(_("shown"), len(tally.shown)),
        _row(
            _of(_("delivered, of %(all)s"), tally.expected),
            len(tally.deliveries),
            _spread(tally.deliveries),
        ),
        _row(_("Votes acknowledged"), tally.votes),
        _row(_("Refusals"), tally.refused.total(), _codes(tally)),
        _row(_("Reconnects"), tally.reconnects),
        _row(_("Questions lost"), tally.lost_questions),
        _row(_("Deliveries lost"), tally.lost_deliveries),
        *stored,
    ]


def _row(name: str, figure: int, more: str = "") -> str:
    return f"  {name:<34}{figure:>9,}  {more}".rstrip()


def _of(name: str, everything: int) -> str:
    return name % {"all": f"{everything:,}"}


def _spread(seconds: Sequence[float]) -> str:
    if not seconds:
        return ""
    return _("p50 %(half)s ms, p99 %(most)s ms") % {
        "half": f"{percentile(seconds, 50) * 1000:,.0f}",
        "most": f"{percentile(seconds, 99) * 1000:,.0f}",
    }


def _codes(tally: Tally) -> str:
    return ", ".join(f"{code} {number:,}" for code, number in sorted(tally.refused.items()))


def _time(seconds: float) -> str:
    minutes, rest = divmod(int(max(0, seconds)), 60)
    return f"{minutes}:{rest:02}"
