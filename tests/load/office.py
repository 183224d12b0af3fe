"""The database of `tests.load.people`, and its pages asked for in this process.

    python -m tests.load.office PEOPLE

Runs in the environment that `tests.load.people` gives it.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Final, NamedTuple
from zipfile import ZipFile

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, override_settings  # noqa: E402
from django.urls import reverse  # noqa: E402

from engagements import audit, clock  # noqa: E402
from engagements.files.invitee_list import read_invitee_list  # noqa: E402
from engagements.forms.inviting import seal  # noqa: E402
from engagements.models import (  # noqa: E402
    Accommodation,
    Attendance,
    AttendanceInterval,
    Engagement,
    Invitee,
    Notice,
    OutgoingMail,
    Registration,
    RegistrationAnswer,
    RegistrationQuestion,
    Role,
    RoleCategory,
)
from engagements.queries.invitations import review  # noqa: E402
from tests import factories  # noqa: E402
from tests.load import machine  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

SLUG: Final = "crowded"
TIMES: Final = 5
MOST_QUERIES: Final = 10
"""What no list may reach, with those that every page of the office asks before it begins."""

NO_LISTS: Final = frozenset({"one registrant", "page of the engagement"})

State = Registration.State


class Figure(NamedTuple):
    what: str
    queries: int
    milliseconds: float
    kilobytes: float


def fill(people: int) -> Engagement:
    call_command("migrate", verbosity=0)
    engagement = factories.make_engagement(
        SLUG,
        state=Engagement.State.ENDED,
        capacity=people * 9 // 10,
        started_at=factories.START,
        ended_at=factories.START + timedelta(hours=1),
    )
    cora = factories.make_user("Cora", may_create_engagements=True)
    factories.make_member(cora, engagement, Role.COORDINATOR)
    questions = [
        RegistrationQuestion.objects.create(engagement=engagement, label=label, position=position)
        for position, label in enumerate(("Which form?", "Since when?"))
    ]
    registrations = Registration.objects.bulk_create(_registrations(engagement, people))
    RegistrationAnswer.objects.bulk_create(
        RegistrationAnswer(registration=one, question=question, values=[f"Answer {one.pk % 7}"])
        for one in registrations
        for question in questions
    )
    audit.record_all(
        "registration.created",
        [(one, "public", {}) for one in registrations],
        engagement=engagement,
    )
    _attendances(registrations)
    Accommodation.objects.bulk_create(
        Accommodation(registration=one, kind="captions", detail=f"Detail {one.pk % 9}")
        for one in registrations[::20]
    )
    OutgoingMail.objects.bulk_create(
        OutgoingMail(
            template="engagements/registered",
            to=one.email,
            subject="Your link",
            body="Dear registrant",
            engagement=engagement,
            registration=one,
        )
        for one in registrations
    )
    Invitee.objects.bulk_create(
        Invitee(
            engagement=engagement,
            name=f"Guest {turn}",
            email=f"guest.{turn}@public.example",
            email_key=f"guest.{turn}@public.example",
            mailed_at=clock.now(),
        )
        for turn in range(people)
    )
    connection.cursor().execute("ANALYZE")
    return engagement


def _registrations(engagement: Engagement, people: int) -> Iterator[Registration]:
    categories = list(RoleCategory.objects.all())
    notice = Notice.of_office()
    for turn in range(people):
        is_waiting = turn >= people * 9 // 10
        yield Registration(
            engagement=engagement,
            name=f"Stakeholder Number {turn}",
            email=f"stakeholder.{turn}@public.example",
            email_key=f"stakeholder.{turn}@public.example",
            organization=f"Organization {turn % 300}",
            category=categories[turn % len(categories)],
            notice=notice,
            state=State.WAITLISTED if is_waiting else State.REGISTERED,
            waitlisted_at=factories.START - timedelta(seconds=turn) if is_waiting else None,
        )


def _attendances(registrations: list[Registration]) -> None:
    joined = Attendance.objects.bulk_create(
        Attendance(registration=one, category_id=one.category_id)
        for one in registrations
        if one.state == State.REGISTERED and one.pk % 3
    )
    AttendanceInterval.objects.bulk_create(
        AttendanceInterval(attendance=one, closed_at=clock.now()) for one in joined
    )


def pages(engagement: Engagement, people: int) -> Iterator[tuple[str, str]]:
    def address(name: str, *more: object, query: str = "") -> str:
        return reverse(name, args=[engagement.slug, *more]) + query

    some = engagement.registrations.filter(attendance__isnull=False).latest("pk")
    yield "registrants, first page", address("registrants")
    yield "registrants, last page", address("registrants", query=f"?page={people // 50}")
    yield "registrants, page of 250", address("registrants", query="?size=250")
    yield "registrants, searched", address("registrants", query="?words=NUMBER+4711")
    yield "registrants, nobody found", address("registrants", query="?words=nowhere")
    yield "registrants, filtered", address("registrants", query="?joined=no&category=employer")
    yield "registrants, waitlist", address("registrants", query="?state=waitlisted")
    yield "registrants, by need", address("registrants", query="?accommodation=any")
    yield "one registrant", address("registrant", some.pk)
    yield "invitation list", address("invitees")
    yield "invitation list, searched", address("invitees", query="?words=guest+4711")
    yield "accommodations", address("accommodations")
    yield "list for the vendor", address("accommodations-list")
    yield "page of the engagement", address("engagement-office")
    yield "outbox", reverse("outbox")


def measured(client: Client, what: str, address: str) -> Figure:
    taken = []
    for _turn in range(TIMES):
        with CaptureQueriesContext(connection) as queries:
            started = time.process_time()
            response = client.get(address)
            taken.append((time.process_time() - started) * 1000)
        if response.status_code != 200:
            raise RuntimeError(f"{address} answers {response.status_code}")
    return Figure(what, len(queries), statistics.median(taken), len(response.content) / 1024)


def list_of(people: int) -> bytes:
    """A list of as many others to invite."""
    rows = (f"New Guest {turn},new.{turn}@public.example,Employer\n" for turn in range(people))
    return ("Name,E-mail,Role\n" + "".join(rows)).encode()


def measured_export(client: Client, engagement: Engagement) -> str:
    before = memory()
    started = time.process_time()
    response = client.get(reverse("registrants-sheet", args=[engagement.slug]))
    seconds = time.process_time() - started
    with ZipFile(BytesIO(response.content)) as book:
        unpacked = sum(entry.file_size for entry in book.infolist())
    return (
        f"export: {seconds:.1f} s of processor time, {len(response.content) / 1024:,.0f} KB "
        f"({unpacked / 1024 / 1024:,.0f} MB unpacked), memory +{memory() - before:,.0f} MB"
    )


def measured_list(engagement: Engagement, people: int) -> str:
    content = list_of(people)
    started = time.process_time()
    found = review(engagement, read_invitee_list(content).lines)
    seconds = time.process_time() - started
    sealed = len(seal(engagement, found.candidates)) / 1024
    return (
        f"invitation list of {len(found.candidates):,} rows looked through: {seconds:.1f} s "
        f"of processor time; they travel with the form as {sealed:,.0f} KB"
    )


def memory() -> float:
    """The most that this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    people = int(sys.argv[1])
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        engagement = fill(people)
        client = Client()
        client.force_login(engagement.memberships.get().user)
        # What is made once, such as templates, is made before.
        client.get(reverse("registrants", args=[engagement.slug]))
        figures = [measured(client, *one) for one in pages(engagement, people)]
        say(f"{people:,} registrants and as many invitees, SQLite; {machine.description()}")
        say("\n| page | queries | ms of processor time | KB |\n|---|---|---|---|")
        for figure in figures:
            say(
                f"| {figure.what} | {figure.queries} | {figure.milliseconds:.0f} "
                f"| {figure.kilobytes:.0f} |"
            )
        say("")
        say(measured_export(client, engagement))
        say(measured_list(engagement, people))
    lists = [figure for figure in figures if figure.what not in NO_LISTS]
    return 1 if any(figure.queries >= MOST_QUERIES for figure in lists) else 0


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
