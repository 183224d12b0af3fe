"""Attendance lists count, are corrected and undone; people of them are decided about."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from django.db import connections

from engagements import queries
from engagements.actions import changing, declaring, list_counting, list_matching, listing
from engagements.models import (
    AttendanceList,
    AuditEntry,
    Engagement,
    ListedPerson,
    Role,
    StoredFile,
)
from engagements.queries import lists
from engagements.refusals import NotAllowed, Refused
from tests import factories
from tests.engagements import attendance_samples as samples
from tests.engagements.attendance_steps import (
    ATTENDEES,
    OPEN,
    PHONE,
    ZOOM,
    State,
    apply,
    entries,
    take,
    told,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from engagements.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def held() -> Engagement:
    return factories.make_engagement("held", state=Engagement.State.ENDED)


@pytest.fixture
def cora(held: Engagement) -> User:
    return factories.make_member(factories.make_user("Cora"), held, Role.COORDINATOR)


def test_the_same_file_again_changes_nothing(held: Engagement, cora: User) -> None:
    listed = take(held, ZOOM, cora)
    assert listing.upload(held, name="copy.csv", content=ZOOM, by=cora) == listed
    apply(listed, cora)
    with pytest.raises(Refused) as refused:
        listing.upload(held, name="copy.csv", content=ZOOM, by=cora)
    assert refused.value.code == "counted_already"
    assert (AttendanceList.objects.count(), StoredFile.objects.count()) == (1, 1)
    assert queries.joined(held) == 4


def test_a_later_file_corrects_and_undoing_it_brings_the_former_back(
    held: Engagement, cora: User
) -> None:
    first = apply(take(held, ZOOM, cora), cora)
    rows = [row for row in ATTENDEES if "luis" not in row[4]]
    rows[0] = samples.attendee("Jane Roe", "jane@mail.example", 0, 45, category="Employer")
    rows.append(samples.attendee("New Person", "new@mail.example", 0, 5))
    later = take(held, samples.zoom(rows, others=PHONE), cora)
    assert later.corrects == first
    difference = lists.difference(later)
    assert difference.numbers == {"added": 1, "gone": 1, "changed": 1}
    assert (difference.added[0].name, difference.gone[0].name) == ("New Person", "Luis Ortega")
    was, becomes = difference.changed[0]
    assert (was.minutes, becomes.minutes, becomes.category) == (50, 50, "Employer")
    later = apply(later, cora)
    first.refresh_from_db()
    assert (first.state, later.state, queries.joined(held)) == ("superseded", "applied", 4)
    with pytest.raises(Refused) as refused:
        listing.upload(held, name="copy.csv", content=ZOOM, by=cora)
    assert refused.value.code == "superseded"
    list_counting.undo(later, by=cora, revision=later.revision, reason="the wrong day")
    first.refresh_from_db()
    later.refresh_from_db()
    assert (first.state, later.state) == ("applied", "undone")
    assert later.choices["undone"]["reason"] == "the wrong day"
    names = ListedPerson.objects.filter(list__state=State.APPLIED, exclusion="")
    assert names.filter(name="Luis Ortega").count() == 1
    assert "the wrong day" not in str(AuditEntry.objects.values_list("detail"))


def test_a_list_of_another_session_counts_nobody_twice(held: Engagement, cora: User) -> None:
    first = apply(take(held, ZOOM, cora), cora)
    rows = [
        samples.attendee("Jane", "jane@mail.example"),
        samples.attendee("Nora", "nora@mail.example"),
    ]
    second = take(held, samples.zoom(rows, others=PHONE), cora)
    assert second.corrects == first
    second = list_counting.set_corrected(second, by=cora, revision=second.revision, corrected=None)
    assert [row[2] for row in told(second)] == ["host", "elsewhere", "", "elsewhere"]
    apply(second, cora)
    assert queries.joined(held) == 5
    first.refresh_from_db()
    list_counting.undo(first, by=cora, revision=first.revision, reason="no")
    assert [row[2] for row in told(second)] == ["host", "", "", ""]
    assert queries.joined(held) == 3


def test_whoever_was_in_our_room_counts_once(held: Engagement, cora: User) -> None:
    factories.make_attendance(factories.make_registration(held, "J", email="jane@mail.example"))
    apply(take(held, ZOOM, cora), cora)
    assert queries.joined(held) == 4


def test_two_rows_of_one_registrant_count_once(held: Engagement, cora: User) -> None:
    jane = factories.make_registration(held, "Jane Roe", email="jane@mail.example")
    listed = take(held, ZOOM, cora)
    carla = listed.people.get(name="Carla Abarra")
    list_counting.decide(listed, by=cora, revision=listed.revision, decisions={carla.pk: jane.pk})
    carla.refresh_from_db()
    assert (carla.match, carla.exclusion) == ("staff", "elsewhere")
    apply(listed, cora)
    assert queries.joined(held) == 3


def test_a_number_that_was_declared_before_the_list_counts_once(
    held: Engagement, cora: User
) -> None:
    declared = declaring.declare(
        held,
        by=cora,
        kind="phone",
        category=factories.category(),
        source="The operator's report",
        numbers=["202 555 0101", "202 555 0102"],
    )
    rows = [["Name", "Minutes"], ["+1 202 555 0101", "5"], ["Jane", "5"]]
    listed = take(held, samples.as_csv(rows).encode(), cora)
    assert [row[2] for row in told(listed)] == ["elsewhere", ""]
    apply(listed, cora)
    assert queries.joined(held) == 3
    declaring.remove(declared, by=cora)
    assert [row[2] for row in told(listed)] == ["", ""]
    assert queries.joined(held) == 2


def test_one_of_several_with_a_common_name_is_left_out_alone(held: Engagement, cora: User) -> None:
    """Nobody knows which "iPhone" of the later file it was: the office looks again."""
    rows = [["Name", "Minutes"], ["iPhone", "5"], ["iPhone", "6"], ["Jane Roe", "7"]]
    listed = take(held, samples.as_csv(rows).encode(), cora)
    for person in listed.people.filter(name__in=["iPhone", "Jane Roe"])[1:]:
        list_counting.set_counted(person, by=cora, revision=listed.revision, counts=False)
        listed.refresh_from_db()
    apply(listed, cora)
    assert queries.joined(held) == 1
    later = take(held, samples.as_csv([*rows, ["Nora", "8"]]).encode(), cora)
    assert [row[2] for row in told(later)] == ["", "", "left_out", ""]


def test_somebody_whom_a_name_mistook_for_staff_counts_again(held: Engagement, cora: User) -> None:
    factories.make_registration(held, "Carla Abarra", email="carla@office.example", counted="staff")
    listed = take(held, ZOOM, cora)
    person = listed.people.get(name="Carla Abarra")
    assert (person.exclusion, person.match) == ("staff", "name")
    list_counting.set_counted(person, by=cora, revision=listed.revision, counts=True)
    person.refresh_from_db()
    assert (person.exclusion, person.registration, person.match) == ("", None, "")
    apply(listed, cora)
    assert queries.joined(held) == 4


def test_a_decision_about_who_it_is_ends_what_followed_from_the_other(
    held: Engagement, cora: User
) -> None:
    factories.make_registration(held, "Carla Abarra", email="carla@office.example", counted="staff")
    other = factories.make_registration(held, "Carla Abarra Ruiz", email="ruiz@mail.example")
    listed = take(held, ZOOM, cora)
    person = listed.people.get(name="Carla Abarra")
    list_counting.decide(listed, by=cora, revision=listed.revision, decisions={person.pk: other.pk})
    person.refresh_from_db()
    assert (person.exclusion, person.registration, person.match) == ("", other, "staff")


def test_the_office_is_not_counted_by_its_address(held: Engagement, cora: User) -> None:
    factories.make_registration(held, "Jane", email="jane@mail.example", counted="staff")
    listed = take(held, ZOOM, cora)
    jane, carla = listed.people.get(name="Jane Roe"), listed.people.get(name="Carla Abarra")
    with pytest.raises(Refused) as refused:
        list_counting.set_counted(jane, by=cora, revision=listed.revision, counts=True)
    assert refused.value.code == "of_the_office"
    jane.refresh_from_db()
    assert jane.exclusion == "staff"
    list_counting.set_counted(carla, by=cora, revision=listed.revision, counts=True)


def test_who_cancelled_and_came_counts_once(held: Engagement, cora: User) -> None:
    gone = factories.make_registration(held, "Jane Roe", email="jane@mail.example")
    held.registrations.update(state="cancelled")
    apply(take(held, ZOOM, cora), cora)
    assert queries.joined(held) == 4
    factories.make_attendance(gone)
    assert queries.joined(held) == 4


def test_doubtful_people_are_decided_and_the_decision_lasts(held: Engagement, cora: User) -> None:
    carla = factories.make_registration(
        held, "Carla Abara", email="carla@home.example", category=factories.category("employer")
    )
    listed = take(held, ZOOM, cora)
    person = listed.people.get(is_doubtful=True)
    registrants = list_matching.registrants_of(held)
    assert [pk for pk, _score in registrants.alike(person.name)] == [carla.pk]
    decided = list_counting.decide(
        listed, by=cora, revision=listed.revision, decisions={person.pk: carla.pk}
    )
    person.refresh_from_db()
    assert (decided, person.registration, person.match) == (1, carla, "staff")
    assert (person.category.key, person.is_doubtful) == ("employer", False)
    apply(listed, cora)
    later = take(held, samples.zoom([*ATTENDEES, samples.attendee("B", "b@mail.example")]), cora)
    again = later.people.get(name="Carla Abarra")
    assert (again.registration, again.match, again.is_doubtful) == (carla, "staff", False)


def test_a_registration_of_elsewhere_is_refused(
    held: Engagement, cora: User, engagement: Engagement
) -> None:
    foreign = factories.make_registration(engagement, "Carla Abara")
    listed = take(held, ZOOM, cora)
    person = listed.people.get(name="Carla Abarra")
    with pytest.raises(Refused) as refused:
        list_counting.decide(
            listed, by=cora, revision=listed.revision, decisions={person.pk: foreign.pk}
        )
    assert refused.value.code == "unknown_registrant"
    person.refresh_from_db()
    assert person.registration is None


def test_the_office_leaves_people_out_and_counts_others(held: Engagement, cora: User) -> None:
    listed = apply(take(held, ZOOM, cora), cora)
    jane, host = listed.people.get(name="Jane Roe"), listed.people.get(name="Office Host")
    list_counting.set_counted(jane, by=cora, revision=listed.revision, counts=False)
    assert queries.joined(held) == 3
    list_counting.set_counted(host, by=cora, revision=listed.revision + 1, counts=True)
    assert queries.joined(held) == 4
    figures = lists.figures(listed)
    assert sum(step.people for step in lists.steps(listed, figures)) == figures.counted == 4


def test_two_coordinators_do_not_overwrite_each_other(held: Engagement, cora: User) -> None:
    listed = take(held, ZOOM, cora)
    seen = listed.revision
    apply(listed, cora)
    attempts: tuple[Callable[[], object], ...] = (
        lambda: list_counting.apply(listed, by=cora, revision=seen),
        lambda: listing.discard(listed, by=cora, revision=seen),
        lambda: listing.name_again(listed, by=cora, revision=seen),
        lambda: list_counting.undo(listed, by=cora, revision=seen, reason="x"),
    )
    for late in attempts:
        with pytest.raises(Refused) as refused:
            late()
        assert refused.value.code == "changed"
    assert (AttendanceList.objects.get().state, queries.joined(held)) == (State.APPLIED, 4)


@pytest.mark.django_db(transaction=True)
def test_two_who_apply_at_once(held: Engagement, cora: User) -> None:
    """In transactions of their own: one counts the list, the other is told."""
    listed = take(held, ZOOM, cora)
    together = Barrier(2)

    def count(_turn: int) -> str:
        try:
            together.wait()
            return list_counting.apply(listed, by=cora, revision=listed.revision).state
        except Refused as refused:
            return refused.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(count, range(2)))
    assert said == ["applied", "changed"]
    assert entries().count("attendance_list.applied") == 1
    assert queries.joined(held) == 4


def test_whoever_is_erased_is_erased_from_lists_too(held: Engagement, cora: User) -> None:
    jane = factories.make_registration(held, "Jane Roe", email="jane@mail.example")
    apply(take(held, ZOOM, cora), cora)
    changing.erase(jane, by=jane)
    person = ListedPerson.objects.get(registration=jane)
    assert (person.name, person.email, person.email_key, person.phone) == ("", "", "", "")
    assert queries.joined(held) == 4
    rows = [["Name", "Minutes"], ["---", "5"]]
    other = take(held, samples.as_csv(rows).encode(), cora)
    assert [(found.registration, found.is_doubtful) for found in other.people.all()] == [
        (None, False)
    ]


def test_only_coordinators_and_administrators(held: Engagement, cora: User, ada: User) -> None:
    editor = factories.make_member(factories.make_user("Ed"), held, Role.EDITOR)
    listed = take(held, ZOOM, ada)
    attempts: tuple[Callable[[], object], ...] = (
        lambda: listing.upload(held, name="a.csv", content=OPEN, by=editor),
        lambda: list_counting.apply(listed, by=editor, revision=listed.revision),
        lambda: listing.discard(listed, by=editor, revision=listed.revision),
    )
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()
    assert list_counting.apply(listed, by=cora, revision=listed.revision).state == State.APPLIED
