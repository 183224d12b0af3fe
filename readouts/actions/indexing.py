"""Keep the words by which the archive is searched in step with what is public.

Who publishes or withdraws calls `renew` in the same transaction. Everything else that changes an
engagement is found by the look, through the audit log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from readouts import searching
from readouts.models import SearchEntry
from readouts.queries.search import words_of

if TYPE_CHECKING:
    from engagements.models import Engagement


@transaction.atomic
def renew(engagement: Engagement) -> None:
    """Make the search entry of an engagement anew, or take it away where it is not public.

    Reads the database, not what `engagement` has loaded. Harmless to repeat.
    """
    found = type(engagement).objects.select_related("agency", "series", "floor")
    words = words_of(found.get(pk=engagement.pk))
    if words is None:
        SearchEntry.objects.filter(engagement=engagement).delete()
        return
    SearchEntry.objects.update_or_create(
        engagement=engagement,
        defaults=words._asdict()
        | {
            "title_words": searching.indexed(words.title),
            "body_words": searching.indexed(words.body),
        },
    )
