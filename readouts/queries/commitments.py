"""Commitments of the office, and the rows that show them kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements import clock, outbox
from engagements.models import Engagement, Material
from qa import states as question_states
from qa.models import Forwarding
from readouts.models import Commitment

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


class Evidence(NamedTuple):
    """What shows that a promise was kept, for anybody to read."""

    words: str
    url: str
    at: datetime
    row: int
    """Id of the forwarding or the material."""


def kept_by_rows(engagement: Engagement | None = None) -> list[tuple[Commitment, Evidence]]:
    """Open commitments that a forwarding or a posted presentation has kept."""
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
    """The first list that reached the agency, without its bytes."""
    return (
        Forwarding.objects.filter(
            engagement=commitment.engagement,
            agency=commitment.engagement.agency,
            state__in=_ARRIVED,
        )
        .defer("file")
        .order_by("sent_at", "pk")
        .first()
    )


def _presentation_of(commitment: Commitment) -> Material | None:
    found = _presentations().filter(engagement=commitment.engagement)
    return found.order_by("posted_at", "pk").first()


def _evidence_of_list(commitment: Commitment, forwarding: Forwarding) -> Evidence:
    engagement = commitment.engagement
    words = ngettext(
        "The list with %(count)d question was sent to %(agency)s on %(day)s.",
        "The list with %(count)d questions was sent to %(agency)s on %(day)s.",
        forwarding.question_count,
    ) % {
        "count": forwarding.question_count,
        "agency": engagement.agency.short_name,
        "day": date_format(engagement.local(forwarding.sent_at), "F j, Y"),
    }
    return Evidence(words, "", forwarding.sent_at, forwarding.pk)


def _evidence_of_material(commitment: Commitment, material: Material) -> Evidence:
    engagement = commitment.engagement
    words = _("“%(title)s” was posted on %(day)s.") % {
        "title": material.title,
        "day": date_format(engagement.local(material.posted_at), "F j, Y"),
    }
    page = reverse("engagement", args=[engagement.slug])
    return Evidence(words, outbox.absolute(page), material.posted_at, material.pk)
