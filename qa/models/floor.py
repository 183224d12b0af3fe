from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import ClassVar, Final, NamedTuple

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from engagements import clock
from engagements import states as engagement_states
from engagements.models import Engagement
from qa import states

CLOCK: Final = (
    (engagement_states.SCHEDULED, "early_opens_at", states.FLOOR_OPEN),
    (engagement_states.SCHEDULED, "early_closes_at", states.FLOOR_CLOSED),
    (engagement_states.LIVE, "opens_at", states.FLOOR_OPEN),
    (engagement_states.LIVE, "closes_at", states.FLOOR_CLOSED),
)
"""What the clock does in which state of the engagement, in the order of these moments."""


_BEGUN: Final = {
    engagement_states.SCHEDULED: (engagement_states.SCHEDULED,),
    engagement_states.LIVE: (engagement_states.SCHEDULED, engagement_states.LIVE),
}
"""In which state of the engagement the moments of which states may have passed."""


class Moment(NamedTuple):
    """The clock makes this of the floor then."""

    at: datetime
    state: str


def new_epoch() -> str:
    """Names one history of a floor; a restored database gets another, and clients start afresh."""
    return secrets.token_hex(8)


class Label(models.Model):
    """A topic of one engagement's agenda. A question has one, so that figures by label add up."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="labels")
    name = models.CharField(_("label"), max_length=60)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("label")
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint("engagement", Lower("name"), name="one_label_per_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Floor(models.Model):
    """May questions be asked now? And how far the log of this floor has come.

    `vote_mark` counts the changes of votes; each vote and each count keeps the mark of its last
    change, so that what changed since a mark is a query and needs no log of its own.
    `backstage_mark` and `poll_mark` count changes of backstage messages and of poll answers, by
    which each process notices them.

    The clock moves the floor at the four moments, each once, also where a moderator moved it in
    between: `clock_at` is the moment up to which that was done. The early ones count while the
    engagement is scheduled, the others while it is live; one that passed before it was live is
    made up when it starts.
    """

    class State(models.TextChoices):
        CLOSED = states.FLOOR_CLOSED, _("closed")
        VOTING_ONLY = states.FLOOR_VOTING_ONLY, _("voting only")
        OPEN = states.FLOOR_OPEN, _("open")

    class Voting(models.TextChoices):
        """Who sees how many people voted for a question; or whether they vote at all."""

        PUBLIC = states.VOTES_PUBLIC, _("counts for everybody")
        STAFF = states.VOTES_STAFF, _("counts for the desk only")
        OFF = states.VOTES_OFF, _("no votes")

    class Attribution(models.TextChoices):
        """Whether others read who asked."""

        ANONYMOUS = states.ANONYMOUS, _("nobody reads who asked")
        CHOICE = states.OWN_CHOICE, _("each asker chooses")
        NAME = states.NAMED, _("everybody reads who asked")

    engagement = models.OneToOneField(Engagement, models.CASCADE, related_name="floor")
    state = models.CharField(max_length=12, choices=State.choices, default=State.CLOSED)
    epoch = models.CharField(max_length=16, default=new_epoch)
    head = models.PositiveBigIntegerField(default=0)
    public_head = models.PositiveBigIntegerField(default=0)
    last_question_number = models.PositiveIntegerField(default=0)
    voting = models.CharField(max_length=8, choices=Voting.choices, default=Voting.PUBLIC)
    vote_mark = models.PositiveBigIntegerField(default=0)
    backstage_mark = models.PositiveBigIntegerField(default=0)
    poll_mark = models.PositiveBigIntegerField(default=0)
    attribution = models.CharField(
        _("names"), max_length=12, choices=Attribution.choices, default=Attribution.ANONYMOUS
    )
    current_label = models.ForeignKey(
        Label, models.SET_NULL, null=True, blank=True, related_name="+",
        help_text=_("New questions get it by themselves."),
    )  # fmt: skip
    seconds_between = models.PositiveIntegerField(
        _("seconds between two questions of one person"), default=0
    )
    most_each = models.PositiveIntegerField(
        _("questions of one person, at most"), null=True, blank=True
    )
    early_opens_at = models.DateTimeField(_("opens before the event"), null=True, blank=True)
    early_closes_at = models.DateTimeField(_("closes before the event"), null=True, blank=True)
    opens_at = models.DateTimeField(_("opens by the clock"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes by the clock"), null=True, blank=True)
    late_until = models.DateTimeField(
        _("late questions by the personal link until"), null=True, blank=True
    )
    clock_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("floor")

    def __str__(self) -> str:
        return f"floor of {self.engagement.slug}"

    @property
    def is_open(self) -> bool:
        return self.state == states.FLOOR_OPEN

    @property
    def takes_votes(self) -> bool:
        return self.voting != states.VOTES_OFF and self.state != states.FLOOR_CLOSED

    def due(self, now: datetime) -> Moment | None:
        """The latest moment that has passed and was not applied yet. It decides alone."""
        found = None
        for phase, field, state in CLOCK:
            at = getattr(self, field)
            if at is not None and self.clock_at < at <= now and phase == self.engagement.state:
                found = Moment(at, state)
        return found

    def wound(self, now: datetime) -> datetime:
        """`clock_at` for moments that were set anew: behind those that have passed, before those
        that are still to come."""
        moments: list[tuple[str, datetime]] = [
            (phase, at) for phase, field, _to in CLOCK if (at := getattr(self, field))
        ]
        phases = _BEGUN.get(self.engagement.state, ())
        done = [at for phase, at in moments if at <= now and phase in phases]
        if done:
            return max(done)
        return min((at for _phase, at in moments), default=now) - timedelta(seconds=1)

    def next_moment(self, now: datetime) -> Moment | None:
        """What the clock does next, as far as one can tell now."""
        moments = [
            Moment(at, state)
            for phase, field, state in CLOCK
            if (at := getattr(self, field)) is not None and at > now and phase not in self._bygone()
        ]
        return min(moments, default=None)

    def _bygone(self) -> tuple[str, ...]:
        """States of the engagement whose moments do not come any more."""
        phase = self.engagement.state
        if phase in {engagement_states.DRAFT, engagement_states.SCHEDULED}:
            return ()
        everything = (engagement_states.SCHEDULED, engagement_states.LIVE)
        return everything[:1] if phase == engagement_states.LIVE else everything

    def is_early(self, now: datetime) -> bool:
        """Within the window before the event, in which questions are taken already."""
        if self.engagement.state != engagement_states.SCHEDULED or self.early_opens_at is None:
            return False
        return self.early_opens_at <= now and (
            self.early_closes_at is None or now < self.early_closes_at
        )

    def takes_late(self, now: datetime) -> bool:
        """After the end, by the personal link."""
        return (
            self.engagement.state == engagement_states.ENDED
            and self.late_until is not None
            and now < self.late_until
        )


class FloorEvent(models.Model):
    """One change of a floor. Append-only; the truth that every broadcast only hints at.

    `number` counts all changes without gaps, `public_number` those that the room may see,
    so that neither audience learns from its numbers what the other was told. The events of one
    question, by its number, are its history.
    """

    floor = models.ForeignKey(Floor, models.CASCADE, related_name="events")
    number = models.PositiveBigIntegerField()
    public_number = models.PositiveBigIntegerField(null=True)
    kind = models.CharField(max_length=24)
    question_number = models.PositiveIntegerField(null=True)
    payload = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("floor event")
        ordering: ClassVar = ["floor", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["floor", "number"], name="one_event_per_number"),
            models.UniqueConstraint(
                fields=["floor", "public_number"], name="one_event_per_public_number"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["floor", "question_number"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
