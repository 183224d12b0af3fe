"""Write the agency's workbook to a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements import clock
from engagements.models import Engagement
from engagements.refusals import Refused
from qa.actions.agency import exporting

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from qa.actions.agency.exporting import ExportedList


class Command(BaseCommand):
    help = (
        "Write the list of questions as the agency gets it: the list in force when one was "
        "forwarded, byte for byte, or a copy as things stand, which says that it was not "
        "forwarded. The export is audited."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="short name of the engagement in its address")
        parser.add_argument("--output", required=True, metavar="FILE.xlsx")

    def handle(self, *args: Any, slug: str, output: str, **options: Any) -> None:
        target = Path(output)
        if target.suffix.lower() != ".xlsx":
            raise CommandError("The list is a workbook: let the file's name end in .xlsx.")
        engagement = Engagement.objects.select_related("series", "agency").filter(slug=slug).first()
        if engagement is None:
            raise CommandError(f"There is no engagement “{slug}”.")
        with transaction.atomic():
            try:
                exported = exporting.export(engagement, by="command line", at=clock.now())
            except Refused as refused:
                raise CommandError(str(refused)) from refused
            # Inside the transaction: what could not be written was not exported.
            try:
                target.write_bytes(exported.file)
            except OSError as error:
                raise CommandError(f"{target} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{target}: {_told(exported)}, {len(exported.file):,} bytes")


def _told(exported: ExportedList) -> str:
    questions = ngettext("%(count)d question", "%(count)d questions", exported.questions) % {
        "count": exported.questions
    }
    if exported.number is None:
        return _("a copy with %(questions)s, not forwarded") % {"questions": questions}
    return _("list %(number)d with %(questions)s") % {
        "number": exported.number,
        "questions": questions,
    }
