"""Take a past engagement over from an archive file."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError, DjangoHelpFormatter
from django.utils.translation import gettext as _

from engagements.models import User
from engagements.refusals import NotAllowed
from readouts.actions.importing import Faulty, import_engagement
from readouts.files.archive import KEYS, REQUIRED
from readouts.files.strict_json import MOST_BYTES

if TYPE_CHECKING:
    from argparse import ArgumentParser

FAULTY = 1
NOT_READABLE = 2

FORMAT = f"""
The file is one JSON object in UTF-8. Its keys:
  {", ".join(KEYS)}.
Required: {", ".join(REQUIRED)}.

  attendance   an object, category phrase -> number of people; absent or empty: not known
  questions    a list of texts
  sample       a list of positions in questions, counted from 1
  summary      Markdown
  speakers     a list of objects with name, title, organization

All or nothing: with any fault nothing is stored, and every fault is printed with its place.
Ends with 0 when imported, {FAULTY} with faults, {NOT_READABLE} when the file cannot be read.
"""


class _Help(DjangoHelpFormatter):
    """Leaves the lines of the format as they are."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "".join(indent + line for line in text.splitlines(keepends=True))


class Command(BaseCommand):
    help = "Import a past engagement from an archive file, with its readout published as imported."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        return super().create_parser(
            prog_name, subcommand, epilog=FORMAT, formatter_class=_Help, **kwargs
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE.json", type=Path, help="the archive file")
        parser.add_argument(
            "--by",
            metavar="EMAIL",
            help="the account that imports; without it, the name of the system's user",
        )

    def handle(self, *_args: Any, file: Path, by: str | None, **_options: Any) -> None:
        importer = _account(by) if by else _system_user()
        try:
            engagement = import_engagement(_bytes(file), source_name=file.name, by=importer)
        except Faulty as faulty:
            lines = [str(faulty), *(str(fault) for fault in faulty.faults)]
            raise CommandError("\n".join(lines), returncode=FAULTY) from faulty
        except NotAllowed as refused:
            raise CommandError(str(refused), returncode=FAULTY) from refused
        self.stdout.write(
            _("Imported “%(title)s”: %(questions)d questions, readout at %(address)s")
            % {
                "title": engagement.full_title,
                "questions": engagement.floor.questions.count(),
                "address": f"{engagement.get_absolute_url()}readout/",
            }
        )


def _bytes(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise CommandError(
            _("The file %(file)s cannot be read: %(error)s.")
            % {"file": file, "error": error.strerror},
            returncode=NOT_READABLE,
        ) from error


def _account(email: str) -> User:
    account = User.objects.filter(email__iexact=email).first()
    if account is None:
        raise CommandError(
            _("There is no account %(email)s.") % {"email": email}, returncode=FAULTY
        )
    return account


def _system_user() -> str:
    """A container may run under a number that has no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "system"
