"""What the office sets for a floor: names, votes, limits, its clock, questions before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypedDict, Unpack

from django.db import transaction
from django.db.models import Field
from django.utils.translation import gettext as _

from engagements import audit, clock, rows
from engagements import states as engagement_states
from engagements.actions import mailing, telling
from engagements.refusals import NotAllowed, Refused
from qa import events, projection, rules, states
from qa.actions import clocking, deciding, floor_times
from qa.actions.floor_times import TIMES
from qa.models import CLOCK, Floor, FloorEvent

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from engagements.models import Engagement, Mailing, User

FIELDS: Final = ("attribution", "voting", "seconds_between", "most_each", *TIMES)
TAKEN_ALONG: Final = ("attribution", "voting", "seconds_between", "most_each")
"""Into a clone; its times are set for its own day."""

TOLD: Final = frozenset({"attribution", "voting", "seconds_between"})
"""Settings that stand in what rooms, desks and screens are told of the floor."""

FIXED: Final = frozenset({engagement_states.ARCHIVED, engagement_states.CANCELLED})

MOST_SECONDS: Final = 3_600
MOST_EACH: Final = 1_000


class Settings(TypedDict, total=False):
    attribution: str
    voting: str
    seconds_between: int
    most_each: int | None
    early_opens_at: datetime | None
    early_closes_at: datetime | None
    opens_at: datetime | None
    closes_at: datetime | None
    late_until: datetime | None


def seen(floor: Floor) -> str:
    """Stands for all settings as somebody sees them."""
    return audit.digest("|".join(str(getattr(floor, name)) for name in FIELDS))


@transaction.atomic
def change(
    floor: Floor, *, by: User, before: str | None = None, **settings: Unpack[Settings]
) -> Floor:
    """Change what is given and leave the rest. `before` is `seen` of what the person had before
    the eyes; refused with code "changed_meanwhile" when it is another now.

    Where nobody reads any more who asked, the names of questions asked before are taken off, for
    good. A refusal's code is else the name of its field. Where a moment is set anew that has passed
    already, the floor moves at once, if none has passed since.
    """
    if not rules.may_moderate(by, floor.engagement):
        raise NotAllowed("not_allowed", _("You do not moderate this engagement."))
    locked = events.lock(floor.pk)
    locked.engagement.refresh_from_db(fields=["state", "ended_at", "starts_at", "ends_at"])
    if locked.engagement.state in FIXED:
        raise Refused("wrong_state", _("This engagement is over, and its floor stays as it is."))
    if before not in {None, seen(locked)}:
        who = audit.last_change(locked.engagement, ["floor.settings"])
        said = _("Somebody else has changed these settings in the meantime.")
        raise Refused("changed_meanwhile", f"{said} {who}".rstrip())
    values = {name: getattr(locked, name) for name in FIELDS} | settings
    _check(values, locked.engagement)
    changed = _write(locked, dict(settings))
    if changed:
        audit.record(
            "floor.settings", locked, by=by, engagement=locked.engagement, fields=sorted(changed)
        )
        _apply(locked, changed)
        if "attribution" in changed and locked.attribution == states.ANONYMOUS:
            _take_names_off(locked, by)
    return locked


def follow(engagement: Engagement, *, former: tuple[datetime, datetime]) -> str:
    """The engagement has moved: the floor's moments go with it. Gives what became of them, in a
    sentence; "" where none is set."""
    floor = events.lock(Floor.objects.get(engagement=engagement).pk)
    times = {name: getattr(floor, name) for name in TIMES}
    if not any(times.values()):
        return ""
    moved = floor_times.moved(times, engagement, former)
    changed = _write(floor, moved)
    if not changed:
        return ""
    audit.record(
        "floor.moved_along",
        floor,
        by=clocking.CLOCK,
        engagement=engagement,
        fields=sorted(changed),
    )
    _apply(floor, changed)
    return _what_moved(times, moved)


def copy(source: Engagement, made: Engagement) -> None:
    """For a clone."""
    given = Floor.objects.get(engagement=source)
    values = {name: getattr(given, name) for name in TAKEN_ALONG}
    Floor.objects.filter(engagement=made).update(**values)


def tell_late(engagement: Engagement) -> None:
    """The engagement has ended: its thanks say until when questions are still taken."""
    until = Floor.objects.get(engagement=engagement).late_until
    if until is not None and until > clock.now():
        telling.mention_late(engagement, until=until)


def mail_late(floor: Floor, *, by: User, only_who_came: bool) -> Mailing:
    """The personal link for late questions to many, while they are taken."""
    if floor.late_until is None or not floor.takes_late(clock.now()):
        raise Refused("late_closed", _("No late questions are taken now, so there is no link."))
    return mailing.invite_late(
        floor.engagement, by=by, until=floor.late_until, only_who_came=only_who_came
    )


def late_mailing(floor: Floor, *, only_who_came: bool) -> Mailing:
    """What `mail_late` would send, not stored: for how many it would be."""
    until = floor.late_until or clock.now()
    return mailing.late_mailing(floor.engagement, until, only_who_came=only_who_came)


def _check(values: dict[str, Any], engagement: Engagement) -> None:
    for field, sentence in floor_times.problems(values, engagement).items():
        raise Refused(field, sentence)
    if not 0 <= values["seconds_between"] <= MOST_SECONDS:
        raise Refused("seconds_between", _("Please give at most an hour."))
    if values["most_each"] is not None and not 1 <= values["most_each"] <= MOST_EACH:
        raise Refused("most_each", _("Please give a number from 1 to 1,000, or none."))


def _write(floor: Floor, values: dict[str, Any]) -> frozenset[str]:
    changed = {name for name, value in values.items() if getattr(floor, name) != value}
    for name in changed:
        setattr(floor, name, values[name])
    floor.save(update_fields=list(changed))
    return frozenset(changed)


def _apply(floor: Floor, changed: Collection[str]) -> None:
    """The clock goes by the new moments, and everybody is told what they should know."""
    moments = {field for _phase, field, _state in CLOCK}
    if not moments.isdisjoint(changed):
        _wind(floor, changed)
    if not TOLD.isdisjoint(changed):
        events.append_floor(floor)


def _take_names_off(floor: Floor, by: User) -> None:
    """Of the questions and of what the log tells of them. Who asked stays with the office."""
    told = FloorEvent.objects.filter(floor=floor, kind=projection.QUESTION)
    named = [
        (event.payload, event.pk)
        for event in told.exclude(payload__question__asker_name="")
        if event.payload["question"].get("asker_name")
    ]
    for payload, _key in named:
        payload["question"]["asker_name"] = ""
    rows.update(FloorEvent, ["payload"], named)
    batch = deciding.Batch(floor, by)
    nameless = deciding.Change("question.name_taken_off", {"asker_name": ""}, decides=False)
    for question in floor.questions.described().exclude(asker_name="").order_by("number"):
        batch.put(question, nameless)
    batch.write()


def _wind(floor: Floor, changed: Collection[str]) -> None:
    now = clock.now()
    floor.clock_at = floor.wound(now)
    floor.save(update_fields=["clock_at"])
    last = next((step for step in reversed(CLOCK) if _has_passed(floor, step, now)), None)
    if last is not None and last[1] in changed:
        clocking.move(floor, last[2], by=clocking.CLOCK)


def _has_passed(floor: Floor, step: tuple[str, str, str], now: datetime) -> bool:
    phase, field, _state = step
    at = getattr(floor, field)
    return phase == floor.engagement.state and at is not None and at <= now


def _what_moved(times: dict[str, datetime | None], moved: dict[str, datetime | None]) -> str:
    gone = [_words(name) for name in TIMES if times[name] and not moved[name]]
    said = _("The times set for the floor moved along. Please look at them on the floor's page.")
    if not gone:
        return said
    taken = _("Taken away, because they do not fit the new time: %(times)s.")
    return f"{said} {taken % {'times': ', '.join(gone)}}"


def _words(name: str) -> str:
    column = Floor._meta.get_field(name)
    assert isinstance(column, Field)
    return str(column.verbose_name)
