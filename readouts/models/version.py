from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models import User
from readouts.models.readout import Readout


class ReadoutVersion(models.Model):
    """What was published: frozen text, facts and files. Never changed.

    `samples` keeps of each chosen question its number, the words as asked and as published and
    why it was chosen; `approvals` who cleared this text at which step. Neither is public.
    """

    readout = models.ForeignKey(Readout, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    document = models.JSONField()
    digest = models.CharField(max_length=64, help_text=_("SHA-256 of the document as JSON."))
    provenance = models.JSONField(default=list)
    samples = models.JSONField(default=list)
    approvals = models.JSONField(default=list)
    correction_note = models.CharField(max_length=500, blank=True)
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


class VersionFile(models.Model):
    """A published version in one format, as it was written on the day. Never changed."""

    class Format(models.TextChoices):
        PDF = "pdf", _("PDF")
        DOCX = "docx", _("Word document")
        MARKDOWN = "md", _("Markdown")
        TEXT = "txt", _("plain text")
        FACTS = "json", _("facts as JSON")

    version = models.ForeignKey(ReadoutVersion, models.PROTECT, related_name="files")
    format = models.CharField(max_length=8, choices=Format.choices)
    content = models.BinaryField()
    size = models.PositiveIntegerField(help_text=_("In bytes."))
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("file of a version")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "format"], name="one_file_per_format"),
        ]

    def __str__(self) -> str:
        return f"{self.format} of {self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("a published file is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("a published file is never deleted")
