"""Reads across tables."""

from __future__ import annotations

from engagements.queries.calendar import (
    agencies,
    announced,
    by_code,
    engagements_of,
    fetch_members,
    in_feed,
    live_now,
    members,
    news,
    offered_categories,
    office_accounts,
    past,
    public_series,
    roles_of,
    series_names,
    upcoming,
)
from engagements.queries.counts import (
    attendance_of,
    joined,
    joined_by_category,
    present,
    registered_by_category,
    registered_people,
)
from engagements.queries.mail import outgoing_mail
from engagements.queries.months import Month, is_in_calendar, month, today
from engagements.queries.standing import Standing, standing

__all__ = [
    "Month",
    "Standing",
    "agencies",
    "announced",
    "attendance_of",
    "by_code",
    "engagements_of",
    "fetch_members",
    "in_feed",
    "is_in_calendar",
    "joined",
    "joined_by_category",
    "live_now",
    "members",
    "month",
    "news",
    "offered_categories",
    "office_accounts",
    "outgoing_mail",
    "past",
    "present",
    "public_series",
    "registered_by_category",
    "registered_people",
    "roles_of",
    "series_names",
    "standing",
    "today",
    "upcoming",
]
