"""Who ends the engagement and who asks wait for each other, and never for ever."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from django.db import connections

from engagements.actions import running
from engagements.refusals import Refused
from qa.actions.asking import Ask, ask_all
from qa.models import Floor, Question

if TYPE_CHECKING:
    from engagements.models import Engagement, Registration, User

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_engagement_ends_while_people_ask(
    live_engagement: Engagement, ana: Registration, cora: User
) -> None:
    floor = live_engagement.floor.pk
    is_over = threading.Event()

    def ask_on() -> list[str]:
        codes = []
        # SQLite gives its one lock to whoever asks at the right moment: without a pause three who
        # ask all the time leave a fourth none.
        while not is_over.wait(0.01):
            [outcome] = ask_all(floor, [Ask(ana.pk, "Why?", uuid.uuid4())])
            codes.append(outcome.code if isinstance(outcome, Refused) else "stored")
        connections.close_all()
        return codes

    def end() -> None:
        try:
            running.end(live_engagement, by=cora)
        finally:
            is_over.set()
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        asking = [pool.submit(ask_on) for _ in range(3)]
        ending = pool.submit(end)
        ending.result(timeout=30)
        codes = [code for one in asking for code in one.result(timeout=30)]

    assert set(codes) <= {"stored", "too_fast", "floor_closed"}
    assert codes.count("stored") == Question.objects.count() <= 6
    assert Floor.objects.get(pk=floor).state == "closed"
