from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements import clock
from engagements.models import User


class EndedSession(models.Model):
    """Tickets that an account got before this moment, in this session, open nothing any more.

    `session` is the session's digest as tickets carry it; empty stands for all of the account's.
    """

    account = models.ForeignKey(User, models.CASCADE, related_name="+")
    session = models.CharField(max_length=16, blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("ended session")
        indexes: ClassVar = [models.Index(fields=["account", "at"])]

    def __str__(self) -> str:
        return f"ended session of {self.account_id}"
