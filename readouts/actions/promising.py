"""What a published readout promises becomes a commitment, and rows show when it was kept."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import F

from engagements import audit
from engagements.models import User
from readouts import promises, rules, wording
from readouts.document import Document
from readouts.files import markup
from readouts.models import Commitment
from readouts.queries.commitments import kept_by_rows, without_evidence
from readouts.queries.wording import house_of

if TYPE_CHECKING:
    from datetime import date

    from engagements.models import Engagement
    from readouts.models import ReadoutVersion
    from readouts.promises import Promise
    from readouts.queries.commitments import Evidence

State = Commitment.State

DAYS: Final = {Commitment.Kind.SHARE_LIST: 14, Commitment.Kind.POST_PRESENTATION: 14}
"""From publication until a promise is due, where nobody says otherwise."""

SYSTEM: Final = "commitments"
"""How the log names what was found out by looking."""


@transaction.atomic
def make(version: ReadoutVersion, *, by: User | str) -> list[Commitment]:
    """The commitments of what this version promises, once for each kind, whoever published it.

    A promise that an earlier version made stays as it is followed; one that was given up and is
    promised again is open again. What the rows show as kept is kept at once. What an imported
    readout promised long ago is never due, for nobody followed it then.
    """
    engagement = version.readout.engagement
    found = [_follow(version, promise, by=by) for promise in promised(version)]
    look(engagement)
    for commitment in found:
        commitment.refresh_from_db()
    return found


def promised(version: ReadoutVersion) -> list[Promise]:
    """Of the house's closing by its facts; of an editor's own by its words."""
    document = Document.from_json(version.document)
    wordings = house_of(version.readout)
    house = promises.of_house(document.facts, lambda facts: wording.closing(facts, house=wordings))
    if not version.readout.closing_text:
        return house
    closing = " ".join(markup.to_plain(document.closing).split())
    found = {promise.kind: promise for promise in promises.of_words(closing)}
    found |= {promise.kind: promise for promise in house if promise.text in closing}
    return list(found.values())


@transaction.atomic
def look(engagement: Engagement | None = None) -> int:
    """Keep what the rows show as kept, and open again what they show no longer.

    Of one engagement, or of all. Touches nothing that a person has settled. Gives how many changed.
    """
    kept = [_settle(commitment, evidence) for commitment, evidence in kept_by_rows(engagement)]
    opened = [_open_again(commitment) for commitment in without_evidence(engagement)]
    return sum(kept) + sum(opened)


def _follow(version: ReadoutVersion, promise: Promise, *, by: User | str) -> Commitment:
    engagement = version.readout.engagement
    owner = _owner(version, by)
    commitment, is_new = Commitment.objects.get_or_create(
        engagement=engagement,
        kind=promise.kind,
        defaults={
            "version": version,
            "text": promise.text,
            "owner": owner,
            "due_on": _due(version, promise.kind),
        },
    )
    if is_new:
        audit.record(
            "commitment.made", commitment, by=by, engagement=engagement, version=version.number
        )
    elif commitment.state == State.DROPPED:
        _promise_again(commitment, version, promise, by=by)
    return commitment


def _promise_again(
    commitment: Commitment, version: ReadoutVersion, promise: Promise, *, by: User | str
) -> None:
    changed = Commitment.objects.filter(pk=commitment.pk, state=State.DROPPED).update(
        state=State.OPEN,
        text=promise.text,
        version=version,
        due_on=_due(version, promise.kind),
        evidence="",
        evidence_url="",
        settled_by=None,
        settled_at=None,
        revision=F("revision") + 1,
    )
    if changed:
        audit.record(
            "commitment.reopened",
            commitment,
            by=by,
            engagement=commitment.engagement,
            version=version.number,
        )


def _owner(version: ReadoutVersion, by: User | str) -> User | None:
    """Who wrote the promise, or else who published it; nobody for an imported one."""
    if version.imported:
        return None
    engagement = version.readout.engagement
    people = (version.readout.last_editor, by if isinstance(by, User) else None)
    return next((one for one in people if one and rules.may_keep(one, engagement)), None)


def _due(version: ReadoutVersion, kind: str) -> date | None:
    if version.imported:
        return None
    published = version.readout.engagement.local(version.published_at).date()
    return published + timedelta(days=DAYS[Commitment.Kind(kind)])


def _settle(commitment: Commitment, evidence: Evidence) -> int:
    changed = Commitment.objects.filter(pk=commitment.pk, state=State.OPEN).update(
        state=State.KEPT,
        evidence=evidence.words,
        evidence_url=evidence.url,
        settled_by=None,
        settled_at=evidence.at,
        revision=F("revision") + 1,
    )
    if changed:
        audit.record(
            "commitment.kept",
            commitment,
            by=SYSTEM,
            engagement=commitment.engagement,
            row=evidence.row,
        )
    return changed


def _open_again(commitment: Commitment) -> int:
    changed = Commitment.objects.filter(pk=commitment.pk, state=State.KEPT, settled_by=None).update(
        state=State.OPEN,
        evidence="",
        evidence_url="",
        settled_at=None,
        revision=F("revision") + 1,
    )
    if changed:
        audit.record("commitment.reopened", commitment, by=SYSTEM, engagement=commitment.engagement)
    return changed
