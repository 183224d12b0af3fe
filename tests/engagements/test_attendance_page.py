from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from engagements import clock
from engagements.actions import declaring
from engagements.files import charts
from engagements.models import AuditEntry, Engagement, ListedInterval
from tests import factories
from tests.engagements.test_counts import a_list, came, on

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from engagements.models import User

    SignIn = Callable[[User], Client]

pytestmark = pytest.mark.django_db

START = factories.START
MINUTE = timedelta(minutes=1)


@pytest.fixture
def office(cora: User, sign_in: SignIn) -> Client:
    return sign_in(cora)


def shown(client: Client, engagement: Engagement) -> str:
    response = client.get(reverse("attendance", args=[engagement.slug]))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def rows(page: str, caption: str) -> dict[str, list[str]]:
    """Of the table with this caption: the first cell of each row -> the others."""
    table = re.search(rf"<caption[^>]*>{caption}</caption>(.*?)</table>", page)
    assert table, caption
    found = {}
    for row in re.findall(r"<tr[^>]*>(.*?)</tr>", table[1].partition("<tbody>")[2]):
        head, *cells = (
            " ".join(re.sub(r"<[^>]+>", " ", cell).split())
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)
        )
        found[head] = cells
    return found


def figures(page: str) -> dict[str, str]:
    return {name: cells[0] for name, cells in rows(page, "Each figure and what it counts").items()}


def listed(engagement: Engagement, people: dict[str, int]) -> None:
    list_ = a_list(engagement)
    for key, number in people.items():
        for _ in range(number):
            on(list_, key)


def workbook(client: Client, engagement: Engagement) -> dict[str, list[list[object]]]:
    response = client.get(reverse("attendance-sheet", args=[engagement.slug]))
    assert response.headers["Content-Disposition"] == (
        f'attachment; filename="{engagement.slug}-attendance.xlsx"'
    )
    book = load_workbook(BytesIO(response.content))
    return {
        sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book
    }


def test_nobody_came(office: Client, engagement: Engagement) -> None:
    page = shown(office, engagement)
    assert figures(page) == {
        "In our room": "0",
        "From attendance lists": "0",
        "Joined": "0",
        "Walk-ins": "0",
        "Registered": "0",
        "No-shows": "not known yet",
    }
    for sentence in ("No times are known", "Nobody was left out.", "this engagement has not start"):
        assert sentence in page


def test_what_the_page_tells(
    office: Client, live_engagement: Engagement, cora: User, edna: User, sign_in: SignIn
) -> None:
    came(live_engagement)
    came(live_engagement, source="walk_in")
    came(live_engagement, counted="speaker")
    factories.make_registration(live_engagement)
    for kind, people in (("phone", 2), ("group", 1_200)):
        declaring.declare(
            live_engagement, by=cora, kind=kind, category=factories.category(), people=people,
            source="x",
        )  # fmt: skip
    on(a_list(live_engagement), exclusion="host")
    Engagement.objects.update(state=Engagement.State.ENDED)
    live_engagement.refresh_from_db()

    page = shown(office, live_engagement)
    assert figures(page) == {
        "In our room": "2",
        "From attendance lists": "0",
        "By phone": "2",
        "Groups that were declared": "1,200",
        "Joined": "1,204",
        "Walk-ins": "1",
        "Registered": "3",
        "No-shows": "1",
    }
    assert rows(page, "People who are not counted") == {
        "speaker": ["in our room", "1"],
        "host of the platform": ["on a list", "1"],
    }
    assert "ab" * 32 in page
    assert reverse("declare", args=[live_engagement.slug]) in page
    assert len(re.findall(r"<details class=\"definition\">", page)) == 8

    others = shown(sign_in(edna), live_engagement)
    assert figures(others) == figures(page)
    assert "ab" * 32 in others
    for address in ("/declare/", "/small-figures/", "/attendance-lists/"):
        assert address not in others


