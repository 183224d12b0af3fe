from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements import clock
from engagements.models.engagement import Engagement
from engagements.models.people import User


class StoredFile(models.Model):
    """A file as it came, with its checksum. A row never changes."""

    name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField(_("size"), help_text=_("In bytes."))
    sha256 = models.CharField(max_length=64, db_index=True)
    content = models.BinaryField()
    stored_at = models.DateTimeField(default=clock.now)
    stored_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("file")

    def __str__(self) -> str:
        return self.name


class Material(models.Model):
    """Something to read with an engagement: a file of ours, or a link to somebody else's."""

    class Stage(models.TextChoices):
        BEFORE = "before", _("for the engagement")
        AFTER = "after", _("posted after the engagement")

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="materials")
    stage = models.CharField(_("stage"), max_length=6, choices=Stage.choices, default=Stage.BEFORE)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    title = models.CharField(_("title"), max_length=200)
    url = models.URLField(_("link"), blank=True, max_length=500)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    pages = models.PositiveIntegerField(_("pages or slides"), null=True, blank=True)
    posted_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("material")
        ordering: ClassVar = ["stage", "position", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(url="", file__isnull=False)
                | (~models.Q(url="") & models.Q(file__isnull=True)),
                name="material_is_a_file_or_a_link",
            ),
        ]

    def __str__(self) -> str:
        return self.title
