"""The work that `tests.load.lists` measures, in the environment that it gives."""

from __future__ import annotations

import resource
import sys
import time
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - after the settings

from engagements.actions import list_counting, list_reading, listing  # noqa: E402
from engagements.models import (  # noqa: E402
    AttendanceList,
    Engagement,
    Notice,
    Registration,
    Role,
    User,
)
from engagements.queries import attendance, lists  # noqa: E402
from tests import factories  # noqa: E402
from tests.engagements import attendance_samples as samples  # noqa: E402
from tests.load import machine  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

REGISTRANTS: Final = 10_000
GIVEN: Final = "Ana Ben Carla Dmitri Elif Femi Gus Hana Ivan Jo Kim Lea Mo Nia Omar Pia".split()

Line = tuple[str, float, float, float]


def main(rows: int) -> None:
    call_command("migrate", verbosity=0)
    engagement, by = _people()
    lines: list[Line] = []
    first, later = _file(rows, 0), _file(rows, 1)
    with _measured("upload, recognize, store", lines):
        listed = listing.upload(engagement, name="first.csv", content=first, by=by)
    listed = _named(listed, by, lines)
    with _measured("read in the background: people, match, store", lines):
        list_reading.read(listed.pk)
    listed.refresh_from_db()
    with _measured("review page's figures", lines):
        figures = lists.figures(listed)
        lists.remarks(listed)
    with _measured("apply, in one transaction", lines):
        list_counting.apply(listed, by=by, revision=listed.revision)
    with _measured("figures of the engagement and its curve", lines):
        joined = attendance.summary(engagement).joined
        attendance.course(engagement)
    second = listing.upload(engagement, name="later.csv", content=later, by=by)
    second = _named(second, by, [])
    with _measured("read a later file that corrects", lines):
        list_reading.read(second.pk)
    second.refresh_from_db()
    with _measured("compare the two", lines):
        lists.difference(second)
    with _measured("apply the later file", lines):
        second = list_counting.apply(second, by=by, revision=second.revision)
    with _measured("undo it", lines):
        list_counting.undo(second, by=by, revision=second.revision, reason="measured")
    _tell(rows, len(first), figures.people, figures.matched, joined, lines)


@contextmanager
def _measured(what: str, lines: list[Line]) -> Iterator[None]:
    before, worked = time.perf_counter(), time.process_time()
    yield
    lines.append((what, time.perf_counter() - before, time.process_time() - worked, _peak()))


def _peak() -> float:
    """Megabytes, the most that this process has had until now."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _named(listed: AttendanceList, by: User, lines: list[Line]) -> AttendanceList:
    with _measured("name columns and categories", lines):
        listed = listing.name_columns(
            listed,
            by=by,
            revision=listed.revision,
            kinds=listed.choices["kinds"],
            columns=listed.choices["columns"],
            zone=listed.choices["zone"],
        )
        if listed.state == AttendanceList.State.MAPPING:
            categories = listed.choices["categories"]
            listed = listing.name_categories(
                listed, by=by, revision=listed.revision, categories=categories
            )
    return listed


def _people() -> tuple[Engagement, User]:
    engagement = factories.make_engagement(
        "long", state=Engagement.State.ENDED, started_at=factories.START,
        ended_at=factories.START + timedelta(hours=1),
    )  # fmt: skip
    by = factories.make_member(factories.make_user("Cora"), engagement, Role.COORDINATOR)
    notice, category = Notice.of_office(), factories.category("employer")
    Registration.objects.bulk_create(
        [
            Registration(
                engagement=engagement, name=_name(number), email=f"p{number}@mail.example",
                email_key=f"p{number}@mail.example", category=category, notice=notice,
            )
            for number in range(REGISTRANTS)
        ],
        batch_size=1_000,
    )  # fmt: skip
    return engagement, by


def _name(number: int) -> str:
    return f"{GIVEN[number % len(GIVEN)]} {GIVEN[number // 7 % len(GIVEN)]}ova{number // 16}"


def _file(rows: int, turn: int) -> bytes:
    """Three fifths are people, the others come back. Of 10,000 registrants eight in ten come with
    their address, one in ten with another one, and one in ten with a slip in the name."""
    people = rows * 3 // 5
    attendees = [
        samples.attendee(
            _told(number), _address(number), number % 20, 40 + (number + turn) % 20,
            category="Attorney" if number % 3 else "",
        )
        for number in range(people)
    ]  # fmt: skip
    attendees += [
        samples.attendee(_told(number), _address(number), 30, 55, is_again=True)
        for number in range(rows - people)
    ]
    return samples.zoom(attendees, viewers=people, users=rows)


def _told(number: int) -> str:
    name = _name(number)
    return name.replace("ova", "owa") if number % 10 == 9 else name


def _address(number: int) -> str:
    return f"{'other' if number % 10 >= 8 else 'p'}{number}@mail.example"


def _tell(rows: int, size: int, people: int, matched: int, joined: int, lines: list[Line]) -> None:
    write = sys.stdout.write
    write(f"{machine.description()}; SQLite\n")
    write(
        f"{rows:,} rows ({size / 1e6:.1f} MB), {people:,} people, {REGISTRANTS:,} registrants, "
        f"{matched:,} found among them, {joined:,} counted\n\n"
    )
    write(f"{'step':<48} {'seconds':>8} {'CPU s':>8} {'peak MB':>8}\n")
    for what, seconds, worked, peak in lines:
        write(f"{what:<48} {seconds:>8.2f} {worked:>8.2f} {peak:>8.0f}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
