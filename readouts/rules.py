"""Who may read, edit and publish a readout."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import Q

from engagements.models import AuditEntry, Membership, Role
from engagements.rules import holds_role, is_administrator, is_office, may_see_in_office
from qa import states as question_states
from readouts import states
from readouts.models import ClearanceStep, HouseWording, Readout

if TYPE_CHECKING:
    from engagements.models import Engagement
    from engagements.rules import Visitor

QUOTABLE = frozenset({question_states.SHOWN, question_states.HELD})
"""What was never reviewed, was dismissed, merged or withdrawn does not become public here."""

_MATERIAL_WRITTEN: Final = frozenset({"material.added", "material.edited"})
_ANSWER_WRITTEN: Final = frozenset(
    {"question.answer_published", "question.answer_changed", "question.edited"}
)
"""Entries of the audit log about words that a readout shows with its text."""


def may_view(user: Visitor, engagement: Engagement) -> bool:
    """Read the draft, its figures and its preview: for everybody who works on the engagement."""
    return may_see_in_office(user, engagement)


def may_edit(user: Visitor, engagement: Engagement) -> bool:
    """Draft, write, choose questions, submit for review, correct."""
    return holds_role(user, engagement, [Role.EDITOR])


def may_review(user: Visitor, engagement: Engagement) -> bool:
    """Publish, withdraw or return to the editors, unless the last words are one's own."""
    return may_edit(user, engagement) or is_administrator(user)


def may_publish(user: Visitor, readout: Readout) -> bool:
    """Two people answer for what the office says: never its last editor alone."""
    return may_review(user, readout.engagement) and not wrote_last(user, readout)


def wrote_last(user: Visitor, readout: Readout) -> bool:
    """The last words that it shows are this person's: of the text, of the house, or of a material
    or an answer that came after the text."""
    return (
        readout.last_editor_id == user.pk
        or _worded_last(user, readout)
        or _appended_last(user, readout)
    )


def may_clear(user: Visitor, engagement: Engagement) -> bool:
    """Has a step in the office's chain, and the readout is in review: needs no role here."""
    return (
        is_office(user)
        and Readout.objects.filter(engagement=engagement, state=states.IN_REVIEW).exists()
        and ClearanceStep.objects.filter(is_active=True, people=user.pk).exists()
    )


def may_read(user: Visitor, engagement: Engagement) -> bool:
    """The readout as it would be published. Who clears it sees this and nothing else."""
    return may_view(user, engagement) or may_clear(user, engagement)


def may_approve(user: Visitor, readout: Readout, step: ClearanceStep) -> bool:
    """One of the step's people, but for who wrote the last words."""
    return (
        is_office(user)
        and not wrote_last(user, readout)
        and step.people.filter(pk=user.pk).exists()
    )


def may_send_back(user: Visitor, engagement: Engagement) -> bool:
    """Whoever could publish or approve it may return it to the editors instead."""
    return may_review(user, engagement) or may_clear(user, engagement)


def may_see_chain(user: Visitor) -> bool:
    return is_office(user)


def may_set_chain(user: Visitor) -> bool:
    """Which looks a readout needs, in which order, and whose they are."""
    return is_administrator(user)


def may_import(user: Visitor) -> bool:
    return is_office(user)


def may_keep(user: Visitor, engagement: Engagement) -> bool:
    """See to a commitment as its owner: whoever of the office works on the engagement."""
    return may_see_in_office(user, engagement)


def may_follow(user: Visitor, engagement: Engagement) -> bool:
    """Add commitments, say who sees to them and until when, settle them or open them again."""
    return may_review(user, engagement)


def _worded_last(user: Visitor, readout: Readout) -> bool:
    """Changed the house's words of a readout in review after its editors had written theirs."""
    if readout.state != states.IN_REVIEW or not may_edit_wording(user):
        return False
    chosen = readout.wording or HouseWording.objects.filter(is_usual=True).first()
    changed = Q(action__in=["wording.edited", "wording.restored"]) & Q(
        subject=f"{HouseWording._meta.label_lower}:{chosen.pk if chosen else 0}"
    )
    if readout.wording is None:
        changed |= Q(action="wording.made_usual")
    entries = AuditEntry.objects.filter(changed, actor=user.pk, at__gt=readout.edited_at)
    return entries.exists()


def _appended_last(user: Visitor, readout: Readout) -> bool:
    """Wrote something that is appended to a readout in review, after its editors' last words."""
    shown = _MATERIAL_WRITTEN if readout.shows_materials else frozenset()
    shown |= _ANSWER_WRITTEN if readout.shows_answers else frozenset()
    if readout.state != states.IN_REVIEW or not shown:
        return False
    entries = AuditEntry.objects.filter(
        engagement=readout.engagement_id,
        actor=user.pk,
        action__in=sorted(shown),
        at__gt=readout.edited_at,
    )
    return entries.exists()


def may_read_wording(user: Visitor) -> bool:
    """The office's phrases, tried on past engagements: for whoever edits readouts anywhere."""
    return is_administrator(user) or (
        is_office(user) and Membership.objects.filter(user=user.pk, role=Role.EDITOR).exists()
    )


def may_edit_wording(user: Visitor) -> bool:
    return is_administrator(user)
