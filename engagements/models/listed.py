from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements import clock
from engagements.models.engagement import Engagement
from engagements.models.material import StoredFile
from engagements.models.people import RoleCategory, User
from engagements.models.registration import Registration


class AttendanceList(models.Model):
    """An attendance file of a webinar platform, taken step by step into the count.

    Only a list that is applied counts. The file stays as it came, as the source of the figure.
    """

    class Platform(models.TextChoices):
        ZOOM = "zoom", "Zoom"
        TEAMS = "teams", "Microsoft Teams"
        TEAMS_LIVE = "teams_live", _("Microsoft Teams live event")
        ADOBE_CONNECT = "adobe_connect", "Adobe Connect"
        GOTOWEBINAR = "gotowebinar", "GoToWebinar"
        OTHER = "other", _("another platform")

    class State(models.TextChoices):
        MAPPING = "mapping", _("columns to be named")
        READING = "reading", _("being read")
        REVIEW = "review", _("to be reviewed")
        APPLIED = "applied", _("counted")
        SUPERSEDED = "superseded", _("replaced by a later file")
        UNDONE = "undone", _("undone")
        DISCARDED = "discarded", _("discarded")
        FAILED = "failed", _("could not be read")

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="attendance_lists")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    platform = models.CharField(max_length=14, choices=Platform.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.MAPPING)
    choices = models.JSONField(
        default=dict, help_text=_("What was decided on the way: columns, categories, dates.")
    )
    header = models.JSONField(default=dict, help_text=_("What the file says about itself."))
    problems = models.JSONField(default=list, help_text=_("Row, code and sentence of each."))
    done = models.PositiveIntegerField(default=0, help_text=_("Rows of the work under way."))
    total = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=1)
    uploaded_at = models.DateTimeField(default=clock.now)
    uploaded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    applied_at = models.DateTimeField(null=True, blank=True)
    applied_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections"
    )

    class Meta:
        verbose_name = _("attendance list")
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"attendance list {self.pk}"


class ListedPerson(models.Model):
    """One person of an attendance list: the rows of all devices and rejoins together."""

    class Exclusion(models.TextChoices):
        """Why the person is not counted; empty for who is."""

        NONE = "", _("counted")
        HOST = "host", _("host of the platform")
        PANELIST = "panelist", _("panelist")
        STAFF = "staff", _("office staff")
        SPEAKER = "speaker", _("speaker")
        TEST = "test", _("test")
        ABSENT = "absent", _("did not attend")
        ELSEWHERE = (
            "elsewhere",
            _("counted already, by another list or row, or as a declared number"),
        )
        LEFT_OUT = "left_out", _("left out by the office")

    class Match(models.TextChoices):
        """How the person was found among the registrants."""

        NONE = "", _("nobody who registered")
        EMAIL = "email", _("by e-mail address")
        NAME = "name", _("by name")
        STAFF = "staff", _("by the office")

    list = models.ForeignKey(AttendanceList, models.CASCADE, related_name="people")
    position = models.PositiveIntegerField(help_text=_("Row of the first entry in the file."))
    name = models.CharField(_("name"), max_length=256)
    email = models.CharField(_("e-mail address"), max_length=256, blank=True)
    email_key = models.CharField(max_length=256, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    stated = models.CharField(
        max_length=200, blank=True, help_text=_("The role category in the file's own words.")
    )
    category = models.ForeignKey(RoleCategory, models.PROTECT)
    exclusion = models.CharField(
        max_length=10, choices=Exclusion.choices, default=Exclusion.NONE, blank=True
    )
    registration = models.ForeignKey(
        Registration, models.SET_NULL, null=True, blank=True, related_name="listed"
    )
    match = models.CharField(max_length=6, choices=Match.choices, default=Match.NONE, blank=True)
    is_doubtful = models.BooleanField(default=False, help_text=_("Somebody should look at it."))
    rows = models.PositiveIntegerField(default=1)
    seconds = models.PositiveIntegerField(
        null=True, help_text=_("Time present, if the file gives no times to join and leave.")
    )

    class Meta:
        verbose_name = _("person of an attendance list")
        ordering: ClassVar = ["position", "pk"]
        indexes: ClassVar = [models.Index(fields=["list", "exclusion"], name="listed_by_exclusion")]

    def __str__(self) -> str:
        return f"listed person {self.pk}"


class ListedInterval(models.Model):
    """A stretch of presence as the platform tells it, devices merged."""

    person = models.ForeignKey(ListedPerson, models.CASCADE, related_name="intervals")
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField()

    class Meta:
        verbose_name = _("interval of an attendance list")
        ordering: ClassVar = ["joined_at", "pk"]

    def __str__(self) -> str:
        return f"{self.joined_at:%H:%M} to {self.left_at:%H:%M}"


class RememberedMapping(models.Model):
    """How columns and categories of a platform's files were named last, for the next file."""

    platform = models.CharField(max_length=14, choices=AttendanceList.Platform.choices)
    headings = models.CharField(max_length=64, help_text=_("SHA-256 of the headings."))
    columns = models.JSONField(default=dict)
    categories = models.JSONField(default=dict)
    remembered_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("remembered mapping")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["platform", "headings"], name="one_mapping_per_headings"
            ),
        ]

    def __str__(self) -> str:
        return f"mapping of {self.platform}"
