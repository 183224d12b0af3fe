"""Commitments of the office, and the rows that show them kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements import clock, outbox, states
from engagements.models import AuditEntry, Engagement, Material, Membership, User
from engagements.queries import engagements_of
from engagements.rules import is_administrator
from qa import states as question_states
from qa.models import Forwarding
from readouts.models import Commitment, ReadoutVersion

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.db.models import QuerySet

Kind = Commitment.Kind
State = Commitment.State

_ARRIVED: Final = (question_states.FORWARDING_SENT, question_states.FORWARDING_SUPERSEDED)
"""A list that was superseded has been shared all the same; one that was recalled was not."""

_NAMES: Final = ("presentation", "slide", "presentaci", "diapositiva")
_TYPES: Final = ("presentationml", "opendocument.presentation", "ms-powerpoint")


ZONE: Final = ZoneInfo(Engagement._meta.get_field("time_zone").default)
"""Whose days count: the office's own, wherever an engagement was held."""


def today(moment: datetime | None = None) -> date:
    """The office's day at the moment, or now."""
    return (moment or clock.now()).astimezone(ZONE).date()


OVERDUE: Final = "overdue"
"""As a state to ask for: open, and its day is over."""

SOON: Final = timedelta(days=7)


@dataclass(frozen=True)
class Wanted:
    """Which commitments the register lists."""

    state: str = State.OPEN
    """A state, OVERDUE, or "" for all."""
    mine: bool = False
    engagement: str = ""
    """Short name."""
    agency: str = ""
    """Id."""
    kind: str = ""


class Urgent(NamedTuple):
    overdue: list[Commitment]
    mine: list[Commitment]


class Evidence(NamedTuple):
    """What shows that a promise was kept, for anybody to read."""

    words: str
    url: str
    at: datetime
    row: int
    """Id of the forwarding or the material."""


def kept_by_rows(engagement: Engagement | None = None) -> list[tuple[Commitment, Evidence]]:
    """Open commitments that a forwarding or a posted presentation has kept, since a person last
    opened them again: what was there before has been judged."""
    open_ones = _followed(engagement).filter(state=State.OPEN)
    shared = [
        (commitment, _evidence_of_list(commitment, forwarding))
        for commitment in open_ones.filter(Exists(_lists()), kind=Kind.SHARE_LIST)
        if (forwarding := _forwarding_of(commitment)) is not None
    ]
    posted = [
        (commitment, _evidence_of_material(commitment, material))
        for commitment in open_ones.filter(Exists(_posted()), kind=Kind.POST_PRESENTATION)
        if (material := _presentation_of(commitment)) is not None
    ]
    return shared + posted


def without_evidence(engagement: Engagement | None = None) -> list[Commitment]:
    """Commitments that were kept by what rows showed, where they show it no longer: the list was
    recalled, or what was posted was removed."""
    kept = _followed(engagement).filter(state=State.KEPT, settled_by=None)
    gone = (Q(kind=Kind.SHARE_LIST) & ~Exists(_lists())) | (
        Q(kind=Kind.POST_PRESENTATION) & ~Exists(_posted())
    )
    return list(kept.filter(gone))


def _followed(engagement: Engagement | None) -> QuerySet[Commitment]:
    found = Commitment.objects.select_related("engagement", "engagement__agency")
    return found.filter(engagement=engagement) if engagement is not None else found


def _lists() -> QuerySet[Forwarding]:
    return Forwarding.objects.filter(
        engagement=OuterRef("engagement"),
        agency=OuterRef("engagement__agency"),
        state__in=_ARRIVED,
    )


def _posted() -> QuerySet[Material]:
    return _presentations().filter(engagement=OuterRef("engagement"))


def _presentations() -> QuerySet[Material]:
    """Posted after the engagement, and a presentation by its type or its name."""
    named = Q()
    for name in _NAMES:
        named |= Q(title__icontains=name) | Q(file__name__icontains=name)
    for kind in _TYPES:
        named |= Q(file__content_type__icontains=kind)
    return Material.objects.filter(named, stage=Material.Stage.AFTER)


def _forwarding_of(commitment: Commitment) -> Forwarding | None:
    """The first list that reached the agency."""
    found = Forwarding.objects.filter(
        engagement=commitment.engagement,
        agency=commitment.engagement.agency,
        state__in=_ARRIVED,
    )
    opened = _opened_again_at(commitment)
    if opened is not None:
        found = found.filter(sent_at__gt=opened)
    return found.order_by("sent_at", "pk").first()


def _presentation_of(commitment: Commitment) -> Material | None:
    found = _presentations().filter(engagement=commitment.engagement)
    opened = _opened_again_at(commitment)
    if opened is not None:
        found = found.filter(posted_at__gt=opened)
    return found.order_by("posted_at", "pk").first()


def _opened_again_at(commitment: Commitment) -> datetime | None:
    """When a person did so last. That a new version promises it again is no judgment of rows."""
    entries = AuditEntry.objects.filter(
        engagement=commitment.engagement,
        action="commitment.reopened",
        subject=f"{commitment._meta.label_lower}:{commitment.pk}",
        actor__isnull=False,
    ).exclude(detail__has_key="version")
    return entries.order_by("pk").values_list("at", flat=True).last()


def _evidence_of_list(commitment: Commitment, forwarding: Forwarding) -> Evidence:
    engagement, sent_at = commitment.engagement, forwarding.sent_at
    if sent_at is None:
        raise ValueError("a draft of a list shows nothing")
    words = ngettext(
        "The list with %(count)d question was sent to %(agency)s on %(day)s.",
        "The list with %(count)d questions was sent to %(agency)s on %(day)s.",
        forwarding.question_count,
    ) % {
        "count": forwarding.question_count,
        "agency": engagement.agency.short_name,
        "day": date_format(engagement.local(sent_at), "F j, Y"),
    }
    return Evidence(words, "", sent_at, forwarding.pk)


