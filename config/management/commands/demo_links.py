"""Print the demonstration's links."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.demo_entrance import links


class Command(BaseCommand):
    help = "Print one link for each person to be in the demonstration."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.OPENFLOOR_ENV != "demo":
            raise CommandError("Only the demonstration has such links.")
        found = links()
        if not found:
            raise CommandError("There is no demonstration here. Run `manage.py seed_demo` first.")
        self.stdout.write("Be one of these people (a private window for each):\n\n")
        for plays, name, link in found:
            self.stdout.write(f"  {plays}, {name}:\n    {link}\n")
        self.stdout.write("")
