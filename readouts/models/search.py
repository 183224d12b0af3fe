from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement


class SearchEntry(models.Model):
    """The public words of one engagement, as the archive searches them. Made anew by actions.

    Only what anybody may read now is in it; an engagement that is not public has no entry. The
    database keeps an index of the folded words by itself (migration 0006).

    `public_head` says how far the floor's log had come, where words of questions are in the body:
    once the floor has gone on, they may have been redacted, and the entry is not searched until it
    is made anew. The largest `audited_through` says how far the look has read the audit log.
    """

    engagement = models.OneToOneField(Engagement, models.CASCADE, related_name="search_entry")
    title = models.TextField()
    body = models.TextField()
    title_words = models.TextField(default="", help_text=_("The title's words, folded."))
    body_words = models.TextField(default="", help_text=_("The body's words, folded."))
    public_head = models.PositiveBigIntegerField(null=True)
    audited_through = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("search entry")

    def __str__(self) -> str:
        return f"words of {self.engagement.slug}"
