from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements import clock
from engagements.models import User


class HouseWording(models.Model):
    """How the office words its readouts, in one language.

    `phrases` holds only what differs from the wording that comes with Openfloor
    (`readouts.wording.HOUSE`), by the names of its fields. One wording is the usual one.
    """

    name = models.CharField(_("name"), max_length=80, unique=True)
    language = models.CharField(_("language"), max_length=12, default="en")
    phrases = models.JSONField(default=dict)
    is_usual = models.BooleanField(_("the usual one"), default=False)
    revision = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("house wording")
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["is_usual"],
                condition=models.Q(is_usual=True),
                name="one_usual_wording",
            ),
        ]

    def __str__(self) -> str:
        return self.name
