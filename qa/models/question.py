from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements import clock
from engagements.models import Registration, RoleCategory, User
from qa import states
from qa.models.floor import Floor

MAX_LENGTH = 2_000
"""Characters of a question. Real ones run from 96 to 219, some to 600."""


class Question(models.Model):
    class State(models.TextChoices):
        WAITING = states.WAITING, _("waiting")
        SHOWN = states.SHOWN, _("shown")
        HELD = states.HELD, _("held")
        DISMISSED = states.DISMISSED, _("dismissed")
        MERGED = states.MERGED, _("merged")
        WITHDRAWN = states.WITHDRAWN, _("withdrawn")

    class Outcome(models.TextChoices):
        NONE = states.NO_OUTCOME, _("none")
        ANSWERING = states.ANSWERING, _("being answered now")
        ANSWERED_LIVE = states.ANSWERED_LIVE, _("answered live")
        ANSWERED_IN_WRITING = states.ANSWERED_IN_WRITING, _("answered in writing")
        FOLLOW_UP = states.FOLLOW_UP, _("to follow up")

    class Dismissal(models.TextChoices):
        CASE_SPECIFIC = "case_specific", _("about one case")
        DUPLICATE = "duplicate", _("asked already")
        OFF_TOPIC = "off_topic", _("off topic")
        UNCLEAR = "unclear", _("unclear")
        INAPPROPRIATE = "inappropriate", _("inappropriate")

    class Source(models.TextChoices):
        LIVE = "live", _("asked in the room")
        ARCHIVE = "archive", _("imported from the archive")

    floor = models.ForeignKey(Floor, models.CASCADE, related_name="questions")
    number = models.PositiveIntegerField(_("number"))
    asker = models.ForeignKey(
        Registration, models.SET_NULL, null=True, blank=True, related_name="questions"
    )
    category = models.ForeignKey(RoleCategory, models.PROTECT, null=True, blank=True)
    client_id = models.UUIDField(null=True, blank=True)
    text = models.CharField(_("text"), max_length=MAX_LENGTH)
    original_text = models.CharField(_("text as asked"), max_length=MAX_LENGTH)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, default=Outcome.NONE)
    source = models.CharField(max_length=12, choices=Source.choices, default=Source.LIVE)
    asked_at = models.DateTimeField(default=clock.now)
    shown_at = models.DateTimeField(null=True, blank=True)
    dismissal = models.CharField(_("reason"), max_length=16, choices=Dismissal.choices, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    revision = models.PositiveIntegerField(default=1)
    votes = models.PositiveIntegerField(default=0)
    vote_mark = models.PositiveBigIntegerField(default=0)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("question")
        ordering: ClassVar = ["floor", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["floor", "number"], name="one_question_per_number"),
            models.UniqueConstraint(
                fields=["floor", "asker", "client_id"], name="one_question_per_client_id"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["floor", "state"]),
            models.Index(fields=["floor", "vote_mark"]),
            models.Index(fields=["client_id"]),
        ]

    def __str__(self) -> str:
        return f"question {self.number}"

    @property
    def is_shown(self) -> bool:
        return self.state == states.SHOWN


class Vote(models.Model):
    """A stakeholder would like this question answered too. One row per person and question.

    A vote that is taken back stays as a row that is not cast, so that every device of its voter
    can be told: `mark` is the floor's `vote_mark` at its last change.
    """

    question = models.ForeignKey(Question, models.CASCADE, related_name="voters")
    voter = models.ForeignKey(Registration, models.CASCADE, related_name="votes")
    is_cast = models.BooleanField(default=True)
    mark = models.PositiveBigIntegerField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("vote")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["question", "voter"], name="one_vote_per_person"),
        ]
        indexes: ClassVar = [models.Index(fields=["question", "mark"])]

    def __str__(self) -> str:
        return f"vote for {self.question}"
