"""Set an engagement up, give it people, and move it through its life."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements import audit, clock, rules, signals, states
from engagements.actions import sanity, seating, telling
from engagements.files.text import first_free
from engagements.models import (
    Agency,
    Engagement,
    Membership,
    Role,
    Series,
    Speaker,
    User,
)
from engagements.refusals import NotAllowed, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

IN_THE_CALENDAR = frozenset({"series", "title", "starts_at", "ends_at", "time_zone"})
"""What people have in their calendars. A change there is mailed to who registered."""

CLOSED_FOR_EDITING = frozenset({states.ARCHIVED, states.CANCELLED})
TAKES_SEATS = frozenset({states.SCHEDULED, states.LIVE})
"""States in which who waits may still get a seat."""

OPEN_TO_REHEARSE = frozenset({states.DRAFT, states.SCHEDULED})
"""States in which an engagement may still become a rehearsal, or a real one again."""

RESERVED_SLUGS = frozenset({"new"})
"""Words that stand in the office's addresses where a slug would."""

SLUG_LENGTH = 70
"""Leaves room for a number within the 80 characters of the column."""

MOVED = {
    "schedule": gettext_lazy("scheduled"),
    "start": gettext_lazy("started"),
    "end": gettext_lazy("ended"),
    "archive": gettext_lazy("archived"),
    "cancel": gettext_lazy("cancelled"),
}


class SpeakerEntry(NamedTuple):
    """A speaker as given, in the order in which the speakers are given."""

    name: str
    title: str = ""
    organization: str = ""


class Details(TypedDict, total=False):
    """What a coordinator decides about an engagement. `series` is its name, or empty for none."""

    series: str
    title: str
    kind: str
    about: str
    agency: Agency
    description: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    video_url: str
    captions_url: str
    registration_opens_at: datetime | None
    registration_closes_at: datetime | None
    capacity: int | None
    confirms_address: bool
    invitation_only: bool
    takes_walk_ins: bool
    accommodations_until: datetime | None
    survey_url: str
    reminders: list[int]
    tells_start: bool
    sends_thanks: bool
    posts_presentation: bool
    is_rehearsal: bool
    imported_from: str


@transaction.atomic
def create(
    *, by: User, slug: str = "", speakers: Iterable[SpeakerEntry] = (), **details: Unpack[Details]
) -> Engagement:
    """A draft, with `by` as its coordinator. Needs title, about, agency, starts_at and ends_at.

    Without a slug one is made from series and title. Writes the engagement, its speakers, the
    membership and the audit row, then sends `engagement_created`.
    """
    if not rules.may_create_engagements(by):
        raise NotAllowed("not_allowed", _("You may not create engagements."))
    engagement = Engagement(**_columns(details))
    _check_sanity(engagement)
    engagement.slug = slug or _free_slug(engagement)
    _insert(engagement)
    Membership.objects.create(engagement=engagement, user=by, role=Role.COORDINATOR)
    write_speakers(engagement, speakers)
    audit.record("engagement.created", engagement, by=by, engagement=engagement)
    signals.engagement_created.send(Engagement, engagement=engagement)
    return engagement


@transaction.atomic
def edit(
    engagement: Engagement,
    *,
    by: User,
    seen: int | None = None,
    speakers: Iterable[SpeakerEntry] | None = None,
    **details: Unpack[Details],
) -> Engagement:
    """Change what is given and leave the rest. `speakers` replaces all of them, None keeps them.

    `seen`: the revision that was before the person's eyes; refused when there is a newer one. None
    asks for nothing. More seats promote who waits for one; fewer expel nobody.

    Refuses an archived or cancelled engagement, and to make a rehearsal of a real one or the other
    way round once it has begun or somebody has registered. The address never changes.
    """
    _check_may_set_up(engagement, by)
    columns = _columns(details)
    stored = seating.lock(engagement)
    if stored.state in CLOSED_FOR_EDITING:
        raise Refused("wrong_state", _explain(stored, _("changed")))
    if seen not in {None, stored.revision}:
        raise Refused("changed_meanwhile", _who_was_first(stored))
    changed = sorted(name for name, value in columns.items() if getattr(stored, name) != value)
    if "is_rehearsal" in changed:
        _check_nothing_happened(stored)
    former = (stored.starts_at, stored.ends_at)
    for name in changed:
        setattr(stored, name, columns[name])
    _check_sanity(stored)
    is_moved = not IN_THE_CALENDAR.isdisjoint(changed)
    stored.calendar_sequence += is_moved
    stored.revision += 1
    stored.changed_at = clock.now()
    stored.save(update_fields=[*changed, "calendar_sequence", "revision", "changed_at"])
    if speakers is not None:
        write_speakers(stored, speakers)
    audit.record("engagement.edited", stored, by=by, engagement=stored, fields=changed)
    if not stored.is_rehearsal:
        _tell_of_changes(stored, changed, by=by, former=former)
    engagement.refresh_from_db()
    engagement.consequences = _moved_along(stored, former)
    return engagement


