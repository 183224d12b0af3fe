from __future__ import annotations

import uuid
from typing import ClassVar

from django.core import signing
from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements import clock
from engagements.models.engagement import Engagement, Series
from engagements.models.notice import Notice
from engagements.models.people import RoleCategory, User


class Registration(models.Model):
    """A stakeholder's entry in one engagement. The personal link stands for it; no account does."""

    class State(models.TextChoices):
        UNCONFIRMED = "unconfirmed", _("not confirmed yet")
        WAITLISTED = "waitlisted", _("on the waitlist")
        REGISTERED = "registered", _("registered")
        CANCELLED = "cancelled", _("cancelled")

    class Counted(models.TextChoices):
        """Whether the person counts as a stakeholder. Staff never do, and they take no seat."""

        COUNTED = "counted", _("counted")
        STAFF = "staff", _("office staff")
        SPEAKER = "speaker", _("speaker")
        TEST = "test", _("test")

    class Source(models.TextChoices):
        FORM = "form", _("the registration form")
        INVITED = "invited", _("an invitation")
        STAFF = "staff", _("entered by the office")
        WALK_IN = "walk_in", _("walk-in")

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="registrations")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=128)
    email = models.CharField(_("e-mail address"), max_length=256, blank=True)
    email_key = models.CharField(  # noqa: DJ001 - unique, and many have none
        max_length=256, null=True, help_text=_("None for a person without an address.")
    )
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    organization = models.CharField(_("organization"), max_length=200, blank=True)
    category = models.ForeignKey(RoleCategory, models.PROTECT)
    language = models.CharField(_("language"), max_length=12, default="en")
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=State.choices, default=State.REGISTERED)
    source = models.CharField(max_length=8, choices=Source.choices, default=Source.FORM)
    counted = models.CharField(max_length=8, choices=Counted.choices, default=Counted.COUNTED)
    registered_at = models.DateTimeField(default=clock.now)
    registered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    waitlisted_at = models.DateTimeField(null=True, blank=True)
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
        indexes: ClassVar = [
            models.Index(fields=["engagement", "state"], name="registration_by_state")
        ]

    def __str__(self) -> str:
        return f"registration {self.pk}"

    @property
    def is_erased(self) -> bool:
        """Its owner has deleted it: what is left tells nobody who it was."""
        return not self.name

    def token(self) -> str:
        """The secret of the personal link: a random id, signed. Nothing of it is stored."""
        return _signer().sign(self.public_id.hex)

    @classmethod
    def from_token(cls, token: str) -> Registration | None:
        """The registration that a personal link stands for; None for any other text."""
        public_id = _public_id(token, _signer())
        return cls.objects.select_related("engagement").filter(public_id=public_id).first()


class RegistrationQuestion(models.Model):
    """A question of the office's own on the registration form of one engagement."""

    class Kind(models.TextChoices):
        TEXT = "text", _("text")
        CHOICE = "choice", _("one choice")
        SEVERAL = "several", _("several choices")

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="own_questions")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.TEXT)
    label = models.CharField(_("question"), max_length=200)
    hint = models.CharField(_("hint"), max_length=300, blank=True)
    choices = models.JSONField(_("choices"), default=list, blank=True)
    is_required = models.BooleanField(_("must be answered"), default=False)
    shown_when = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="dependents"
    )
    shown_when_answer = models.CharField(_("has the answer"), max_length=200, blank=True)
    retired_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Not asked any more; its answers are kept.")
    )

    class Meta:
        verbose_name = _("registration question")
        ordering: ClassVar = ["position", "pk"]

    def __str__(self) -> str:
        return self.label


class RegistrationAnswer(models.Model):
    """What one person answered: a list of texts, one for a text or a choice."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="answers")
    question = models.ForeignKey(RegistrationQuestion, models.PROTECT, related_name="answers")
    values = models.JSONField(default=list)

    class Meta:
        verbose_name = _("answer of a registrant")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["registration", "question"], name="one_answer_per_question"
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(self.values)


class Accommodation(models.Model):
    """What somebody needs to take part. Only coordinators read it."""

    class Kind(models.TextChoices):
        SIGN_LANGUAGE = "sign_language", _("sign language interpreting")
        CAPTIONS = "captions", _("captions")
        LANGUAGE = "language", _("interpreting into another language")
        OTHER = "other", _("something else")

    class State(models.TextChoices):
        REQUESTED = "requested", _("requested")
        ARRANGED = "arranged", _("arranged")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="accommodations")
    kind = models.CharField(_("kind"), max_length=14, choices=Kind.choices)
    detail = models.CharField(_("detail"), max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.REQUESTED)
    notes = models.TextField(_("notes"), blank=True, max_length=4_000)
    requested_at = models.DateTimeField(default=clock.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("accommodation")
        ordering: ClassVar = ["requested_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["registration", "kind"], name="one_accommodation_per_kind"
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Invitee(models.Model):
    """Somebody on the list of people whom the office invites to one engagement."""

    class State(models.TextChoices):
        PENDING = "pending", _("no answer yet")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="invitees")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=128, blank=True)
    email = models.CharField(_("e-mail address"), max_length=256)
    email_key = models.CharField(max_length=256)
    organization = models.CharField(_("organization"), max_length=200, blank=True)
    category = models.ForeignKey(RoleCategory, models.PROTECT, null=True, blank=True)
    language = models.CharField(_("language"), max_length=12, default="en")
    state = models.CharField(max_length=8, choices=State.choices, default=State.PENDING)
    registration = models.OneToOneField(
        Registration, models.SET_NULL, null=True, blank=True, related_name="invitee"
    )
    invited_at = models.DateTimeField(default=clock.now)
    mailed_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When its mail was laid down; none: it is due.")
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("invitee")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["engagement", "email_key"], name="one_invitee_per_address"
            ),
        ]

    def __str__(self) -> str:
        return f"invitee {self.pk}"

    def token(self) -> str:
        """The secret of the invitation's link."""
        return _invitee_signer().sign(self.public_id.hex)

    @classmethod
    def from_token(cls, token: str) -> Invitee | None:
        public_id = _public_id(token, _invitee_signer())
        return cls.objects.select_related("engagement").filter(public_id=public_id).first()


class Subscription(models.Model):
    """Somebody wants to hear of further engagements of a series."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="subscriptions")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.CharField(_("e-mail address"), max_length=256)
    email_key = models.CharField(max_length=256)
    language = models.CharField(_("language"), max_length=12, default="en")
    since = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("subscription")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["series", "email_key"], name="one_subscription_per_address"
            ),
        ]

    def __str__(self) -> str:
        return f"subscription {self.pk}"

    def token(self) -> str:
        """The secret of the link that ends it."""
        return _subscription_signer().sign(self.public_id.hex)

    @classmethod
    def from_token(cls, token: str) -> Subscription | None:
        public_id = _public_id(token, _subscription_signer())
        return cls.objects.select_related("series").filter(public_id=public_id).first()


def _public_id(token: str, signer: signing.Signer) -> uuid.UUID | None:
    try:
        return uuid.UUID(signer.unsign(token))
    except (signing.BadSignature, ValueError):
        return None


def _signer() -> signing.Signer:
    return signing.Signer(salt="registration", sep=".")


def _invitee_signer() -> signing.Signer:
    return signing.Signer(salt="invitee", sep=".")


def _subscription_signer() -> signing.Signer:
    return signing.Signer(salt="subscription", sep=".")
