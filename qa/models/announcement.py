from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements import clock
from engagements.models import User
from qa.models.floor import Floor

LONGEST_ANNOUNCEMENT = 500


class Announcement(models.Model):
    """What the office tells everybody in the room. It stands until it is taken back."""

    floor = models.ForeignKey(Floor, models.CASCADE, related_name="announcements")
    text = models.CharField(_("text"), max_length=LONGEST_ANNOUNCEMENT)
    announced_at = models.DateTimeField(default=clock.now)
    announced_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("announcement")
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"announcement {self.pk}"
