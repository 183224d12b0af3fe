from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections

from engagements import clock
from engagements.actions import attending, changing, registering, running, seating
from engagements.models import AuditEntry, Engagement, OutgoingMail, Registration
from engagements.queries import people
from engagements.tasks import run_next_task
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from engagements.models import User

pytestmark = pytest.mark.django_db

State = Registration.State
START = factories.START


@pytest.fixture
def small(engagement: Engagement) -> Engagement:
    """Two seats."""
    Engagement.objects.filter(pk=engagement.pk).update(capacity=2)
    engagement.refresh_from_db()
    return engagement


def register(engagement: Engagement, name: str, **fields: Any) -> Registration:
    values: dict[str, Any] = {
        "name": name,
        "email": f"{name.lower()}@public.example",
        "organization": "",
        "category": factories.category(),
    }
    return registering.register(engagement, **(values | fields))


def register_all(engagement: Engagement, *names: str) -> list[Registration]:
    """One a minute."""
    found = []
    for minute, name in enumerate(names):
        with clock.set_to(START - timedelta(days=1) + timedelta(minutes=minute)):
            found.append(register(engagement, name))
    return found


def states_of(engagement: Engagement) -> dict[str, str]:
    return dict(engagement.registrations.order_by("pk").values_list("name", "state"))


def templates() -> list[tuple[str, str]]:
    mails = OutgoingMail.objects.order_by("pk").values_list("to", "template")
    return [(to.partition("@")[0], template.partition("/")[2]) for to, template in mails]


def test_who_comes_when_all_seats_are_taken_waits_in_line(small: Engagement) -> None:
    *_, cara, dora = register_all(small, "Ana", "Ben", "Cara", "Dora")
    assert states_of(small) == {
        "Ana": "registered",
        "Ben": "registered",
        "Cara": "waitlisted",
        "Dora": "waitlisted",
    }
    assert (people.place(cara), people.place(dora)) == (1, 2)
    assert (seating.taken(small), seating.free(small), seating.has_seat(small)) == (2, 0, False)
    assert templates() == [
        ("ana", "registered"),
        ("ben", "registered"),
        ("cara", "waitlisted"),
        ("dora", "waitlisted"),
    ]


def test_without_a_capacity_everybody_has_a_seat(engagement: Engagement) -> None:
    register_all(engagement, "Ana", "Ben")
    assert set(states_of(engagement).values()) == {"registered"}
    assert (seating.free(engagement), seating.has_seat(engagement)) == (None, True)


def test_a_seat_that_becomes_free_goes_to_who_waits_longest(small: Engagement) -> None:
    ana, *_ = register_all(small, "Ana", "Ben", "Cara", "Dora")
    OutgoingMail.objects.all().delete()
    changing.cancel(ana, by=ana)
    assert states_of(small) == {
        "Ana": "cancelled",
        "Ben": "registered",
        "Cara": "registered",
        "Dora": "waitlisted",
    }
    assert templates() == [("ana", "withdrawn"), ("cara", "promoted")]
    entry = AuditEntry.objects.get(action="registration.promoted")
    assert (entry.actor_label, entry.subject) == (
        "seating",
        f"engagements.registration:{Registration.objects.get(name='Cara').pk}",
    )


def test_who_gives_up_a_place_on_the_waitlist_frees_no_seat(small: Engagement) -> None:
    *_, cara, dora = register_all(small, "Ana", "Ben", "Cara", "Dora")
    changing.cancel(cara, by=cara)
    assert states_of(small) == {
        "Ana": "registered",
        "Ben": "registered",
        "Cara": "cancelled",
        "Dora": "waitlisted",
    }
    assert people.place(dora) == 1


def test_who_comes_back_stands_at_the_end_of_the_waitlist(small: Engagement) -> None:
    ana, *_ = register_all(small, "Ana", "Ben", "Cara", "Dora")
    with clock.set_to(START - timedelta(hours=5)):
        changing.cancel(ana, by=ana)
        register(small, "Ana")
    back = Registration.objects.get(name="Ana")
    assert (back.pk, back.state, back.cancelled_at) == (ana.pk, "waitlisted", None)
    assert people.place(back) == 2


