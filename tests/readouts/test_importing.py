from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from engagements import clock
from engagements.models import (
    Agency,
    AuditEntry,
    DeclaredAttendance,
    Engagement,
    RoleCategory,
    Series,
)
from engagements.refusals import NotAllowed
from qa import states
from qa.models import Floor, Question
from readouts import queries
from readouts.actions.importing import Faulty, import_engagement
from readouts.models import Readout, ReadoutVersion
from tests import factories
from tests.readouts.conftest import pdf_of
from tests.readouts.test_archive import PAST, as_bytes

if TYPE_CHECKING:
    from engagements.models import User

pytestmark = pytest.mark.django_db

TABLES = (
    Engagement,
    Series,
    Agency,
    RoleCategory,
    DeclaredAttendance,
    Floor,
    Question,
    Readout,
    ReadoutVersion,
    AuditEntry,
)


def bring_in(by: User | str = "operator", **changes: Any) -> Engagement:
    return import_engagement(as_bytes(PAST | changes), source_name="2021.json", by=by)


def faults(**changes: Any) -> list[str]:
    with pytest.raises(Faulty) as faulty:
        bring_in(**changes)
    return [str(fault) for fault in faulty.value.faults]


def counts() -> list[int]:
    return [table._default_manager.count() for table in TABLES]


def test_past_engagement_is_archived_with_its_questions() -> None:
    factories.make_agency("USCIS")
    engagement = Engagement.objects.get(pk=bring_in().pk)
    assert engagement.state == Engagement.State.ARCHIVED
    assert engagement.full_title == ("The CIS Ombudsman's Webinar Series: The USCIS Contact Center")
    assert (engagement.agency.short_name, engagement.posts_presentation) == ("USCIS", True)
    assert engagement.starts_at == datetime(2021, 4, 14, 16, 0, tzinfo=UTC)
    assert engagement.ends_at == datetime(2021, 4, 14, 17, 0, tzinfo=UTC)
    checksum = hashlib.sha256(as_bytes(PAST)).hexdigest()
    assert engagement.imported_from == f"2021.json sha256:{checksum}"
    assert [str(speaker) for speaker in engagement.speakers.all()] == [
        "Nathan Stiefel, Deputy Ombudsman, DHS"
    ]
    questions = engagement.floor.questions.filter(asker=None)
    assert list(questions.values_list("number", "text", "state", "source")) == [
        (1, "When does it open?", states.HELD, "archive"),
        (2, "Who answers the line?\nAnd when?", states.SHOWN, "archive"),
    ]
    assert engagement.floor.last_question_number == 2


def test_its_readout_is_published_as_imported_with_figures_in_full(ada: User) -> None:
    engagement = bring_in(by=ada, attendance={"employers": 3, "other": 4})
    version = ReadoutVersion.objects.get()
    assert (version.imported, version.published_by, version.publisher) == (True, ada, "Ada")
    words = queries.as_plain_text(version)
    assert "On April 14, 2021, the Department of Homeland Security's (DHS) Office of" in words
    assert "A total of 7 stakeholders joined this webinar." in words
    assert "Forty-three percent of attendees were employers; and 57% identified as other." in words
    assert "- Who answers the line? And when?" in words
    assert engagement.readout.state == Readout.State.PUBLISHED
    assert AuditEntry.objects.get(action="engagement.imported").detail == {
        "questions": 2,
        "version": 1,
    }


def test_without_attendance_nothing_is_said_of_it() -> None:
    bring_in(attendance={})
    words = queries.as_plain_text(ReadoutVersion.objects.get())
    assert "joined" not in words
    assert "Participants submitted 2 written questions" in words


def test_phrases_find_their_category_or_make_one_that_no_form_offers() -> None:
    bring_in(
        attendance={"Employer": 1, "GOVERNMENT EMPLOYEES": 2, "Other": 3, "foreign consulates": 4}
    )
    assert list(
        DeclaredAttendance.objects.order_by("people").values_list(
            "category__key", "people", "category__is_offered"
        )
    ) == [
        ("employer", 1, True),
        ("government", 2, True),
        ("other", 3, True),
        ("foreign-consulates", 4, False),
    ]
    made = RoleCategory.objects.get(key="foreign-consulates")
    assert (made.label, made.noun_phrase, made.verb, made.kind) == (
        "Foreign consulates",
        "foreign consulates",
        "were",
        "ordinary",
    )


def test_agency_and_series_are_taken_or_made() -> None:
    known = factories.make_agency("EOIR", name="Executive Office for Immigration Review")
    assert bring_in(agency="executive office for immigration review").agency == known
    made = bring_in(slug="second", agency="Office of Aids").agency
    assert (made.name, made.short_name) == ("Office of Aids", "Office of Aids")
    assert Series.objects.count() == 1
    assert bring_in(slug="third", series=None).series is None


def test_every_fault_is_named_and_nothing_is_stored() -> None:
    factories.make_engagement("contact-center-2021")
    before = counts()
    assert faults(
        attendance={"employers": 1, "Employer": 2, "ghosts": -1}, sample=[7], agency="x" * 81
    ) == [
        'attendance["ghosts"]: -1 is not a whole number of people',
        "sample[0]: 7 is no position; positions count from 1 to 2",
        "slug: another engagement has this short name",
        "agency: is not known here; a new one may have 80 characters",
        'attendance["Employer"]: means the same category as "employers"',
    ]
    assert counts() == before


@pytest.mark.parametrize("slug", ["contact-center-2021", "Contact-Center-2021"])
def test_second_time_is_refused(slug: str) -> None:
    bring_in()
    before = counts()
    assert faults(slug=slug) == ["slug: another engagement has this short name"]
    assert counts() == before


def test_reserved_slug_and_future_date_are_faults() -> None:
    with clock.set_to(datetime(2021, 4, 14, 3, 0, tzinfo=UTC)):
        assert faults(slug="new") == [
            "slug: stands for something else in our addresses",
            "date: has not come yet",
        ]
    with clock.set_to(datetime(2021, 4, 14, 5, 0, tzinfo=UTC)):
        assert bring_in().slug == "contact-center-2021"


def test_what_cannot_be_printed_is_a_fault() -> None:
    before = counts()
    assert faults(questions=["A sign: \U00012000?"], sample=[1])[0].startswith(
        "The printable file cannot be made: "
    )
    assert counts() == before


def test_liaison_and_former_staff_do_not_import(uma: User, ada: User) -> None:
    gone = factories.make_user("Gone", is_active=False)
    before = counts()
    for stranger in (uma, gone):
        with pytest.raises(NotAllowed):
            bring_in(by=stranger)
    assert counts() == before
    assert bring_in(by=ada).slug == "contact-center-2021"


def test_source_name_is_a_plain_line_of_limited_length() -> None:
    data = as_bytes(PAST)
    engagement = import_engagement(data, source_name="a\n\x1b[31m" + "b" * 400, by="operator")
    assert len(engagement.imported_from) == 300
    assert engagement.imported_from.startswith("a [31mbbb")
    assert engagement.imported_from.endswith(hashlib.sha256(data).hexdigest())


def test_text_of_a_file_is_data_everywhere() -> None:
    hostile = '<script>alert(1)</script> {{ 7|add:7 }} #read("/etc/passwd")'
    engagement = bring_in(title=hostile, about=hostile, questions=[hostile], sample=[1])
    version = ReadoutVersion.objects.get()
    assert engagement.title == hostile
    assert json.dumps(version.document).count("{{ 7|add:7 }}") >= 3
    assert b"root:" not in pdf_of(version)
