"""Many rows in one statement are what the same rows one by one would be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from engagements import rows
from engagements.models import AuditEntry, Engagement
from tests.factories import START

if TYPE_CHECKING:
    from engagements.models import User

pytestmark = pytest.mark.django_db

COLUMNS = ("at", "actor_id", "actor_label", "action", "subject", "engagement_id", "detail")
DETAILS: list[Any] = [{}, {"text": 'a "quote" % and ☂'}, [1, None, True], "text", 7, None]


def test_what_is_inserted_is_what_a_model_stores(engagement: Engagement, omar: User) -> None:
    def values(detail: Any) -> list[Any]:
        return [START, omar.pk, "account", "tried", "a:1", engagement.pk, detail]

    for detail in DETAILS[:-1]:
        AuditEntry.objects.create(**dict(zip(COLUMNS, values(detail), strict=True)))
    rows.insert(AuditEntry, COLUMNS, [values(detail) for detail in DETAILS[:-1]])

    stored = list(AuditEntry.objects.order_by("pk").values_list(*COLUMNS))
    assert stored[: len(stored) // 2] == stored[len(stored) // 2 :]
    assert [detail for *_others, detail in stored[len(stored) // 2 :]] == DETAILS[:-1]


def test_rows_are_updated_by_their_keys_and_others_stay(
    engagement: Engagement, live_engagement: Engagement
) -> None:
    rows.update(Engagement, ("title", "starts_at"), [("Another", START, engagement.pk)])

    assert Engagement.objects.get(pk=engagement.pk).title == "Another"
    assert Engagement.objects.get(pk=live_engagement.pk).title == "A live session"


def test_no_rows_are_no_statement(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        rows.insert(AuditEntry, COLUMNS, [])
