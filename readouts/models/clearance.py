from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements import clock
from engagements.models import User
from readouts.models.readout import Readout


class ClearanceStep(models.Model):
    """One look that a readout needs before it is published, in the order of the office's chain."""

    name = models.CharField(
        _("name"), max_length=80, help_text=_("Such as “counsel” or “privacy”.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    people = models.ManyToManyField(
        User, verbose_name=_("who approves"), related_name="clearance_steps"
    )
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("clearance step")
        ordering: ClassVar = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class Approval(models.Model):
    """Somebody approved exactly the document with this digest. It counts for no other.

    It does not count for another revision either: a text that was changed, and changed back, has
    been in other hands.
    """

    readout = models.ForeignKey(Readout, models.CASCADE, related_name="approvals")
    step = models.ForeignKey(ClearanceStep, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    digest = models.CharField(max_length=64)
    revision = models.PositiveIntegerField(help_text=_("Of the readout, as it was read."))
    remark = models.CharField(_("remark"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("approval")
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["readout", "step", "revision", "digest"],
                name="one_approval_per_step_and_text",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} of {self.readout}"


class Return(models.Model):
    """Somebody sent a readout back to its editors, and why. For the office only."""

    readout = models.ForeignKey(Readout, models.CASCADE, related_name="returns")
    step = models.ForeignKey(
        ClearanceStep, models.PROTECT, null=True, blank=True, related_name="+",
        help_text=_("Empty: it was not sent back at a step of clearance."),
    )  # fmt: skip
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    digest = models.CharField(max_length=64, help_text=_("Of the text that was read."))
    note = models.CharField(_("what is to be changed"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("return")
        ordering: ClassVar = ["at", "pk"]

    def __str__(self) -> str:
        return f"return of {self.readout}"
