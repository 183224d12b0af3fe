"""Make the search entries of the archive anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from readouts.actions import indexing


class Command(BaseCommand):
    help = (
        "Make the search entry of every engagement anew. The worker does the same every night, and "
        "every minute for what has changed. Harmless to repeat."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(f"{indexing.renew_all()} engagements looked at.")
