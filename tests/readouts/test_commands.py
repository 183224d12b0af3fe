from __future__ import annotations

import getpass
import io
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command

from engagements.models import Engagement
from readouts.actions import publishing
from readouts.models import ReadoutVersion
from tests import factories
from tests.readouts.test_archive import PAST, as_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from engagements.models import User
    from readouts.models import Readout

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def past(tmp_path: Path) -> Path:
    return tmp_path / "past.json"


def refused(*arguments: str) -> tuple[int, list[str]]:
    with pytest.raises(CommandError) as error:
        run(*arguments)
    return error.value.returncode, str(error.value).splitlines()


def test_imported_readout_is_printed(past: Path) -> None:
    past.write_bytes(as_bytes(PAST))
    assert run("import_engagement", str(past)) == (
        "Imported “The CIS Ombudsman's Webinar Series: The USCIS Contact Center”: 2 questions, "
        "readout at /engagements/contact-center-2021/readout/\n"
    )
    assert ReadoutVersion.objects.get().publisher == getpass.getuser()
    assert run("show_readout", "contact-center-2021") == (
        "Engagement Readout\n\n"
        "The CIS Ombudsman's Webinar Series: The USCIS Contact Center\n\n"
        "On April 14, 2021, the Department of Homeland Security's (DHS) Office of the Citizenship "
        "and Immigration Services Ombudsman (CIS Ombudsman) hosted a webinar about the USCIS "
        "Contact Center.\n\n"
        "First.\n\n"
        "Second.\n\n"
        "A total of 240 stakeholders joined this webinar. Twenty-seven percent of attendees were "
        "employers; and 73% identified as other. Participants submitted 2 written questions and "
        "the speakers answered as many as they could during the engagement. Below is a sample of "
        "the questions received:\n\n"
        "- Who answers the line? And when?\n\n"
        "The CIS Ombudsman will share a full list of inquiries with USCIS to give the agency an "
        "opportunity to address the public's concerns. Additionally, the CIS Ombudsman will post "
        "the engagement's presentation on its website.\n\n"
        "Speakers\n\n"
        "Nathan Stiefel, Deputy Ombudsman, DHS\n"
    )


def test_importer_is_an_account_when_named(past: Path, ada: User) -> None:
    past.write_bytes(as_bytes(PAST))
    run("import_engagement", str(past), "--by", ada.email.upper())
    assert ReadoutVersion.objects.get().published_by == ada


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--by", "nobody@office.example"], "There is no account nobody@office.example."),
        (["--by", "uma@office.example"], "Only accounts of the office can import engagements."),
    ],
)
def test_importer_must_be_of_the_office(
    past: Path, uma: User, arguments: list[str], message: str
) -> None:
    past.write_bytes(as_bytes(PAST))
    assert refused("import_engagement", str(past), *arguments) == (1, [message])
    assert not Engagement.objects.exists()


def test_faults_are_counted_and_printed_one_a_line(past: Path) -> None:
    content: dict[str, Any] = PAST | {"date": "soon", "sample": [0]}
    past.write_bytes(as_bytes(content))
    assert refused("import_engagement", str(past)) == (
        1,
        [
            "The file has 2 faults.",
            'date: "soon" is not written as YYYY-MM-DD',
            "sample[0]: 0 is no position; positions count from 1 to 2",
        ],
    )
    assert not Engagement.objects.exists()


def test_unreadable_file_ends_with_two(tmp_path: Path) -> None:
    missing = tmp_path / "missing.json"
    assert refused("import_engagement", str(missing)) == (
        2,
        [f"The file {missing} cannot be read: No such file or directory."],
    )
    assert refused("import_engagement", str(tmp_path))[0] == 2


def test_nothing_published_is_said_in_a_sentence(readout: Readout, edna: User, ada: User) -> None:
    slug = readout.engagement.slug
    none_yet = (1, [f"The engagement “{slug}” has no published readout."])
    assert refused("show_readout", "nowhere") == (1, ["There is no engagement “nowhere”."])
    assert refused("show_readout", slug) == none_yet
    publishing.submit(readout, by=edna, without_summary=True)
    assert refused("show_readout", slug) == none_yet
    publishing.publish(readout, by=ada)
    assert run("show_readout", slug).startswith("Engagement Readout\n\nThe USCIS Contact Center")
    publishing.withdraw(readout, by=ada, reason="Wrong")
    assert refused("show_readout", slug) == none_yet


def test_engagement_without_a_readout_has_none() -> None:
    factories.make_engagement("quiet")
    assert refused("show_readout", "quiet")[0] == 1
