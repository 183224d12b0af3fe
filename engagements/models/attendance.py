from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements import clock
from engagements.models.engagement import Engagement
from engagements.models.people import RoleCategory, User
from engagements.models.registration import Registration

SILENCE = timedelta(seconds=40)
"""Who gave no sign of life for so long is not present any more. Sockets give one each 15 s, so a
person whose server was killed is gone within a minute."""


class Attendance(models.Model):
    """A registered person came. One row per person, with the category held at that moment."""

    class Source(models.TextChoices):
        ROOM = "room", _("our own room")
        PHONE = "phone", _("by phone, noted by the office")

    registration = models.OneToOneField(Registration, models.CASCADE, related_name="attendance")
    category = models.ForeignKey(RoleCategory, models.PROTECT)
    source = models.CharField(max_length=8, choices=Source.choices, default=Source.ROOM)
    first_joined_at = models.DateTimeField(default=clock.now)
    companions = models.PositiveSmallIntegerField(
        default=0,
        help_text=_("People who watch together with this person, as this person declared."),
    )

    class Meta:
        verbose_name = _("attendance")

    def __str__(self) -> str:
        return f"attendance of {self.registration}"


class AttendanceInterval(models.Model):
    """A stretch of presence in the live room. Open while `closed_at` is empty."""

    attendance = models.ForeignKey(Attendance, models.CASCADE, related_name="intervals")
    opened_at = models.DateTimeField(default=clock.now)
    last_seen_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("attendance interval")
        ordering: ClassVar = ["opened_at", "pk"]

    def __str__(self) -> str:
        return f"{self.opened_at:%H:%M} to {self.closed_at or self.last_seen_at:%H:%M}"


class DeclaredAttendance(models.Model):
    """People who joined and whom the office declares instead of us counting them."""

    class Kind(models.TextChoices):
        ARCHIVE = "archive", _("from an archive file")
        PHONE = "phone", _("joined by phone only")
        GROUP = "group", _("watched together")

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="declared_attendance")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.ARCHIVE)
    category = models.ForeignKey(RoleCategory, models.PROTECT)
    people = models.PositiveIntegerField(_("people"))
    source = models.CharField(_("source"), max_length=300)
    numbers = models.JSONField(
        default=list,
        help_text=_("Digests of the phone numbers that were counted; empty for a bare figure."),
    )
    declared_at = models.DateTimeField(default=clock.now)
    declared_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("declared attendance")
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.people} {self.category.noun_phrase}"
