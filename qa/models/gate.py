"""Personal identifiers in questions, what was decided about each, and what was redacted."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from engagements import clock
from engagements.models import User
from qa import states
from qa.models.question import MAX_LENGTH, Question


class Finding(models.Model):
    """Words of a question that look like a personal identifier; open until somebody decides."""

    class State(models.TextChoices):
        OPEN = states.FINDING_OPEN, _("not decided")
        NOT_IDENTIFIER = states.FINDING_NO_IDENTIFIER, _("not an identifier")
        REDACTED = states.FINDING_REDACTED, _("redacted")
        KEPT = states.FINDING_KEPT, _("kept, with a reason")

    question = models.ForeignKey(Question, models.CASCADE, related_name="findings")
    kind = models.CharField(max_length=32)
    words = models.CharField(
        max_length=MAX_LENGTH, blank=True, help_text=_("Empty once they are redacted.")
    )
    state = models.CharField(max_length=16, choices=State.choices, default=State.OPEN)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    found_at = models.DateTimeField(default=clock.now)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("finding")
        ordering: ClassVar = ["question", "pk"]

    def __str__(self) -> str:
        return f"{self.kind} in {self.question}"


class SealedText(models.Model):
    """The words of a redacted question as they were. Opened by permission only, and on record."""

    question = models.OneToOneField(Question, models.CASCADE, related_name="sealed")
    text = models.CharField(max_length=MAX_LENGTH)
    original_text = models.CharField(max_length=MAX_LENGTH)
    sealed_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("sealed text")

    def __str__(self) -> str:
        return f"sealed text of {self.question}"


class Redaction(models.Model):
    """Words taken out of a question, for a reason; in force until it is undone."""

    class Reason(models.TextChoices):
        IDENTIFIER = "identifier", _("personal identifier")
        PERSON = "person", _("somebody else's personal data")
        HEALTH = "health", _("health or another sensitive matter")
        SECURITY = "security", _("security")
        OFFENSIVE = "offensive", _("offensive words")

    question = models.ForeignKey(Question, models.CASCADE, related_name="redactions")
    reason = models.CharField(_("reason"), max_length=16, choices=Reason.choices)
    words = models.CharField(max_length=MAX_LENGTH, help_text=_("Sealed like the text."))
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("redaction")
        ordering: ClassVar = ["question", "pk"]

    def __str__(self) -> str:
        return f"redaction in {self.question}"


class FlaggedWord(models.Model):
    """A word of the office's list. It marks a question at the desk and does nothing more."""

    word = models.CharField(_("word"), max_length=60)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("flagged word")
        ordering: ClassVar = ["word"]
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("word"), name="one_row_per_word"),
        ]

    def __str__(self) -> str:
        return self.word
