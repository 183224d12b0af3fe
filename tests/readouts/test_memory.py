"""Figures over the years: the same as of each engagement, in whatever way they are told."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from engagements.models import (
    AttendanceList,
    DeclaredAttendance,
    Engagement,
    ListedPerson,
    Registration,
    Series,
    StoredFile,
)
from engagements.queries import joined_by_category
from engagements.queries.counts import registered_by_category
from engagements.queries.totals import joined_of, registered_of
from qa import states
from qa.queries.listed import accounts
from qa.queries.totals import question_totals
from readouts.queries import memory
from readouts.queries.memory import Chosen
from tests import factories
from tests.readouts.conftest import CONTACT_CENTER, declare

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from engagements.models import User
    from qa.models import Question

pytestmark = pytest.mark.django_db

ENDED = Engagement.State.ENDED
NEW_YORK = ZoneInfo("America/New_York")


def over_at(year: int, slug: str, **fields: object) -> Engagement:
    """Late on New Year's Eve, when it is next year in UTC already."""
    starts_at = datetime(year, 12, 31, 20, tzinfo=NEW_YORK)
    return factories.make_engagement(
        slug, title=slug.title(), state=ENDED, starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1), **fields,
    )  # fmt: skip


def ask(engagement: Engagement, text: str = "Why?", **fields: object) -> Question:
    return factories.make_question(engagement.floor, text, **fields)


@pytest.fixture
def years() -> list[Engagement]:
    """Three engagements with people by every way of coming, and questions of every fate."""
    first = over_at(2020, "first", series=Series.objects.create(name="Afternoons"))
    second = over_at(2021, "second", agency=factories.make_agency("EOIR"))
    third = over_at(2021, "third")
    for number in range(7):
        here = factories.make_registration(first, f"Here {number}")
        factories.make_attendance(here, companions=number % 3)
        factories.make_registration(
            second, f"Away {number}", category=factories.category("employer")
        )
    staff = factories.make_registration(first, "Staff", counted=Registration.Counted.STAFF)
    factories.make_attendance(staff)
    declare(second, CONTACT_CENTER)
    _list(second)
    label = third.labels.create(name="Fees")
    ask(first, state=states.SHOWN, outcome=states.ANSWERED_LIVE)
    ask(first, state=states.WITHDRAWN)
    ask(second, state=states.DISMISSED, dismissal="off_topic")
    kept = ask(third, state=states.SHOWN, outcome=states.ANSWERED_IN_WRITING, label=label)
    ask(third, state=states.MERGED, merged_into=kept)
    ask(third, state=states.HELD, label=label, category=factories.category("employer"))
    return [first, second, third]


def _list(engagement: Engagement) -> None:
    """Somebody twice, and somebody whom nobody registered: two people."""
    file = StoredFile.objects.create(
        name="people.csv", content_type="text/csv", size=1, sha256="0" * 64, content=b"x"
    )
    found = AttendanceList.objects.create(
        engagement=engagement, file=file, platform="table", state=AttendanceList.State.APPLIED
    )
    twice = engagement.registrations.first()
    for place, registration in enumerate([twice, twice, None]):
        ListedPerson.objects.create(
            list=found,
            position=place,
            registration=registration,
            category=factories.category("applicant"),
        )


def rows(*engagements: Engagement) -> QuerySet[Engagement]:
    return Engagement.objects.filter(pk__in=[one.pk for one in engagements])


def test_people_of_many_engagements_are_those_of_each(years: list[Engagement]) -> None:
    joined, registered = joined_of(rows(*years)), registered_of(rows(*years))
    for one in years:
        each = {category.pk: people for category, people in joined_by_category(one)}
        assert dict(+joined[one.pk]) == each
        each = {category.pk: people for category, people in registered_by_category(one)}
        assert dict(+registered[one.pk]) == each
    assert [sum(joined[one.pk].values()) for one in years] == [13, 830, 0]


def test_questions_of_many_engagements_are_those_of_each(years: list[Engagement]) -> None:
    totals = question_totals(rows(*years))
    for one in years:
        found: Counter[str] = Counter()
        for row in totals:
            if row.engagement == one.pk:
                found[row.disposition] += row.questions
        assert dict(found) == {line.key: line.questions for line in accounts(one) if line.questions}


def test_figures_by_year_agency_series_and_engagement_add_up(
    years: list[Engagement], ada: User
) -> None:
    found = memory.remembered(ada, Chosen())

    def told(way: str) -> list[tuple[str, int, int, int, int]]:
        return [
            (line.label, len(line.engagements), line.registered, line.joined, line.questions)
            for line in found.lines(way)
        ]

    assert told("year") == [("2021", 2, 7, 830, 4), ("2020", 1, 7, 13, 1)]
    assert sorted(told("agency")) == [
        ("Agency EOIR", 1, 7, 830, 1),
        (years[0].agency.name, 2, 7, 13, 4),
    ]
    assert told("series") == [("no series", 2, 7, 830, 4), ("Afternoons", 1, 7, 13, 1)]
    assert told("label") == [("no label", 3, 0, 0, 3), ("Fees", 1, 0, 0, 2)]
    assert len(told("engagement")) == 3
    total = found.total()
    assert (total.joined, total.registered, total.questions) == (843, 14, 5)
    for way in memory.WAYS:
        if way == "category":
            continue
        lines = found.lines(way)
        assert sum(line.questions for line in lines) == 5
        assert all(sum(line.parts()) == line.questions for line in lines)
    assert total.parts() == [1, 1, 0, 0, 0, 1, 1, 1]


