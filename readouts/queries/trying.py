"""A wording tried on engagements of the past. Nothing is written."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from engagements.models import Membership
from engagements.rules import is_administrator
from qa.differences import KEPT, Piece, differences
from readouts import rules, wording
from readouts.document import Document
from readouts.facts import Facts, publishable
from readouts.files import markup
from readouts.models import Readout, ReadoutVersion
from readouts.queries.facts import stored_facts
from readouts.queries.published import latest_in_force
from readouts.queries.wording import house_of

if TYPE_CHECKING:
    from engagements.models import Engagement, User
    from readouts.wording import House, Tried

MOST_TRIED = 40
"""Engagements that are offered, the latest first."""


@dataclass(frozen=True)
class Tryout:
    """One paragraph for each of opening, attendance and closing."""

    engagement: Engagement
    is_published: bool
    """`before` was published; otherwise it is what the draft says now."""
    before: tuple[str, ...]
    after: tuple[str, ...]
    changes: tuple[list[Piece], ...]
    """From `before` to `after`, word by word; of another language all of `after`."""
    variants: tuple[tuple[str, list[Tried]], ...]
    """By sentence, what every variant would say, or why it may not."""


def triable(user: User) -> list[Readout]:
    """Readouts whose facts the person may know: published ones, and drafts of their own."""
    in_force = ReadoutVersion.objects.filter(
        readout=OuterRef("pk"), number__gt=OuterRef("withdrawn_through")
    )
    own = Exists(Membership.objects.filter(user=user, engagement=OuterRef("engagement")))
    rows = (
        Readout.objects.select_related("engagement__series", "wording")
        .annotate(is_in_force=Exists(in_force))
        .filter(engagement__is_rehearsal=False)
        .order_by("-engagement__starts_at", "pk")
    )
    if not is_administrator(user):
        rows = rows.filter(Q(is_in_force=True) | own)
    return [one for one in rows[:MOST_TRIED] if one.engagement.is_public or _is_own(user, one)]


def tryout(house: House, readout: Readout) -> Tryout:
    """What a house makes of a readout's facts, beside what was published or the draft says."""
    version = latest_in_force(readout) if readout.engagement.is_public else None
    if version is None:
        facts = _publishable(readout)
        samples = readout.samples.count()
        language = house_of(readout).language
        before = _paragraphs(facts, samples, house_of(readout))
    else:
        shown = Document.from_json(version.document)
        facts = shown.facts
        samples = sum(len(group.questions) for group in shown.samples)
        language = shown.language
        texts = (shown.attendance, shown.closing)
        before = (shown.opening, *(markup.to_plain(text).strip() for text in texts))
    after = _paragraphs(facts, samples, house)
    return Tryout(
        engagement=readout.engagement,
        is_published=version is not None,
        before=before,
        after=after,
        changes=_changes(before, after) if language == house.language else _as_new(after),
        variants=tuple(
            (slot, list(tried))
            for slot, tried in groupby(wording.tried(facts, house=house), lambda one: one.slot)
        ),
    )


def _paragraphs(facts: Facts, samples: int, house: House) -> tuple[str, ...]:
    return (
        wording.opening(facts, house=house),
        wording.attendance(facts, samples=samples, house=house),
        wording.closing(facts, house=house),
    )


def _changes(before: tuple[str, ...], after: tuple[str, ...]) -> tuple[list[Piece], ...]:
    return tuple(map(differences, before, after))


def _as_new(paragraphs: tuple[str, ...]) -> tuple[list[Piece], ...]:
    """Words of two languages are not compared."""
    return tuple([Piece(KEPT, words)] for words in paragraphs)


def _is_own(user: User, readout: Readout) -> bool:
    return rules.may_view(user, readout.engagement)


def _publishable(readout: Readout) -> Facts:
    facts = stored_facts(readout)
    return facts if readout.small_figures_reason else publishable(facts)
