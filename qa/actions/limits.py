"""What keeps one person from asking now: silence, the pace, slow mode, and the most of each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db.models import Count, Max, Min, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.refusals import Refused
from qa import states

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from qa.models import Floor

MINUTE: Final = timedelta(minutes=1)


@dataclass(slots=True)
class _Lately:
    """Questions of one person within a minute, the first of these, and the last one of all."""

    number: int = 0
    since: datetime | None = None
    last: datetime | None = None


@dataclass(slots=True)
class Limits:
    """For the people of one batch; read once, and kept in step with what is taken of it."""

    floor: Floor
    now: datetime
    silences: dict[int, str] = field(default_factory=dict)
    _lately: dict[int, _Lately] = field(default_factory=dict)
    _asked: Counter[int] = field(default_factory=Counter)

    @classmethod
    def of(cls, floor: Floor, askers: Collection[int], now: datetime) -> Limits:
        silences = floor.silences.filter(ended_at=None, registration__in=askers)
        return cls(
            floor,
            now,
            dict(silences.values_list("registration", "reason")),
            _pace(floor, askers, now),
            _asked(floor, askers),
        )

    def refusal(self, asker: int) -> Refused | None:
        """Why this person may not ask now, in words; None where nothing is in the way."""
        if asker in self.silences:
            return Refused("silenced", _silenced(self.silences[asker]))
        most = self.floor.most_each
        if most is not None and self._asked[asker] >= most:
            return Refused("enough", _enough(most))
        lately = self._lately.get(asker)
        if lately is None:
            return None
        if lately.number >= settings.QUESTIONS_A_MINUTE:
            return self._too_fast(lately)
        return self._too_soon(lately)

    def took(self, asker: int) -> None:
        """A question of this person is stored with this batch."""
        lately = self._lately.setdefault(asker, _Lately())
        lately.number += 1
        lately.since = lately.since or self.now
        lately.last = self.now
        self._asked[asker] += 1

    def _too_fast(self, lately: _Lately) -> Refused:
        wait = MINUTE - (self.now - (lately.since or self.now))
        return Refused(
            "too_fast",
            _("You have asked %(number)d questions within a minute. Please wait a little.")
            % {"number": lately.number},
            retry_after=_seconds(wait),
        )

    def _too_soon(self, lately: _Lately) -> Refused | None:
        pause = timedelta(seconds=self.floor.seconds_between)
        if lately.last is None or self.now - lately.last >= pause:
            return None
        wait = _seconds(pause - (self.now - lately.last))
        words = ngettext(
            "Slow mode is on: you can ask again in %(number)d second.",
            "Slow mode is on: you can ask again in %(number)d seconds.",
            wait,
        )
        return Refused("too_fast", words % {"number": wait}, retry_after=wait)


def _seconds(wait: timedelta) -> int:
    return max(1, round(wait.total_seconds()))


def _silenced(reason: str) -> str:
    said = _("The moderators take no further questions from you. Your question was not saved.")
    return f"{said} {_('Reason: %(reason)s') % {'reason': reason}}" if reason else said


def _enough(most: int) -> str:
    return ngettext(
        "Each person may ask %(most)d question here, and you have asked it.",
        "Each person may ask %(most)d questions here, and you have asked them.",
        most,
    ) % {"most": most}


def _pace(floor: Floor, askers: Collection[int], now: datetime) -> dict[int, _Lately]:
    within_a_minute = Q(asked_at__gt=now - MINUTE)
    window = max(MINUTE, timedelta(seconds=floor.seconds_between))
    # The filter of each figure is left out where the window is a minute anyhow.
    only: dict[str, Any] = {"filter": within_a_minute} if window > MINUTE else {}
    found = (
        floor.questions.filter(asker__in=askers, asked_at__gt=now - window)
        .order_by()
        .values_list("asker")
        .annotate(number=Count("pk", **only), since=Min("asked_at", **only), last=Max("asked_at"))
    )
    return {asker: _Lately(number, since, last) for asker, number, since, last in found}


def _asked(floor: Floor, askers: Collection[int]) -> Counter[int]:
    """What each has asked and not withdrawn; read only where it is limited."""
    if floor.most_each is None:
        return Counter()
    found = (
        floor.questions.filter(asker__in=askers)
        .exclude(state=states.WITHDRAWN)
        .order_by()
        .values_list("asker")
        .annotate(Count("pk"))
    )
    return Counter(dict(found))
