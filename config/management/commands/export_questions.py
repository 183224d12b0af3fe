"""Write the agency's workbook to a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from engagements import audit, clock
from engagements.models import Engagement
from qa.actions.forwarding import compile_list

if TYPE_CHECKING:
    from argparse import ArgumentParser


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
            raise CommandError(f"There is no engagement called “{slug}”.")
        with transaction.atomic():
            file, what = _list(engagement)
            audit.record("list.exported", engagement, by="command line", engagement=engagement)
            try:
                target.write_bytes(file)
            except OSError as error:
                raise CommandError(f"{target} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{target}: {what}, {len(file):,} bytes")


def _list(engagement: Engagement) -> tuple[bytes, str]:
    sent = engagement.forwardings.filter(state="sent", agency=engagement.agency).first()
    if sent is not None:
        return bytes(sent.file), f"list {sent.number} with {sent.question_count} questions"
    copy = compile_list(engagement, number=None, at=clock.now())
    return copy.file, f"a copy with {copy.questions} questions, not forwarded"
