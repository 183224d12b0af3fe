"""What is planned or laid for an engagement and is not sent yet, when the engagement changes.

Mail that states a time must not go out after that time has changed. Each of these is called within
the transaction of the change, which has locked the engagement: workers that lay its mails do too.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from engagements.models import Mailing, OutgoingMail
from engagements.queries.mail import came_by_list

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from engagements.models import Engagement

Occasion = Mailing.Occasion

STATES_THE_TIME: Final = frozenset(
    f"engagements/{name}"
    for name in (
        "registered",
        "confirm_address",
        "waitlisted",
        "promoted",
        "changed",
        "invitee",
        "invitee_moved",
        "reminder",
        "starting",
        "moved",
        "news",
    )
)

NOT_LAID: Final = (Mailing.State.WAITING, Mailing.State.LAYING)

UNSENT: Final = (
    OutgoingMail.State.WAITING,
    OutgoingMail.State.HELD,
    OutgoingMail.State.SENDING,
    OutgoingMail.State.FAILED,
)
"""A mail that is being sent may fail, and be due again: it must not be stale then."""


def unsent(engagement: Engagement) -> QuerySet[OutgoingMail]:
    """Mail to people that states the engagement's time and did not leave the house."""
    return OutgoingMail.objects.filter(
        engagement=engagement, template__in=STATES_THE_TIME, state__in=UNSENT
    ).order_by("pk")


def discard_waiting(engagement: Engagement, occasions: Collection[str]) -> None:
    engagement.mailings.filter(state__in=NOT_LAID, occasion__in=occasions).update(
        state=Mailing.State.DISCARDED
    )


def discard_laid(engagement: Engagement, occasions: Collection[str]) -> None:
    """Their mails that are still here."""
    unsent(engagement).filter(mailing__occasion__in=occasions).update(
        state=OutgoingMail.State.DISCARDED
    )


def discard_all(engagement: Engagement) -> None:
    """The engagement does not take place: letters of the office wait for a decision of theirs."""
    others = [occasion for occasion in Occasion.values if occasion != Occasion.LETTER]
    discard_waiting(engagement, others)
    unsent(engagement).update(state=OutgoingMail.State.DISCARDED)
    engagement.mailings.filter(state__in=NOT_LAID, occasion=Occasion.LETTER).update(is_held=True)
    OutgoingMail.objects.filter(
        engagement=engagement,
        mailing__occasion=Occasion.LETTER,
        state=OutgoingMail.State.WAITING,
    ).update(state=OutgoingMail.State.HELD)


def take_back_moved(engagement: Engagement) -> tuple[datetime, datetime] | None:
    """The news of an earlier change is overtaken. Gives the time that people know, if they know
    none of the times in between."""
    known = None
    for mailing in engagement.mailings.filter(occasion=Occasion.MOVED).order_by("pk"):
        left = mailing.laid_mails.filter(state=OutgoingMail.State.SENT).exists()
        if mailing.state == Mailing.State.DISCARDED or left:
            known = None if left else known
            continue
        if known is None and mailing.audience.get("former"):
            start, end = map(datetime.fromisoformat, mailing.audience["former"])
            known = (start, end)
    discard_waiting(engagement, [Occasion.MOVED])
    discard_laid(engagement, [Occasion.MOVED])
    return known


def take_back_list_thanks(engagement: Engagement) -> None:
    """Further thanks that were not laid yet are planned anew, and who came by no list gets none."""
    engagement.mailings.filter(
        state__in=NOT_LAID, occasion=Occasion.THANKS, audience__by_list=True
    ).update(state=Mailing.State.DISCARDED)
    OutgoingMail.objects.filter(
        mailing__engagement=engagement,
        mailing__occasion=Occasion.THANKS,
        mailing__audience__by_list=True,
        state__in=UNSENT,
    ).exclude(registration__in=engagement.registrations.filter(came_by_list()).values("pk")).update(
        state=OutgoingMail.State.DISCARDED
    )


def put_aside(mail: OutgoingMail) -> None:
    """Somebody has to look at it again."""
    OutgoingMail.objects.filter(pk=mail.pk, state__in=UNSENT).update(state=OutgoingMail.State.HELD)


def replace_text(mail: OutgoingMail, anew: OutgoingMail) -> None:
    OutgoingMail.objects.filter(pk=mail.pk, state__in=UNSENT).update(
        subject=anew.subject, body=anew.body, html=anew.html, calendar=anew.calendar
    )
