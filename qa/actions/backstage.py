"""Say something behind the scenes, and say that it was read. The room never hears of it."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from engagements import audit, clock
from engagements.refusals import NotAllowed, Refused
from qa import events, rules
from qa.models import Acknowledgement, BackstageMessage, ViewLink

if TYPE_CHECKING:
    from engagements.models import User
    from qa.models import Floor

MINUTE: Final = timedelta(minutes=1)
MOST_A_MINUTE: Final = 12
"""Messages of one person. Who is on stage reads no more."""


@transaction.atomic
def say(floor: Floor, *, by: User | ViewLink, text: str) -> BackstageMessage:
    """Coordinators, moderators and speakers read it at once. `by` is an account, or the link that
    a speaker's device has opened."""
    locked = _locked(floor, by)
    _check_pace(locked, by)
    message = BackstageMessage.objects.create(floor=locked, text=text, **_who(by))
    _tell(locked)
    _record("backstage.said", message, by)
    return message


@transaction.atomic
def acknowledge(floor: Floor, *, by: User | ViewLink, number: int) -> BackstageMessage:
    """Everybody backstage sees that it was read. Once more changes nothing."""
    locked = _locked(floor, by)
    message = locked.backstage_messages.filter(pk=number).first()
    if message is None:
        raise NotAllowed("unknown_message", _("There is no such message."))
    if locked.backstage_messages.filter(pk=number, **_who(by)).exists():
        raise Refused("already", _("This is your own message."))
    if not message.acknowledgements.filter(**_who(by)).exists():
        Acknowledgement.objects.create(message=message, **_who(by))
        _tell(locked)
        _record("backstage.acknowledged", message, by)
    return message


def _locked(floor: Floor, by: User | ViewLink) -> Floor:
    if not rules.may_speak_backstage(by, floor.engagement):
        raise NotAllowed("not_allowed", _("You do not work behind the scenes here."))
    locked = events.lock(floor.pk)
    if not rules.is_staged(locked.engagement):
        raise Refused("not_live", _("This engagement is over, and so are messages backstage."))
    return locked


def _check_pace(floor: Floor, by: User | ViewLink) -> None:
    now = clock.now()
    lately = floor.backstage_messages.filter(at__gt=now - MINUTE, **_who(by)).order_by("-pk")
    times = list(lately.values_list("at", flat=True)[:MOST_A_MINUTE])
    if len(times) == MOST_A_MINUTE:
        raise Refused(
            "too_fast",
            _("At most %(most)d messages a minute. Please wait a little.")
            % {"most": MOST_A_MINUTE},
            retry_after=math.ceil((times[-1] + MINUTE - now).total_seconds()),
        )


def _who(by: User | ViewLink) -> dict[str, Any]:
    return {"by_speaker": by.speaker} if isinstance(by, ViewLink) else {"by": by}


def _tell(floor: Floor) -> None:
    floor.backstage_mark += 1
    floor.save(update_fields=["backstage_mark"])
    events.backstage_changed(floor)


def _record(action: str, message: BackstageMessage, by: User | ViewLink) -> None:
    audit.record(
        action,
        message,
        by=by.actor if isinstance(by, ViewLink) else by,
        engagement=message.floor.engagement,
        text=audit.digest(message.text),
    )
