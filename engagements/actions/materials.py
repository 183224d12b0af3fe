"""Materials of an engagement: files that we hand out, and links to somebody else's."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from engagements import audit, clock, rules, states
from engagements.actions import ordering, seating
from engagements.models import Engagement, Material, StoredFile
from engagements.refusals import NotAllowed, Refused

if TYPE_CHECKING:
    from engagements.files.documents import Document
    from engagements.models import User

MOST_MATERIALS = 50

Stage = Material.Stage


@transaction.atomic
def add(
    engagement: Engagement, *, by: User, title: str, url: str = "", document: Document | None = None
) -> Material:
    """A link or a file, last of its stage. Once the engagement is over, it is posted after it.

    A file comes as `documents.read` gives it, so that nobody waits while it is read.
    """
    locked = _open(engagement, by)
    if locked.materials.count() >= MOST_MATERIALS:
        raise Refused(
            "too_many",
            _("An engagement has %(number)s materials at most.") % {"number": MOST_MATERIALS},
        )
    stage = Stage.AFTER if locked.is_over else Stage.BEFORE
    others = locked.materials.filter(stage=stage)
    material = Material(
        engagement=locked, stage=stage, position=ordering.last_place(others), title=title, url=url
    )
    _fill(material, url, document, by)
    material.save()
    audit.record(
        "material.added", material, by=by, engagement=locked, stage=stage, **_traces(material)
    )
    return material


@transaction.atomic
def edit(
    material: Material, *, by: User, title: str, url: str = "", document: Document | None = None
) -> Material:
    """A new title, another link, or another file in place of this one. A file stays if none comes.

    What was handed out until now is gone, unless something else has it too.
    """
    _open(material.engagement, by, material)
    stored = _still_there(material)
    former = stored.file
    stored.title = title
    if document or (url and url != stored.url):
        _fill(stored, url, document, by)
    stored.save()
    if former is not None and former.pk != stored.file_id:
        _drop(former)
    audit.record("material.edited", stored, by=by, engagement=stored.engagement, **_traces(stored))
    return stored


@transaction.atomic
def move(material: Material, *, by: User, up: bool) -> None:
    """One step up or down among those of its stage."""
    locked = _open(material.engagement, by, material)
    stored = _still_there(material)
    rows = list(locked.materials.filter(stage=stored.stage))
    order = ordering.moved(rows, stored, up=up)
    ordering.number(order)
    if order != rows:
        audit.record("material.moved", stored, by=by, engagement=locked, up=up)


@transaction.atomic
def remove(material: Material, *, by: User) -> None:
    """It is gone from the page, and its bytes from the database unless something else has them."""
    locked = _open(material.engagement, by, material)
    stored = _still_there(material)
    file = stored.file
    audit.record("material.removed", stored, by=by, engagement=locked, **_traces(stored))
    stored.delete()
    if file is not None:
        _drop(file)


def is_open(engagement: Engagement, stage: str) -> bool:
    """Whether materials of this stage may be changed now."""
    if engagement.state == states.CANCELLED:
        return False
    return engagement.is_over if stage == Stage.AFTER else engagement.state != states.ARCHIVED


def _open(engagement: Engagement, by: User, material: Material | None = None) -> Engagement:
    """The engagement, locked, of which this may be changed now."""
    if not rules.may_set_up(by, engagement):
        raise NotAllowed("not_allowed", _("You do not coordinate this engagement."))
    locked = seating.lock(engagement)
    stage = material.stage if material else Stage.AFTER if locked.is_over else Stage.BEFORE
    if not is_open(locked, stage):
        raise Refused(
            "wrong_state",
            _("This engagement is %(state)s, so these materials stay as they are.")
            % {"state": locked.get_state_display()},
        )
    return locked


def _still_there(material: Material) -> Material:
    stored = (
        Material.objects.select_related("engagement", "file")
        .defer("file__content")
        .filter(pk=material.pk)
        .first()
    )
    if stored is None:
        raise Refused("gone", _("Somebody else has removed this in the meantime."))
    return stored


def _fill(material: Material, url: str, document: Document | None, by: User) -> None:
    """What it leads to: exactly one of the two."""
    if bool(url) == bool(document):
        raise Refused("one_of_two", _("Please give either a link or a file."))
    material.url, material.file, material.pages = url, None, None
    material.posted_at = clock.now()
    if document is not None:
        material.pages = document.pages
        material.file = StoredFile.objects.create(
            name=document.name,
            content_type=document.content_type,
            size=len(document.content),
            sha256=hashlib.sha256(document.content).hexdigest(),
            content=document.content,
            stored_by=by,
        )


def _drop(file: StoredFile) -> None:
    """Unless another engagement hands it out too, as a clone does."""
    locked = StoredFile.objects.defer("content").select_for_update().get(pk=file.pk)
    try:
        locked.delete()
    except ProtectedError:
        return


def _traces(material: Material) -> dict[str, object]:
    if material.file is None:
        return {"link": audit.digest(material.url)}
    return {"sha256": material.file.sha256, "bytes": material.file.size}
