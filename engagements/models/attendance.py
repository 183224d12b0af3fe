from __future__ import annotations

import uuid
from datetime import timedelta
from typing import ClassVar

from django.core import signing
from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements import clock
from engagements.models.engagement import Engagement
from engagements.models.people import RoleCategory

SILENCE = timedelta(seconds=40)
"""Who gave no sign of life for so long is not present any more. Sockets give one each 15 s, so a
person whose server was killed is gone within a minute."""


class Registration(models.Model):
    """A stakeholder's entry in one engagement. The personal link stands for it; no account does."""

    class Counted(models.TextChoices):
        """Whether the person counts as a stakeholder. Staff never do."""

        COUNTED = "counted", _("counted")
        STAFF = "staff", _("office staff")
        SPEAKER = "speaker", _("speaker")
        TEST = "test", _("test")

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="registrations")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=128)
    email = models.CharField(_("e-mail address"), max_length=256)
    email_key = models.CharField(max_length=256)
    organization = models.CharField(_("organization"), max_length=200, blank=True)
    category = models.ForeignKey(RoleCategory, models.PROTECT)
    notice_version = models.PositiveIntegerField()
    counted = models.CharField(max_length=8, choices=Counted.choices, default=Counted.COUNTED)
    registered_at = models.DateTimeField(default=clock.now)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("registration")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["engagement", "email_key"], name="one_registration_per_address"
            ),
        ]

    def __str__(self) -> str:
        return f"registration {self.pk}"

    def token(self) -> str:
        """The secret of the personal link: a random id, signed. Nothing of it is stored."""
        return _signer().sign(self.public_id.hex)

    @classmethod
    def from_token(cls, token: str) -> Registration | None:
        """The registration that a personal link stands for; None for any other text."""
        try:
            public_id = uuid.UUID(_signer().unsign(token))
        except (signing.BadSignature, ValueError):
            return None
        return cls.objects.select_related("engagement").filter(public_id=public_id).first()


def _signer() -> signing.Signer:
    return signing.Signer(salt="registration", sep=".")


class Attendance(models.Model):
    """A registered person came. One row per person, with the category held at that moment."""

    registration = models.OneToOneField(Registration, models.CASCADE, related_name="attendance")
    category = models.ForeignKey(RoleCategory, models.PROTECT)
    first_joined_at = models.DateTimeField(default=clock.now)

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
