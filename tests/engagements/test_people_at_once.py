"""Two people of the office do the same at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections

from engagements.actions import attending, inviting
from engagements.files.invitee_list import Line
from engagements.models import Engagement, Invitee, OutgoingMail, Registration
from engagements.queries.invitations import review
from engagements.refusals import Refused
from tests import factories
from tests.factories import START

if TYPE_CHECKING:
    from collections.abc import Callable

    from engagements.models import User

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(act: Callable[[int], Any], times: int) -> list[Any]:
    def closing(number: int) -> Any:
        try:
            return act(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(closing, range(times)))


def test_the_same_list_taken_four_times_at_once_invites_everybody_once(
    engagement: Engagement, cora: User
) -> None:
    lines = [Line(row, f"a{row}@x.example") for row in range(2, 32)]
    people = review(engagement, lines).candidates

    invited = at_once(lambda _turn: inviting.invite(engagement, people=people, by=cora), 4)

    assert sorted(invited) == [0, 0, 0, 30]
    assert (Invitee.objects.count(), OutgoingMail.objects.count()) == (30, 30)


def test_of_four_who_are_readmitted_to_two_seats_two_are(
    engagement: Engagement, cora: User
) -> None:
    Engagement.objects.update(capacity=2)
    removed = [factories.make_registration(engagement, removed_at=START).pk for _number in range(4)]

    def readmit(number: int) -> str:
        person = Registration.objects.select_related("engagement").get(pk=removed[number])
        try:
            attending.readmit(person, by=cora)
        except Refused as refused:
            return refused.code
        return "done"

    assert sorted(at_once(readmit, 4)) == ["done", "done", "full", "full"]
    assert Registration.objects.filter(removed_at=None).count() == 2
