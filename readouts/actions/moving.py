"""A readout moves from one state to the next: by one UPDATE, for those who may, on record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements import audit
from engagements.files.text import clean_line
from engagements.refusals import NotAllowed, Refused
from readouts import rules, states
from readouts.actions import editing
from readouts.models import Readout

if TYPE_CHECKING:
    from engagements.models import User

LONGEST_NOTE = 500

MOVED = {
    "submit": gettext_lazy("submitted for review"),
    "return": gettext_lazy("returned to draft"),
    "publish": gettext_lazy("published"),
    "correct": gettext_lazy("corrected"),
    "withdraw": gettext_lazy("withdrawn"),
}


def move(
    readout: Readout,
    name: str,
    *,
    by: User,
    where: dict[str, Any] | None = None,
    detail: dict[str, Any] | None = None,
    **columns: Any,
) -> None:
    """One conditional UPDATE; with `where`, only while these columns have these values.

    It ends a plan to publish by the clock: what moves has been decided about.
    """
    sources, target = states.MOVES[name]
    rows = Readout.objects.filter(pk=readout.pk, state__in=sources, **(where or {}))
    changed = rows.update(
        state=target, publish_at=None, publish_by=None, publish_digest="", **columns
    )
    readout.refresh_from_db(fields=editing.REFRESHED)
    if not changed:
        raise Refused("wrong_state", explain(readout, name))
    audit.record(
        f"readout.{name}",
        readout,
        by=by,
        engagement=readout.engagement,
        revision=readout.revision,
        **(detail or {}),
    )


def check_may_move(readout: Readout, name: str) -> None:
    """As `move` would, of the readout as it is saved by now."""
    readout.refresh_from_db(fields=editing.REFRESHED)
    if readout.state not in states.MOVES[name][0]:
        raise Refused("wrong_state", explain(readout, name))


def check_is_second_person(readout: Readout, by: User) -> None:
    if not rules.may_review(by, readout.engagement):
        raise not_a_reviewer()
    if not rules.may_publish(by, readout):
        raise Refused(
            "last_editor",
            _("You wrote the last words of this readout, so somebody else has to decide."),
        )


def check_digest(found: str, seen: str) -> None:
    """`seen` is what the person has read; "" when nobody asked. Raises Refused("changed")."""
    if seen and found != seen:
        raise Refused(
            "changed",
            _("What this readout shows has changed since you read it. Please read it again."),
        )


def not_a_reviewer() -> NotAllowed:
    return NotAllowed("not_allowed", _("You do not review this engagement's readout."))


def needed(text: str, sentence: str) -> str:
    """A note on one line. Raises Refused with the sentence when it has no words."""
    words = clean_line(text)
    if not words:
        raise Refused("empty", sentence)
    if len(words) > LONGEST_NOTE:
        raise Refused(
            "too_long",
            _("The note has %(length)d characters; %(most)d are possible.")
            % {"length": len(words), "most": LONGEST_NOTE},
        )
    return words


def explain(readout: Readout, name: str) -> str:
    """Says which state stands in the way, and who brought it there and when."""
    sentence = _("This readout is %(state)s, so it cannot be %(wish)s.") % {
        "state": readout.get_state_display(),
        "wish": MOVED[name],
    }
    moves = [f"readout.{move}" for move, (_from, to) in states.MOVES.items() if to == readout.state]
    return f"{sentence} {audit.last_change(readout.engagement, moves)}".rstrip()
