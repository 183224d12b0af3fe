"""Print a published readout as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from engagements.models import Engagement
from readouts import queries

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = (
        "Print the published readout of an engagement as plain text. "
        "Ends with 1 when there is no such engagement or no readout in force."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the engagement's short name in its address")

    def handle(self, *_args: Any, slug: str, **_options: Any) -> None:
        engagement = Engagement.objects.filter(slug=slug).first()
        if engagement is None:
            raise CommandError(_("There is no engagement “%(slug)s”.") % {"slug": slug})
        version = queries.version_in_force(engagement)
        if version is None:
            raise CommandError(
                _("The engagement “%(slug)s” has no published readout.") % {"slug": slug}
            )
        self.stdout.write(queries.as_plain_text(version))
