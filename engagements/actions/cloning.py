"""The next engagement, made from one that there is."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from engagements import audit, rules, signals
from engagements.actions import noticing, running, seating
from engagements.actions.running import SpeakerEntry
from engagements.models import (
    Engagement,
    Material,
    Membership,
    Notice,
    RegistrationQuestion,
    Speaker,
    User,
)
from engagements.refusals import NotAllowed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime


class Part(StrEnum):
    """What may be taken along."""

    DESCRIPTION = "description"
    SPEAKERS = "speakers"
    MATERIALS = "materials"
    QUESTIONS = "questions"
    NOTICES = "notices"
    MEMBERS = "members"
    REGISTRATION = "registration"
    FLOOR = "floor"


AS_THEY_ARE = (
    "capacity",
    "confirms_address",
    "invitation_only",
    "takes_walk_ins",
    "survey_url",
    "reminders",
    "tells_start",
    "sends_thanks",
)
"""Settings of the registration that do not depend on the day."""

MOVED_ALONG = ("registration_opens_at", "registration_closes_at", "accommodations_until")
"""Moments that keep their distance from the start, by the clock on the wall."""


@transaction.atomic
def clone(
    engagement: Engagement, *, by: User, title: str, starts_at: datetime, parts: Collection[str]
) -> Engagement:
    """A draft of the same series, kind, agency and length, with these parts; `by` coordinates it.

    What people did in the first one stays there: nobody is registered, invited or told.
    """
    if not rules.may_clone(by, engagement):
        raise NotAllowed("not_allowed", _("You do not coordinate this engagement."))
    # Nobody removes a file that is being taken along.
    seating.lock(engagement)
    made = running.create(
        by=by,
        speakers=_speakers(engagement) if Part.SPEAKERS in parts else (),
        **_details(engagement, starts_at, parts) | {"title": title},
    )
    if Part.MATERIALS in parts:
        _copy_materials(engagement, made)
    if Part.QUESTIONS in parts:
        _copy_questions(engagement, made)
    if Part.NOTICES in parts:
        _copy_notices(engagement, made, by=by)
    if Part.MEMBERS in parts:
        _copy_members(engagement, made, by=by)
    signals.engagement_cloned.send(
        Engagement, engagement=made, of=engagement, parts=frozenset(parts), by=by
    )
    audit.record(
        "engagement.cloned", made, by=by, engagement=made, of=engagement.pk, parts=sorted(parts)
    )
    return made


def _details(engagement: Engagement, starts_at: datetime, parts: Collection[str]) -> Any:
    details: dict[str, Any] = {
        "series": engagement.series.name if engagement.series else "",
        "kind": engagement.kind,
        "about": engagement.about,
        "agency": engagement.agency,
        "time_zone": engagement.time_zone,
        "starts_at": starts_at,
        "ends_at": starts_at + (engagement.ends_at - engagement.starts_at),
    }
    if Part.DESCRIPTION in parts:
        details["description"] = engagement.description
        details["posts_presentation"] = engagement.posts_presentation
    if Part.REGISTRATION in parts:
        details |= {name: getattr(engagement, name) for name in AS_THEY_ARE}
        details |= {name: _moved(engagement, name, starts_at) for name in MOVED_ALONG}
    return details


def _moved(engagement: Engagement, name: str, starts_at: datetime) -> datetime | None:
    """As many days before the start as there, at the same hour, whatever the clocks do between."""
    moment: datetime | None = getattr(engagement, name)
    if moment is None:
        return None
    former, new = (
        engagement.local(start).replace(tzinfo=None) for start in (engagement.starts_at, starts_at)
    )
    wall = new + (engagement.local(moment).replace(tzinfo=None) - former)
    return wall.replace(tzinfo=engagement.zone)


def _speakers(engagement: Engagement) -> Iterable[SpeakerEntry]:
    speakers: Iterable[Speaker] = engagement.speakers.all()
    return [SpeakerEntry(one.name, one.title, one.organization) for one in speakers]


def _copy_materials(engagement: Engagement, made: Engagement) -> None:
    """Those for the engagement itself. A file is the same row, since it never changes."""
    Material.objects.bulk_create(
        Material(
            engagement=made,
            position=one.position,
            title=one.title,
            url=one.url,
            file_id=one.file_id,
            pages=one.pages,
        )
        for one in engagement.materials.filter(stage=Material.Stage.BEFORE)
    )


def _copy_questions(engagement: Engagement, made: Engagement) -> None:
    """Those that are still asked; one that depends on another depends on that one's copy."""
    copies: dict[int, RegistrationQuestion] = {}
    asked = engagement.own_questions.filter(retired_at=None)
    for position, one in enumerate(asked, start=1):
        copies[one.pk] = RegistrationQuestion.objects.create(
            engagement=made,
            position=position,
            kind=one.kind,
            label=one.label,
            hint=one.hint,
            choices=one.choices,
            is_required=one.is_required,
            shown_when=copies.get(one.shown_when_id or 0),
            shown_when_answer=one.shown_when_answer,
        )


def _copy_notices(engagement: Engagement, made: Engagement, *, by: User) -> None:
    shown = Notice.shown_for(engagement)
    if shown.engagement_id is not None:
        texts: Any = {name: getattr(shown, name) for name in noticing.NoticeTexts.__annotations__}
        noticing.publish(by=by, engagement=made, **texts)


def _copy_members(engagement: Engagement, made: Engagement, *, by: User) -> None:
    members = engagement.memberships.filter(user__is_active=True, user__agency=None)
    for one in members.exclude(user=by).select_related("user"):
        Membership.objects.create(engagement=made, user=one.user, role=one.role)
        audit.record("membership.added", one.user, by=by, engagement=made, role=one.role)
