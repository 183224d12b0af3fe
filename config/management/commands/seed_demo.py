"""Fill a database with the demonstration."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from config.demonstration import cast, contact_center, others
from engagements import clock
from engagements.models import AuditEntry, Engagement, User

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = (
        "Tell the demonstration by calling the real actions: the webinar of 14 April 2021 from "
        "registration to the forwarded list, an engagement two weeks ahead, and one that is live "
        "now. All or nothing, and only into a database without accounts and engagements."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--if-empty",
            action="store_true",
            help="do nothing, without an error, when there are data already",
        )

    def handle(self, *args: Any, if_empty: bool, **options: Any) -> None:
        if settings.OPENFLOOR_ENV != "demo":
            raise CommandError("The demonstration is never mixed with data of production.")
        if _has_data():
            if if_empty:
                return
            raise CommandError(
                "This database has accounts or engagements already. "
                "Start over with `make demo FRESH=1`, or name an empty one in DATABASE_URL."
            )
        started = time.monotonic()
        with transaction.atomic():
            with clock.set_to(contact_center.START - timedelta(days=60)):
                cast.found_office()
            self.stdout.write("Telling 14 April 2021: 828 stakeholders, 163 questions ...")
            contact_center.tell()
            self.stdout.write("Opening today's listening session ...")
            others.tell()
        seconds = time.monotonic() - started
        entries = AuditEntry.objects.count()
        self.stdout.write(f"Done in {seconds:.1f} s; {entries} entries in the audit log.")


def _has_data() -> bool:
    return User.objects.exists() or Engagement.objects.exists()