@transaction.atomic
def schedule(engagement: Engagement, *, by: User) -> Engagement:
    """The page and the registration become public; its reminders are planned."""
    moved = _move(engagement, "schedule", by=by, scheduled_at=clock.now())
    if not moved.is_rehearsal:
        telling.engagement_scheduled(moved, by=by)
    return moved


@transaction.atomic
def start(engagement: Engagement, *, by: User) -> Engagement:
    """Sends `engagement_started`, so that who waits in the room is told."""
    moved = _move(engagement, "start", by=by, started_at=clock.now())
    if not moved.is_rehearsal:
        telling.engagement_started(moved, by=by)
    signals.engagement_started.send(Engagement, engagement=moved)
    return moved


@transaction.atomic
def end(engagement: Engagement, *, by: User) -> Engagement:
    """Sends `engagement_closed`, which closes the floor in the same transaction."""
    moved = _move(engagement, "end", by=by, ended_at=clock.now())
    if not moved.is_rehearsal:
        telling.engagement_ended(moved, by=by)
    signals.engagement_closed.send(Engagement, engagement=engagement, by=by)
    return engagement


def archive(engagement: Engagement, *, by: User) -> Engagement:
    return _move(engagement, "archive", by=by)


@transaction.atomic
def cancel(engagement: Engagement, *, by: User) -> Engagement:
    """Sends `engagement_closed`, which closes the floor in the same transaction.

    Who registered is told by mail, and the calendar entry is cancelled.
    """
    moved = _move(engagement, "cancel", by=by, calendar_sequence=F("calendar_sequence") + 1)
    if moved.is_public:
        telling.engagement_cancelled(moved, by=by)
    signals.engagement_closed.send(Engagement, engagement=engagement, by=by)
    return engagement


MOVES = {"schedule": schedule, "start": start, "end": end, "archive": archive, "cancel": cancel}
"""The action behind each move of `states.MOVES`."""


@transaction.atomic
def add_member(engagement: Engagement, *, by: User, user: User, role: str) -> Membership:
    """Give somebody of the office a role here. Nobody gives a role to themselves."""
    _check_may_set_up(engagement, by)
    if not user.is_office:
        raise Refused(
            "not_office", _("Only active accounts of the office can have a role in an engagement.")
        )
    if user == by:
        raise Refused("own_role", _("You cannot give yourself a role. Please ask a colleague."))
    membership, is_new = Membership.objects.get_or_create(
        engagement=engagement, user=user, role=role
    )
    if not is_new:
        raise Refused(
            "already",
            _("%(name)s is %(role)s here already.")
            % {"name": user, "role": membership.get_role_display()},
        )
    audit.record("membership.added", user, by=by, engagement=engagement, role=role)
    return membership


@transaction.atomic
def remove_member(engagement: Engagement, *, by: User, user: User, role: str) -> None:
    """Take a role away. The last coordinator stays, so that somebody is in charge."""
    _check_may_set_up(engagement, by)
    # Two coordinators who remove each other at once would leave none.
    seating.lock(engagement)
    others = engagement.memberships.filter(role=Role.COORDINATOR, user__is_active=True).exclude(
        user=user
    )
    if role == Role.COORDINATOR and not others.exists():
        raise Refused(
            "last_coordinator",
            _("%(name)s is the only coordinator. Add another one first.") % {"name": user},
        )
    removed, _rows = engagement.memberships.filter(user=user, role=role).delete()
    if not removed:
        raise Refused("no_member", _("This person no longer has that role here."))
    audit.record("membership.removed", user, by=by, engagement=engagement, role=role)
    signals.rights_ended.send(Membership, account=user.pk)


@transaction.atomic
def _move(engagement: Engagement, move: str, *, by: User, **stamps: Any) -> Engagement:
    _check_may_set_up(engagement, by)
    sources, target = states.MOVES[move]
    changed = Engagement.objects.filter(pk=engagement.pk, state__in=sources).update(
        state=target, changed_at=clock.now(), **stamps
    )
    engagement.refresh_from_db()
    if not changed:
        raise Refused("wrong_state", _explain(engagement, MOVED[move]))
    audit.record(f"engagement.{target}", engagement, by=by, engagement=engagement)
    return engagement


