from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements import clock
from engagements.models import Engagement, User
from readouts.models.version import ReadoutVersion


class Commitment(models.Model):
    """Something that a published readout promises, followed until it is kept or given up."""

    class Kind(models.TextChoices):
        SHARE_LIST = "share_list", _("share the list of questions with the agency")
        POST_PRESENTATION = "post_presentation", _("post the presentation")
        OTHER = "other", _("another promise")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        KEPT = "kept", _("kept")
        DROPPED = "dropped", _("given up")

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="commitments")
    version = models.ForeignKey(
        ReadoutVersion, models.PROTECT, null=True, related_name="commitments",
        help_text=_("Where it was promised first; empty when the office added it by hand."),
    )  # fmt: skip
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.OTHER)
    text = models.CharField(_("promise"), max_length=500)
    owner = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="commitments",
        verbose_name=_("who sees to it"),
    )  # fmt: skip
    due_on = models.DateField(_("due"), null=True, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    evidence = models.CharField(_("what shows that it was kept"), max_length=500, blank=True)
    evidence_url = models.URLField(_("link to it"), max_length=500, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("commitment")
        ordering: ClassVar = ["due_on", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["engagement", "kind"],
                condition=~models.Q(kind="other"),
                name="one_commitment_per_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"commitment {self.pk} of {self.engagement.slug}"
