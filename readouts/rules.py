"""Who may read, edit and publish a readout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engagements.models import Role
from engagements.rules import holds_role, is_administrator, is_office, may_see_in_office
from qa import states as question_states

if TYPE_CHECKING:
    from engagements.models import Engagement
    from engagements.rules import Visitor
    from readouts.models import Readout

QUOTABLE = frozenset({question_states.SHOWN, question_states.HELD})
"""What was never reviewed, was dismissed, merged or withdrawn does not become public here."""


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
    return may_review(user, readout.engagement) and readout.last_editor_id != user.pk


def may_import(user: Visitor) -> bool:
    return is_office(user)


def may_keep(user: Visitor, engagement: Engagement) -> bool:
    """See to a commitment as its owner: whoever of the office works on the engagement."""
    return may_see_in_office(user, engagement)


def may_follow(user: Visitor, engagement: Engagement) -> bool:
    """Add commitments, say who sees to them and until when, settle them or open them again."""
    return may_review(user, engagement)
