from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements import clock
from engagements.models import User
from readouts.models.readout import Readout


class Comment(models.Model):
    """A remark about a section of a draft, for the office only. It is settled, never deleted."""

    class Section(models.TextChoices):
        SUMMARY = "summary", _("summary")
        ATTENDANCE = "attendance", _("who joined and asked")
        SAMPLE = "sample", _("sample questions")
        CLOSING = "closing", _("closing")
        SPEAKERS = "speakers", _("speakers")
        MATERIALS = "materials", _("materials")
        ANSWERS = "answers", _("follow-up answers")

    readout = models.ForeignKey(Readout, models.CASCADE, related_name="comments")
    section = models.CharField(_("section"), max_length=12, choices=Section.choices)
    text = models.CharField(_("comment"), max_length=2_000)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("comment")
        ordering: ClassVar = ["at", "pk"]

    def __str__(self) -> str:
        return f"comment {self.pk} on {self.readout}"
