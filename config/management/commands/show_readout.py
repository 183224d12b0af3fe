"""Print a published readout as plain text, or write all its files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from engagements.models import Engagement
from readouts import queries

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from readouts.models import ReadoutVersion


class Command(BaseCommand):
    help = (
        "Print the published readout of an engagement as plain text. "
        "With a folder, its files are written there as they were published, and named with their "
        "checksums. Ends with 1 when there is no such engagement or no readout in force."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the engagement's short name in its address")

        parser.add_argument("--files", metavar="FOLDER", help="write every file into this folder")

    def handle(self, *_args: Any, slug: str, files: str | None, **_options: Any) -> None:
        engagement = Engagement.objects.filter(slug=slug).first()
        if engagement is None:
            raise CommandError(_("There is no engagement “%(slug)s”.") % {"slug": slug})
        version = queries.version_in_force(engagement)
        if version is None:
            raise CommandError(
                _("The engagement “%(slug)s” has no published readout.") % {"slug": slug}
            )
        if files is None:
            self.stdout.write(queries.as_plain_text(version))
        else:
            self._write(version, Path(files))

    def _write(self, version: ReadoutVersion, folder: Path) -> None:
        for file in version.files.all():
            target = folder / queries.file_name(version, file.format)
            try:
                folder.mkdir(parents=True, exist_ok=True)
                target.write_bytes(file.content)
            except OSError as error:
                raise CommandError(f"{target} cannot be written: {error.strerror}.") from error
            self.stdout.write(f"{file.sha256}  {target}")
