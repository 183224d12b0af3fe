from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement, User


class FollowUpEdition(models.Model):
    """The follow-up questions and answers of an engagement as published at one time.

    Each publication of answers makes the next edition, with all that is published by then. Never
    changed: a correction is an edition too.
    """

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="follow_up_editions")
    number = models.PositiveSmallIntegerField(_("edition"))
    document = models.JSONField()
    digest = models.CharField(max_length=64, help_text=_("SHA-256 of the document as JSON."))
    answered = models.PositiveIntegerField(help_text=_("Questions that the agency answered."))
    questions = models.PositiveIntegerField(help_text=_("Questions that the agency got."))
    correction_note = models.CharField(max_length=500, blank=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    publisher = models.CharField(max_length=128, help_text=_("Who published, as known then."))

    class Meta:
        verbose_name = _("edition of the follow-up")
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["engagement", "number"], name="one_follow_up_edition_per_number"
            ),
        ]

    def __str__(self) -> str:
        return f"follow-up edition {self.number} of {self.engagement.slug}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("a published edition is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("a published edition is never deleted")


class FollowUpFile(models.Model):
    """An edition in one format, as it was written on the day. Never changed."""

    class Format(models.TextChoices):
        PDF = "pdf", _("PDF")
        DOCX = "docx", _("Word document")

    edition = models.ForeignKey(FollowUpEdition, models.PROTECT, related_name="files")
    format = models.CharField(max_length=8, choices=Format.choices)
    content = models.BinaryField()
    size = models.PositiveIntegerField(help_text=_("In bytes."))
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("file of an edition")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["edition", "format"], name="one_follow_up_file_per_format"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.format} of {self.edition}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("a published file is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("a published file is never deleted")
