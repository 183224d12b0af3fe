from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements import clock

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Office(models.Model):
    """The publisher: one row, with the names and words that it signs with."""

    department = models.CharField(_("department"), max_length=200)
    department_short = models.CharField(_("department, short"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=80)
    case_form_url = models.URLField(
        _("link to the case-assistance form"),
        max_length=500,
        blank=True,
        help_text=_("Where questions about one case are sent to."),
    )
    case_form_name = models.CharField(
        _("name of the case-assistance form"), max_length=120, blank=True
    )
    address = models.TextField(
        _("postal address"), max_length=500, blank=True, help_text=_("On the letterhead.")
    )
    email = models.EmailField(_("public e-mail address"), blank=True)
    website = models.URLField(_("website"), max_length=500, blank=True)
    seal = models.BinaryField(
        default=bytes, blank=True, help_text=_("PNG or JPEG, for the letterhead.")
    )
    seal_text = models.CharField(
        _("the seal in words"), max_length=200, blank=True,
        help_text=_("Read out in place of the picture."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("office")

    def __str__(self) -> str:
        return self.short_name

    @classmethod
    def current(cls) -> Office:
        return cls.objects.get()


class Agency(models.Model):
    """The body that the questions are for."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    short_name = models.CharField(_("short name"), max_length=80, unique=True)
    clears_answers = models.BooleanField(
        _("a second person clears each answer"), default=False,
        help_text=_("Somebody else of the agency than its writer, before it is submitted."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        ordering: ClassVar = ["short_name"]

    def __str__(self) -> str:
        return self.short_name


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """An account: somebody of the office, or a liaison who is bound to one agency."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=128)
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="liaisons"
    )
    is_administrator = models.BooleanField(_("administrator"), default=False)
    may_create_engagements = models.BooleanField(_("may create engagements"), default=False)
    is_contributor = models.BooleanField(
        _("contributor"), default=False,
        help_text=_("Of an agency: answers the questions assigned to them, and sees no others."),
    )  # fmt: skip
    is_active = models.BooleanField(_("active"), default=True)
    joined_at = models.DateTimeField(default=clock.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("account")
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(agency__isnull=True)
                | models.Q(is_administrator=False, may_create_engagements=False),
                name="liaison_has_no_office_rights",
            ),
            models.CheckConstraint(
                condition=models.Q(agency__isnull=False) | models.Q(is_contributor=False),
                name="contributors_belong_to_an_agency",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_office(self) -> bool:
        return self.is_active and self.agency_id is None

    @property
    def is_liaison(self) -> bool:
        return self.is_active and self.agency_id is not None


class RoleCategory(models.Model):
    """What a stakeholder identifies as, with the words that a readout uses for it."""

    class Kind(models.TextChoices):
        ORDINARY = "ordinary", _("ordinary")
        OTHER = "other", _("other")
        NOT_STATED = "not_stated", _("not stated")

    key = models.SlugField(_("key"), max_length=60, unique=True)
    label = models.CharField(_("label on the form"), max_length=120)
    noun_phrase = models.CharField(
        _("noun phrase"), max_length=120, help_text=_("As the readout says it: “employers”.")
    )
    verb = models.CharField(
        _("verb"), max_length=40, help_text=_("As the readout says it: “were”, “identified as”.")
    )
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.ORDINARY)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_offered = models.BooleanField(_("offered on the form"), default=True)

    class Meta:
        verbose_name = _("role category")
        verbose_name_plural = _("role categories")
        ordering: ClassVar = ["position", "pk"]

    def __str__(self) -> str:
        return self.label


class Role(models.TextChoices):
    COORDINATOR = "coordinator", _("coordinator")
    MODERATOR = "moderator", _("moderator")
    EDITOR = "editor", _("editor")


ROLE_HINTS: dict[str, _StrPromise] = {
    Role.COORDINATOR: _("Sets up the engagement, its speakers and its people."),
    Role.MODERATOR: _("Works the desk during the hour."),
    Role.EDITOR: _("Drafts the readout and forwards the list; a second editor publishes."),
}


class Invitation(models.Model):
    """An account offered to somebody. Only the digest of its token is kept."""

    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=128)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True)
    is_administrator = models.BooleanField(_("administrator"), default=False)
    may_create_engagements = models.BooleanField(_("may create engagements"), default=False)
    is_contributor = models.BooleanField(_("contributor"), default=False)
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        ordering: ClassVar = ["-invited_at"]

    def __str__(self) -> str:
        return self.email
