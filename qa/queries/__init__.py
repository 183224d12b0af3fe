"""Reads of questions, floors and lists."""

from __future__ import annotations

from qa.queries.backstage import backstage, backstager, view_links
from qa.queries.desk import dismissal_reasons, silenced, standing
from qa.queries.forwardings import downloads, forwardings_for, forwardings_of
from qa.queries.kinds import kind_names, name_of
from qa.queries.listed import ListedQuestion, dispositions, listed_questions, written_questions
from qa.queries.live import (
    Position,
    VoteChanges,
    admitted,
    announcements,
    events_since,
    floor_of,
    own,
    own_changes,
    position,
    snapshot,
    standing_announcements,
    visible,
    votes_since,
)
from qa.queries.timetable import clock_due, floors_due

__all__ = [
    "ListedQuestion",
    "Position",
    "VoteChanges",
    "admitted",
    "announcements",
    "backstage",
    "backstager",
    "clock_due",
    "dismissal_reasons",
    "dispositions",
    "downloads",
    "events_since",
    "floor_of",
    "floors_due",
    "forwardings_for",
    "forwardings_of",
    "kind_names",
    "listed_questions",
    "name_of",
    "own",
    "own_changes",
    "position",
    "silenced",
    "snapshot",
    "standing",
    "standing_announcements",
    "view_links",
    "visible",
    "votes_since",
    "written_questions",
]
