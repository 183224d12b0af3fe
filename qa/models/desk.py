"""What moderators work with beside the questions: reasons, silence, messages behind the scenes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements import clock
from engagements.models import Registration, Speaker, User
from qa.models.floor import Floor


class DismissalReason(models.Model):
    """Why a question is not shown: the office's list. Built-in ones have a meaning in the code
    or in records and may be renamed or switched off, never removed."""

    code = models.SlugField(max_length=32, unique=True)
    label = models.CharField(_("reason"), max_length=80)
    is_told = models.BooleanField(_("the asker is told"), default=True)
    is_active = models.BooleanField(_("in use"), default=True)
    is_built_in = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("reason of dismissal")
        ordering: ClassVar = ["position", "pk"]

    def __str__(self) -> str:
        return self.label


class Silence(models.Model):
    """A stakeholder may read and vote, and not ask, until it is ended. The person is told."""

    floor = models.ForeignKey(Floor, models.CASCADE, related_name="silences")
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="silences")
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    begun_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(default=clock.now)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("silence")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["floor", "registration"],
                condition=models.Q(ended_at=None),
                name="one_silence_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"silence of registration {self.registration_id}"


class BackstageMessage(models.Model):
    """Between coordinator, moderators and speakers; the room never sees it."""

    floor = models.ForeignKey(Floor, models.CASCADE, related_name="backstage_messages")
    text = models.CharField(_("message"), max_length=500)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    by_speaker = models.ForeignKey(Speaker, models.CASCADE, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("backstage message")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(by=None) ^ models.Q(by_speaker=None),
                name="backstage_message_has_one_writer",
            ),
        ]

    def __str__(self) -> str:
        return f"backstage message {self.pk}"


class Acknowledgement(models.Model):
    """Somebody has read a backstage message and says so."""

    message = models.ForeignKey(BackstageMessage, models.CASCADE, related_name="acknowledgements")
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    by_speaker = models.ForeignKey(Speaker, models.CASCADE, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("acknowledgement")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(by=None) ^ models.Q(by_speaker=None),
                name="acknowledgement_has_one_reader",
            ),
            models.UniqueConstraint(
                fields=["message", "by"],
                condition=models.Q(by__isnull=False),
                name="one_acknowledgement_each",
            ),
            models.UniqueConstraint(
                fields=["message", "by_speaker"],
                condition=models.Q(by_speaker__isnull=False),
                name="one_acknowledgement_per_speaker",
            ),
        ]

    def __str__(self) -> str:
        return f"acknowledgement of {self.message}"


class ViewLink(models.Model):
    """Opens a view without a sign-in: the big screen or, with a speaker, that speaker's view.

    The address holds a token of which only the digest is kept.
    """

    floor = models.ForeignKey(Floor, models.CASCADE, related_name="view_links")
    token_digest = models.CharField(max_length=64, unique=True)
    speaker = models.ForeignKey(
        Speaker, models.CASCADE, null=True, blank=True, related_name="view_links"
    )
    name = models.CharField(_("device"), max_length=80, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("view link")
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"view link {self.pk}"

    @property
    def actor(self) -> str:
        """How the audit names what is done by whoever has opened it."""
        return f"device:{self.pk}"


class QuestionImport(models.Model):
    """A platform's question report whose rows became questions. The file is its source."""

    floor = models.ForeignKey(Floor, models.CASCADE, related_name="question_imports")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    file = models.BinaryField()
    platform = models.CharField(max_length=24)
    imported_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    imported_at = models.DateTimeField(default=clock.now)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("question import")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["floor", "sha256"],
                condition=models.Q(undone_at=None),
                name="one_import_per_file",
            ),
        ]

    def __str__(self) -> str:
        return f"question import {self.pk}"
