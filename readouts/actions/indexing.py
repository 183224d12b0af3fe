"""Keep the words by which the archive is searched in step with what is public.

Who publishes or withdraws calls `renew` in the same transaction, and so do changes of the
engagement itself (`readouts.receivers`). Everything else is found by `look`.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, Max, Q

from engagements.models import AuditEntry, Engagement
from engagements.queries import announced
from readouts import searching
from readouts.models import SearchEntry
from readouts.queries.search import words_of


@transaction.atomic
def renew(engagement: Engagement) -> None:
    """Make the search entry of an engagement anew, or take it away where it is not public.

    Reads the database, not what `engagement` has loaded. Harmless to repeat.
    """
    found = Engagement.objects.select_related("agency", "series", "floor")
    words = words_of(found.get(pk=engagement.pk))
    if words is None:
        SearchEntry.objects.filter(engagement=engagement).delete()
        return
    SearchEntry.objects.update_or_create(
        engagement=engagement,
        defaults={
            **words._asdict(),
            "title_words": searching.indexed(words.title),
            "body_words": searching.indexed(words.body),
        },
    )


def look() -> int:
    """Renew what has changed since the last look and what is missing; says how many.

    The audit log says what has changed, and the log of the floor: words of questions are not
    searched until their entry was renewed.
    """
    top = AuditEntry.objects.order_by().aggregate(last=Max("pk"))["last"] or 0
    looked = SearchEntry.objects.aggregate(last=Max("audited_through"))["last"]
    if looked is None:
        looked = top  # Without any entry nothing can have changed; what is public is missing.
    changed = AuditEntry.objects.order_by().filter(pk__gt=looked, engagement__isnull=False)
    gone_on = SearchEntry.objects.filter(public_head__isnull=False).exclude(
        public_head=F("engagement__floor__public_head")
    )
    is_missing = Q(pk__in=announced().order_by().values("pk"), search_entry=None)
    due = Engagement.objects.filter(
        Q(pk__in=changed.values("engagement")) | Q(pk__in=gone_on.values("engagement")) | is_missing
    )
    number = _renew_all(list(due))
    if number or looked < top:
        _note_looked(top)
    return number


def _note_looked(top: int) -> None:
    newest = SearchEntry.objects.order_by("-audited_through", "-pk").values("pk")[:1]
    SearchEntry.objects.filter(pk__in=list(newest.values_list("pk", flat=True))).update(
        audited_through=top
    )


def renew_all() -> int:
    """Every engagement's, whatever the logs say; says how many."""
    return _renew_all(list(Engagement.objects.order_by("pk")))


def _renew_all(engagements: list[Engagement]) -> int:
    """One transaction each: a long run holds nobody up."""
    for engagement in engagements:
        renew(engagement)
    return len(engagements)
