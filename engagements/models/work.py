from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements import clock


class Worker(models.Model):
    """A process of background work. Its tasks are taken over when it shows no sign of life."""

    name = models.CharField(max_length=64, unique=True)
    started_at = models.DateTimeField(default=clock.now)
    seen_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("worker")
        ordering: ClassVar = ["-seen_at"]

    def __str__(self) -> str:
        return self.name