@pytest.mark.parametrize(
    ("capacity", "registered"), [(1, 2), (2, 2), (3, 3), (4, 4), (9, 5), (None, 5)]
)
def test_more_seats_go_to_who_waits_and_fewer_expel_nobody(
    small: Engagement, cora: User, capacity: int | None, registered: int
) -> None:
    register_all(small, "Ana", "Ben", "Cara", "Dora", "Emil")
    OutgoingMail.objects.all().delete()
    running.edit(small, by=cora, capacity=capacity)
    states = list(states_of(small).values())
    assert states == ["registered"] * registered + ["waitlisted"] * (5 - registered)
    assert [to for to, template in templates() if template == "promoted"] == [
        "cara",
        "dora",
        "emil",
    ][: registered - 2]


def test_nobody_overtakes_who_waits(small: Engagement) -> None:
    register_all(small, "Ana", "Ben", "Cara")
    # As if a seat had become free without a promotion.
    Registration.objects.filter(name="Ana").update(removed_at=START)
    assert register(small, "Dora").state == State.WAITLISTED


def test_people_of_the_office_take_no_seat(small: Engagement, omar: User) -> None:
    register_all(small, "Ana", "Ben")
    assert register(small, "Omar", email=omar.email).state == State.REGISTERED
    assert seating.taken(small) == 2


def test_who_has_not_confirmed_takes_no_seat(small: Engagement) -> None:
    Engagement.objects.update(confirms_address=True)
    ana, ben, cara = register_all(small, "Ana", "Ben", "Cara")
    assert seating.taken(small) == 0
    assert [registering.confirm(one, by=one).state for one in (cara, ben, ana)] == [
        "registered",
        "registered",
        "waitlisted",
    ]


def test_a_removed_person_frees_the_seat(small: Engagement, cora: User) -> None:
    ana, *_ = register_all(small, "Ana", "Ben", "Cara")
    attending.remove(ana, by=cora)
    assert seating.taken(small) == 2
    assert Registration.objects.get(name="Cara").state == State.REGISTERED


def at_once(works: list[Callable[[], Any]]) -> list[Any]:
    def run(work: Callable[[], Any]) -> Any:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_exactly_the_seats(engagement: Engagement) -> None:
    Engagement.objects.update(capacity=4)
    names = [f"P{number}" for number in range(12)]
    found = at_once([partial(register, engagement, name) for name in names])
    assert sorted(one.state for one in found) == ["registered"] * 4 + ["waitlisted"] * 8
    waiting = engagement.registrations.filter(state=State.WAITLISTED)
    assert list(waiting.order_by("waitlisted_at")) == list(waiting.order_by("pk"))


@pytest.mark.django_db(transaction=True)
def test_cancelling_raising_and_registering_at_once_keep_the_capacity(
    engagement: Engagement, cora: User
) -> None:
    Engagement.objects.update(capacity=4)
    people = [register(engagement, f"P{number}") for number in range(12)]
    works: list[Callable[[], Any]] = [
        *(partial(changing.cancel, one, by=one) for one in people[:3]),
        partial(running.edit, engagement, by=cora, capacity=6),
        *(partial(register, engagement, f"N{number}") for number in range(3)),
    ]
    at_once(works)
    seated = [name for name, state in states_of(engagement).items() if state == "registered"]
    assert seated == ["P3", "P4", "P5", "P6", "P7", "P8"]
    promoted = [to for to, template in templates() if template == "promoted"]
    assert sorted(promoted) == ["p4", "p5", "p6", "p7", "p8"]


def test_of_many_new_seats_the_worker_tells(engagement: Engagement, cora: User) -> None:
    Engagement.objects.update(capacity=1)
    people = [register(engagement, f"P{number}") for number in range(seating.TOLD_AT_ONCE + 4)]
    OutgoingMail.objects.all().delete()
    running.edit(engagement, by=cora, capacity=None)
    assert set(states_of(engagement).values()) == {"registered"}
    at_once = [to for to, _template in templates()]
    assert at_once == [f"p{number}" for number in range(1, seating.TOLD_AT_ONCE + 1)]
    changing.cancel(people[-1], by=people[-1])
    OutgoingMail.objects.filter(template="engagements/withdrawn").delete()
    assert run_next_task("worker")
    told = [to for to, template in templates() if template == "promoted"]
    assert told == [f"p{number}" for number in range(1, seating.TOLD_AT_ONCE + 3)]
    # As if the worker had been killed before it noted that it was done.
    again = [one.pk for one in people[1:]]
    assert seating.tell_promoted(again, since=engagement.created_at) == 0
    assert not run_next_task("worker")