def test_a_live_count_is_of_this_moment(office: Client, live_engagement: Engagement) -> None:
    came(live_engagement)
    assert figures(shown(office, live_engagement))["Joined"] == "1"
    came(live_engagement)
    page = shown(office, live_engagement)
    assert figures(page)["Joined"] == "2"
    assert "This engagement is live. Counted as of" in page


class TestSmallFigures:
    def test_fewer_than_twenty_are_not_told_by_role(
        self, office: Client, engagement: Engagement
    ) -> None:
        listed(engagement, {"attorney": 15, "employer": 4})
        page = shown(office, engagement)
        assert "Attorney" not in page
        assert "fewer than 20 people joined" in page
        assert "Attorney" not in str(workbook(office, engagement)["Figures"])
        listed(engagement, {"attorney": 1})
        assert "Attorney" in shown(office, engagement)

    def test_fewer_than_five_are_told_with_the_other(
        self, office: Client, engagement: Engagement
    ) -> None:
        listed(engagement, {"attorney": 20, "employer": 4, "other": 3, "not-stated": 2})
        found = rows(shown(office, engagement), "People by role category")
        told = {name.split()[0]: cells for name, cells in found.items()}
        assert (told["Attorney"], told["Employer"]) == (["20"], ["in “other”"])
        assert (told["Other"], told["Not"]) == (["7"], ["2"])
        sheet = workbook(office, engagement)["By role category"]
        assert [row[1:] for row in sheet if str(row[0]).startswith(("Attorney", "Employer"))] == [
            ["not told", 20],
            ["not told", "not told"],
        ]

    def test_all_are_told_for_a_reason(
        self, office: Client, engagement: Engagement, edna: User, sign_in: SignIn
    ) -> None:
        listed(engagement, {"attorney": 3})
        at = reverse("attendance-small-figures", args=[engagement.slug])
        reason = "All three <b>agreed</b>."
        page = " ".join(office.post(at, {"reason": reason}, follow=True).content.decode().split())
        assert "All figures by category are shown." in page
        assert "All three &lt;b&gt;agreed&lt;/b&gt;." in page
        told = rows(page, "People by role category")
        assert [cells for name, cells in told.items() if name.startswith("Attorney")] == [
            ["0", "3"]
        ]
        assert "Attorney" in shown(sign_in(edna), engagement)
        assert reason in str(workbook(office, engagement)["Read me"])

        office.post(at, {"reason": ""})
        assert "Attorney" not in shown(office, engagement)
        audit = AuditEntry.objects.filter(action="attendance.small_figures").order_by("pk")
        assert [entry.detail["shown"] for entry in audit] == [True, False]
        assert reason not in str([entry.detail for entry in audit])

    def test_a_reason_that_is_too_long_is_kept(
        self, office: Client, engagement: Engagement
    ) -> None:
        at = reverse("attendance-small-figures", args=[engagement.slug])
        response = office.post(at, {"reason": "x" * 301})
        assert response.status_code == 400
        assert "x" * 301 in response.content.decode()
        engagement.refresh_from_db()
        assert engagement.small_figures_reason == ""

    def test_only_who_counts_decides(
        self, engagement: Engagement, edna: User, omar: User, sign_in: SignIn
    ) -> None:
        at = reverse("attendance-small-figures", args=[engagement.slug])
        for user in (edna, omar):
            assert sign_in(user).post(at, {"reason": "x"}).status_code == 404
        engagement.refresh_from_db()
        assert engagement.small_figures_reason == ""


