from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements import clock
from engagements.models import Engagement, User
from qa.models import MAX_LENGTH, Question
from readouts import states


class Readout(models.Model):
    """What the office writes after an engagement. The public reads only its versions."""

    class State(models.TextChoices):
        DRAFT = states.DRAFT, _("draft")
        IN_REVIEW = states.IN_REVIEW, _("in review")
        PUBLISHED = states.PUBLISHED, _("published")
        WITHDRAWN = states.WITHDRAWN, _("withdrawn")

    engagement = models.OneToOneField(Engagement, models.PROTECT, related_name="readout")
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    summary = models.TextField(_("summary"), blank=True, max_length=60_000)
    facts = models.JSONField()
    small_figures_reason = models.CharField(
        _("reason to publish figures of small groups"),
        max_length=300,
        blank=True,
        help_text=_(
            "With fewer than 20 people, or fewer than 5 in a category, figures by category are "
            "left out or merged into “other”. Give a reason to publish them all the same."
        ),
    )
    correction_note = models.CharField(
        _("what was corrected"),
        max_length=500,
        blank=True,
        help_text=_("Shown with the next version."),
    )
    withdrawal_reason = models.CharField(
        _("reason of the withdrawal"),
        max_length=500,
        blank=True,
        help_text=_("The public reads it."),
    )
    withdrawn_through = models.PositiveSmallIntegerField(
        default=0, help_text=_("Versions up to this number are no longer public.")
    )
    revision = models.PositiveIntegerField(default=1)
    last_editor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    edited_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("readout")

    def __str__(self) -> str:
        return f"readout of {self.engagement.slug}"

    @property
    def is_public(self) -> bool:
        """A version is in force: published and not withdrawn."""
        return self.versions.filter(number__gt=self.withdrawn_through).exists()


class ReadoutSample(models.Model):
    """A question chosen for the readout, in its place, with its words edited for publication."""

    readout = models.ForeignKey(Readout, models.CASCADE, related_name="samples")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=MAX_LENGTH)

    class Meta:
        verbose_name = _("sample question")
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["readout", "question"], name="a_question_is_a_sample_once"
            ),
        ]

    def __str__(self) -> str:
        return f"sample {self.position} of {self.readout}"


class ReadoutVersion(models.Model):
    """What was published: frozen text, facts and file. Never changed."""

    readout = models.ForeignKey(Readout, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    document = models.JSONField()
    correction_note = models.CharField(max_length=500, blank=True)
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    publisher = models.CharField(max_length=128, help_text=_("Who published, as known then."))
    imported = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("readout version")
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["readout", "number"], name="one_version_per_number"),
        ]

    def __str__(self) -> str:
        return f"version {self.number} of {self.readout}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("a published version is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("a published version is never deleted")
