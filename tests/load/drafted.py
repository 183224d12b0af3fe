"""The work that `tests.load.draft` measures, in the environment that it gives."""

from __future__ import annotations

import hashlib
import sys
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - after the settings
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, override_settings  # noqa: E402
from django.urls import reverse  # noqa: E402

from engagements import clock  # noqa: E402
from engagements.models import (  # noqa: E402
    Attendance,
    AttendanceInterval,
    AttendanceList,
    Engagement,
    ListedInterval,
    ListedPerson,
    Notice,
    Registration,
    Role,
    RoleCategory,
    StoredFile,
    User,
)
from qa import states  # noqa: E402
from qa.models import Label, Question  # noqa: E402
from readouts import queries  # noqa: E402
from tests import factories  # noqa: E402
from tests.load import machine  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

SLUG: Final = "crowded"
FATES: Final = (
    {"state": states.SHOWN, "outcome": states.ANSWERED_LIVE},
    {"state": states.SHOWN},
    {"state": states.HELD},
    {"state": states.WAITING},
    {"state": states.DISMISSED, "dismissal": "case_specific"},
    {"state": states.WITHDRAWN},
)


class Line(NamedTuple):
    what: str
    queries: int
    seconds: float
    worked: float


def main(people: int) -> None:
    call_command("migrate", verbosity=0)
    engagement = factories.make_engagement(
        SLUG,
        state=Engagement.State.LIVE,
        starts_at=clock.now() - timedelta(hours=1),
        ends_at=clock.now(),
        started_at=clock.now() - timedelta(hours=1),
    )
    _fill(engagement, people)
    cora = factories.make_member(factories.make_user("Cora"), engagement, Role.COORDINATOR)
    edna = factories.make_member(factories.make_user("Edna"), engagement, Role.EDITOR)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        coordinator, editor = _client(cora), _client(edna)
        lines = [
            _measured("end", lambda: _press(coordinator, "engagement-move", "end")),
            _measured("draft", lambda: _press(editor, "readout-draft")),
            _measured("the draft's page", lambda: _open(editor, "readout-edit")),
        ]
        lines.append(Line("from end to the page", *_sums(lines)))
        lines.append(_measured("all numbers", lambda: _open(editor, "readout-figures")))
        lines.append(_measured("count again", lambda: _press(editor, "readout-refresh")))
        lines.append(_measured("one number, counted again", lambda: _recount(editor)))
        lines.append(_measured("the picker of samples", lambda: _open(editor, "readout-samples")))
    _tell(engagement, lines)


def _fill(engagement: Engagement, people: int) -> None:
    """Eight in ten were in our room, twice each; two in ten only on a list of 5,000 rows, on which
    as many stand again who were in the room. Fifth as many more never came."""
    categories = list(RoleCategory.objects.all())
    notice, began = Notice.of_office(), engagement.starts_at
    registrations = Registration.objects.bulk_create(
        [
            Registration(
                engagement=engagement, name=f"Person {number}", notice=notice,
                email=f"p{number}@mail.example", email_key=f"p{number}@mail.example",
                category=categories[number % len(categories)],
            )
            for number in range(people)
        ],
        batch_size=1_000,
    )  # fmt: skip
    here = registrations[: people * 8 // 10]
    came = Attendance.objects.bulk_create(
        [Attendance(registration=one, category=one.category, companions=one.pk % 9 == 0)
         for one in here], batch_size=1_000,
    )  # fmt: skip
    AttendanceInterval.objects.bulk_create(
        [
            AttendanceInterval(
                attendance=one,
                opened_at=began + timedelta(minutes=first + number % 20),
                last_seen_at=began + timedelta(minutes=first + 25),
                closed_at=began + timedelta(minutes=first + 25),
            )
            for number, one in enumerate(came)
            for first in (0, 30)
        ],
        batch_size=1_000,
    )
    _list(engagement, here, people * 2 // 10)
    _ask(engagement, people * 6 // 10)


def _list(engagement: Engagement, again: list[Registration], people: int) -> None:
    content = b"Name\n"
    file = StoredFile.objects.create(
        name="list.csv", content_type="text/csv", size=len(content), content=content,
        sha256=hashlib.sha256(content).hexdigest(),
    )  # fmt: skip
    listed = AttendanceList.objects.create(
        engagement=engagement, file=file, platform="zoom", state=AttendanceList.State.APPLIED
    )
    category = factories.category("employer")
    found: list[Registration | None] = [*again[: people * 3 // 2], *[None] * people]
    rows = ListedPerson.objects.bulk_create(
        [
            ListedPerson(
                list=listed, position=number, name=f"Listed {number}", category=category,
                registration=one,
            )
            for number, one in enumerate(found)
        ],
        batch_size=1_000,
    )  # fmt: skip
    ListedInterval.objects.bulk_create(
        [
            ListedInterval(
                person=one,
                joined_at=engagement.starts_at + timedelta(minutes=number % 30),
                left_at=engagement.starts_at + timedelta(minutes=55),
            )
            for number, one in enumerate(rows)
        ],
        batch_size=1_000,
    )


def _ask(engagement: Engagement, questions: int) -> None:
    labels = [
        Label.objects.create(engagement=engagement, name=f"Topic {number}", position=number)
        for number in range(6)
    ]
    Question.objects.bulk_create(
        [
            Question(
                floor=engagement.floor, number=number, text=f"Question {number}?",
                original_text=f"Question {number}?", label=labels[number % 7] if number % 7 < 6
                else None, **FATES[number % len(FATES)],
            )
            for number in range(1, questions + 1)
        ],
        batch_size=1_000,
    )  # fmt: skip


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    # What is made once, such as templates, is made before.
    client.get(reverse("office"))
    return client


def _press(client: Client, name: str, *more: str) -> None:
    response = client.post(reverse(name, args=[SLUG, *more]))
    if response.status_code != 302:
        raise RuntimeError(f"{name} answers {response.status_code}")


def _open(client: Client, name: str, *more: str, query: str = "") -> None:
    response = client.get(reverse(name, args=[SLUG, *more]) + query)
    if response.status_code != 200:
        raise RuntimeError(f"{name} answers {response.status_code}")


def _recount(client: Client) -> None:
    _open(client, "readout-figure", "share.employer", query="?again=yes")


def _measured(what: str, work: Callable[[], Any]) -> Line:
    before, worked = time.perf_counter(), time.process_time()
    with CaptureQueriesContext(connection) as asked:
        work()
    return Line(what, len(asked), time.perf_counter() - before, time.process_time() - worked)


def _sums(lines: list[Line]) -> tuple[int, float, float]:
    return (
        sum(line.queries for line in lines),
        sum(line.seconds for line in lines),
        sum(line.worked for line in lines),
    )


def _tell(engagement: Engagement, lines: list[Line]) -> None:
    readout = queries.readout_of(engagement)
    if readout is None:
        raise RuntimeError("nothing was drafted")
    facts = queries.stored_facts(readout)
    write = sys.stdout.write
    write(f"{machine.description()}; {connection.vendor}\n")
    write(
        f"{facts.joined or 0:,} joined, {facts.questions:,} written questions, "
        f"{len(readout.provenance)} numbers with their provenance\n\n"
    )
    write(f"{'step':<32} {'queries':>8} {'seconds':>8} {'CPU s':>8}\n")
    for line in lines:
        write(f"{line.what:<32} {line.queries:>8} {line.seconds:>8.2f} {line.worked:>8.2f}\n")
    write("\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
