"""What an agency answers, every version of it, and what of that was published."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements import clock
from engagements.models import Agency, User
from qa import states
from qa.models.forwarding import Forwarding
from qa.models.question import Question

LONGEST_ANSWER = 100_000
"""Characters of an answer. A cell of a workbook holds 32,767; what is longer takes more rows."""


class Directorate(models.Model):
    """A part of an agency that answers questions."""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="directorates")
    name = models.CharField(_("name"), max_length=200)

    class Meta:
        verbose_name = _("directorate")
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "name"], name="one_directorate_per_name"),
        ]

    def __str__(self) -> str:
        return self.name


class AnswerContent(models.Model):
    """What an agency says to one question."""

    class Status(models.TextChoices):
        """The agency's own word for it, as the workbook offers it."""

        IN_PROGRESS = states.IN_PROGRESS, _("In progress")
        ANSWERED = states.ANSWERED, _("Answered")
        SEE_PAGE = states.SEE_PAGE, _("See a page")
        SAME_AS = states.SAME_AS, _("Same as another")
        DECLINED = states.DECLINED, _("Declined")

    status = models.CharField(
        _("answer status"), max_length=12, choices=Status.choices, default=Status.IN_PROGRESS
    )
    text = models.TextField(
        _("answer"), max_length=LONGEST_ANSWER, blank=True,
        help_text=_("Of a declined question: the reason."),
    )  # fmt: skip
    page_url = models.URLField(_("page"), max_length=500, blank=True)
    same_as = models.PositiveIntegerField(
        _("same answer as No."), null=True, blank=True, help_text=_("Number of a question.")
    )
    directorate_name = models.CharField(_("directorate"), max_length=200, blank=True)
    contact = models.CharField(
        _("contact"), max_length=300, blank=True, help_text=_("For the office; never public.")
    )
    answered_on = models.DateField(_("date"), null=True, blank=True)
    is_publishable = models.BooleanField(_("publishable"), null=True, blank=True)

    class Meta:
        abstract = True


CONTENT = tuple(field.name for field in AnswerContent._meta.local_fields)
"""Names of the columns that an answer, its versions and an upload's rows share."""


class AgencyAnswer(AnswerContent):
    """The answer of one agency to one question, as it stands, whichever list it came by.

    draft → in clearance → cleared → submitted → accepted | returned → published. What was
    published stays as it is (PublishedAnswer), also while a correction is on its way.
    """

    class State(models.TextChoices):
        DRAFT = states.ANSWER_DRAFT, _("draft")
        CLEARING = states.ANSWER_CLEARING, _("in clearance")
        CLEARED = states.ANSWER_CLEARED, _("cleared")
        SUBMITTED = states.ANSWER_SUBMITTED, _("submitted")
        RETURNED = states.ANSWER_RETURNED, _("returned")
        ACCEPTED = states.ANSWER_ACCEPTED, _("accepted")
        PUBLISHED = states.ANSWER_PUBLISHED, _("published")

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="agency_answers")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    directorate = models.ForeignKey(
        Directorate, models.SET_NULL, null=True, blank=True, related_name="answers"
    )
    assigned_to = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="assigned_answers"
    )
    note = models.CharField(
        _("note"), max_length=1_000, blank=True, help_text=_("Inside the agency.")
    )
    remark = models.CharField(
        _("remark"), max_length=1_000, blank=True, help_text=_("Of whoever sent it back last.")
    )
    revision = models.PositiveIntegerField(default=1)
    edited_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    edited_at = models.DateTimeField(default=clock.now)
    cleared_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    cleared_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("answer of an agency")
        ordering: ClassVar = ["question__number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agency", "question"], name="one_answer_per_agency_and_question"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["agency", "state"])]

    def __str__(self) -> str:
        return f"answer of {self.agency} to {self.question}"


class AnswerUpload(models.Model):
    """A workbook that came back, as it was read. Nothing of it counts before it is taken.

    `rows` and `problems` are what the preview shows; the file is kept as evidence.
    """

    class State(models.TextChoices):
        READ = "read", _("read")
        TAKEN = "taken", _("taken")
        DROPPED = "dropped", _("dropped")

    forwarding = models.ForeignKey(Forwarding, models.PROTECT, related_name="uploads")
    state = models.CharField(max_length=8, choices=State.choices, default=State.READ)
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    size = models.PositiveIntegerField(help_text=_("In bytes."))
    sha256 = models.CharField(max_length=64)
    rows = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    notes = models.JSONField(default=list, help_text=_("What is said of the file as a whole."))
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=clock.now)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    answers_taken = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("upload of answers")
        ordering: ClassVar = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return f"upload {self.pk} for {self.forwarding}"


class AnswerVersion(AnswerContent):
    """One saved wording of an answer, and by which way it came. Never changed."""

    class Via(models.TextChoices):
        PAGE = "page", _("on the page")
        WORKBOOK = "workbook", _("by a workbook")
        API = "api", _("by the interface")

    answer = models.ForeignKey(AgencyAnswer, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    via = models.CharField(max_length=10, choices=Via.choices, default=Via.PAGE)
    upload = models.ForeignKey(
        AnswerUpload, models.PROTECT, null=True, blank=True, related_name="versions"
    )
    token = models.ForeignKey(
        "ApiToken", models.PROTECT, null=True, blank=True, related_name="versions"
    )
    saved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("version of an answer")
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["answer", "number"], name="one_answer_version_each"),
        ]

    def __str__(self) -> str:
        return f"version {self.number} of {self.answer}"


class PublishedAnswer(models.Model):
    """An answer as the public reads it. Never changed: a correction is the next number."""

    answer = models.ForeignKey(AgencyAnswer, models.PROTECT, related_name="published")
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    status = models.CharField(max_length=12, choices=AnswerContent.Status.choices)
    text = models.TextField(blank=True)
    page_url = models.URLField(max_length=500, blank=True)
    same_as = models.PositiveIntegerField(null=True, blank=True)
    is_withheld = models.BooleanField(
        default=False, help_text=_("The agency answered the office and does not publish the text.")
    )
    answered_by = models.CharField(max_length=200, help_text=_("Directorate and agency."))
    answered_on = models.DateField(null=True, blank=True)
    correction_note = models.CharField(max_length=500, blank=True)
    published_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("published answer")
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["answer", "number"], name="one_published_answer_each"),
        ]

    def __str__(self) -> str:
        return f"published version {self.number} of {self.answer}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("a published answer is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("a published answer is never deleted")


class AnswerTold(models.Model):
    """The asker of a question is mailed this answer, once.

    The row is laid with the publication, and its mail a little later where askers are many.
    """

    published = models.ForeignKey(PublishedAnswer, models.PROTECT, related_name="told")
    question = models.ForeignKey(
        Question, models.CASCADE, related_name="told",
        help_text=_("The asker's own, which may have been merged into the answered one."),
    )  # fmt: skip
    told_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When its mail was laid down; none: it is due.")
    )

    class Meta:
        verbose_name = _("asker told of an answer")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["published", "question"], name="told_once_each"),
        ]

    def __str__(self) -> str:
        return f"{self.question} told of {self.published}"
