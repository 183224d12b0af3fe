"""Write the words around the figures.

Two editors never overwrite each other: every change counts the readout's revision up, and who
saves a text says which revision it was written on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements import audit, clock
from engagements.files.text import clean_line, clean_text
from engagements.refusals import NotAllowed, Refused
from readouts import rules, states
from readouts.models import Readout

if TYPE_CHECKING:
    from engagements.models import User

CLOSED = {
    states.IN_REVIEW: gettext_lazy("The readout is in review. Return it to draft to change it."),
    states.PUBLISHED: gettext_lazy("The readout is published. Open a correction to change it."),
    states.WITHDRAWN: gettext_lazy("The readout is withdrawn. Open a correction to change it."),
}


REFRESHED = (
    "state",
    "summary",
    "facts",
    "small_figures_reason",
    "correction_note",
    "withdrawal_reason",
    "withdrawn_through",
    "revision",
    "last_editor",
    "edited_at",
)
"""What a change may alter. The engagement stays loaded."""


class Overtaken(Refused):
    """Somebody saved first. Nothing was written; `readout` is as it stands now."""

    def __init__(self, readout: Readout) -> None:
        super().__init__(
            "overtaken",
            _("%(name)s saved this readout at %(time)s, while you were working on it.")
            % {
                "name": readout.last_editor or _("Somebody"),
                "time": date_format(readout.engagement.local(readout.edited_at), "P T"),
            },
        )
        self.readout = readout


@transaction.atomic
def edit(
    readout: Readout,
    *,
    by: User,
    revision: int,
    summary: str,
    posts_presentation: bool | None = None,
    small_figures_reason: str | None = None,
) -> Readout:
    """Save the words around the figures; None keeps what is there.

    Words that stand there already are no change: who only sends them is not the last editor.
    Raises Overtaken when `revision` is not the last one.
    """
    check_may_edit(readout, by)
    readout.refresh_from_db(fields=REFRESHED)
    columns: dict[str, Any] = {"summary": clean_text(summary)}
    if small_figures_reason is not None:
        columns["small_figures_reason"] = clean_line(small_figures_reason)
    if posts_presentation is not None:
        columns["facts"] = readout.facts | {"posts_presentation": posts_presentation}
    is_change = any(getattr(readout, name) != value for name, value in columns.items())
    if not is_change and readout.state == states.DRAFT:
        return readout
    write(readout, by=by, revision=revision, **columns)
    audit.record(
        "readout.edited",
        readout,
        by=by,
        engagement=readout.engagement,
        summary=audit.digest(readout.summary),
        shows_small_figures=bool(readout.small_figures_reason),
    )
    return readout


def check_may_edit(readout: Readout, by: User) -> None:
    if not rules.may_edit(by, readout.engagement):
        raise NotAllowed("not_allowed", _("You do not edit this engagement's readout."))


def write(readout: Readout, *, by: User, revision: int | None = None, **columns: Any) -> None:
    """Change a draft and count its revision up, in one UPDATE that fails when it came too late.

    Without a revision the change does not depend on what others wrote. Refreshes `readout`.
    """
    rows = Readout.objects.filter(pk=readout.pk, state=states.DRAFT)
    if revision is not None:
        rows = rows.filter(revision=revision)
    changed = rows.update(
        revision=F("revision") + 1, last_editor=by, edited_at=clock.now(), **columns
    )
    readout.refresh_from_db(fields=REFRESHED)
    if changed:
        return
    if readout.state != states.DRAFT:
        raise Refused("wrong_state", CLOSED[readout.state])
    raise Overtaken(readout)
