"""The wizard from door to door, by plain forms."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagements import queries
from engagements.actions import list_counting
from engagements.models import AttendanceList, Engagement, ListedPerson, Role
from tests import factories
from tests.engagements import attendance_samples as samples
from tests.engagements.attendance_steps import OPEN, ZOOM, take, with_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

    from engagements.models import User

    SignIn = Callable[[User], Client]

pytestmark = pytest.mark.django_db

State = AttendanceList.State
HOSTILE = samples.zoom(
    [samples.attendee("<img src=x onerror=alert(1)>", "a@mail.example", category="{{7*7}}")]
)


@pytest.fixture
def held() -> Engagement:
    return factories.make_engagement("held", state=Engagement.State.ENDED)


@pytest.fixture
def cora(held: Engagement) -> User:
    return factories.make_member(factories.make_user("Cora"), held, Role.COORDINATOR)


@pytest.fixture
def office(cora: User, sign_in: SignIn) -> Client:
    return sign_in(cora)


def address(name: str, listed: AttendanceList | None = None, *more: int) -> str:
    return reverse(f"attendance-{name}", args=["held", *([listed.pk] if listed else []), *more])


def upload(office: Client, content: bytes, name: str = "list.csv") -> Response:
    file = SimpleUploadedFile(name, content)
    return office.post(address("lists"), {"file": file}, follow=True)


def page(response: Response) -> str:
    return response.content.decode()


def sent(response: Response, **changes: Any) -> dict[str, Any]:
    """What the form of the page would send as it stands."""
    form = response.context["form"]
    return {field.html_name: field.value() or "" for field in form} | changes


def one() -> AttendanceList:
    return AttendanceList.objects.latest("pk")


def test_the_whole_way_without_a_script(office: Client, held: Engagement) -> None:
    factories.make_registration(held, "Carla Abara", email="carla@home.example")
    columns = upload(office, ZOOM)
    assert "Recognized as Zoom." in page(columns)
    categories = office.post(address("list-columns", one()), sent(columns), follow=True)
    assert "Something else" in page(categories)
    review = office.post(address("list-categories", one()), sent(categories), follow=True)
    assert "Look before it counts" in page(review)
    assert "Did not attend" in page(review)
    matches = office.get(address("list-matches", one()))
    person = one().people.get(is_doubtful=True)
    data = sent(matches, **{f"person-{person.pk}": "nobody"})
    assert office.post(address("list-matches", one()), data).status_code == 302
    person.refresh_from_db()
    assert (person.is_doubtful, person.registration) == (False, None)
    done = office.post(address("list-apply", one()), {"revision": one().revision}, follow=True)
    assert "The list counts now." in page(done)
    assert queries.joined(held) == 4
    undone = office.post(
        address("list-undo", one()), {"revision": one().revision, "reason": "a slip"}, follow=True
    )
    assert "Undone by Cora: a slip" in page(undone)
    assert queries.joined(held) == 0


def test_the_same_file_is_told_to_be_counted(office: Client, cora: User, held: Engagement) -> None:
    listed = take(held, ZOOM, cora)
    list_counting.apply(listed, by=cora, revision=listed.revision)
    again = upload(office, ZOOM, "copy.csv")
    assert (again.status_code, AttendanceList.objects.count()) == (400, 1)
    assert "This very file is counted already. Nothing has changed." in page(again)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The file is empty."),
        (b"<html></html>", "The file is a web page"),
        (b"PK\x03\x04", "The workbook is damaged"),
        (b"Q&A Report,\n#,Question\n1,Why?\n", "another report of the platform"),
    ],
)
def test_a_wrong_file_is_refused_in_words(office: Client, content: bytes, says: str) -> None:
    response = upload(office, content)
    assert (response.status_code, AttendanceList.objects.count()) == (400, 0)
    assert says in page(response)


def test_a_file_over_the_limit_is_refused_before_it_is_read(office: Client) -> None:
    response = upload(office, b"a" * (25 * 1024 * 1024 + 1))
    assert "larger than 25 MB" in page(response)
    assert "Attendance file" in page(office.post(address("lists"), {}))


def test_an_open_date_shows_both_readings(office: Client) -> None:
    columns = upload(office, OPEN)
    assert "Month first: Tuesday, May 4, 2021" in page(columns)
    assert "Day first: Monday, April 5, 2021" in page(columns)
    unanswered = office.post(address("list-columns", one()), sent(columns))
    assert (unanswered.status_code, one().state) == (400, State.MAPPING)
    assert "Please say which comes first." in page(unanswered)
    answered = office.post(
        address("list-columns", one()), sent(columns, order="day_first"), follow=True
    )
    assert one().state == State.REVIEW
    assert "Half of the people in this file, or more, were there at another time" in page(answered)


def test_two_columns_of_one_meaning_are_told(office: Client) -> None:
    columns = upload(office, with_rows(2))
    twice = sent(columns, **{"column-0-1": "name"})
    response = office.post(address("list-columns", one()), twice)
    assert (response.status_code, one().revision) == (400, 1)
    assert "Another column of the table holds this already." in page(response)
    assert office.post(address("list-columns", one()), {}).status_code == 400


def test_somebody_was_first(office: Client) -> None:
    columns = upload(office, with_rows(2))
    AttendanceList.objects.update(revision=7)
    response = office.post(address("list-columns", one()), sent(columns))
    assert (response.status_code, one().state) == (400, State.MAPPING)
    assert "Somebody else has changed this list meanwhile." in page(response)


def test_progress_is_shown_and_asked_for_again(office: Client) -> None:
    columns = upload(office, with_rows(2_001))
    office.post(address("list-columns", one()), sent(columns))
    response = office.get(address("list", one()))
    assert response["Refresh"] == "3"
    assert '<progress max="' in page(response)
    assert "0 of 2,001 rows" in page(response)


def test_the_file_comes_back_as_it_went(office: Client, cora: User, held: Engagement) -> None:
    take(held, ZOOM, cora)
    response = office.get(address("list-file", one()))
    assert response.content == ZOOM
    assert response["Content-Disposition"] == 'attachment; filename="list.csv"'
    assert response["Content-Type"] == "application/octet-stream"
    assert hashlib.sha256(ZOOM).hexdigest() in page(office.get(address("list", one())))


def test_hostile_text_is_shown_as_text(office: Client) -> None:
    columns = upload(office, HOSTILE, "<b>{{7*7}}.csv")
    categories = office.post(address("list-columns", one()), sent(columns), follow=True)
    office.post(address("list-categories", one()), sent(categories))
    shown = [page(columns), page(categories)]
    shown += [page(office.get(address(name, one()))) for name in ("list", "list-people")]
    for text in shown:
        assert "<img src=x" not in text
        assert "<b>" not in text
        assert "&lt;b&gt;{{7*7}}.csv" in text


def test_people_are_left_out_and_counted_from_the_page(
    office: Client, cora: User, held: Engagement
) -> None:
    listed = take(held, ZOOM, cora)
    jane = listed.people.get(name="Jane Roe")
    shown = office.get(address("list-people", listed), {"show": "counted"})
    assert [person for person, _minutes in shown.context["rows"]] == list(
        listed.people.filter(exclusion="")
    )
    url = address("list-person", listed, jane.pk)
    office.post(url, {"revision": listed.revision})
    jane.refresh_from_db()
    assert jane.exclusion == "left_out"
    office.post(url, {"revision": listed.revision + 1, "counts": "on"})
    jane.refresh_from_db()
    assert jane.exclusion == ""
    assert office.post(url, {}).status_code == 400


def test_a_person_of_another_list_is_unknown(office: Client, cora: User, held: Engagement) -> None:
    first, second = take(held, ZOOM, cora), take(held, with_rows(2), cora)
    url = address("list-person", second, first.people.latest("pk").pk)
    assert office.post(url, {"revision": second.revision}).status_code == 404
    assert ListedPerson.objects.filter(exclusion="left_out").count() == 0


def test_a_correction_is_placed_and_compared(office: Client, cora: User, held: Engagement) -> None:
    first = take(held, ZOOM, cora)
    list_counting.apply(first, by=cora, revision=first.revision)
    assert office.get(address("list-difference", first)).status_code == 404
    rows = [samples.attendee("New Person", "new@mail.example")]
    second = take(held, samples.zoom(rows), cora)
    assert "New Person" in page(office.get(address("list-difference", second)))
    assert "corrects “list.csv”" in page(office.get(address("list", second)))
    place = address("list-place", second)
    office.post(place, {"revision": second.revision, "corrects": "999"})
    second.refresh_from_db()
    assert second.corrects == first
    office.post(place, {"revision": second.revision, "corrects": "0"})
    second.refresh_from_db()
    assert second.corrects is None


def test_undoing_needs_a_reason(office: Client, cora: User, held: Engagement) -> None:
    listed = take(held, ZOOM, cora)
    listed = list_counting.apply(listed, by=cora, revision=listed.revision)
    response = office.post(address("list-undo", listed), {"revision": listed.revision})
    listed.refresh_from_db()
    assert (response.status_code, listed.state) == (400, State.APPLIED)


def test_back_to_the_columns_and_away(office: Client, cora: User, held: Engagement) -> None:
    listed = take(held, ZOOM, cora)
    again = office.post(address("list-again", listed), {"revision": listed.revision}, follow=True)
    assert "What do the columns hold?" in page(again)
    gone = office.post(address("list-discard", listed), {"revision": one().revision}, follow=True)
    assert "This list was discarded." in page(gone)
    assert office.get(address("list-columns", listed)).status_code == 302
    assert office.get(address("list-categories", listed)).status_code == 302


def test_pages_ask_as_much_for_three_as_for_one(
    office: Client, cora: User, held: Engagement
) -> None:
    counts: dict[str, list[int]] = {"lists": [], "people": [], "matches": []}
    for number in (1, 2, 3):
        factories.make_registration(held, f"Carla Nomber{number}")
        rows = [
            samples.attendee(f"Carla Number{at}", f"c{at}@mail.example")
            for at in range(1, number + 1)
        ]
        listed = take(held, samples.zoom(rows), cora)
        for name, url in (
            ("lists", address("lists")),
            ("people", address("list-people", listed)),
            ("matches", address("list-matches", listed)),
        ):
            with CaptureQueriesContext(connection) as captured:
                assert office.get(url).status_code == 200
            counts[name].append(len(captured))
    assert counts == {name: [found[0]] * 3 for name, found in counts.items()}
    assert all(found[0] <= 13 for found in counts.values())


def test_a_list_of_another_engagement_is_unknown(
    office: Client, cora: User, held: Engagement
) -> None:
    other = factories.make_engagement("other", state=Engagement.State.ENDED)
    factories.make_member(cora, other, Role.COORDINATOR)
    listed = take(held, ZOOM, cora)
    assert office.get(reverse("attendance-list", args=["other", listed.pk])).status_code == 404
    assert office.get(address("list", listed)).status_code == 200


def test_the_wizard_is_linked_from_the_engagement(office: Client) -> None:
    assert address("lists") in page(office.get(reverse("engagement-office", args=["held"])))
