"""The notices that people read before they register. Each change is a new version."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from engagements import audit, rules
from engagements.models import Engagement, Notice, Office, User
from engagements.refusals import NotAllowed, Refused

if TYPE_CHECKING:
    from datetime import date


class NoticeTexts(TypedDict, total=False):
    privacy: str
    recording: str
    advice: str
    omb_number: str
    omb_expires_on: date | None
    burden: str


@transaction.atomic
def publish(
    *,
    by: User,
    engagement: Engagement | None = None,
    seen: int | None = None,
    **texts: Unpack[NoticeTexts],
) -> Notice:
    """The next version, of the office's notices or of one engagement's own.

    What is not given stays as whoever registers now reads it. Without a change no version is made.
    Earlier consents stay with the version that was seen. `seen`: key of the notices that were
    before the person's eyes; refused when others stand in their place. None asks for nothing.
    """
    _check(by, engagement)
    # One change at a time, or two would make the same version.
    Office.objects.select_for_update().get()
    former = Notice.shown_for(engagement) if engagement else Notice.of_office()
    if seen not in {None, former.pk}:
        raise Refused("changed_meanwhile", _who_was_first(former))
    fields = {name: getattr(former, name) for name in NoticeTexts.__annotations__}
    if former.engagement_id == (engagement.pk if engagement else None) and (
        fields == fields | texts
    ):
        return former
    return _next(engagement, by, "notice.published", fields | texts)


@transaction.atomic
def go_back(engagement: Engagement, *, by: User) -> Notice:
    """The engagement shows the office's notices again."""
    _check(by, engagement)
    Office.objects.select_for_update().get()
    shown = Notice.shown_for(engagement)
    if shown.engagement_id is not None:
        _next(engagement, by, "notice.withdrawn", {"privacy": "", "is_withdrawn": True})
    return Notice.of_office()


def _next(
    engagement: Engagement | None, by: User, action: str, fields: dict[str, object]
) -> Notice:
    latest = Notice.objects.filter(engagement=engagement).order_by("-version").first()
    notice = Notice.objects.create(
        engagement=engagement,
        version=latest.version + 1 if latest else 1,
        made_by=by,
        **fields,
    )
    audit.record(action, notice, by=by, engagement=engagement, version=notice.version)
    return notice


def _who_was_first(notice: Notice) -> str:
    sentence = _("Somebody else has published other notices in the meantime.")
    if notice.made_by is None:
        return sentence
    whose = _("Version %(number)s is by %(name)s.") % {
        "number": notice.version,
        "name": notice.made_by,
    }
    return f"{sentence} {whose}"


def _check(by: User, engagement: Engagement | None) -> None:
    if engagement is None and not rules.may_manage_people(by):
        raise NotAllowed("not_allowed", _("Only an administrator edits the office's notices."))
    if engagement is not None and not rules.may_set_up(by, engagement):
        raise NotAllowed("not_allowed", _("You do not coordinate this engagement."))
