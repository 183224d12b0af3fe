from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, ClassVar, Final
from zoneinfo import ZoneInfo

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from engagements import clock, states
from engagements.models.people import Agency, Role, User

if TYPE_CHECKING:
    from datetime import date, datetime


CODE_LETTERS: Final = "23456789abcdefghjkmnpqrstvwxyz"
"""Without those that a reader takes for each other, and without vowels that make words."""

CODE_LENGTH: Final = 6

REMINDERS: Final = (24 * 60, 60)
"""Minutes before the start at which people are reminded, unless the office says otherwise."""


def new_code() -> str:
    """Of the short address: 30^6, about 700 million. It is no secret."""
    return "".join(secrets.choice(CODE_LETTERS) for _place in range(CODE_LENGTH))


def default_reminders() -> list[int]:
    return list(REMINDERS)


class Series(models.Model):
    """A row of engagements under one name."""

    name = models.CharField(_("name"), max_length=200, unique=True)

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Engagement(models.Model):
    """One webinar, listening session, teleconference or town hall."""

    class Kind(models.TextChoices):
        WEBINAR = "webinar", _("webinar")
        LISTENING_SESSION = "listening_session", _("listening session")
        TELECONFERENCE = "teleconference", _("teleconference")
        TOWN_HALL = "town_hall", _("town hall")
        FIRESIDE_CHAT = "fireside_chat", _("fireside chat")
        STAKEHOLDER_MEETING = "stakeholder_meeting", _("stakeholder meeting")
        CONFERENCE = "conference", _("conference")

    class State(models.TextChoices):
        DRAFT = states.DRAFT, _("draft")
        SCHEDULED = states.SCHEDULED, _("scheduled")
        LIVE = states.LIVE, _("live")
        ENDED = states.ENDED, _("ended")
        ARCHIVED = states.ARCHIVED, _("archived")
        CANCELLED = states.CANCELLED, _("cancelled")

    slug = models.SlugField(_("short name in the address"), max_length=80, unique=True)
    series = models.ForeignKey(Series, models.PROTECT, null=True, blank=True)
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=24, choices=Kind.choices, default=Kind.WEBINAR)
    about = models.CharField(
        _("what it is about"),
        max_length=300,
        help_text=_("Completes the sentence “… hosted a webinar about …”, with its article."),
    )
    agency = models.ForeignKey(Agency, models.PROTECT)
    description = models.TextField(_("description"), blank=True, max_length=10_000)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    time_zone = models.CharField(_("time zone"), max_length=64, default="America/New_York")
    video_url = models.URLField(_("video link"), blank=True)
    captions_url = models.URLField(_("captions link"), blank=True, max_length=500)
    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    registration_opens_at = models.DateTimeField(_("registration opens"), null=True, blank=True)
    registration_closes_at = models.DateTimeField(_("registration closes"), null=True, blank=True)
    capacity = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    confirms_address = models.BooleanField(
        _("people confirm their address by a mailed link"), default=False
    )
    invitation_only = models.BooleanField(
        _("only for people on the invitation list"), default=False
    )
    takes_walk_ins = models.BooleanField(
        _("people may walk in"),
        default=False,
        help_text=_("While it is live, a name and a role category are enough to enter the room."),
    )
    accommodations_until = models.DateTimeField(
        _("accommodations may be requested until"), null=True, blank=True
    )
    survey_url = models.URLField(_("survey link"), blank=True, max_length=500)
    reminders = models.JSONField(
        _("reminders"), default=default_reminders, help_text=_("Minutes before the start.")
    )
    tells_start = models.BooleanField(_("mail when it starts"), default=True)
    sends_thanks = models.BooleanField(_("mail with thanks afterwards"), default=True)
    holds_mail = models.BooleanField(
        default=False, help_text=_("Its mail waits in the outbox until somebody releases it.")
    )
    posts_presentation = models.BooleanField(
        _("the office will post the presentation"),
        default=False,
        help_text=_("The readout then promises it."),
    )
    small_figures_reason = models.CharField(
        _("why small figures by category are shown"),
        max_length=300,
        blank=True,
        help_text=_("Empty: they are not (record 13)."),
    )
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    scheduled_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    is_rehearsal = models.BooleanField(
        _("this is a rehearsal"),
        default=False,
        help_text=_("Not in the calendar; nothing in it is counted, read out or forwarded."),
    )
    imported_from = models.CharField(
        max_length=300,
        blank=True,
        help_text=_("Name and SHA-256 of the archive file; empty for our own."),
    )
    created_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now)
    revision = models.PositiveIntegerField(default=1)
    calendar_sequence = models.PositiveIntegerField(
        default=0, help_text=_("SEQUENCE of its calendar entry (RFC 5545, 3.8.7.4).")
    )

    consequences: tuple[str, ...] = ()
    """What moved along with an edit, in sentences for who made it; of the edited instance alone."""

    class Meta:
        verbose_name = _("engagement")
        ordering: ClassVar = ["-starts_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.full_title

    def get_absolute_url(self) -> str:
        return reverse("engagement", args=[self.slug])

    @property
    def full_title(self) -> str:
        return f"{self.series.name}: {self.title}" if self.series else self.title

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def local(self, moment: datetime) -> datetime:
        """The moment as the office's clock showed it."""
        return moment.astimezone(self.zone)

    @property
    def held_on(self) -> date:
        return self.local(self.started_at or self.starts_at).date()

    @property
    def tells_hours(self) -> bool:
        """An archive file tells the day alone: whatever `starts_at` holds, no hour is known."""
        return not self.imported_from

    @property
    def is_public(self) -> bool:
        """A rehearsal never is; what was never announced does not get known by being cancelled."""
        if self.is_rehearsal:
            return False
        if self.state == states.CANCELLED:
            return self.scheduled_at is not None
        return self.state in states.PUBLIC

    @property
    def calendar_uid(self) -> str:
        """UID of its calendar entry: the same for ever, also after a change of the host's name."""
        return f"engagement-{self.code}@openfloor"

    @property
    def is_over(self) -> bool:
        return self.state in states.OVER


class Speaker(models.Model):
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="speakers")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    name = models.CharField(_("name"), max_length=128)
    title = models.CharField(_("title"), max_length=200, blank=True)
    organization = models.CharField(_("organization"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("speaker")
        ordering: ClassVar = ["position", "pk"]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.name, self.title, self.organization) if part)


class Membership(models.Model):
    """Somebody of the office has a role in one engagement."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)

    class Meta:
        verbose_name = _("membership")
        ordering: ClassVar = ["role", "user__name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["engagement", "user", "role"], name="one_membership_per_role"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"
