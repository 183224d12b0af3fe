"""What setting an engagement up reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Q

from engagements import rules
from engagements.models import (
    Engagement,
    Material,
    Notice,
    Registration,
    RegistrationAnswer,
    RegistrationQuestion,
    Role,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet


class SeenNotice(NamedTuple):
    notice: Notice
    seen_by: int


class Seats(NamedTuple):
    taken: int
    waiting: int


class Ready(NamedTuple):
    """What the public page and the hour still need."""

    description: bool
    speakers: bool
    moderator: bool
    editor: bool
    materials: bool
    questions: bool


def seats(engagement: Engagement) -> Seats | None:
    """None when the engagement does not count seats."""
    if engagement.capacity is None:
        return None
    seated = rules.ADMITTED & Q(counted=Registration.Counted.COUNTED)
    waits = Q(state=Registration.State.WAITLISTED, removed_at=None)
    found = engagement.registrations.aggregate(
        taken=Count("pk", filter=seated), waiting=Count("pk", filter=waits)
    )
    return Seats(**found)


def materials(engagement: Engagement) -> QuerySet[Material]:
    """In their order, without the bytes of their files."""
    return engagement.materials.select_related("file").defer("file__content")


def questions(engagement: Engagement) -> QuerySet[RegistrationQuestion]:
    """All of them, retired ones last, each with `is_answered`."""
    answers = RegistrationAnswer.objects.filter(question=OuterRef("pk"))
    return (
        engagement.own_questions.select_related("shown_when")
        .annotate(is_answered=Exists(answers))
        .order_by(F("retired_at").asc(nulls_first=True), "position", "pk")
    )


def seen_notices(engagement: Engagement | None) -> list[SeenNotice]:
    """Every version, newest first, with how many registrants saw it."""
    notices = Notice.objects.filter(engagement=engagement).select_related("made_by")
    seen = dict(
        Registration.objects.filter(notice__in=notices.values("pk"))
        .values_list("notice")
        .annotate(people=Count("pk"))
        .order_by()
    )
    return [SeenNotice(notice, seen.get(notice.pk, 0)) for notice in notices]


def readiness(engagement: Engagement) -> Ready:
    roles = {one.role for one in engagement.memberships.all()}
    return Ready(
        description=bool(engagement.description),
        speakers=engagement.speakers.exists(),
        moderator=Role.MODERATOR in roles,
        editor=Role.EDITOR in roles,
        materials=engagement.materials.exists(),
        questions=engagement.own_questions.filter(retired_at=None).exists(),
    )