def _tell_of_changes(
    engagement: Engagement, changed: list[str], *, by: User, former: tuple[datetime, datetime]
) -> None:
    if engagement.state == states.SCHEDULED:
        if not IN_THE_CALENDAR.isdisjoint(changed):
            telling.engagement_moved(engagement, by=by, former=former)
        elif "reminders" in changed:
            telling.plan(engagement)
    if "capacity" in changed and engagement.state in TAKES_SEATS:
        seating.promote(engagement)


def _moved_along(engagement: Engagement, former: tuple[datetime, datetime]) -> tuple[str, ...]:
    """What else has moved with its time, in sentences."""
    if (engagement.starts_at, engagement.ends_at) == former:
        return ()
    told = signals.engagement_moved.send(Engagement, engagement=engagement, former=former)
    return tuple(sentence for _receiver, sentence in told if sentence)


def _explain(engagement: Engagement, wish: object) -> str:
    """Says which state stands in the way, and who brought it there and when."""
    sentence = _("This engagement is %(state)s, so it cannot be %(wish)s.") % {
        "state": engagement.get_state_display(),
        "wish": wish,
    }
    who = audit.last_change(engagement, [f"engagement.{engagement.state}"])
    return f"{sentence} {who}".rstrip()


def _who_was_first(engagement: Engagement) -> str:
    who = audit.last_change(engagement, ["engagement.edited"])
    return f"{_('Somebody else has changed this engagement in the meantime.')} {who}".rstrip()


def _check_may_set_up(engagement: Engagement, by: User) -> None:
    if not rules.may_set_up(by, engagement):
        raise NotAllowed("not_allowed", _("You do not coordinate this engagement."))


def _check_nothing_happened(engagement: Engagement) -> None:
    """What people did in earnest never becomes a rehearsal, and no rehearsal is ever counted."""
    if engagement.state not in OPEN_TO_REHEARSE:
        wish = _("made a real one") if engagement.is_rehearsal else _("made a rehearsal")
        raise Refused("rehearsal", _explain(engagement, wish))
    if engagement.registrations.exists():
        raise Refused(
            "rehearsal",
            _("The data of this rehearsal have to be removed before it can become a real one.")
            if engagement.is_rehearsal
            else _("People have registered already, so this cannot become a rehearsal."),
        )


def _check_sanity(engagement: Engagement) -> None:
    """The refusal's code is the name of the field that it is about."""
    given = {field: getattr(engagement, field) for field in sanity.FIELDS}
    for field, sentence in sanity.problems(given).items():
        raise Refused(field, sentence)


def _columns(details: Details) -> dict[str, Any]:
    columns: dict[str, Any] = dict(details)
    if "series" in columns:
        columns["series"] = _series(columns["series"])
    return columns


def _series(name: str) -> Series | None:
    return Series.objects.get_or_create(name=name)[0] if name else None


def _free_slug(engagement: Engagement) -> str:
    base = slugify(engagement.full_title)[:SLUG_LENGTH].strip("-_") or engagement.kind.replace(
        "_", "-"
    )
    taken = RESERVED_SLUGS.union(
        Engagement.objects.filter(slug__startswith=base).values_list("slug", flat=True)
    )
    return first_free(base, taken)


def _insert(engagement: Engagement) -> None:
    taken = Refused("slug_taken", _("Another engagement has this address. Please choose another."))
    if engagement.slug in RESERVED_SLUGS:
        raise taken
    try:
        with transaction.atomic():
            engagement.save(force_insert=True)
    except IntegrityError as error:
        raise taken from error


def write_speakers(engagement: Engagement, speakers: Iterable[SpeakerEntry]) -> None:
    """These are all its speakers, in this order.

    Who keeps the name stays the same speaker, with the questions and devices that are theirs.
    """
    known = list(engagement.speakers.all())
    for position, entry in enumerate(speakers, start=1):
        speaker = next((one for one in known if one.name == entry.name), None)
        if speaker is None:
            speaker = Speaker(engagement=engagement)
        else:
            known.remove(speaker)
        for field, value in {**entry._asdict(), "position": position}.items():
            setattr(speaker, field, value)
        speaker.save()
    engagement.speakers.filter(pk__in=[one.pk for one in known]).delete()
