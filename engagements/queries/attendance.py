"""Attendance in figures: where each one comes from, what is left out, and how it went over time."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, cast

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils.translation import gettext_lazy as _

from engagements import clock, figures, states
from engagements.models import (
    Attendance,
    AttendanceInterval,
    DeclaredAttendance,
    ListedInterval,
    ListedPerson,
    Registration,
)
from engagements.queries import counts

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

    from engagements.figures import CategoryKind, Course, Interval
    from engagements.models import AttendanceList, Engagement

MARGIN: Final = timedelta(hours=2)
"""People come before the hour and stay after it; what is farther away is an error of a clock."""

LONGEST: Final = timedelta(hours=24)

JOINED: Final = _(
    "Everybody who was there, each person once, whatever the devices and however often they came "
    "back. Staff, speakers and tests are not counted. Whoever was removed, or cancelled later, was "
    "there and counts."
)
REGISTERED: Final = _(
    "People whose registration stands. Cancelled ones, the waitlist, staff, speakers and tests are "
    "left out."
)
NO_SHOWS: Final = _(
    "Registered people who were neither in our room nor, by an attendance list that counts, on "
    "another platform. Known when the engagement is over. Somebody who was declared without a "
    "name may be among them."
)
WALK_INS: Final = _(
    "People who entered our room without having registered before, with a name and a role. They "
    "are among those in our room, and among the registered."
)
IN_ROOM: Final = _("Registered people who opened our room while the engagement was live.")
LISTED: Final = _(
    "People on an attendance list of another platform that was taken over, unless they were in our "
    "room too. Hosts, panelists and those who did not attend are left out."
)
BY_PHONE: Final = _(
    "Registered people whom the office noted as there by phone, and people who only phoned, as the "
    "office declared. A phone number counts once."
)
WITH: Final = _(
    "People who watched on somebody else's device, as that person said in the room. Nobody knows "
    "their roles: they count as not stated."
)
GROUPS: Final = _("People who watched together, as the office declared, with its source.")
ARCHIVE: Final = _("As the office's archive file tells.")

Exclusion = ListedPerson.Exclusion
Kind = DeclaredAttendance.Kind


@dataclass(frozen=True)
class Sources:
    """People who joined, by how we know of them. Each once: they add up to `joined`."""

    in_room: int
    by_phone: int
    companions: int
    groups: int
    listed: int
    archive: int

    @property
    def joined(self) -> int:
        return (
            self.in_room + self.by_phone + self.companions + self.groups + self.listed
            + self.archive
        )  # fmt: skip


@dataclass(frozen=True)
class Summary:
    registered: int
    sources: Sources
    walk_ins: int
    """In our room, without having registered before; they are among the others."""
    no_shows: int | None
    """None before the end: whoever is not there yet may still come."""

    @property
    def joined(self) -> int:
        return self.sources.joined


@dataclass(frozen=True)
class Figure:
    """One figure with its name, and what exactly it counts."""

    key: str
    label: str | _StrPromise
    people: int | None
    definition: str | _StrPromise
    is_part: bool = False
    """Of `joined`: these add up to it."""


@dataclass(frozen=True)
class CategoryLine:
    """None: too small for a figure of its own, and told with the *other* one."""

    label: str
    registered: int | None
    joined: int | None


@dataclass(frozen=True)
class Categories:
    """Figures by category as they may be told. A column that tells none has only None."""

    lines: list[CategoryLine]
    tells_registered: bool
    tells_joined: bool
    is_whole: bool
    """Nothing was merged or left out."""


@dataclass(frozen=True)
class LeftOut:
    """So many people are not counted, and why."""

    why: str | _StrPromise
    where: str
    """"room" or "list"."""
    people: int


def summary(engagement: Engagement) -> Summary:
    declared = dict(
        counts.declared(engagement).order_by().values_list("kind").annotate(people=Sum("people"))
    )
    here = counts.in_room(engagement).aggregate(
        people=Count("pk"),
        companions=Sum("companions"),
        by_phone=Count("pk", filter=Q(source=Attendance.Source.PHONE)),
        walk_ins=Count("pk", filter=Q(registration__source=Registration.Source.WALK_IN)),
    )
    return Summary(
        registered=counts.registered_people(engagement).count(),
        sources=Sources(
            in_room=here["people"] - here["by_phone"],
            by_phone=here["by_phone"] + declared.get(Kind.PHONE, 0),
            companions=here["companions"] or 0,
            groups=declared.get(Kind.GROUP, 0),
            listed=counts.listed(engagement).count(),
            archive=declared.get(Kind.ARCHIVE, 0),
        ),
        walk_ins=here["walk_ins"],
        no_shows=no_shows(engagement).count() if engagement.is_over else None,
    )


def stated(found: Summary) -> list[Figure]:
    """The figures in the order in which they are read: the parts of `joined` before it."""
    sources = found.sources
    parts = [
        Figure("in-room", _("In our room"), sources.in_room, IN_ROOM, is_part=True),
        Figure("listed", _("From attendance lists"), sources.listed, LISTED, is_part=True),
        Figure("phone", _("By phone"), sources.by_phone, BY_PHONE, is_part=True),
        Figure("companions", _("Watched with somebody"), sources.companions, WITH, is_part=True),
        Figure("groups", _("Groups that were declared"), sources.groups, GROUPS, is_part=True),
        Figure("archive", _("From an archive file"), sources.archive, ARCHIVE, is_part=True),
    ]
    return [
        *(part for part in parts if part.people or part.key in {"in-room", "listed"}),
        Figure("joined", _("Joined"), found.joined, JOINED),
        Figure("walk-ins", _("Walk-ins"), found.walk_ins, WALK_INS),
        Figure("registered", _("Registered"), found.registered, REGISTERED),
        Figure("no-shows", _("No-shows"), found.no_shows, NO_SHOWS),
    ]


def no_shows(engagement: Engagement) -> QuerySet[Registration]:
    """Registered, neither in our room nor present by an attendance list that counts."""
    was_listed = ListedPerson.objects.filter(
        registration=OuterRef("pk"), list__in=counts.applied_lists(engagement)
    ).exclude(exclusion=Exclusion.ABSENT)
    return counts.registered_people(engagement).filter(~Exists(was_listed), attendance=None)


def categories(engagement: Engagement) -> Categories:
    """Small figures are merged or left out, unless the office gave a reason to tell them."""
    people = counts.people_by_category(engagement)
    kinds = [cast("CategoryKind", line.category.kind) for line in people]
    columns = [
        _told(list(zip(kinds, column, strict=True)), is_all=bool(engagement.small_figures_reason))
        for column in ([line.registered for line in people], [line.joined for line in people])
    ]
    registered, joined = columns
    nothing: list[int | None] = [None] * len(people)
    lines = [
        CategoryLine(line.category.label, *figures_)
        for line, *figures_ in zip(people, registered or nothing, joined or nothing, strict=True)
    ]
    return Categories(
        lines=lines,
        tells_registered=registered is not None,
        tells_joined=joined is not None,
        is_whole=registered == [line.registered for line in people]
        and joined == [line.joined for line in people],
    )


def left_out(engagement: Engagement) -> list[LeftOut]:
    """Who was there and does not count, or is on a list without counting from it."""
    rows = (
        Attendance.objects.filter(registration__engagement=engagement)
        .exclude(registration__counted=Registration.Counted.COUNTED)
        .order_by()
        .values_list("registration__counted")
        .annotate(people=Count("pk"))
    )
    found = [
        LeftOut(Registration.Counted(why).label, "room", people) for why, people in sorted(rows)
    ]
    listed: dict[str, int] = dict(
        ListedPerson.objects.filter(list__in=counts.applied_lists(engagement))
        .order_by()
        .values_list("exclusion")
        .annotate(people=Count("pk"))
    )
    found += [
        LeftOut(Exclusion(why).label, "list", listed[why])
        for why in Exclusion.values
        if why and listed.get(why)
    ]
    counting = counts.counting_rows(engagement).count()
    once_more = [
        (_("found among the office's own people"), listed.get(Exclusion.NONE, 0) - counting),
        (
            _("counted already, in our room or by another row"),
            counting - counts.listed(engagement).count(),
        ),
    ]
    return found + [LeftOut(why, "list", people) for why, people in once_more if people]


def not_registered(engagement: Engagement) -> list[tuple[str | _StrPromise, int]]:
    """Whose registration stands in no figure of registered people, and why."""
    rows = (
        Registration.objects.filter(engagement=engagement)
        .order_by()
        .values_list("counted", "state")
        .annotate(people=Count("pk"))
    )
    found: Counter[tuple[str, str]] = Counter()
    for counted, state, people in rows:
        if counted != Registration.Counted.COUNTED:
            found["counted", counted] += people
        elif state != Registration.State.REGISTERED:
            found["state", state] += people
    words = {"counted": Registration.Counted, "state": Registration.State}
    return [(words[kind](why).label, people) for (kind, why), people in sorted(found.items())]


def registered_who_came(engagement: Engagement, came: int) -> list[tuple[str | _StrPromise, int]]:
    """How we know of so many registered people that they are no no-shows."""
    here = counts.registered_people(engagement).filter(attendance__isnull=False).count()
    return [
        (_("in our room, or noted by the office"), here),
        (_("on an attendance list that counts"), came - here),
    ]


def source_lists(engagement: Engagement) -> QuerySet[AttendanceList]:
    """The lists that count, with their files but without the files' bytes."""
    return counts.applied_lists(engagement).select_related("file").defer("file__content")


