"""Write the words around the figures.

Two editors never overwrite each other: every change counts the readout's revision up, and who
saves a text says which revision it was written on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from django.db import transaction
from django.db.models import F
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements import audit, clock
from engagements.files.text import clean_line, clean_text
from engagements.refusals import NotAllowed, Refused
from readouts import queries, rules, states
from readouts.models import Readout

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from typing import Unpack

    from engagements.models import User
    from readouts.models import HouseWording

CLOSED = {
    states.IN_REVIEW: gettext_lazy("The readout is in review. Return it to draft to change it."),
    states.PUBLISHED: gettext_lazy("The readout is published. Open a correction to change it."),
    states.WITHDRAWN: gettext_lazy("The readout is withdrawn. Open a correction to change it."),
}

REFRESHED = (
    "state",
    "wording",
    "summary",
    "attendance_text",
    "closing_text",
    "shows_chart",
    "shows_speakers",
    "shows_materials",
    "shows_answers",
    "facts",
    "provenance",
    "counted_at",
    "publish_at",
    "publish_by",
    "publish_digest",
    "small_figures_reason",
    "correction_note",
    "withdrawal_reason",
    "withdrawn_through",
    "revision",
    "last_editor",
    "edited_at",
)
"""What a change may alter. The engagement stays loaded."""


class Columns(TypedDict, total=False):
    """What an editor decides; a name that is left out keeps what is there."""

    wording: HouseWording | None
    summary: str
    attendance_text: str
    closing_text: str
    shows_chart: bool
    shows_speakers: bool
    shows_materials: bool
    shows_answers: bool
    posts_presentation: bool
    small_figures_reason: str


class Overtaken(Refused):
    """Somebody saved first. Nothing was written; `readout` is as it stands now.

    `columns` are those that both changed; empty when that is not known.
    """

    def __init__(self, readout: Readout, columns: Collection[str] = ()) -> None:
        super().__init__(
            "overtaken",
            _("%(name)s saved this readout at %(time)s, while you were working on it.")
            % {
                "name": readout.last_editor or _("Somebody"),
                "time": date_format(readout.engagement.local(readout.edited_at), "P T"),
            },
        )
        self.readout = readout
        self.columns = tuple(columns)


@transaction.atomic
def edit(
    readout: Readout,
    *,
    by: User,
    revision: int,
    seen: Mapping[str, str] | None = None,
    **columns: Unpack[Columns],
) -> Readout:
    """Save the words around the figures.

    Words that stand there already are no change: who only sends them is not the last editor.
    `seen` are the marks (`queries.marks_of`) of what the editor had before the eyes: with them,
    two who change different parts do not stand in each other's way. Raises Overtaken when somebody
    else changed the same part meanwhile; without marks, when `revision` is not the last one.
    """
    check_may_edit(readout, by)
    readout.refresh_from_db(fields=REFRESHED)
    standing = queries.standing(readout)
    changed = {name: value for name, value in _cleaned(columns).items() if standing[name] != value}
    if seen is not None:
        changed = _own(readout, changed, seen)
        revision = readout.revision
    if not changed and readout.state == states.DRAFT:
        return readout
    if "posts_presentation" in changed:
        decided = changed.pop("posts_presentation")
        changed["facts"] = readout.facts | {"posts_presentation": decided}
    write(readout, by=by, revision=revision, **changed)
    _record_edit(readout, by)
    return readout


def marks(columns: Columns) -> dict[str, str]:
    """Of what a page shows, saved or not; to compare with `queries.marks_of` what is saved."""
    return {name: queries.mark(value) for name, value in _cleaned(columns).items()}


def _cleaned(columns: Columns) -> dict[str, Any]:
    texts = {"summary": clean_text, "attendance_text": clean_text, "closing_text": clean_text}
    clean = texts | {"small_figures_reason": clean_line}
    return {
        name: clean[name](str(value)) if name in clean else value for name, value in columns.items()
    }


def _own(readout: Readout, changed: dict[str, Any], seen: Mapping[str, str]) -> dict[str, Any]:
    """What differs from what the editor saw; what differs only from what others wrote stays."""
    now = queries.marks_of(readout)
    own = {name: value for name, value in changed.items() if queries.mark(value) != seen.get(name)}
    overtaken = [name for name in own if name in seen and now[name] != seen[name]]
    if overtaken:
        raise Overtaken(readout, overtaken)
    return own


def _record_edit(readout: Readout, by: User) -> None:
    audit.record(
        "readout.edited",
        readout,
        by=by,
        engagement=readout.engagement,
        revision=readout.revision,
        summary=audit.digest(readout.summary),
        attendance=audit.digest(readout.attendance_text),
        closing=audit.digest(readout.closing_text),
        shows=[
            name
            for name in ("chart", "speakers", "materials", "answers")
            if getattr(readout, f"shows_{name}")
        ],
        wording=readout.wording_id,
        posts_presentation=bool(readout.facts["posts_presentation"]),
        shows_small_figures=bool(readout.small_figures_reason),
    )


def check_may_edit(readout: Readout, by: User) -> None:
    if not rules.may_edit(by, readout.engagement):
        raise NotAllowed("not_allowed", _("You do not edit this engagement's readout."))


def check_figures(readout: Readout) -> None:
    """Every name of a figure in the texts stands for one that may be published."""
    sentences = queries.unpublishable(readout)
    if sentences:
        raise Refused("unpublishable_figure", " ".join(sentences))


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
