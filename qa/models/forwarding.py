from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models import Agency, Engagement, User
from qa import states
from qa.models.question import MAX_LENGTH, Question


class Forwarding(models.Model):
    """One frozen list of questions, sent to an agency without attribution."""

    class State(models.TextChoices):
        DRAFT = states.FORWARDING_DRAFT, _("draft")
        SENT = states.FORWARDING_SENT, _("sent")
        SUPERSEDED = states.FORWARDING_SUPERSEDED, _("superseded")
        RECALLED = states.FORWARDING_RECALLED, _("recalled")

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="forwardings")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="forwardings")
    number = models.PositiveSmallIntegerField(_("number"))
    state = models.CharField(max_length=12, choices=State.choices, default=State.SENT)
    file_name = models.CharField(max_length=200)
    file = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    question_count = models.PositiveIntegerField()
    sent_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()

    class Meta:
        verbose_name = _("forwarding")
        ordering: ClassVar = ["-sent_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["engagement", "number"], name="one_forwarding_per_number"
            ),
            models.UniqueConstraint(
                fields=["engagement", "agency"],
                condition=models.Q(state=states.FORWARDING_SENT),
                name="one_forwarding_in_force_per_agency",
            ),
        ]

    def __str__(self) -> str:
        return f"list {self.number} of {self.engagement.slug}"


class ForwardedQuestion(models.Model):
    """A question as it was forwarded: its words are frozen, and nobody's name is with it."""

    forwarding = models.ForeignKey(Forwarding, models.CASCADE, related_name="questions")
    question = models.ForeignKey(Question, models.PROTECT, related_name="forwarded")
    number = models.PositiveIntegerField()
    text = models.CharField(max_length=MAX_LENGTH)
    category = models.CharField(max_length=120, blank=True)
    status = models.CharField(max_length=80)
    reason = models.CharField(max_length=400, blank=True)

    class Meta:
        verbose_name = _("forwarded question")
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["forwarding", "number"], name="one_row_per_forwarded_number"
            ),
        ]

    def __str__(self) -> str:
        return f"question {self.number} of {self.forwarding}"
