"""In what the numbers of now differ from those that the public reads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Exists, OuterRef
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from engagements.models import AuditEntry, Membership, Role, User
from qa.states import WENT_TO_AGENCY
from readouts.document import Document
from readouts.models import Readout, ReadoutVersion
from readouts.provenance import Provenance
from readouts.queries import defining
from readouts.queries.facts import gather, without_figures
from readouts.queries.provenance import traced
from readouts.queries.redacted import redacted_in

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet

    from engagements.models import Engagement
    from engagements.rules import Visitor
    from readouts.facts import Facts

NAMES = "names"
"""Key of what is no number: title, date, names."""
REDACTED = "redacted."
"""Begins the key of a question whose words were redacted after they had been published."""
_WITH_AGENCY: Final = frozenset(f"disposition.{line}" for line in WENT_TO_AGENCY)


@dataclass(frozen=True)
class Drift:
    """One number that is another one now than in what was published."""

    key: str
    label: str
    was: int | None
    now: int | None

    def to_json(self) -> dict[str, Any]:
        return {"key": self.key, "label": self.label, "was": self.was, "now": self.now}

    def __str__(self) -> str:
        if self.key == NAMES or self.key.startswith(REDACTED):
            return self.label
        return _("%(what)s: published %(was)s, now %(now)s") % {
            "what": self.label,
            "was": _number(self.was),
            "now": _number(self.now),
        }


@dataclass(frozen=True)
class Settled:
    """Why a drift is left as it is, and who said so."""

    reason: str
    by: int
    at: datetime | None


def drift_of(readout: Readout) -> list[Drift]:
    """As the last look found it; also when it is settled."""
    return [
        Drift(one["key"], one["label"], one["was"], one["now"])
        for one in readout.drift
        if "key" in one
    ]


def settled(readout: Readout) -> Settled | None:
    """Somebody looked at exactly this drift, and left the published figures as they are."""
    for one in readout.drift:
        if "settled" in one:
            return Settled(one["reason"], one["settled"], parse_datetime(one["at"]))
    return None


def find_drift(version: ReadoutVersion) -> list[Drift]:
    """Count again and compare what the version tells. Raises ValueError as `gather` does."""
    engagement = version.readout.engagement
    published = Document.from_json(version.document)
    kept = [Provenance.from_json(entry) for entry in version.provenance]
    stated = [entry for entry in kept if entry.stated]
    if stated:
        facts, entries = traced(engagement)
        if _with_agency(kept) == _with_agency(entries):
            stated = [entry for entry in stated if entry.key not in _WITH_AGENCY]
        found = _of_entries(stated, entries)
    else:
        facts = gather(engagement)
        found = _of_facts(published.facts, facts)
    if _names(published.facts) != _names(facts):
        found.append(
            Drift(NAMES, _("The title, the date or the names of those who took part."), None, None)
        )
    return [*found, *(_redacted(number) for number in redacted_in(version))]


def _redacted(number: int) -> Drift:
    words = _("Question %(number)d: words that were redacted since are in the published text.")
    return Drift(f"{REDACTED}{number}", words % {"number": number}, None, None)


def with_news() -> QuerySet[Readout]:
    """Those in force of whose engagement the log tells something that was not looked at yet."""
    newer = AuditEntry.objects.filter(
        engagement=OuterRef("engagement"), pk__gt=OuterRef("looked_at_entry")
    )
    return in_force().filter(Exists(newer))


def in_force() -> QuerySet[Readout]:
    """Readouts of which the public reads a version."""
    versions = ReadoutVersion.objects.filter(
        readout=OuterRef("pk"), number__gt=OuterRef("withdrawn_through")
    )
    return Readout.objects.filter(Exists(versions)).select_related(
        "engagement__agency", "engagement__series"
    )


def drifted_for(user: Visitor) -> list[Readout]:
    """Those whose published numbers are others now, and that this person could correct."""
    if not isinstance(user, User) or not user.is_office:
        return []
    own = Membership.objects.filter(user=user, role=Role.EDITOR, engagement=OuterRef("engagement"))
    found = in_force().exclude(drift=[]).filter(Exists(own)).order_by("-drift_found_at")
    return [readout for readout in found if drift_of(readout) and not settled(readout)]


def last_entry(engagement: Engagement) -> int:
    entries = AuditEntry.objects.filter(engagement=engagement).order_by("-pk")
    return entries.values_list("pk", flat=True).first() or 0


def _of_entries(stated: Iterable[Provenance], entries: Iterable[Provenance]) -> list[Drift]:
    now = {entry.key: entry.value for entry in entries}
    return [
        Drift(entry.key, entry.label, entry.value, now.get(entry.key, _gone(entry)))
        for entry in stated
        if entry.value != now.get(entry.key, _gone(entry))
    ]


def _with_agency(entries: Iterable[Provenance]) -> int:
    """Questions that went to the agency, answered or not. Its answers are published after the
    readout, as the readout says itself; while they are as many, no figure was wrong (record 58)."""
    return sum(entry.value or 0 for entry in entries if entry.key in _WITH_AGENCY)


def _gone(entry: Provenance) -> int | None:
    """What has no line any more is nobody, or not known."""
    return 0 if entry.share or "." in entry.key else None


def _of_facts(published: Facts, fresh: Facts) -> list[Drift]:
    """Of a version that kept no provenance: what its facts tell."""
    pairs = [("joined", published.joined, fresh.joined)]
    pairs.append(("questions", published.questions, fresh.questions))
    return [Drift(key, defining.label(key), was, now) for key, was, now in pairs if was != now]


def _names(facts: Facts) -> Facts:
    """Whether the presentation is posted is the editors' word; it changes no number."""
    return replace(without_figures(facts), posts_presentation=False)


def _number(figure: int | None) -> str:
    return _("not known") if figure is None else f"{figure:,}"
