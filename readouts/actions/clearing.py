"""Approve a readout, step by step, and tell whose turn it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from engagements import audit, outbox
from engagements.files.text import clean_line
from engagements.models import Role
from engagements.refusals import NotAllowed, Refused
from readouts import queries, rules, states
from readouts.actions import editing, moving
from readouts.models import Approval, Readout, Return

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engagements.models import User
    from readouts.models import ClearanceStep
    from readouts.queries.clearance import Clearance


@transaction.atomic
def approve(
    readout: Readout, *, by: User, step: int, digest: str, revision: int, remark: str = ""
) -> Approval:
    """At the step whose turn it is, of exactly the text with this digest and revision.

    Raises NotAllowed for whoever does not clear readouts, Refused for the last editor, for another
    step, and where the text is not the one that was read.
    """
    Readout.objects.select_for_update().get(pk=readout.pk)
    readout.refresh_from_db(fields=editing.REFRESHED)
    if readout.state == states.IN_REVIEW and readout.revision != revision:
        raise editing.Overtaken(readout)
    clearance = queries.clearance_of(readout)
    turn = _turn(readout, clearance, by=by, step=step)
    moving.check_digest(clearance.digest, digest)
    approval = Approval.objects.create(
        readout=readout,
        step=turn,
        by=by,
        digest=digest,
        revision=revision,
        remark=_remark(remark),
    )
    audit.record(
        "readout.approved",
        readout,
        by=by,
        engagement=readout.engagement,
        step=turn.pk,
        digest=digest,
        revision=revision,
    )
    tell_whose_turn(readout)
    return approval


def note_return(readout: Readout, *, by: User, note: str, digest: str) -> Return:
    """Why a readout goes back to its editors, who are told that it does; in that transaction."""
    step = next((step for step in queries.chain() if by in step.people.all()), None)
    found = Return.objects.create(readout=readout, step=step, by=by, digest=digest, note=note)
    writer = readout.last_editor
    if writer is not None and writer.is_active and writer != by:
        _post("returned", [writer], readout, page="readout-edit")
    return found


def tell_whose_turn(readout: Readout) -> None:
    """A mail with a link to whoever can do the next thing with a readout in review."""
    clearance = queries.clearance_of(readout)
    step = clearance.next_step
    if step is not None:
        people = [one for one in step.people.all() if rules.may_approve(one, readout, step)]
        _post("turn", people, readout, step=step)
    elif clearance.looks:
        _post("cleared", _publishers(readout), readout)


def tell_not_published(readout: Readout, scheduler: User, *, reason: str) -> None:
    """What was to be published by the clock was not, and why."""
    people = [scheduler] if scheduler.is_active else _publishers(readout)
    _post("not_published", people, readout, reason=reason)


def _turn(readout: Readout, clearance: Clearance, *, by: User, step: int) -> ClearanceStep:
    """The step that is to be approved next, if it is this one and this person's."""
    if not rules.may_read(by, readout.engagement):
        raise NotAllowed("not_allowed", _("You do not clear this readout."))
    if readout.state != states.IN_REVIEW:
        raise Refused(
            "wrong_state",
            _("This readout is %(state)s, so there is nothing to approve.")
            % {"state": readout.get_state_display()},
        )
    turn = clearance.next_step
    if turn is None or turn.pk != step:
        raise Refused("not_its_turn", _("This step is not the next one by now. Please look again."))
    if rules.wrote_last(by, readout):
        raise Refused(
            "last_editor",
            _("You wrote the last words of this readout, so somebody else has to approve it."),
        )
    if not rules.may_approve(by, readout, turn):
        raise Refused("not_your_step", _("Others approve at this step: %(step)s.") % {"step": turn})
    return turn


def _remark(remark: str) -> str:
    words = clean_line(remark)
    if len(words) > moving.LONGEST_NOTE:
        raise Refused(
            "too_long",
            _("The remark has %(length)d characters; %(most)d are possible.")
            % {"length": len(words), "most": moving.LONGEST_NOTE},
        )
    return words


def _publishers(readout: Readout) -> list[User]:
    """Editors of the engagement who did not write the last words; administrators look by
    themselves."""
    memberships = readout.engagement.memberships.filter(role=Role.EDITOR).select_related("user")
    people = (membership.user for membership in memberships)
    return [person for person in people if rules.may_publish(person, readout)]


def _post(
    template: str,
    people: Iterable[User],
    readout: Readout,
    *,
    page: str = "readout-preview",
    **context: Any,
) -> None:
    """Links only: the text stays behind the sign-in. Not held back with the engagement's mail."""
    title = readout.engagement.full_title
    link = outbox.absolute(reverse(page, args=[readout.engagement.slug]))
    for person in people:
        outbox.post(
            f"readouts/{template}",
            to=person.email,
            name=person.name,
            title=title,
            link=link,
            **context,
        )
