from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements import clock
from engagements.models.engagement import Engagement
from engagements.models.people import User


class Notice(models.Model):
    """One version of what people are told before they register. A row never changes.

    The office has its own, and an engagement may have others in its place. The parts follow the
    Privacy Act statement (5 U.S.C. 552a(e)(3)) and the Paperwork Reduction Act (44 U.S.C. 3507):
    the control number is absent unless the office has one.
    """

    engagement = models.ForeignKey(
        Engagement, models.CASCADE, null=True, blank=True, related_name="notices"
    )
    version = models.PositiveIntegerField(_("version"))
    privacy = models.TextField(_("privacy notice"), max_length=10_000)
    recording = models.TextField(_("recording"), blank=True, max_length=4_000)
    advice = models.TextField(_("not legal advice"), blank=True, max_length=4_000)
    omb_number = models.CharField(_("OMB control number"), blank=True, max_length=20)
    omb_expires_on = models.DateField(_("expires on"), null=True, blank=True)
    burden = models.TextField(_("burden statement"), blank=True, max_length=4_000)
    is_withdrawn = models.BooleanField(
        default=False, help_text=_("The engagement went back to the office's own notices.")
    )
    made_at = models.DateTimeField(default=clock.now)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("notices")
        ordering: ClassVar = ["-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["engagement", "version"], name="one_notice_per_engagement_and_version"
            ),
            models.UniqueConstraint(
                fields=["version"],
                condition=models.Q(engagement=None),
                name="one_notice_of_the_office_per_version",
            ),
        ]

    def __str__(self) -> str:
        return f"notices, version {self.version}"

    @classmethod
    def of_office(cls) -> Notice:
        """The office's newest."""
        return cls.objects.filter(engagement=None).latest("version")

    @classmethod
    def shown_for(cls, engagement: Engagement) -> Notice:
        """What whoever registers now is told: the engagement's own, or else the office's."""
        own = cls.objects.filter(engagement=engagement).order_by("-version").first()
        return own if own is not None and not own.is_withdrawn else cls.of_office()
