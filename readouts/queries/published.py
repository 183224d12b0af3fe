"""What was published, and what of it is in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F, Prefetch

from readouts.document import Document
from readouts.files.plain import plain
from readouts.models import Readout, ReadoutVersion, VersionFile
from readouts.queries.pages import page_of
from readouts.queries.stored import notice_of, readout_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engagements.models import Engagement


def versions_of(readout: Readout) -> list[ReadoutVersion]:
    """The latest first, with their files but for the bytes of these."""
    files = Prefetch("files", VersionFile.objects.defer("content"))
    return list(readout.versions.select_related("published_by").prefetch_related(files))


def last_number(readout: Readout) -> int:
    latest = readout.versions.values_list("number", flat=True).first()
    return latest or 0


def is_withdrawn(version: ReadoutVersion) -> bool:
    return version.number <= version.readout.withdrawn_through


def latest_in_force(readout: Readout) -> ReadoutVersion | None:
    """What the public reads. A correction under way or a draft changes nothing about it."""
    return readout.versions.filter(number__gt=readout.withdrawn_through).first()


def version_in_force(engagement: Engagement) -> ReadoutVersion | None:
    readout = readout_of(engagement)
    return latest_in_force(readout) if readout and engagement.is_public else None


def with_readout(engagements: Iterable[int]) -> set[int]:
    """Those of these engagements of which a version is in force."""
    in_force = ReadoutVersion.objects.filter(
        readout__engagement__in=list(engagements), number__gt=F("readout__withdrawn_through")
    )
    return set(in_force.values_list("readout__engagement", flat=True))


def published_page(version: ReadoutVersion) -> dict[str, Any]:
    """A published version and its sisters in force, for a template."""
    readout = version.readout
    versions = [sister for sister in versions_of(readout) if not is_withdrawn(sister)]
    shown = next(sister for sister in versions if sister.pk == version.pk)
    return page_of(Document.from_json(version.document)) | {
        "engagement": readout.engagement,
        "version": shown,
        "printable": next((file for file in shown.files.all() if file.format == "pdf"), None),
        "versions": versions,
        "notice": notice_of(version.correction_note, is_imported=version.imported),
        "is_latest": versions[0].pk == version.pk,
    }


def file_of(version: ReadoutVersion, format: str) -> VersionFile | None:  # noqa: A002 - its name
    return version.files.filter(format=format).first()


def as_plain_text(version: ReadoutVersion) -> str:
    return plain(Document.from_json(version.document))


def file_name(version: ReadoutVersion, format: str) -> str:  # noqa: A002 - its name
    return f"{version.readout.engagement.slug}-readout-version-{version.number}.{format}"
