"""How columns and categories of a file were named last, and what its dates leave open."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from rapidfuzz import fuzz, process

from engagements import clock
from engagements.files.attendance import moments
from engagements.files.attendance.entries import moments_in
from engagements.files.attendance.headings import plain
from engagements.models import AttendanceList, RememberedMapping, RoleCategory

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from engagements.files.attendance import Document

ALIKE: Final = 88
"""Of 100, from where on a value is taken for the words of a category."""


def headings_digest(document: Document) -> str:
    told = json.dumps([[table.title, table.headings] for table in document.tables])
    return hashlib.sha256(told.encode()).hexdigest()


def remembered(listed: AttendanceList) -> RememberedMapping | None:
    return RememberedMapping.objects.filter(
        platform=listed.platform, headings=listed.header["headings"]
    ).first()


def remember(listed: AttendanceList) -> None:
    """Columns as they are named now, and categories in addition to those of earlier files."""
    choices = listed.choices
    known = remembered(listed)
    categories = (known.categories if known else {}) | {
        value: key for value, key in choices["categories"].items() if key
    }
    RememberedMapping.objects.update_or_create(
        platform=listed.platform,
        headings=listed.header["headings"],
        defaults={
            "columns": {"columns": choices["columns"], "kinds": choices["kinds"]},
            "categories": categories,
            "remembered_at": clock.now(),
        },
    )


def proposed_categories(values: Mapping[str, int], known: Mapping[str, str]) -> dict[str, str]:
    """A key of a role category for each value, or "" where nothing is alike."""
    words: dict[str, str] = {}
    for category in RoleCategory.objects.all():
        for text in (category.label, category.noun_phrase, category.key.replace("-", " ")):
            words.setdefault(plain(text), category.key)
    keys = set(words.values())
    return {
        value: known[value] if known.get(value) in keys else _most_alike(value, words)
        for value in values
    }


def unread_dates(
    document: Document, columns: Sequence[Sequence[str]], day: date, *, told: str
) -> dict[str, Any]:
    """The order of day and month in the file, or the two readings of a date for somebody to say."""
    named = [list(meanings) for meanings in columns]
    texts = list(moments_in(document, named))
    order = moments.order_of(texts, day)
    if order != moments.ASKED or told in {moments.MONTH_FIRST, moments.DAY_FIRST}:
        return {"order": told if order == moments.ASKED else order, "readings": []}
    return {"order": moments.ASKED, "readings": _readings(texts, day)}


def _readings(texts: Sequence[str], day: date) -> list[str]:
    """A date of the file, as it stands there and as read with the month first and the day first."""
    for text in texts:
        found = [
            moments.moment(text, order=order, zone=ZoneInfo("UTC"), day=day)
            for order in (moments.MONTH_FIRST, moments.DAY_FIRST)
        ]
        if all(found) and found[0] != found[1]:
            return [text, *(at.isoformat() for at in found if at)]
    return []


def _most_alike(value: str, words: Mapping[str, str]) -> str:
    found = process.extractOne(
        plain(value), list(words), scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE
    )
    return words[found[0]] if found else ""
