"""The work that `tests.load.publication` measures, in the environment that it gives."""

from __future__ import annotations

import resource
import time
from contextlib import contextmanager
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - after the settings
from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from engagements.models import DeclaredAttendance, Engagement, Role, User  # noqa: E402
from qa import states  # noqa: E402
from readouts import queries  # noqa: E402
from readouts.actions import drafting, editing, publishing  # noqa: E402
from readouts.files.facts_json import facts_json  # noqa: E402
from readouts.files.markdown import markdown  # noqa: E402
from readouts.files.plain import plain  # noqa: E402
from readouts.files.printable import printable  # noqa: E402
from readouts.files.word import word_document  # noqa: E402
from readouts.models import Readout, ReadoutSample  # noqa: E402
from tests import factories  # noqa: E402
from tests.load import machine  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SAMPLES: Final = 200
LONGEST_SUMMARY: Final = 60_000
ON: Final = date(2026, 1, 2)
PARAGRAPH: Final = (
    "Staff *described* how cases move, [step by step](https://www.uscis.gov/), and how **long** "
    "each step takes. Participants asked about fees, dates and offices.\n\n"
    "- one thing\n- and another\n\n"
)
TABLE: Final = "| Month | Calls |\n|---|---|\n| May | 1,204 |\n| June | 998 |\n\n"

Line = tuple[str, float, float, float, str]


def main() -> None:
    call_command("migrate", verbosity=0)
    readout, publisher = _submitted()
    lines: list[Line] = []
    with _measured("the document from the draft", lines):
        document = queries.document_of(readout)
    writers: dict[str, Callable[[], bytes]] = {
        "PDF": lambda: printable(document, published_on=ON),
        "PDF again": lambda: printable(document, published_on=ON),
        "DOCX": lambda: word_document(document, published_on=ON),
        "Markdown": lambda: markdown(document).encode(),
        "plain text": lambda: plain(document).encode(),
        "facts as JSON": lambda: facts_json(document, version=1, published_on=ON).encode(),
    }
    for name, write in writers.items():
        with _measured(name, lines) as told:
            told.append(f"{len(write()) / 1000:,.0f} kB")
    with _measured("publish: checks, all files, freeze, index", lines) as told:
        with CaptureQueriesContext(connection) as asked:
            version = publishing.publish(readout, by=publisher)
        told.append(f"{len(asked)} queries, {sum(f.size for f in version.files.all()):,} bytes")
    _tell(lines)


def _submitted() -> tuple[Readout, User]:
    engagement = factories.make_engagement(
        "long", state=Engagement.State.ENDED, started_at=factories.START,
        ended_at=factories.START + timedelta(hours=1),
    )  # fmt: skip
    editor = factories.make_member(factories.make_user("Edna"), engagement, Role.EDITOR)
    publisher = factories.make_member(factories.make_user("Paul"), engagement, Role.EDITOR)
    for key, people in {"attorney": 356, "government": 157, "employer": 66, "other": 174}.items():
        DeclaredAttendance.objects.create(
            engagement=engagement, category=factories.category(key), people=people, source="a list"
        )
    questions = [
        factories.make_question(engagement.floor, f"{_ask(n)}", state=states.SHOWN)
        for n in range(SAMPLES)
    ]
    readout = drafting.draft(engagement, by=editor)
    times = (LONGEST_SUMMARY - 5_000) // len(PARAGRAPH)
    parts = (f"# Part {n}\n\n{TABLE if n % 10 == 0 else ''}{PARAGRAPH}" for n in range(times))
    summary = "".join(parts)[:LONGEST_SUMMARY]
    editing.edit(readout, by=editor, revision=readout.revision, summary=summary, shows_chart=True)
    ReadoutSample.objects.bulk_create(
        ReadoutSample(
            readout=readout, question=question, position=n, text=question.text,
            heading=f"Topic {n // 20}", reason="Many ask this", chosen_by=editor,
        )
        for n, question in enumerate(questions)
    )  # fmt: skip
    publishing.submit(readout, by=editor)
    return readout, publisher


def _ask(number: int) -> str:
    return f"Question {number}: how long does the office take to answer a request about a fee?"


@contextmanager
def _measured(what: str, lines: list[Line]) -> Iterator[list[str]]:
    told: list[str] = []
    before, worked = time.perf_counter(), time.process_time()
    yield told
    took, cost = time.perf_counter() - before, time.process_time() - worked
    lines.append((what, took, cost, _peak(), ", ".join(told)))


def _peak() -> float:
    """Megabytes, the most that this process has had until now."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _tell(lines: list[Line]) -> None:
    print(f"A readout of {LONGEST_SUMMARY:,} characters and {SAMPLES} samples")  # noqa: T201
    print(machine.description())  # noqa: T201
    for what, seconds, cost, peak, told in lines:
        row = f"  {what:<44}{seconds:>8.3f} s, {cost:.3f} s of work{peak:>7.0f} MB at most  {told}"
        print(row)  # noqa: T201


if __name__ == "__main__":
    main()
