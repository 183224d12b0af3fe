"""The work that `tests.load.archive` measures, in the environment that it gives."""

from __future__ import annotations

import random
import statistics
import sys
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import django

django.setup()

from django.core.cache import cache  # noqa: E402 - after the settings
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, override_settings  # noqa: E402
from django.urls import reverse  # noqa: E402

from engagements.models import DeclaredAttendance, Engagement, Series  # noqa: E402
from qa import states  # noqa: E402
from qa.models import Floor, Label, Question, WrittenAnswer  # noqa: E402
from readouts import queries  # noqa: E402
from readouts.actions import indexing  # noqa: E402
from readouts.models import Readout, ReadoutVersion, VersionFile  # noqa: E402
from tests import factories  # noqa: E402
from tests.load import machine  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

TIMES: Final = 7
QUESTIONS: Final = 50
SUMMARY_WORDS: Final = 900
YEARS: Final = 15
COMMON: Final = (
    "applicant application petition form fee filing office interview notice receipt case delay "
    "officer service center request evidence status review appeal renewal permit travel document"
).split()


class Line(NamedTuple):
    what: str
    queries: int
    seconds: float
    worked: float


def main(readouts: int) -> None:
    call_command("migrate", verbosity=0)
    engagements = _fill(readouts)
    begun = time.perf_counter()
    indexing.renew_all()
    indexed = time.perf_counter() - begun
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        lines = _read(engagements)
    _tell(readouts, indexed, lines)


def _fill(readouts: int) -> list[Engagement]:
    """Each with a summary of 900 words, four topics, 50 questions and 10 answers."""
    words = random.Random(7)
    rare = [f"w{number:x}" for number in range(20_000)]
    agencies = [factories.make_agency(name) for name in ("USCIS", "ICE", "CBP", "DOS", "DOL")]
    series = [Series.objects.create(name=f"Series {number}") for number in range(10)]
    drafter = factories.make_user("Edna")

    def text(number: int) -> str:
        return " ".join(
            words.choice(COMMON if words.random() < 0.9 else rare) for _ in range(number)
        )

    engagements = Engagement.objects.bulk_create(
        Engagement(
            slug=f"e{number}",
            title=f"{text(4).capitalize()} {number}",
            about=text(5),
            agency=agencies[number % len(agencies)],
            series=series[number % len(series)],
            starts_at=(start := factories.START - timedelta(days=number * YEARS * 365 // readouts)),
            ends_at=start + timedelta(hours=1),
            scheduled_at=start - timedelta(days=30),
            description=text(60),
            state=Engagement.State.ARCHIVED,
        )
        for number in range(readouts)
    )
    floors = Floor.objects.bulk_create(Floor(engagement=one) for one in engagements)
    labels = Label.objects.bulk_create(
        Label(engagement=one, name=f"Topic {words.randrange(40)} {place}", position=place)
        for one in engagements
        for place in range(4)
    )
    DeclaredAttendance.objects.bulk_create(
        DeclaredAttendance(
            engagement=one, category=factories.category(), people=500, source="a list"
        )
        for one in engagements
    )
    questions = Question.objects.bulk_create(
        (
            Question(
                floor=floor,
                number=number,
                text=(asked := f"{text(20)}?"),
                original_text=asked,
                state=states.SHOWN,
                label=labels[place * 4 + number % 4],
                has_answer=number % 5 == 0,
            )
            for place, floor in enumerate(floors)
            for number in range(1, QUESTIONS + 1)
        ),
        batch_size=2_000,
    )
    WrittenAnswer.objects.bulk_create(
        (
            WrittenAnswer(
                question=one, text=text(60), given_by="Nathan", drafted_by=drafter,
                published_at=factories.START,
            )
            for one in questions
            if one.has_answer
        ),
        batch_size=2_000,
    )  # fmt: skip
    _publish(engagements, text)
    return engagements


def _publish(engagements: list[Engagement], text: Callable[[int], str]) -> None:
    """As many rows as a publication writes; no file is printed, which would take an hour."""
    facts = queries.gather(engagements[0]).to_json()
    drafts = Readout.objects.bulk_create(
        Readout(
            engagement=one,
            state=Readout.State.PUBLISHED,
            summary="\n\n".join(text(SUMMARY_WORDS // 6) for _paragraph in range(6)),
            facts=facts,
        )
        for one in engagements
    )
    versions = ReadoutVersion.objects.bulk_create(
        ReadoutVersion(
            readout=one,
            number=1,
            document=(document := queries.document_of(one)).to_json(),
            digest=document.digest,
            published_at=one.engagement.ends_at + timedelta(days=20),
            publisher="Paul",
        )
        for one in drafts
    )
    VersionFile.objects.bulk_create(
        VersionFile(
            version=one, format=format_, content=b"%" * 40_000, size=40_000, sha256="0" * 64
        )
        for one in versions
        for format_ in VersionFile.Format.values
    )


def _read(engagements: list[Engagement]) -> list[Line]:
    client = Client()
    slug = engagements[len(engagements) // 2].slug

    def get(name: str, *args: object, **query: str | int) -> Callable[[], Any]:
        address = reverse(name, args=args)
        return lambda: client.get(address, query)

    def fresh_feed() -> Any:
        cache.clear()
        return client.get(reverse("archive-feed"))

    return [
        _measured("archive", get("archive")),
        _measured("its last page", get("archive", page=9_999)),
        _measured("of one agency and year", get("archive", agency=1, year=2015)),
        _measured("a word in all of them", get("archive", q="applications")),
        _measured("three words", get("archive", q="officer delay receipt")),
        _measured("words that stand together", get("archive", q='"travel document"')),
        _measured("a rare word", get("archive", q="w1f4")),
        _measured("nothing found", get("archive", q="zzyzx")),
        _measured("page of an engagement", get("engagement", slug)),
        _measured("its questions", get("public-questions", slug)),
        _measured("its readout", get("readout", slug)),
        _measured("feed of readouts", fresh_feed),
        _measured("map of the site", get("sitemap")),
        _measured("look for what changed", indexing.look),
    ]


def _measured(what: str, does: Callable[[], Any]) -> Line:
    """Once to warm up, then the median of some."""
    with CaptureQueriesContext(connection) as asked:
        does()
    number = len(asked)
    taken, worked = [], []
    for _time in range(TIMES):
        begun, idle = time.perf_counter(), time.process_time()
        answer = does()
        taken.append(time.perf_counter() - begun)
        worked.append(time.process_time() - idle)
    status = getattr(answer, "status_code", 200)
    if status != 200:
        raise SystemExit(f"{what}: {status}")
    return Line(what, number, statistics.median(taken), statistics.median(worked))


def _tell(readouts: int, indexed: float, lines: list[Line]) -> None:
    write = sys.stdout.write
    write(f"{machine.description()}; {connection.vendor}\n")
    write(f"{readouts:,} readouts, {readouts * QUESTIONS:,} questions\n\n")
    write(f"{'step':<32} {'queries':>8} {'ms':>8} {'CPU ms':>8}\n")
    for line in lines:
        spent = f"{line.seconds * 1_000:>8.0f} {line.worked * 1_000:>8.0f}"
        write(f"{line.what:<32} {line.queries:>8} {spent}\n")
    write(f"{'all search entries made anew':<32} {'':>8} {indexed * 1_000:>8.0f}\n\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
