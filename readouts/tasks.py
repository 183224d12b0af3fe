"""Background work of readouts. May run twice, and on several workers at once."""

from __future__ import annotations

from readouts.actions import indexing, promising, reminding, scheduling, watching


def follow_commitments() -> int:
    """Those that rows show as kept, or no longer; a moment's work while nothing happened."""
    return promising.look()


def remind_of_commitments() -> int:
    """Whoever sees to something that is due soon or overdue, and was not told lately."""
    return reminding.remind()


def publish_due() -> int:
    """Readouts whose time has come, if everything still stands as it was when it was set."""
    return scheduling.publish_due()


def renew_search() -> int:
    """Entries of the archive's search whose engagement has changed, or that are missing."""
    return indexing.look()


def renew_all_search() -> int:
    """Every entry, for whatever the logs do not tell."""
    return indexing.renew_all()


def watch_figures() -> int:
    """Published figures that would be counted otherwise now, where the log tells news."""
    return watching.look()


def watch_all_figures() -> int:
    """Have all of them looked at again, a few each minute."""
    return watching.look_anew()
