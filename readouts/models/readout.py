from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements import clock
from engagements.models import Engagement, User
from qa.models import MAX_LENGTH, Question
from readouts import states
from readouts.models.wording import HouseWording


class Readout(models.Model):
    """What the office writes after an engagement. The public reads only its versions.

    `facts` are the figures as last counted, `provenance` says of each where it comes from; both
    change together, and only by an editor's click. Texts may hold tokens such as `{{joined}}`,
    which show the figure of `facts` and turn into text on publication. An empty `attendance_text`
    or `closing_text` stands for the sentences of the house wording.

    `publish_digest` binds a publication at a set time to the exact text that was seen.
    `drift` lists in what the figures of now differ from the published ones, as found by the look
    that had read the audit log up to `looked_at_entry`.
    """

    class State(models.TextChoices):
        DRAFT = states.DRAFT, _("draft")
        IN_REVIEW = states.IN_REVIEW, _("in review")
        PUBLISHED = states.PUBLISHED, _("published")
        WITHDRAWN = states.WITHDRAWN, _("withdrawn")

    engagement = models.OneToOneField(Engagement, models.PROTECT, related_name="readout")
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    wording = models.ForeignKey(
        HouseWording, models.PROTECT, null=True, blank=True, related_name="+",
        help_text=_("Empty: the office's usual wording."),
    )  # fmt: skip
    summary = models.TextField(_("summary"), blank=True, max_length=60_000)
    attendance_text = models.TextField(_("who joined and asked"), blank=True, max_length=10_000)
    closing_text = models.TextField(_("closing"), blank=True, max_length=10_000)
    shows_chart = models.BooleanField(_("with a chart of attendance"), default=False)
    shows_speakers = models.BooleanField(_("with the speakers"), default=True)
    shows_materials = models.BooleanField(_("with the materials"), default=True)
    shows_answers = models.BooleanField(_("with follow-up answers"), default=True)
    facts = models.JSONField()
    provenance = models.JSONField(default=list)
    counted_at = models.DateTimeField(default=clock.now)
    small_figures_reason = models.CharField(
        _("reason to publish figures of small groups"),
        max_length=300,
        blank=True,
        help_text=_(
            "With fewer than 20 people, or fewer than 5 in a category, figures by category are "
            "left out or merged into “other”. Give a reason to publish them all the same."
        ),
    )
    correction_note = models.CharField(
        _("what was corrected"),
        max_length=500,
        blank=True,
        help_text=_("Shown with the next version."),
    )
    withdrawal_reason = models.CharField(
        _("reason of the withdrawal"),
        max_length=500,
        blank=True,
        help_text=_("The public reads it."),
    )
    withdrawn_through = models.PositiveSmallIntegerField(
        default=0, help_text=_("Versions up to this number are no longer public.")
    )
    publish_at = models.DateTimeField(_("published by the clock at"), null=True, blank=True)
    publish_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    publish_digest = models.CharField(max_length=64, blank=True)
    drift = models.JSONField(default=list)
    drift_found_at = models.DateTimeField(null=True, blank=True)
    looked_at_entry = models.PositiveBigIntegerField(default=0)
    revision = models.PositiveIntegerField(default=1)
    last_editor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    edited_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("readout")

    def __str__(self) -> str:
        return f"readout of {self.engagement.slug}"

    @property
    def is_public(self) -> bool:
        """A version is in force: published and not withdrawn."""
        return self.versions.filter(number__gt=self.withdrawn_through).exists()


class ReadoutSample(models.Model):
    """A question chosen for the readout, in its place, with its words edited for publication.

    Samples with the same `heading` stand together under it, in the order of their places.
    """

    readout = models.ForeignKey(Readout, models.CASCADE, related_name="samples")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=MAX_LENGTH)
    heading = models.CharField(_("heading"), max_length=120, blank=True)
    reason = models.CharField(
        _("why it was chosen"), max_length=300, blank=True, help_text=_("For the office only.")
    )
    chosen_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    chosen_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("sample question")
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["readout", "question"], name="a_question_is_a_sample_once"
            ),
        ]

    def __str__(self) -> str:
        return f"sample {self.position} of {self.readout}"