def _evidence_of_material(commitment: Commitment, material: Material) -> Evidence:
    engagement = commitment.engagement
    words = _("“%(title)s” was posted on %(day)s.") % {
        "title": material.title,
        "day": date_format(engagement.local(material.posted_at), "F j, Y"),
    }
    page = reverse("engagement", args=[engagement.slug])
    return Evidence(words, outbox.absolute(page), material.posted_at, material.pk)


def visible_to(user: User) -> QuerySet[Commitment]:
    """Of the engagements that somebody works on; an administrator sees all."""
    found = Commitment.objects.all()
    if is_administrator(user):
        return found
    return found.filter(engagement__in=Membership.objects.filter(user=user).values("engagement"))


def register_of(user: User, wanted: Wanted) -> list[Commitment]:
    """Those that are asked for, the most urgent first: by their date, those without one last."""
    found = _narrowed(visible_to(user), user, wanted)
    known = ("engagement__series", "engagement__agency", "owner", "version", "settled_by")
    rows = found.select_related("engagement", *known)
    if wanted.state in {State.KEPT, State.DROPPED}:
        return list(rows.order_by("-settled_at", "-pk"))
    return list(rows.order_by(F("due_on").asc(nulls_last=True), "pk"))


def counts_of(user: User, wanted: Wanted) -> dict[str, int]:
    """How many of each state there are besides what else is asked for."""
    found = _narrowed(visible_to(user), user, replace(wanted, state=""))
    late = Count("pk", filter=Q(state=State.OPEN, due_on__lt=today()))
    by_state = {value: Count("pk", filter=Q(state=value)) for value in State.values}
    return found.aggregate(all=Count("pk"), overdue=late, **by_state)


def engagements_with(user: User) -> list[tuple[str, str]]:
    """Short name and title of each engagement that has commitments or may soon have some, the
    latest first."""
    rows = engagements_of(user).filter(
        Q(commitments__isnull=False) | Q(state__in=states.OVER), is_rehearsal=False
    )
    rows = rows.distinct()
    return [(one.slug, one.full_title) for one in rows.select_related("series")]


def agencies_with(user: User) -> list[tuple[str, str]]:
    rows = visible_to(user).order_by("engagement__agency__name")
    names = rows.values_list("engagement__agency", "engagement__agency__name").distinct()
    return [(str(pk), name) for pk, name in names]


def urgent_of(user: User) -> Urgent:
    """For the first page of the office: what is overdue, and what this person sees to soon."""
    rows = list(
        visible_to(user)
        .filter(state=State.OPEN, due_on__lte=today() + SOON)
        .select_related("engagement", "engagement__series", "owner")
        .order_by("due_on", "pk")
    )
    overdue = [row for row in rows if is_overdue(row)]
    mine = [row for row in rows if row.owner_id == user.pk and row not in overdue]
    overdue.sort(key=lambda row: row.owner_id != user.pk)
    return Urgent(overdue=overdue, mine=mine)


def public_of(engagement: Engagement) -> list[Commitment]:
    """What the public reads of: promises of versions in force, and others once they are settled.

    What an imported readout promised is told only where it is known to have been kept. Nothing
    while no version is in force.
    """
    versions = ReadoutVersion.objects.filter(
        readout__engagement=engagement, number__gt=F("readout__withdrawn_through")
    )
    if not engagement.is_public or not versions.exists():
        return []
    told = Q(version__in=versions, version__imported=False) | ~Q(state=State.OPEN)
    found = Commitment.objects.filter(told, engagement=engagement)
    shown = found.filter(Q(version=None) | Q(version__in=versions))
    return list(shown.select_related("engagement").order_by("pk"))


def people_for(engagement: Engagement) -> QuerySet[User]:
    """Who can see to a commitment: the members, and administrators of the office."""
    members = Membership.objects.filter(engagement=engagement).values("user")
    found = User.objects.filter(Q(pk__in=members) | Q(is_administrator=True))
    return found.filter(is_active=True, agency=None).order_by("name", "pk")


def possible_evidence(commitment: Commitment) -> list[Material]:
    """Materials that a person may know to be the promised presentation."""
    if commitment.kind != Kind.POST_PRESENTATION or commitment.state != State.OPEN:
        return []
    found = Material.objects.filter(engagement=commitment.engagement)
    return list(found.select_related("file").defer("file__content"))


def history_of(commitment: Commitment) -> list[AuditEntry]:
    subject = f"{commitment._meta.label_lower}:{commitment.pk}"
    found = AuditEntry.objects.filter(engagement=commitment.engagement, subject=subject)
    return list(found.select_related("actor"))


def is_overdue(commitment: Commitment) -> bool:
    return (
        commitment.state == State.OPEN
        and commitment.due_on is not None
        and commitment.due_on < today()
    )


def _narrowed(found: QuerySet[Commitment], user: User, wanted: Wanted) -> QuerySet[Commitment]:
    if wanted.state == OVERDUE:
        found = found.filter(state=State.OPEN, due_on__lt=today())
    elif wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.mine:
        found = found.filter(owner=user)
    if wanted.engagement:
        found = found.filter(engagement__slug=wanted.engagement)
    if wanted.agency:
        found = found.filter(engagement__agency=int(wanted.agency))
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    return found