class TestOverTime:
    @pytest.fixture(autouse=True)
    def _people(self, engagement: Engagement) -> None:
        list_ = a_list(engagement)
        for start, end in ((0, 30), (2, 12), (11, 31)):
            ListedInterval.objects.create(
                person=on(list_), joined_at=START + start * MINUTE, left_at=START + end * MINUTE
            )

    def test_as_a_chart_and_as_a_table(self, office: Client, engagement: Engagement) -> None:
        page = shown(office, engagement)
        table = rows(page, "People present and arrivals, in steps of five minutes")
        assert table == {
            "Apr 14, 2 p.m.": ["2", "2"],
            "Apr 14, 2:05 p.m.": ["2", "0"],
            "Apr 14, 2:10 p.m.": ["3", "1"],
            "Apr 14, 2:15 p.m.": ["2", "0"],
            "Apr 14, 2:20 p.m.": ["2", "0"],
            "Apr 14, 2:25 p.m.": ["2", "0"],
            "Apr 14, 2:30 p.m.": ["1", "0"],
        }
        assert page.count("<svg") == page.count("</svg>")
        assert len(re.findall(r'<rect class="chart-bar', page)) == 14
        assert (
            '<desc id="chart-present-text">Most at once: 3, in the five minutes from 2:10 p.m.'
            in page
        )
        assert "median; mean 20" in page
        assert " style=" not in page

    def test_in_the_workbook(self, office: Client, engagement: Engagement) -> None:
        with clock.set_to(START + timedelta(days=1)):
            book = workbook(office, engagement)
        assert list(book) == ["Read me", "Figures", "By role category", "Over time"]
        assert [row[1:] for row in book["Over time"][:4]] == [
            ["People present", "Arrivals"],
            [2, 2],
            [2, 0],
            [3, 1],
        ]
        assert book["Over time"][1][0] == START.replace(hour=14, tzinfo=None)
        told = {str(row[0]): row[1] for row in book["Figures"]}
        assert (told["Joined"], told["No-shows"]) == (3, "not known yet")
        read_me = {str(row[0]): str(row[1]) for row in book["Read me"]}
        assert read_me["Counted"].startswith("April 15, 2021, 2 p.m. EDT")
        assert read_me["Median minutes present"] == "20"
        assert read_me["report.csv"] == f"Zoom. SHA-256: {'ab' * 32}"
        assert "each person once" in read_me["Joined"]


def test_a_formula_stays_a_text(office: Client, engagement: Engagement) -> None:
    Engagement.objects.update(title="=1+1", small_figures_reason="@SUM(A1)")
    list_ = a_list(engagement)
    list_.file.name = "=cmd|' /C calc'!A0.csv"
    list_.file.save()
    response = office.get(reverse("attendance-sheet", args=[engagement.slug]))
    book = load_workbook(BytesIO(response.content))
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    assert "=cmd|' /C calc'!A0.csv" in str([[c.value for c in row] for row in book["Read me"]])


def test_as_many_queries_for_three_as_for_one(office: Client, live_engagement: Engagement) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            shown(office, live_engagement)
        return len(captured)

    def add() -> None:
        came(live_engagement)
        came(live_engagement, counted="staff")
        list_ = a_list(live_engagement)
        ListedInterval.objects.create(person=on(list_), joined_at=START, left_at=START)

    add()
    first = queries()
    add()
    add()
    assert queries() == first


@pytest.mark.parametrize(
    ("values", "figures_"),
    [
        ([0], ["0", "1", "2"]),
        ([3], ["0", "2", "4"]),
        ([435, 1], ["0", "300", "600"]),
        ([1_001], ["0", "1,000", "2,000"]),
    ],
)
def test_lines_of_a_chart_stand_at_whole_figures(values: list[int], figures_: list[str]) -> None:
    chart = charts.bars(values, ["2 p.m."] * len(values))
    assert [line.text for line in chart.lines] == figures_
    assert all(charts.TOP <= bar.y <= chart.floor for bar in chart.bars)


def test_words_of_a_chart_have_room() -> None:
    for number in (1, 4, 5, 6, 12, 288):
        chart = charts.bars([1] * number, [str(place) for place in range(number)])
        assert 1 <= len(chart.places) <= charts.MOST_WORDS
        assert [bar.is_highest for bar in chart.bars].count(True) == 1
    assert charts.bars([], []).highest is None
