"""People follow commitments: add, hand over, keep, give up, open again. Each is on record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from engagements import audit, clock
from engagements.files.text import clean_line
from engagements.refusals import NotAllowed, Refused
from readouts import rules
from readouts.models import Commitment

if TYPE_CHECKING:
    from datetime import date

    from engagements.models import Engagement, User

State = Commitment.State
Kind = Commitment.Kind

LONGEST: Final = 500
SCHEMES: Final = ("https://", "http://")


@transaction.atomic
def add(
    engagement: Engagement,
    *,
    by: User,
    text: str,
    owner: User | None = None,
    due_on: date | None = None,
) -> Commitment:
    """Something that the office promised and no sentence of the readout told, such as by word."""
    _check_may_follow(engagement, by)
    if engagement.is_rehearsal:
        raise Refused("rehearsal", _("This is a rehearsal: nobody is promised anything."))
    commitment = Commitment.objects.create(
        engagement=engagement,
        text=_needed(text, _("Please say what is promised.")),
        owner=_possible(owner, engagement),
        due_on=due_on,
    )
    audit.record("commitment.made", commitment, by=by, engagement=engagement, **_traces(commitment))
    return commitment


@transaction.atomic
def assign(
    commitment: Commitment,
    *,
    by: User,
    revision: int,
    owner: User | None,
    due_on: date | None,
    text: str | None = None,
) -> Commitment:
    """Who sees to it and until when. The words of a published promise stay as published."""
    _check_may_follow(commitment.engagement, by)
    columns: dict[str, Any] = {"due_on": due_on}
    is_another = owner is not None and owner.pk != commitment.owner_id
    columns["owner"] = _possible(owner, commitment.engagement) if is_another else owner
    if text is not None and commitment.kind == Kind.OTHER:
        columns["text"] = _needed(text, _("Please say what is promised."))
    _change(commitment, revision=revision, sources=(State.OPEN,), **columns)
    audit.record(
        "commitment.assigned",
        commitment,
        by=by,
        engagement=commitment.engagement,
        **_traces(commitment),
    )
    return commitment


@transaction.atomic
def keep(
    commitment: Commitment, *, by: User, revision: int, evidence: str, evidence_url: str = ""
) -> Commitment:
    """It was kept: what shows it, in words, with a link or without. The public reads both."""
    _check_may_settle(commitment, by)
    words = _needed(evidence, _("Please say what shows that it was kept; the public reads it."))
    link = evidence_url.strip()
    if link and not link.startswith(SCHEMES):
        raise Refused("link", _("A link begins with https:// or http://."))
    _settle(commitment, by, revision, State.KEPT, evidence=words, evidence_url=link)
    return commitment


@transaction.atomic
def drop(commitment: Commitment, *, by: User, revision: int, reason: str) -> Commitment:
    """Given up: the public reads why."""
    _check_may_follow(commitment.engagement, by)
    words = _needed(reason, _("Please give the reason; the public reads it."))
    _settle(commitment, by, revision, State.DROPPED, evidence=words, evidence_url="")
    return commitment


@transaction.atomic
def reopen(commitment: Commitment, *, by: User, revision: int) -> Commitment:
    """What was settled is open again; the log keeps that it was settled."""
    _check_may_follow(commitment.engagement, by)
    _change(
        commitment,
        revision=revision,
        sources=(State.KEPT, State.DROPPED),
        state=State.OPEN,
        evidence="",
        evidence_url="",
        settled_by=None,
        settled_at=None,
    )
    audit.record("commitment.reopened", commitment, by=by, engagement=commitment.engagement)
    return commitment


def _settle(commitment: Commitment, by: User, revision: int, state: State, **columns: Any) -> None:
    _change(
        commitment,
        revision=revision,
        sources=(State.OPEN,),
        state=state,
        settled_by=by,
        settled_at=clock.now(),
        **columns,
    )
    audit.record(
        f"commitment.{state}",
        commitment,
        by=by,
        engagement=commitment.engagement,
        evidence=audit.digest(commitment.evidence),
    )


def _change(
    commitment: Commitment, *, revision: int, sources: tuple[State, ...], **columns: Any
) -> None:
    """One UPDATE, which fails when it came too late. Refreshes `commitment`."""
    changed = Commitment.objects.filter(
        pk=commitment.pk, revision=revision, state__in=sources
    ).update(revision=F("revision") + 1, **columns)
    engagement = commitment.engagement
    commitment.refresh_from_db()
    commitment.engagement = engagement
    if changed:
        return
    actions = ["made", "assigned", "kept", "dropped", "reopened"]
    told = audit.last_change(engagement, [f"commitment.{one}" for one in actions])
    sentence = _("This commitment is %(state)s, and was changed in the meantime.") % {
        "state": commitment.get_state_display()
    }
    raise Refused("overtaken", f"{sentence} {told}".rstrip())


def _possible(owner: User | None, engagement: Engagement) -> User | None:
    """Only somebody who works on the engagement can see to it."""
    if owner is not None and not (owner.is_active and rules.may_keep(owner, engagement)):
        raise Refused("owner", _("That person does not work on this engagement."))
    return owner


def _check_may_follow(engagement: Engagement, by: User) -> None:
    if not rules.may_follow(by, engagement):
        raise NotAllowed("not_allowed", _("You do not follow this engagement's commitments."))


def _check_may_settle(commitment: Commitment, by: User) -> None:
    """Its owner may say that it is kept, with or without the right to follow them all."""
    if commitment.owner_id == by.pk and rules.may_keep(by, commitment.engagement):
        return
    _check_may_follow(commitment.engagement, by)


def _needed(text: str, sentence: str) -> str:
    words = clean_line(text)
    if not words:
        raise Refused("empty", sentence)
    if len(words) > LONGEST:
        raise Refused(
            "too_long",
            _("That has %(length)d characters; %(most)d are possible.")
            % {"length": len(words), "most": LONGEST},
        )
    return words


def _traces(commitment: Commitment) -> dict[str, Any]:
    return {
        "owner": commitment.owner_id,
        "due": commitment.due_on.isoformat() if commitment.due_on else None,
        "text": audit.digest(commitment.text),
    }
