"""How an agency's own systems take part: tokens that call us, and hooks that we call."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements import clock
from engagements.models import Agency, User


class ApiToken(models.Model):
    """A key for one agency's program. Only its digest is kept."""

    class Scope(models.TextChoices):
        LIST = "forwardings:read", _("list the forwardings")
        DOWNLOAD = "files:read", _("download the files")
        ANSWER = "answers:write", _("put answers")

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=120)
    scopes = models.JSONField(default=list)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=12, help_text=_("Its first letters, to tell it apart."))
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("API token")
        ordering: ClassVar = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class Webhook(models.Model):
    """An address of an agency that is told what happens to its lists.

    The secret signs each delivery, so it is kept as it is.
    """

    class Event(models.TextChoices):
        SENT = "forwarding.sent", _("a list was sent")
        SUPERSEDED = "forwarding.superseded", _("a list was superseded")
        RECALLED = "forwarding.recalled", _("a list was recalled")
        RETURNED = "answer.returned", _("an answer was returned")
        ANSWERED = "answer.published", _("an answer was published")

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="webhooks")
    url = models.URLField(_("address"), max_length=500)
    events = models.JSONField(default=list)
    secret = models.CharField(max_length=100)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("webhook")
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.url


class Delivery(models.Model):
    """One event for one webhook. The row is the queue."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("being sent")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("failed")

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    key = models.CharField(max_length=40, unique=True)
    event = models.CharField(max_length=40, choices=Webhook.Event.choices)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=clock.now)
    made_at = models.DateTimeField(default=clock.now)
    taken_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    last_status = models.PositiveSmallIntegerField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="delivery_due")]

    def __str__(self) -> str:
        return f"{self.event} for {self.webhook}"
