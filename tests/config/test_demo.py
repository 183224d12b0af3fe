from __future__ import annotations

import hashlib
import json
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from config.env import BASE_DIR
from engagements.models import User
from tests import factories, machine
from tests.readouts.contact_center import CLOSING, JOINED, OPENING, QUESTIONS, SAMPLE, SHARES
from tests.run import environment

if TYPE_CHECKING:
    from pytest_django import Settings

SAMPLES = """
- Can a USCIS Contact Center Immigration Services Officer schedule an applicant for a biometrics \
appointment (if over 90 days)?
- Would USCIS consider a dedicated phone line for attorneys or representatives with G-28s on file?
- How does the agency plan to support customers with limited English proficiency who call the \
USCIS Contact Center?
- Does the agency test USCIS Contact Center operations and efficiency by placing cold calls, \
queries, and escalation requests?
- How can VAWA, U, and T visa applicants receive updates about their cases if Tier 1 and 2 Contact \
Center representatives are unable to provide information and the Vermont Service Center does not \
reply to mailed requests?
- Does USCIS take into consideration different time zones for callbacks? How is the agency \
planning to address the current callback issues?
""".strip()
SPEAKERS = """
Nathan Stiefel, Deputy Ombudsman at the CIS Ombudsman's Office, DHS
Bertha Anderson, Chief of Public Engagement at the CIS Ombudsman's Office, DHS
Fatimah Mateen, Senior Advisor at the CIS Ombudsman's Office, DHS
Carrie Selby, Acting Associate Director, External Affairs Directorate, USCIS
Bret Gregg, Deputy Chief, Public Services Division, Office of Citizenship and Applicant \
Information Services, USCIS
""".strip()


def demo(own: Path) -> subprocess.Popen[str]:
    port = str(machine.free_port())
    return subprocess.Popen(
        [sys.executable, "manage.py", "demo", "--port", port],
        cwd=BASE_DIR,
        env=environment(own) | {"PORT": port},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # Who runs the tests in the background has SIGINT ignored, and so would the demonstration.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - one thread
    )


def until_it_answers(process: subprocess.Popen[str]) -> list[str]:
    """What it said until then. It has answered once, so it also takes signals."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith("Openfloor answers at "):
            address = line.split()[3]
            with urllib.request.urlopen(
                f"{address}engagements/contact-center/", timeout=60
            ) as page:
                assert page.status == 200
            return lines
    pytest.fail("".join(lines))


def manage(own: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=BASE_DIR,
        env=environment(own),
        capture_output=True,
        text=True,
        check=False,
    )


def users(var: Path) -> int:
    database = sqlite3.connect(var / "db.sqlite3")
    try:
        (found,) = database.execute("SELECT count(*) FROM engagements_user").fetchone()
    finally:
        database.close()
    return int(found)


@pytest.mark.timeout(900)  # a slow machine needs minutes to tell the story
def test_it_fills_an_empty_database_answers_ends_when_told_and_goes_on(tmp_path: Path) -> None:
    told, counts = [], []
    for ending in (signal.SIGTERM, signal.SIGINT):
        with demo(tmp_path) as process:
            told.append("".join(until_it_answers(process)))
            process.send_signal(ending)
            rest, _ = process.communicate()
        counts.append(users(tmp_path / "var"))
        assert rest.splitlines()[-1].startswith("Stopped.")
        assert process.returncode == 0

    assert [text.count("/demo/enter/") for text in told] == [8, 8]
    assert [text.count("/join/") for text in told] == [1, 1]
    assert ["828 stakeholders" in text for text in told] == [True, False]
    assert counts == [counts[0], counts[0]]
    the_readout_is_the_one_of_that_day(tmp_path)
    every_file_says_what_that_readout_says(tmp_path)
    the_list_has_every_question_and_nobody_who_asked(tmp_path)


def the_readout_is_the_one_of_that_day(own: Path) -> None:
    printed = manage(own, "show_readout", "contact-center").stdout.strip().split("\n\n")
    label, title, opening, *_summary, attendance, samples, closing, heading, speakers = printed
    assert (label, title, heading) == (
        "Engagement Readout",
        "The CIS Ombudsman's Webinar Series: The USCIS Contact Center",
        "Speakers",
    )
    assert (opening, closing) == (OPENING, CLOSING)
    assert attendance == f"{JOINED} {SHARES} {QUESTIONS} {SAMPLE}"
    assert (samples, speakers) == (SAMPLES, SPEAKERS)


def every_file_says_what_that_readout_says(own: Path) -> None:
    printed = manage(own, "show_readout", "contact-center", "--files", str(own / "files")).stdout
    files = {}
    for line in printed.splitlines():
        checksum, path = line.split(maxsplit=1)
        content = Path(path).read_bytes()
        assert hashlib.sha256(content).hexdigest() == checksum
        files[Path(path).suffix] = content
    word = Document(BytesIO(files[".docx"]))
    pages = PdfReader(BytesIO(files[".pdf"])).pages
    said = {
        ".pdf": "\n".join(page.extract_text() for page in pages),
        ".docx": "\n".join(paragraph.text for paragraph in word.paragraphs),
        ".md": files[".md"].decode(),
        ".txt": files[".txt"].decode(),
    }
    sentences = [OPENING, JOINED, SHARES, QUESTIONS, SAMPLE, CLOSING]
    questions = [line.removeprefix("- ") for line in SAMPLES.splitlines()]
    for name, text in said.items():
        flat = " ".join(text.split())
        assert [one for one in [*sentences, *questions] if one not in flat] == [], name
    facts = json.loads(files[".json"])["facts"]
    assert (facts["joined"], facts["questions"]) == (828, 163)
    assert set(files) == {".json", *said}


def the_list_has_every_question_and_nobody_who_asked(own: Path) -> None:
    file = own / "list.xlsx"
    said = manage(own, "export_questions", "contact-center", "--output", str(file)).stdout
    assert said == f"{file}: list 1 with 163 questions, {file.stat().st_size:,} bytes\n"
    book = load_workbook(BytesIO(file.read_bytes()))
    rows = list(book["Questions"].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == list(range(1, 164))
    assert [row for row in rows if "@public.example" in str(row)] == []


def test_a_taken_port_is_told_before_anything_is_done() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(CommandError) as caught:
            call_command("demo", port=port, fresh=True)

    assert str(caught.value) == (
        f"Port {port} is taken by another program. Choose another one: PORT={port + 1}"
    )


def test_it_never_runs_in_production(settings: Settings) -> None:
    settings.OPENFLOOR_ENV = "production"

    with pytest.raises(CommandError) as caught:
        call_command("demo", port=machine.free_port())

    assert str(caught.value) == ("The demonstration never runs with OPENFLOOR_ENV=production.")


@pytest.mark.django_db
def test_the_story_is_told_into_an_empty_database_of_the_demonstration_only(
    settings: Settings,
) -> None:
    factories.make_user("Ada")
    with pytest.raises(CommandError, match="has accounts or engagements already"):
        call_command("seed_demo")
    call_command("seed_demo", if_empty=True)
    assert list(User.objects.values_list("name", flat=True)) == ["Ada"]

    settings.OPENFLOOR_ENV = "production"
    User.objects.all().delete()
    with pytest.raises(CommandError, match="never mixed with data of production"):
        call_command("seed_demo")
    assert not User.objects.exists()
