"""Reads across tables."""

from __future__ import annotations

from engagements.queries.calendar import (
    agencies,
    engagements_of,
    live_now,
    members,
    offered_categories,
    office_accounts,
    past,
    roles_of,
    series_names,
    upcoming,
)
from engagements.queries.counts import (
    PeopleOfCategory,
    joined,
    joined_by_category,
    people_by_category,
    present,
    registered_by_category,
    roll,
)
from engagements.queries.mail import outgoing_mail

__all__ = [
    "PeopleOfCategory",
    "agencies",
    "engagements_of",
    "joined",
    "joined_by_category",
    "live_now",
    "members",
    "offered_categories",
    "office_accounts",
    "outgoing_mail",
    "past",
    "people_by_category",
    "present",
    "registered_by_category",
    "roles_of",
    "roll",
    "series_names",
    "upcoming",
]
