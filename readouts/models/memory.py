from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements import clock
from engagements.models import User
from qa.models import MAX_LENGTH, Question


class RecurringQuestion(models.Model):
    """What is asked again at one engagement after the other, in the office's words."""

    text = models.CharField(_("question"), max_length=MAX_LENGTH)
    noted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    noted_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("recurring question")
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"recurring question {self.pk}"


class Recurrence(models.Model):
    """A question that somebody recognized as one that recurs. Each question stands for one."""

    recurring = models.ForeignKey(RecurringQuestion, models.CASCADE, related_name="recurrences")
    question = models.OneToOneField(Question, models.CASCADE, related_name="recurrence")
    recognized_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recognized_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("recurrence")
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.question} as {self.recurring}"
