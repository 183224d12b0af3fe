from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements import clock
from engagements.models import Agency, Engagement, User
from qa import states
from qa.models.question import MAX_LENGTH, Question


class Forwarding(models.Model):
    """One numbered list of questions for an agency, without attribution.

    A draft has no number, questions or files yet. Sealing gives it all three; from then on only
    its state, its recall and, by a granted extension, its due date change. `facts` and `changes`
    are frozen with it; `digest` names its content and is printed in its own files, which cannot
    print their own checksum.
    """

    class State(models.TextChoices):
        DRAFT = states.FORWARDING_DRAFT, _("draft")
        SENT = states.FORWARDING_SENT, _("sent")
        SUPERSEDED = states.FORWARDING_SUPERSEDED, _("superseded")
        RECALLED = states.FORWARDING_RECALLED, _("recalled")

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="forwardings")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="forwardings")
    number = models.PositiveSmallIntegerField(_("number"), null=True, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    chosen_labels = models.JSONField(
        default=list, help_text=_("Keys of the chosen labels, 0 for none; empty for all.")
    )
    chosen_states = models.JSONField(
        default=list, help_text=_("Chosen states, as the list names them; empty for all.")
    )
    cover_note = models.TextField(_("cover note"), max_length=5_000, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    first_due_on = models.DateField(
        null=True, blank=True, help_text=_("Due date as it was sealed, before any extension.")
    )
    drafted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    drafted_at = models.DateTimeField(default=clock.now)
    revision = models.PositiveIntegerField(default=1)
    supersedes = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    changes = models.JSONField(
        default=list, help_text=_("What differs from the list that it supersedes, by number.")
    )
    facts = models.JSONField(default=dict, help_text=_("What its first sheet says."))
    digest = models.CharField(
        max_length=64, blank=True, help_text=_("SHA-256 of its content as JSON.")
    )
    question_count = models.PositiveIntegerField(default=0)
    sent_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    recall_reason = models.CharField(_("reason"), max_length=500, blank=True)
    recalled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    recalled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("forwarding")
        ordering: ClassVar = ["-sent_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["engagement", "number"], name="one_forwarding_per_number"
            ),
            models.UniqueConstraint(
                fields=["engagement", "agency"],
                condition=models.Q(state=states.FORWARDING_SENT),
                name="one_forwarding_in_force_per_agency",
            ),
            models.UniqueConstraint(
                fields=["engagement", "agency"],
                condition=models.Q(state=states.FORWARDING_DRAFT),
                name="one_forwarding_draft_per_agency",
            ),
            models.CheckConstraint(
                condition=models.Q(state=states.FORWARDING_DRAFT)
                | models.Q(number__isnull=False, sent_at__isnull=False, sent_by__isnull=False),
                name="a_sealed_forwarding_is_numbered",
            ),
        ]

    def __str__(self) -> str:
        return f"list {self.number or 'in draft'} of {self.engagement.slug}"


class ForwardingFile(models.Model):
    """A sealed list in one format, as its agency gets it. Never changed."""

    class Format(models.TextChoices):
        WORKBOOK = "xlsx", _("workbook")
        CSV = "csv", _("CSV")
        JSON = "json", _("JSON")

    forwarding = models.ForeignKey(Forwarding, models.CASCADE, related_name="files")
    format = models.CharField(max_length=8, choices=Format.choices)
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    size = models.PositiveIntegerField(help_text=_("In bytes."))
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("file of a forwarding")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["forwarding", "format"], name="one_forwarding_file_per_format"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.format} of {self.forwarding}"


class ForwardedQuestion(models.Model):
    """A question as it was forwarded: its words are frozen, and nobody's name is with it.

    `text` is as edited for publication, `original_text` as asked where that differs.
    """

    forwarding = models.ForeignKey(Forwarding, models.CASCADE, related_name="questions")
    question = models.ForeignKey(Question, models.PROTECT, related_name="forwarded")
    number = models.PositiveIntegerField()
    text = models.CharField(max_length=MAX_LENGTH)
    original_text = models.CharField(max_length=MAX_LENGTH, blank=True)
    asked_at = models.DateTimeField(null=True)
    label = models.CharField(max_length=120, blank=True)
    category = models.CharField(max_length=120, blank=True)
    votes = models.PositiveIntegerField(default=0)
    times_asked = models.PositiveIntegerField(
        default=1, help_text=_("Distinct askers, of those merged into it too.")
    )
    merged_into = models.PositiveIntegerField(
        null=True, help_text=_("Number of the question that it was merged into.")
    )
    status = models.CharField(max_length=80)
    reason = models.CharField(max_length=400, blank=True)
    language = models.CharField(max_length=12, blank=True)
    translation = models.TextField(blank=True)
    translation_kind = models.CharField(max_length=8, blank=True)

    class Meta:
        verbose_name = _("forwarded question")
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["forwarding", "number"], name="one_row_per_forwarded_number"
            ),
        ]

    def __str__(self) -> str:
        return f"question {self.number} of {self.forwarding}"


class Receipt(models.Model):
    """Somebody took a file of a sealed list: who, which version, when, and its checksum."""

    forwarding = models.ForeignKey(Forwarding, models.PROTECT, related_name="receipts")
    format = models.CharField(max_length=8, choices=ForwardingFile.Format.choices)
    sha256 = models.CharField(max_length=64)
    taken_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    token = models.ForeignKey(
        "ApiToken", models.PROTECT, null=True, blank=True, related_name="receipts"
    )
    taken_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("receipt")
        ordering: ClassVar = ["-taken_at", "-pk"]

    def __str__(self) -> str:
        return f"receipt {self.pk} of {self.forwarding}"


class ExtensionRequest(models.Model):
    """An agency asks for more time. A granted one moves the due date of its list."""

    class State(models.TextChoices):
        ASKED = "asked", _("asked")
        GRANTED = "granted", _("granted")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    forwarding = models.ForeignKey(Forwarding, models.CASCADE, related_name="extensions")
    until = models.DateField(_("until"))
    reason = models.CharField(_("reason"), max_length=1_000)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    remark = models.CharField(_("remark"), max_length=1_000, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("extension request")
        ordering: ClassVar = ["-asked_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["forwarding"],
                condition=models.Q(state="asked"),
                name="one_open_extension_request",
            ),
        ]

    def __str__(self) -> str:
        return f"extension until {self.until} for {self.forwarding}"


class Reminder(models.Model):
    """A mail about a due date that was sent once and is not sent again."""

    class Kind(models.TextChoices):
        BEFORE = "before", _("before the due date")
        DUE = "due", _("on the due date")
        AFTER = "after", _("after the due date")
        ESCALATED = "escalated", _("told to the office")

    forwarding = models.ForeignKey(Forwarding, models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    days = models.SmallIntegerField(help_text=_("Before the due date, or, negative, after it."))
    due_on = models.DateField()
    sent_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("reminder")
        ordering: ClassVar = ["-sent_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["forwarding", "kind", "days", "due_on"], name="one_reminder_per_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} reminder of {self.forwarding}"
