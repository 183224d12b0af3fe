from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement


class SearchEntry(models.Model):
    """The public words of one engagement, as the archive searches them. Made anew by actions.

    Only what anybody may read now is in it; an engagement that is not public has no entry.
    """

    engagement = models.OneToOneField(Engagement, models.CASCADE, related_name="search_entry")
    title = models.TextField()
    body = models.TextField()

    class Meta:
        verbose_name = _("search entry")

    def __str__(self) -> str:
        return f"words of {self.engagement.slug}"
