from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engagements.models import DeclaredAttendance, Engagement
from qa import states
from readouts.actions import drafting
from readouts.models import VersionFile
from tests import factories

if TYPE_CHECKING:
    from engagements.models import User
    from qa.models import Question
    from readouts.models import Readout, ReadoutVersion

CONTACT_CENTER = {
    "attorney": 356,
    "government": 157,
    "employer": 66,
    "applicant": 58,
    "advocate": 17,
    "other": 174,
}


def pdf_of(version: ReadoutVersion) -> bytes:
    return bytes(version.files.get(format=VersionFile.Format.PDF).content)


def checksum_of(version: ReadoutVersion) -> str:
    """Of its printable file."""
    return version.files.get(format=VersionFile.Format.PDF).sha256


def declare(engagement: Engagement, people: dict[str, int]) -> None:
    for key, number in people.items():
        DeclaredAttendance.objects.update_or_create(
            engagement=engagement,
            category=factories.category(key),
            defaults={"people": number, "source": "a list"},
        )


@pytest.fixture
def over(engagement: Engagement) -> Engagement:
    """The worked example, an hour later: 828 people and three questions."""
    engagement.state = Engagement.State.ENDED
    engagement.save()
    declare(engagement, CONTACT_CENTER)
    for text in ("When does it open?", "Who answers?", "What about time zones?"):
        factories.make_question(engagement.floor, text, state=states.SHOWN)
    return engagement


@pytest.fixture
def questions(over: Engagement) -> list[Question]:
    return list(over.floor.questions.order_by("number"))


@pytest.fixture
def readout(over: Engagement, edna: User) -> Readout:
    return drafting.draft(over, by=edna)
