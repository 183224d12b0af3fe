from __future__ import annotations

import hashlib
from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements import clock
from engagements.models import Registration, RoleCategory, Speaker, User
from qa import states
from qa.models.floor import Floor, Label

MAX_LENGTH = 2_000
"""Characters of a question. Real ones run from 96 to 219, some to 600."""

LONGEST_NOTE = 1_000


class QuestionQuerySet(models.QuerySet["Question"]):
    def described(self) -> Self:
        """With all that `events.describe` reads, in one query."""
        return self.select_related(
            "category", "decided_by", "label", "speaker", "merged_into", "answer"
        )


class Question(models.Model):
    """`text` is what others read, as edited for publication; `original_text` as it was asked.

    Both are masked by a redaction; the words are then in `SealedText` alone. What this row says
    of findings, answer and askers (`open_findings`, `has_answer`, `people`, `categories`) is
    kept in step by the actions, so that a question is described without further queries.
    """

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

    class Source(models.TextChoices):
        """The channel by which a question came."""

        LIVE = "live", _("asked in the room")
        LATE = "late", _("sent by the personal link after the end")
        PHONE = "phone", _("by phone")
        MAIL = "mail", _("by mail")
        PAPER = "paper", _("on paper")
        PLATFORM = "platform", _("from the report of a platform")
        ARCHIVE = "archive", _("imported from the archive")

    class LanguageFrom(models.TextChoices):
        ASKER = "asker", _("the asker")
        DETECTED = "detected", _("detected")
        OFFICE = "office", _("the office")

    floor = models.ForeignKey(Floor, models.CASCADE, related_name="questions")
    number = models.PositiveIntegerField(_("number"))
    asker = models.ForeignKey(
        Registration, models.SET_NULL, null=True, blank=True, related_name="questions"
    )
    asker_name = models.CharField(
        max_length=128, blank=True, help_text=_("As others read it; empty for an anonymous one.")
    )
    category = models.ForeignKey(RoleCategory, models.PROTECT, null=True, blank=True)
    client_id = models.UUIDField(null=True, blank=True)
    text = models.CharField(_("text"), max_length=MAX_LENGTH)
    original_text = models.CharField(_("text as asked"), max_length=MAX_LENGTH)
    language = models.CharField(_("language"), max_length=12, blank=True)
    language_from = models.CharField(
        max_length=8, blank=True, choices=LanguageFrom.choices,
        help_text=_("Who says which language it is."),
    )  # fmt: skip
    wants_answer = models.BooleanField(
        default=False, help_text=_("The asker would like the agency's answer by mail.")
    )
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, default=Outcome.NONE)
    source = models.CharField(max_length=12, choices=Source.choices, default=Source.LIVE)
    entered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+",
        help_text=_("Who of the office typed it in."),
    )  # fmt: skip
    question_import = models.ForeignKey(
        "QuestionImport", models.PROTECT, null=True, blank=True, related_name="questions"
    )
    asked_at = models.DateTimeField(default=clock.now)
    shown_at = models.DateTimeField(null=True, blank=True)
    label = models.ForeignKey(
        Label, models.SET_NULL, null=True, blank=True, related_name="questions"
    )
    speaker = models.ForeignKey(
        Speaker, models.SET_NULL, null=True, blank=True, related_name="questions",
        help_text=_("Who should answer it."),
    )  # fmt: skip
    dismissal = models.CharField(
        _("reason"), max_length=32, blank=True, help_text=_("Code of a DismissalReason.")
    )
    dismissal_text = models.CharField(
        max_length=400, blank=True, help_text=_("The reason in words, as they were then.")
    )
    tells_dismissal = models.BooleanField(_("the asker is told the reason"), default=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )
    people = models.PositiveIntegerField(
        default=1, help_text=_("Distinct askers, of those merged into it too.")
    )
    categories = models.PositiveIntegerField(default=1, help_text=_("Role categories of these."))
    note = models.CharField(_("note for the desk"), max_length=LONGEST_NOTE, blank=True)
    open_findings = models.JSONField(
        default=list, help_text=_("Kinds of identifiers that nobody has decided about yet.")
    )
    flagged_words = models.JSONField(default=list, help_text=_("Words of the office's list."))
    is_redacted = models.BooleanField(default=False)
    has_answer = models.BooleanField(
        default=False, help_text=_("A written one, drafted or published.")
    )
    revision = models.PositiveIntegerField(default=1)
    votes = models.PositiveIntegerField(default=0)
    vote_mark = models.PositiveBigIntegerField(default=0)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = QuestionQuerySet.as_manager()

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

    @property
    def stands_for(self) -> Question:
        """The question that this one is read with: itself, or that into which it was merged, which
        may have been merged since."""
        found = self
        while found.merged_into_id and found.merged_into is not None:
            found = found.merged_into
        return found

    @property
    def is_edited(self) -> bool:
        """Whether others read something else than was asked."""
        return self.text != self.original_text


class Vote(models.Model):
    """A stakeholder would like this question answered too. One row per person and question.

    A vote that is taken back stays as a row that is not cast, so that every device of its voter
    can be told: `mark` is the floor's `vote_mark` at its last change. `via` is the question that
    it was cast for, where that one was merged into this.
    """

    question = models.ForeignKey(Question, models.CASCADE, related_name="voters")
    voter = models.ForeignKey(Registration, models.CASCADE, related_name="votes")
    via = models.ForeignKey(Question, models.CASCADE, null=True, blank=True, related_name="+")
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


class WrittenAnswer(models.Model):
    """The office's own answer in writing to one question, published under a named person."""

    class Reach(models.TextChoices):
        ALL = "all", _("everybody")
        ASKER = "asker", _("the asker alone")

    question = models.OneToOneField(Question, models.CASCADE, related_name="answer")
    text = models.TextField(_("answer"), max_length=5_000)
    given_by = models.CharField(_("answered by"), max_length=200)
    reach = models.CharField(
        _("who reads it"), max_length=8, choices=Reach.choices, default=Reach.ALL
    )
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(default=clock.now)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("written answer")

    def __str__(self) -> str:
        return f"answer to {self.question}"

    @property
    def is_published(self) -> bool:
        return self.published_at is not None


class Translation(models.Model):
    """A question in another language, beside its original, and whether a person made it.

    It stands for the words that it was made of: once others read another text, it waits until
    somebody has looked at it again, and is neither published nor forwarded.
    """

    class Kind(models.TextChoices):
        HUMAN = "human", _("by a person")
        MACHINE = "machine", _("by a machine")

    question = models.ForeignKey(Question, models.CASCADE, related_name="translations")
    language = models.CharField(_("language"), max_length=12)
    text = models.TextField(_("translation"), max_length=4 * MAX_LENGTH)
    kind = models.CharField(_("made"), max_length=8, choices=Kind.choices)
    made_of = models.CharField(
        max_length=16, default="", help_text=_("Digest of the text that it translates.")
    )
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("translation")
        ordering: ClassVar = ["language"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["question", "language"], name="one_translation_per_language"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question} in {self.language}"

    @property
    def is_current(self) -> bool:
        """Whether it translates what others read now."""
        return self.made_of == digest_of(self.question.text)


def digest_of(text: str) -> str:
    """Names the words that a translation was made of."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