def course(engagement: Engagement) -> Course:
    return figures.course(presences(engagement), window=window(engagement))


def _told(column: list[tuple[CategoryKind, int]], *, is_all: bool) -> list[int | None] | None:
    if is_all:
        return [people for _kind, people in column]
    return figures.told(column, people=sum(people for _kind, people in column))


def presences(engagement: Engagement) -> list[figures.Presence]:
    """Everybody of whom a time is known: in our room, and by lists; each person once."""
    intervals: defaultdict[Any, list[Interval]] = defaultdict(list)
    own = AttendanceInterval.objects.filter(attendance__in=counts.in_room(engagement)).order_by()
    for person, opened, seen, closed in own.values_list(
        "attendance__registration", "opened_at", "last_seen_at", "closed_at"
    ):
        intervals[person].append((opened, max(opened, closed or seen)))
    counting = counts.counting_rows(engagement)
    listed = ListedInterval.objects.filter(person__in=counting).order_by()
    for pk, person, joined, left in listed.values_list(
        "person", "person__registration", "joined_at", "left_at"
    ):
        intervals[person or ("listed", pk)].append((joined, max(joined, left)))
    timed = counting.exclude(seconds=None).order_by()
    seconds: dict[Any, int | None] = {
        person or ("listed", pk): length
        for pk, person, length in timed.values_list("pk", "registration", "seconds")
    }
    return [
        figures.Presence(tuple(intervals.get(person, ())), seconds.get(person))
        for person in intervals | seconds
    ]


def window(engagement: Engagement) -> tuple[datetime, datetime]:
    first = min(engagement.started_at or engagement.starts_at, engagement.starts_at) - MARGIN
    last = max(engagement.ended_at or engagement.ends_at, engagement.ends_at) + MARGIN
    if engagement.state == states.LIVE:
        last = max(last, clock.now())
    return first, min(last, first + LONGEST)
