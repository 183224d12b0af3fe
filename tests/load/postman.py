"""Lays and sends one mailing, and prints what it took. Called by `tests.load.mails`."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402

from engagements import clock, tasks  # noqa: E402
from engagements.actions import telling  # noqa: E402
from engagements.models import Notice, Office, OutgoingMail, Registration  # noqa: E402
from tests import factories  # noqa: E402
from tests.load import machine  # noqa: E402
from tests.mailbox import Mailbox, deliver_to, listening  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engagements.models import Engagement


def main(people: int) -> None:
    call_command("migrate", verbosity=0)
    now = clock.now()
    engagement = factories.make_engagement(
        starts_at=now + timedelta(hours=1, seconds=5), ends_at=now + timedelta(hours=2)
    )
    fill(engagement, people)
    telling.plan(engagement)
    one_mail()
    with clock.set_to(now + timedelta(minutes=1)):
        with told("laid", people):
            assert tasks.lay_mailings() == people
        mailbox = Mailbox()
        with listening(mailbox) as port:
            deliver_to(settings, port)
            with told("sent, one after the other", people):
                while tasks.send_due_mail():
                    pass
    assert OutgoingMail.objects.filter(state="sent").count() == people
    assert len(set(mailbox.to)) == people


def fill(engagement: Engagement, people: int) -> None:
    category, notice = factories.category(), Notice.of_office()
    Registration.objects.bulk_create(
        Registration(
            engagement=engagement,
            name=f"Person {turn}",
            email=f"person.{turn}@public.example",
            email_key=f"person.{turn}@public.example",
            category=category,
            notice=notice,
        )
        for turn in range(people)
    )


def one_mail(turns: int = 200) -> None:
    """What composing one costs without a database."""
    person = Registration.objects.select_related("engagement", "category").all()[0]
    mailing = person.engagement.mailings.all()[0]
    mailing.engagement = person.engagement
    office = Office.current()
    telling.mail_of(mailing, person, office)
    started = time.perf_counter()
    for _turn in range(turns):
        telling.mail_of(mailing, person, office)
    each = (time.perf_counter() - started) / turns
    say(f"{'composed: subject, text, HTML, calendar file':46}{each * 1000:8.2f} ms each")


@contextmanager
def told(what: str, mails: int) -> Iterator[None]:
    began, worked = time.perf_counter(), machine.processor_seconds(os.getpid())
    yield
    seconds = time.perf_counter() - began
    processor = machine.processor_seconds(os.getpid()) - worked
    say(
        f"{f'{mails:,} {what}':46}{seconds:8.1f} s, {processor:.1f} s of processor, "
        f"{seconds / mails * 1000:.2f} ms each, {machine.memory(os.getpid()) / 2**20:.0f} MiB"
    )


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]))
