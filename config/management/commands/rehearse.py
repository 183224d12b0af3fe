"""A dress rehearsal against a running server."""

from __future__ import annotations

import asyncio
import resource
from argparse import ArgumentTypeError
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from config.rehearsal import knocking, report, stage
from config.rehearsal.hour import Hour
from config.rehearsal.visitor import Script
from engagements.refusals import Refused
from qa.actions import rehearsing
from qa.queries import floor_of

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from config.rehearsal.stage import Stage
    from config.rehearsal.tally import Tally
    from engagements.models import Engagement, User

OTHER_FILES = 100
"""Files that this process may have open besides its sockets."""


class Command(BaseCommand):
    help = (
        "Rehearse an engagement that is set up as a rehearsal, against a running server: made-up "
        "people enter its room over real sockets, ask, vote and are shown questions. Starts it and "
        "opens its floor if needed. Ends with a report, and with 1 when anything was lost. Ctrl-C "
        "ends it early. With --remove it takes the rehearsal's data away instead."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="short name of the engagement in its address")
        parser.add_argument("--attendees", type=_positive, default=828, metavar="PEOPLE")
        parser.add_argument("--questions", type=_positive, default=163, metavar="NUMBER")
        parser.add_argument(
            "--minutes", type=_minutes, default=5.0, help="how long people ask; 5 when left out"
        )
        parser.add_argument(
            "--url", default="", help="where the server answers; PUBLIC_URL when left out"
        )
        parser.add_argument(
            "--as",
            dest="email",
            default="",
            metavar="EMAIL",
            help="the member who works at the desk; the first coordinator when left out",
        )
        parser.add_argument("--remove", action="store_true", help="remove the rehearsal's data")

    def handle(self, *_args: Any, slug: str, email: str, remove: bool, **options: Any) -> None:
        try:
            engagement = stage.rehearsal(slug)
            member = stage.member(engagement, email)
            if remove:
                self._remove(engagement, member)
            else:
                self._rehearse(engagement, member, **options)
        except Refused as refused:
            raise CommandError(str(refused)) from refused

    def _rehearse(
        self,
        engagement: Engagement,
        member: User,
        *,
        attendees: int,
        questions: int,
        minutes: float,
        url: str,
        **_options: Any,
    ) -> None:
        script = Script(
            questions=questions,
            seconds=minutes * 60,
            server=_server(url or settings.PUBLIC_URL),
            origin=settings.PUBLIC_URL,
        )
        stage.way_to_live(engagement)
        _allow_sockets(attendees)
        asyncio.run(knocking.knock(floor_of(engagement), member, script))
        set_up = stage.set_up(engagement, by=member, people=attendees)
        progress = report.Progress(self.stdout)
        tally = asyncio.run(Hour(set_up, script, progress.tell).play())
        progress.end()
        self._report(set_up, tally)

    def _report(self, played: Stage, tally: Tally) -> None:
        faults = stage.faults(played.floor, tally.acknowledged)
        self.stdout.write("\n".join(report.lines(tally, faults)))
        self.stdout.write(
            _("The data stay until they are removed: manage.py rehearse %(slug)s --remove")
            % {"slug": played.floor.engagement.slug}
        )
        if faults or tally.lost_questions or tally.lost_deliveries:
            raise CommandError(_("Something was lost; the report says what."))

    def _remove(self, engagement: Engagement, member: User) -> None:
        removed = rehearsing.remove(engagement, by=member)
        self.stdout.write(
            _(
                "Removed: %(registrations)d registrations, %(attendances)d of them joined, "
                "%(questions)d questions, %(votes)d votes, "
                "%(poll_answers)d answers to polls, %(question_imports)d reports of platforms, "
                "%(events)d events. "
                "The audit log keeps that."
            )
            % asdict(removed)
        )


def _positive(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) > 0:
        return int(text)
    raise ArgumentTypeError(_("a whole number of 1 or more, please"))


def _minutes(text: str) -> float:
    try:
        minutes = float(text)
    except ValueError:
        minutes = 0
    if 0 < minutes <= 24 * 60:
        return minutes
    raise ArgumentTypeError(_("a number of minutes, please, such as 5 or 0.5"))


def _server(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise CommandError(
            _("%(url)s is no address such as https://openfloor.example.gov.") % {"url": url},
            returncode=2,
        )
    return f"{parts.scheme}://{parts.netloc}"


def _allow_sockets(people: int) -> None:
    """Every socket is an open file, of which a process may have only so many at first."""
    needed = people + OTHER_FILES
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY and needed > most:
        raise CommandError(
            _("This process may open %(most)d sockets at most. Raise the limit with ulimit -n.")
            % {"most": most - OTHER_FILES}
        )
    if now != resource.RLIM_INFINITY and needed > now:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, most))