def test_one_year_agency_or_series_alone(years: list[Engagement], ada: User) -> None:
    def found(**chosen: str) -> set[str]:
        return {one.slug for one in memory.remembered(ada, Chosen(**chosen)).engagements.values()}

    assert found(year="2020") == {"first"}
    assert found(agency=str(years[1].agency_id)) == {"second"}
    assert found(series=str(years[0].series_id)) == {"first"}
    assert found(year="2020", agency=str(years[1].agency_id)) == set()


def test_by_category_small_figures_do_not_leave_the_office(
    years: list[Engagement], ada: User
) -> None:
    found = {line.label: line for line in memory.remembered(ada, Chosen()).by_category()}
    applicant, attorney = factories.category("applicant"), factories.category("attorney")
    assert sum(line.percent for line in found.values()) == 100
    assert found[attorney.label].told == found[attorney.label].joined == 363
    assert found[applicant.label].told == 60
    DeclaredAttendance.objects.filter(category=applicant).update(people=1)
    found = {line.label: line for line in memory.remembered(ada, Chosen()).by_category()}
    assert (found[applicant.label].joined, found[applicant.label].told) == (3, None)
    other = found[factories.category("other").label]
    assert (other.joined, other.told) == (174, 177)


def test_a_rehearsal_or_what_is_not_over_does_not_count(years: list[Engagement], ada: User) -> None:
    Engagement.objects.filter(slug="first").update(is_rehearsal=True)
    Engagement.objects.filter(slug="second").update(state=Engagement.State.LIVE)
    found = memory.remembered(ada, Chosen())
    assert [one.slug for one in found.engagements.values()] == ["third"]


def test_everybody_sees_the_own_engagements_alone(years: list[Engagement], mia: User) -> None:
    assert memory.remembered(mia, Chosen()).engagements == {}
    factories.make_member(mia, years[0], "moderator")
    assert list(memory.remembered(mia, Chosen()).engagements.values()) == [years[0]]
    assert memory.choices_of(mia)["year"] == [("2020", "2020")]


def test_attendance_that_no_archive_told_is_not_nobody(
    years: list[Engagement], ada: User, sign_in: Callable[[User], Client]
) -> None:
    Engagement.objects.filter(slug="third").update(imported_from="archive.json")
    found = memory.remembered(ada, Chosen())
    assert found.unknown == {years[2].pk}
    assert len(found.total().unknown) == 1
    page = sign_in(ada).get("/office/memory/?by=engagement").content.decode()
    assert "not known" in page
    assert "at 1, attendance is not known" in page


@pytest.mark.parametrize("way", memory.WAYS)
def test_the_page_asks_as_often_for_many_as_for_few(
    years: list[Engagement], ada: User, sign_in: Callable[[User], Client], way: str,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    client = sign_in(ada)
    for number in range(20):
        ask(over_at(2010 + number, f"more-{number}"))
    with django_assert_max_num_queries(25):
        page = client.get(f"/office/memory/?by={way}&measure=questions")
    assert page.status_code == 200
    assert "chart-drawing" in page.content.decode()


def test_strange_addresses_show_all(
    years: list[Engagement], ada: User, sign_in: Callable[[User], Client]
) -> None:
    strange = "by=x&year=0&agency=%00&series=9999&measure=<script>"
    assert sign_in(ada).get(f"/office/memory/?{strange}").status_code == 200


def test_the_workbook_tells_the_same_and_no_small_figure(
    years: list[Engagement], ada: User, sign_in: Callable[[User], Client]
) -> None:
    applicant = factories.category("applicant")
    DeclaredAttendance.objects.filter(category=applicant).update(people=1)
    Engagement.objects.filter(slug="third").update(title="=1+1")
    response = sign_in(ada).get("/office/memory/figures.xlsx?year=2021")
    assert response["Content-Disposition"] == 'attachment; filename="figures-2021.xlsx"'
    book = load_workbook(BytesIO(response.content))
    assert book.sheetnames == [
        "Read me", "By year", "By agency", "By series", "By label", "By engagement",
        "By role category", "Asked again",
    ]  # fmt: skip
    sheet = [list(row) for row in book["By engagement"].iter_rows(values_only=True)]
    heads = ["Engagement", "Engagements", "Registered", "Joined", "Written questions"]
    assert sheet[0][:5] == heads
    assert sorted(row[:5] for row in sheet[1:]) == [
        ["=1+1", 1, 0, 0, 3],
        ["Second", 1, 7, 773, 1],
        ["Together", 2, 7, 773, 4],
    ]
    cell = next(row[0] for row in book["By engagement"].iter_rows() if row[0].value == "=1+1")
    assert cell.data_type == "s"
    told = book["By role category"].iter_rows(values_only=True, max_col=2)
    categories = {label: people for label, people in told}  # noqa: C416 - typed by it
    assert categories[applicant.label] == "not told"
    assert sum(int(str(people)) for people in categories.values() if str(people).isdigit()) == 773
    assert book.properties.creator == "Office of the Citizenship and Immigration Services Ombudsman"
