"""Two at a time: real transactions, each in a thread with a connection of its own."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from django.db import connections, transaction

from engagements.models import Engagement
from engagements.refusals import Refused
from qa import events, states
from qa.actions import moderating
from qa.actions.agency import drafting, sealing
from qa.models import Forwarding
from qa.queries.agency import frozen
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from engagements.models import User

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def over(live_engagement: Engagement) -> Engagement:
    """It is over, and the floor takes questions by mail still."""
    for number in range(40):
        factories.make_question(live_engagement.floor, f"Question {number}?")
    Engagement.objects.filter(pk=live_engagement.pk).update(state=Engagement.State.ENDED)
    live_engagement.refresh_from_db()
    return live_engagement


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Starts all in the same moment; gives what each returns, or the code of its refusal."""
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            start.wait(timeout=30)
            return act()
        except Refused as refused:
            return refused.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def test_a_double_click_seals_one_list(over: Engagement, edna: User, uma: User) -> None:
    draft = drafting.begin(over, by=edna)
    first, second = (Forwarding.objects.get(pk=draft.pk) for _click in range(2))

    results = at_once(
        lambda: sealing.seal(first, by=edna).number, lambda: sealing.seal(second, by=edna).number
    )

    assert sorted(map(str, results)) == ["1", "already"]
    sent = Forwarding.objects.get()
    assert (sent.number, sent.files.count(), sent.questions.count()) == (1, 3, 40)


def test_two_who_begin_get_the_same_draft(over: Engagement, edna: User, paul: User) -> None:
    keys = at_once(
        lambda: drafting.begin(over, by=edna).pk, lambda: drafting.begin(over, by=paul).pk
    )
    assert keys == [Forwarding.objects.get().pk] * 2


def test_asking_and_moderating_meanwhile_leave_one_consistent_list(
    over: Engagement, edna: User, omar: User
) -> None:
    draft = drafting.begin(over, by=edna)
    floor = over.floor

    def ask() -> None:
        for number in range(5):
            with transaction.atomic():
                factories.make_question(events.lock(floor.pk), f"Late {number}?")

    def moderate() -> None:
        for number in range(1, 6):
            moderating.show(floor, by=omar, number=number, seen=1)

    sealed, *_others = at_once(lambda: sealing.seal(draft, by=edna), ask, moderate)

    sent = Forwarding.objects.get(state=states.FORWARDING_SENT) if sealed != "busy" else None
    if sent is None:
        # They were faster than every attempt; nothing was sent, and the draft is still there.
        assert Forwarding.objects.get().state == states.FORWARDING_DRAFT
        sent = sealing.seal(Forwarding.objects.get(), by=edna)
    assert frozen.stated_digest(sent) == sent.digest
    numbers = list(sent.questions.values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    shown = [row.number for row in frozen.frozen_rows(sent) if row.status == states.OPEN]
    assert shown == list(range(1, len(shown) + 1))
    told = json.loads(factories.list_file(sent, "json"))
    assert [one["number"] for one in told["questions"]] == numbers
    assert sent.facts["received"] == sent.question_count == len(numbers)
