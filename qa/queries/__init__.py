"""Reads of questions, floors and lists."""

from __future__ import annotations

from qa.queries.agency.forwardings import forwardings_for, forwardings_of, receipts
from qa.queries.agency.said import agency_says, is_forwarded
from qa.queries.backstage import backstage, backstager, view_links
from qa.queries.desk import dismissal_reasons, silenced, standing
from qa.queries.gate import finding_ids, findings_of, held_back, lists_with, redactions_of
from qa.queries.history import history
from qa.queries.kinds import kind_names, name_of
from qa.queries.listed import (
    Disposed,
    ReceivedQuestion,
    accounts,
    accounts_of,
    dispositions,
    received_questions,
    written_questions,
)
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
from qa.queries.polls import (
    PollChanges,
    figures_of,
    is_survey_open,
    places,
    poll_answers,
    poll_changes,
    polls,
    polls_seen,
    results_now,
    results_seen,
    results_to_keep,
    survey_state,
)
from qa.queries.question import (
    asker_of,
    likely_duplicates,
    merged_into,
    question_of,
    questions_with,
)
from qa.queries.timetable import by_label, clock_due, floors_due, has_moved_along, labels
from qa.queries.translations import translated, translations_of

__all__ = [
    "Disposed",
    "PollChanges",
    "Position",
    "ReceivedQuestion",
    "VoteChanges",
    "accounts",
    "accounts_of",
    "admitted",
    "agency_says",
    "announcements",
    "asker_of",
    "backstage",
    "backstager",
    "by_label",
    "clock_due",
    "dismissal_reasons",
    "dispositions",
    "events_since",
    "figures_of",
    "finding_ids",
    "findings_of",
    "floor_of",
    "floors_due",
    "forwardings_for",
    "forwardings_of",
    "has_moved_along",
    "held_back",
    "history",
    "is_forwarded",
    "is_survey_open",
    "kind_names",
    "labels",
    "likely_duplicates",
    "lists_with",
    "merged_into",
    "name_of",
    "own",
    "own_changes",
    "places",
    "poll_answers",
    "poll_changes",
    "polls",
    "polls_seen",
    "position",
    "question_of",
    "questions_with",
    "receipts",
    "received_questions",
    "redactions_of",
    "results_now",
    "results_seen",
    "results_to_keep",
    "silenced",
    "snapshot",
    "standing",
    "standing_announcements",
    "survey_state",
    "translated",
    "translations_of",
    "view_links",
    "visible",
    "votes_since",
    "written_questions",
]
