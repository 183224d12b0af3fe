"""The work that `tests.load.upload` measures, in the environment that it gives."""

from __future__ import annotations

import gc
import io
import multiprocessing
import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - after the settings
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, override_settings  # noqa: E402
from django.urls import reverse  # noqa: E402
from openpyxl import load_workbook  # noqa: E402

from engagements.models import Engagement, User  # noqa: E402
from qa import forwarded, states  # noqa: E402
from qa.actions.agency import uploading  # noqa: E402
from qa.files.agency import columns, returned  # noqa: E402
from qa.files.agency.workbook import workbook  # noqa: E402
from qa.forwarded import ListFacts, ListRow  # noqa: E402
from qa.models import AnswerUpload, ForwardedQuestion, Forwarding, Question  # noqa: E402
from tests import factories  # noqa: E402
from tests.load import machine  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

AT: Final = datetime(2021, 4, 16, 14, 5, tzinfo=UTC)
WORDS: Final = (
    "How long does it take to correct an error on a notice, whom should a caller ask about it, and "
    "can it be done through the online account without another visit to a field office?"
)
ANSWER: Final = (
    "Most corrections are made within thirty days. A caller may ask the Contact Center, which "
    "sends the request to the office that issued the notice; the online account shows its state."
)


class Line(NamedTuple):
    what: str
    queries: int
    seconds: float
    worked: float
    more: int


def main(answers: int) -> None:
    first, second = _files(answers)
    call_command("migrate", verbosity=0)
    sent = _sent(answers)
    uma = factories.make_user("Uma", agency=sent.agency)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    expected = [returned.Expected(row.number, row.text) for row in _rows(answers)]
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        client = _client(uma)
        uploading.read_in(sent, by=uma, name="small.csv", content=_small())
        lines = [
            _measured("read the file alone", lambda: returned.read(first, expected)),
            _measured("upload: read and keep", lambda: _upload(sent, uma, first)),
            _measured("the preview", lambda: _open(client, sent)),
            _measured("take all of it over", lambda: _take(uma)),
            _measured("the record of it", lambda: _open(client, sent)),
            _measured("the file again, all changed", lambda: _upload(sent, uma, second)),
            _measured("the preview with differences", lambda: _open(client, sent)),
            _measured("take all of that over", lambda: _take(uma)),
        ]
    _tell(answers, len(first), lines)


def _files(answers: int) -> tuple[bytes, bytes]:
    """Made elsewhere, so that what it takes to fill them in does not count here."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as apart:
        return apart.submit(filled, answers, "").result(), apart.submit(
            filled, answers, "!"
        ).result()


def filled(answers: int, ending: str) -> bytes:
    rows = _rows(answers)
    facts = _facts(answers)
    content = workbook(facts, rows, digest=forwarded.digest(facts, rows))
    made = load_workbook(io.BytesIO(content))
    sheet = made[columns.sheet_title()]
    at = {cell.value: cell.column or 0 for cell in sheet[1]}
    for row in range(2, answers + 2):
        sheet.cell(row, at[columns.heading(columns.ANSWER)], f"{ANSWER} ({row}){ending}")
        sheet.cell(row, at[columns.heading(columns.ANSWER_STATUS)], "Answered")
        sheet.cell(row, at[columns.heading(columns.PUBLISHABLE)], "Yes")
        sheet.cell(row, at[columns.heading(columns.DIRECTORATE)], f"Directorate {row % 7}")
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def _rows(answers: int) -> list[ListRow]:
    return [
        ListRow(
            number=number,
            text=f"{WORDS[: 60 + number * 7 % 110]} ({number})",
            asked_at=AT + timedelta(seconds=number),
            votes=number % 40,
            status="open",
            language="en",
        )
        for number in range(1, answers + 1)
    ]


def _facts(answers: int) -> ListFacts:
    return ListFacts(
        department="Department", office="Office", engagement_title="A long webinar",
        kind="webinar", held_on=date(2021, 4, 14), agency="Agency", agency_short="AG",
        frozen_at=AT, time_zone="America/New_York", received=answers, questions=answers,
        withdrawn=0, forwarding_number=1,
    )  # fmt: skip


def _sent(answers: int) -> Forwarding:
    engagement = factories.make_engagement("long", state=Engagement.State.ENDED)
    rows = _rows(answers)
    questions = Question.objects.bulk_create(
        [
            Question(
                floor=engagement.floor, number=row.number, text=row.text, original_text=row.text,
                state=states.SHOWN, shown_at=AT,
            )
            for row in rows
        ],
        batch_size=1_000,
    )  # fmt: skip
    forwarding = Forwarding.objects.create(
        engagement=engagement, agency=engagement.agency, number=1, state=states.FORWARDING_SENT,
        sent_at=AT, sent_by=factories.make_user("Edna"), question_count=answers,
        digest=forwarded.digest(_facts(answers), rows),
    )  # fmt: skip
    ForwardedQuestion.objects.bulk_create(
        [
            ForwardedQuestion(
                forwarding=forwarding, question=question, number=row.number, text=row.text,
                asked_at=row.asked_at, status=row.status,
            )
            for question, row in zip(questions, rows, strict=True)
        ],
        batch_size=1_000,
    )  # fmt: skip
    return forwarding


def _small() -> bytes:
    text = _rows(1)[0].text
    return f'No.,Question,Answer\r\n1,"{text}",Small.\r\n'.encode()


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    client.get(reverse("agency"))
    return client


def _upload(sent: Forwarding, uma: User, content: bytes) -> None:
    uploading.read_in(sent, by=uma, name="answers.xlsx", content=content)


def _open(client: Client, sent: Forwarding) -> None:
    upload = AnswerUpload.objects.only("pk").latest("pk")
    response = client.get(reverse("agency-upload", args=[sent.pk, upload.pk]))
    if response.status_code != 200:
        raise RuntimeError(f"the page answers {response.status_code}")


def _take(uma: User) -> None:
    uploading.take(AnswerUpload.objects.defer("content", "rows").latest("pk"), by=uma)


def _measured(what: str, do: Callable[[], object]) -> Line:
    gc.collect()
    before, begun, idle = _peak(), time.perf_counter(), time.process_time()
    with CaptureQueriesContext(connection) as seen:
        do()
    seconds, worked = time.perf_counter() - begun, time.process_time() - idle
    return Line(what, len(seen), seconds, worked, _peak() - before)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _tell(answers: int, size: int, lines: list[Line]) -> None:
    write = sys.stdout.write
    write(f"{machine.description()}, {connection.vendor}\n")
    write(f"{answers:,} answers in a workbook of {size / 1000:,.0f} kB\n\n")
    write(f"{'what':<32} {'queries':>8} {'s':>7} {'CPU s':>7} {'MiB more':>9}\n")
    for line in lines:
        write(f"{line.what:<32} {line.queries:>8,} {line.seconds:>7.2f} {line.worked:>7.2f} ")
        write(f"{line.more / 2**20:>9.0f}\n")
    write("\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
