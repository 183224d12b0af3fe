"""Remarks about a draft, for the office only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from engagements import audit, clock
from engagements.files.text import clean_text
from engagements.refusals import NotAllowed, Refused
from readouts import rules
from readouts.models import Comment

if TYPE_CHECKING:
    from engagements.models import User
    from readouts.models import Readout


@transaction.atomic
def comment(readout: Readout, *, by: User, section: str, text: str) -> Comment:
    """Add a remark about a section. It changes nothing of the text, and voids no approval."""
    _check_may_comment(readout, by)
    words = clean_text(text)
    longest = Comment._meta.get_field("text").max_length or 0
    if section not in Comment.Section.values:
        raise Refused("unknown_section", _("This readout has no such section."))
    if not words:
        raise Refused("empty", _("Please write the comment."))
    if len(words) > longest:
        raise Refused(
            "too_long",
            _("The comment has %(length)d characters; %(most)d are possible.")
            % {"length": len(words), "most": longest},
        )
    made = Comment.objects.create(readout=readout, section=section, text=words, by=by)
    audit.record(
        "readout.commented",
        readout,
        by=by,
        engagement=readout.engagement,
        comment=made.pk,
        section=section,
        words=audit.digest(words),
    )
    return made


def settle(readout: Readout, comment_id: int, *, by: User) -> None:
    """Its matter is done. Refuses a remark that is settled already, or is of another readout."""
    _move(readout, comment_id, by=by, is_settled=True)


def reopen(readout: Readout, comment_id: int, *, by: User) -> None:
    _move(readout, comment_id, by=by, is_settled=False)


@transaction.atomic
def _move(readout: Readout, comment_id: int, *, by: User, is_settled: bool) -> None:
    _check_may_comment(readout, by)
    rows = readout.comments.filter(pk=comment_id, settled_at__isnull=is_settled)
    changed = rows.update(
        settled_at=clock.now() if is_settled else None, settled_by=by if is_settled else None
    )
    if not changed:
        raise Refused("gone", _("Somebody has settled or opened this comment already."))
    audit.record(
        "readout.comment_settled" if is_settled else "readout.comment_reopened",
        readout,
        by=by,
        engagement=readout.engagement,
        comment=comment_id,
    )


def _check_may_comment(readout: Readout, by: User) -> None:
    if not rules.may_view(by, readout.engagement):
        raise NotAllowed("not_allowed", _("You do not work on this engagement."))
