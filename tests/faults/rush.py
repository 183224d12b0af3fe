"""The people of `tests.faults.seats`: python -m tests.faults.rush PORT ... (with its settings)."""

from __future__ import annotations

import itertools
import json
import sys
import threading
import time
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402
from django.db.models import Count, Q  # noqa: E402
from django.urls import reverse  # noqa: E402

from engagements.actions import attending, registering, running  # noqa: E402
from engagements.models import Engagement, OutgoingMail, Registration, Role  # noqa: E402
from tests import factories  # noqa: E402
from tests.faults.seats import PEOPLE, together  # noqa: E402
from tests.faults.visitor import Answer, Visitor  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.db.models import QuerySet

    from engagements.models import User

State = Registration.State
SEATS: Final = 10
TAKEN_BEFORE: Final = 5
SEATED: Final = Q(
    registrations__state=State.REGISTERED,
    registrations__removed_at=None,
    registrations__counted=Registration.Counted.COUNTED,
)


class Watcher(threading.Thread):
    """Looks at the database all the time: how often there were more people than seats."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.looks = self.too_many = 0
        self._is_over = threading.Event()

    def run(self) -> None:
        while not self._is_over.wait(0.005):
            rows = Engagement.objects.annotate(people=Count("registrations", SEATED))
            self.too_many += sum(row.people > (row.capacity or 0) for row in rows)
            self.looks += 1
        connections.close_all()

    def stop(self) -> None:
        self._is_over.set()
        self.join()


def main(ports: list[int]) -> dict[str, Any]:
    call_command("migrate", verbosity=0)
    cora = factories.make_user("Cora")
    rush = _engagement("rush", cora, capacity=SEATS + TAKEN_BEFORE)
    mixed = _engagement("mixed", cora, capacity=SEATS)
    for _ in range(TAKEN_BEFORE):
        factories.make_registration(rush)
    watcher = Watcher()
    watcher.start()
    report = {"rush": _rush(rush, ports), "mixed": _mixed(mixed, cora, ports)}
    watcher.stop()
    return report | {"looks": watcher.looks, "too many people": watcher.too_many}


def _engagement(slug: str, cora: User, **fields: Any) -> Engagement:
    engagement = factories.make_engagement(slug, **fields)
    factories.make_member(cora, engagement, Role.COORDINATOR)
    return engagement


def _rush(engagement: Engagement, ports: list[int]) -> dict[str, Any]:
    """A hundred send the form at the same moment."""
    sends = [_newcomer(engagement, f"rush-{number}", ports, number) for number in range(PEOPLE)]
    began = time.monotonic()
    with together(PEOPLE) as at_once:
        answers: list[Answer] = at_once(sends)
    seconds = time.monotonic() - began
    came = engagement.registrations.filter(email__startswith="rush-")
    waiting = list(came.filter(state=State.WAITLISTED).order_by("waitlisted_at", "pk"))
    answer_to = dict(zip([f"rush-{n}@public.example" for n in range(PEOPLE)], answers, strict=True))
    return {
        "statuses": sorted({answer.status for answer in answers}),
        "registered": came.filter(state=State.REGISTERED).count(),
        "waitlisted": len(waiting),
        "mails": OutgoingMail.objects.filter(registration__in=came).count(),
        "out of order": _out_of_order([answer_to[one.email] for one in waiting]),
        "out of number": sum(first.pk > second.pk for first, second in itertools.pairwise(waiting)),
        "waited while seats were free": came.filter(
            state=State.WAITLISTED, waitlisted_at__lt=_last_seated(came)
        ).count(),
        "seconds": round(seconds, 2),
    }


def _last_seated(came: QuerySet[Registration]) -> datetime:
    return came.filter(state=State.REGISTERED).latest("registered_at").registered_at


def _out_of_order(answers: list[Answer]) -> int:
    """Pairs of which the later one was acknowledged before the earlier one was sent."""
    return sum(
        later.came_at < earlier.sent_at
        for position, earlier in enumerate(answers)
        for later in answers[position + 1 :]
    )


def _mixed(engagement: Engagement, cora: User, ports: list[int]) -> dict[str, Any]:
    """At the same moment some cancel, some are removed, some come, and there are more seats."""
    people = [_phoned(engagement, cora, number) for number in range(40)]
    works: list[Callable[[], Any]] = []
    leaving = people[:4] + people[14:16]
    works += [_leaving(one, ports[number % len(ports)]) for number, one in enumerate(leaving)]
    works += [_in_here(partial(attending.remove, one, by=cora)) for one in people[4:6]]
    works.append(_in_here(lambda: running.edit(engagement, by=cora, capacity=SEATS + 5)))
    works += [_newcomer(engagement, f"mixed-{number}", ports, number) for number in range(10)]
    with together(len(works)) as at_once:
        answers = at_once(works)
    engagement.refresh_from_db()
    everybody = engagement.registrations
    seated = everybody.filter(state=State.REGISTERED, removed_at=None)
    promoted = seated.exclude(waitlisted_at=None)
    waiting = everybody.filter(state=State.WAITLISTED).order_by("waitlisted_at")
    last = promoted.order_by("waitlisted_at").last()
    first = waiting.first()
    told = Counter(
        OutgoingMail.objects.filter(
            template="engagements/promoted", registration__engagement=engagement
        ).values_list("registration", flat=True)
    )
    assert last is not None and first is not None
    return {
        "statuses": sorted({one.status for one in answers if isinstance(one, Answer)}),
        "capacity": engagement.capacity,
        "registered": seated.count(),
        "promoted": promoted.count(),
        "promoted and not told": promoted.exclude(pk__in=told).count(),
        "told twice": sum(number > 1 for number in told.values()),
        "waitlisted": waiting.count(),
        "cancelled": everybody.filter(state=State.CANCELLED).count(),
        "removed": everybody.exclude(removed_at=None).count(),
        "overtaken": waiting.filter(waitlisted_at__lt=last.waitlisted_at).count(),
    }


def _phoned(engagement: Engagement, cora: User, number: int) -> Registration:
    return registering.register(
        engagement,
        name=f"Early {number}",
        email=f"early-{number}@public.example",
        organization="",
        category=factories.category(),
        by=cora,
        source=Registration.Source.STAFF,
    )


def _newcomer(
    engagement: Engagement, name: str, ports: list[int], number: int
) -> Callable[[], Answer]:
    address = reverse("register", args=[engagement.slug])
    visitor = Visitor(ports[number % len(ports)])
    visitor.get(address)
    return lambda: visitor.post(
        address, name=name, email=f"{name}@public.example", category="attorney", consent="on"
    )


def _leaving(registration: Registration, port: int) -> Callable[[], Answer]:
    visitor = Visitor(port)
    visitor.get(reverse("join", args=[registration.token()]))
    slug = registration.engagement.slug
    visitor.get(reverse("own-registration", args=[slug]))
    return lambda: visitor.post(reverse("own-registration-cancel", args=[slug]))


def _in_here(work: Callable[[], Any]) -> Callable[[], Any]:
    def done() -> Any:
        try:
            return work()
        finally:
            connections.close_all()

    return done


if __name__ == "__main__":
    sys.stdout.write(f"{json.dumps(main([int(port) for port in sys.argv[1:]]))}\n")
