from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements import clock
from engagements.models.engagement import Engagement
from engagements.models.people import User
from engagements.models.registration import Registration


class Mailing(models.Model):
    """One occasion to write to many. When it is due, the worker lays its mails into the outbox."""

    class Occasion(models.TextChoices):
        REMINDER = "reminder", _("reminder")
        STARTING = "starting", _("starting now")
        THANKS = "thanks", _("thanks")
        MOVED = "moved", _("rescheduled")
        CANCELLED = "cancelled", _("cancelled")
        NEWS = "news", _("news of the series")
        LETTER = "letter", _("letter of the office")
        LATE = "late", _("late questions")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        LAYING = "laying", _("being laid")
        LAID = "laid", _("in the outbox")
        DISCARDED = "discarded", _("discarded")

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="mailings")
    occasion = models.CharField(_("occasion"), max_length=10, choices=Occasion.choices)
    minutes_before = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("Of a reminder: so long before the start.")
    )
    due_at = models.DateTimeField(default=clock.now)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    is_held = models.BooleanField(
        default=False, help_text=_("Its mails wait in the outbox until somebody releases them.")
    )
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text"), blank=True, max_length=10_000)
    audience = models.JSONField(default=dict, help_text=_("To whom, by filter."))
    made_at = models.DateTimeField(default=clock.now)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    laid_at = models.DateTimeField(null=True, blank=True)
    mails = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("mailing")
        ordering: ClassVar = ["due_at", "pk"]
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="mailing_due")]

    def __str__(self) -> str:
        return f"{self.occasion} mailing {self.pk}"


class OutgoingMail(models.Model):
    """A mail: waiting, held, under way, sent, given up or discarded. The row is the queue."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        HELD = "held", _("held")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        DISCARDED = "discarded", _("discarded")

    template = models.CharField(max_length=60)
    to = models.CharField(_("to"), max_length=256)
    language = models.CharField(_("language"), max_length=12, default="en")
    subject = models.CharField(_("subject"), max_length=300)
    body = models.TextField(_("text"))
    html = models.TextField(blank=True, help_text=_("The same as HTML; empty for text alone."))
    calendar = models.TextField(blank=True, help_text=_("A calendar file (RFC 5545), if any."))
    unsubscribe = models.CharField(
        max_length=500, blank=True, help_text=_("Address that ends such mail (RFC 8058).")
    )
    engagement = models.ForeignKey(Engagement, models.CASCADE, null=True, related_name="+")
    registration = models.ForeignKey(
        Registration, models.CASCADE, null=True, blank=True, related_name="mails"
    )
    mailing = models.ForeignKey(
        Mailing, models.CASCADE, null=True, blank=True, related_name="laid_mails"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(default=clock.now)
    taken_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mail")
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["state", "due_at"])]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["mailing", "to"], name="one_mail_per_mailing_and_address"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} mail {self.pk}"
