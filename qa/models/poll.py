"""Polls in the hour, and the survey after it: the same questions, asked at another moment."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements import clock
from engagements.models import Registration, RoleCategory, User
from qa import states
from qa.models.floor import Floor


class Poll(models.Model):
    """One question with given answers. `number` is stable per floor.

    Closing freezes `results`: answers that are anonymised later change no published figure.
    A survey is the polls of a floor with the moment *after*; they open and close together.
    """

    class Kind(models.TextChoices):
        CHOICE = states.ONE_CHOICE, _("one choice")
        SEVERAL = states.SEVERAL_CHOICES, _("several choices")
        SCALE = states.SCALE, _("a scale from 1 to 5")

    class State(models.TextChoices):
        DRAFT = states.POLL_DRAFT, _("draft")
        OPEN = states.POLL_OPEN, _("open")
        CLOSED = states.POLL_CLOSED, _("closed")

    class Moment(models.TextChoices):
        DURING = "during", _("in the room")
        AFTER = "after", _("in the survey afterwards")

    floor = models.ForeignKey(Floor, models.CASCADE, related_name="polls")
    number = models.PositiveIntegerField(_("number"))
    moment = models.CharField(max_length=8, choices=Moment.choices, default=Moment.DURING)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.CHOICE)
    text = models.CharField(_("question"), max_length=300)
    low_label = models.CharField(_("what 1 means"), max_length=60, blank=True)
    high_label = models.CharField(_("what 5 means"), max_length=60, blank=True)
    shows_live = models.BooleanField(
        _("the room sees the results while the poll is open"), default=False
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    results = models.JSONField(null=True, blank=True, help_text=_("Frozen when it closed."))
    revision = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("poll")
        ordering: ClassVar = ["floor", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["floor", "number"], name="one_poll_per_number"),
        ]

    def __str__(self) -> str:
        return f"poll {self.number}"


class PollOption(models.Model):
    """One of the answers; of a scale, there are none."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="options")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(_("answer"), max_length=200)

    class Meta:
        verbose_name = _("poll option")
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["poll", "position"], name="one_option_per_position"),
        ]

    def __str__(self) -> str:
        return self.text


class PollAnswer(models.Model):
    """What a stakeholder chose: positions of options, or one value of the scale.

    The role category is the one held at the time, so that results by category stay when the
    person is forgotten. `mark` is the floor's `poll_mark` at the last change of an answer in the
    room; answers to a survey have none.
    """

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="answers")
    registration = models.ForeignKey(
        Registration, models.SET_NULL, null=True, related_name="poll_answers"
    )
    category = models.ForeignKey(RoleCategory, models.PROTECT, null=True)
    chosen = models.JSONField()
    mark = models.PositiveBigIntegerField(default=0)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("poll answer")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["poll", "registration"],
                condition=models.Q(registration__isnull=False),
                name="one_poll_answer_per_person",
            ),
        ]

    def __str__(self) -> str:
        return f"answer to {self.poll}"
