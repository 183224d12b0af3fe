"""Background work of readouts. May run twice, and on several workers at once."""

from __future__ import annotations

from readouts.actions import promising, reminding


def follow_commitments() -> int:
    """Those that rows show as kept, or no longer; a moment's work while nothing happened."""
    return promising.look()


def remind_of_commitments() -> int:
    """Whoever sees to something that is due soon or overdue, and was not told lately."""
    return reminding.remind()
