"""What is done to many questions at once is written at once: as many queries as for a few."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagements.models import AuditEntry
from qa import states
from qa.actions import agenda, bulk, floor_settings
from qa.models import FloorEvent, Label
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from engagements.models import User
    from qa.models import Floor

pytestmark = pytest.mark.django_db

MANY = 30


def cost(act: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)


def make(floor: Floor, number: int, **fields: Any) -> list[tuple[int, int]]:
    """Numbers of new questions, with their revisions."""
    made = [factories.make_question(floor, **fields) for _n in range(number)]
    return [(one.number, 1) for one in made]


@pytest.mark.parametrize("move", ["show", "hold", "dismiss", "divert", "label", "assign"])
def test_a_bulk_of_many_costs_what_one_of_a_few_does(floor: Floor, omar: User, move: str) -> None:
    label = Label.objects.create(engagement=floor.engagement, name="Fees").pk
    more: dict[str, Any] = {"dismiss": {"reason": "unclear"}, "label": {"label": label}}

    def act(questions: list[tuple[int, int]]) -> bulk.Outcome:
        return bulk.apply(floor, by=omar, move=move, questions=questions, **more.get(move, {}))

    first, few, many = (make(floor, number, votes=1) for number in (1, 2, MANY))
    act(first)  # It also reads the engagement.
    at_few = cost(lambda: act(few))
    assert cost(lambda: act(many)) == at_few
    assert FloorEvent.objects.count() == 3 + MANY
    assert set(floor.questions.values_list("revision", flat=True)) == {2}


def test_a_question_that_is_named_twice_is_changed_once(floor: Floor, omar: User) -> None:
    asked = make(floor, 2)
    outcome = bulk.apply(floor, by=omar, move="hold", questions=[*asked, asked[0]])
    assert [one.number for one in outcome.done] == [1, 2]
    assert [one.number for one in outcome.refused] == [1]
    events = FloorEvent.objects.order_by("number").values_list("question_number", flat=True)
    assert list(events) == [1, 2]
    assert AuditEntry.objects.filter(action="question.held").count() == 2


def test_a_label_of_many_questions_costs_what_one_of_a_few_does(floor: Floor, omar: User) -> None:
    few, many, heir, first = (
        Label.objects.create(engagement=floor.engagement, name=name) for name in "ABCD"
    )
    make(floor, 2, label=few, state=states.SHOWN)
    make(floor, MANY, label=many, state=states.SHOWN)

    def rename(label: Label) -> Label:
        return agenda.rename(floor, by=omar, label=label.pk, name=f"New {label.name}")

    def remove(label: Label) -> int:
        return agenda.remove(floor, by=omar, label=label.pk, to=heir.pk)

    rename(first)  # It also reads the engagement.
    for act in (rename, remove):
        at_few = cost(lambda: act(few))  # noqa: B023 - called here
        assert cost(lambda: act(many)) == at_few  # noqa: B023
    assert FloorEvent.objects.count() == 2 * (2 + MANY)
    floor.refresh_from_db()
    assert floor.public_head == floor.head == 2 * (2 + MANY)


def test_names_of_many_go_at_the_cost_of_a_few(floor: Floor, omar: User) -> None:
    def switch() -> Floor:
        return floor_settings.change(floor, by=omar, attribution=states.ANONYMOUS)

    costs = []
    for number in (2, MANY):
        floor_settings.change(floor, by=omar, attribution=states.NAMED)
        make(floor, number, asker_name="Ana Alpha", state=states.SHOWN)
        costs.append(cost(switch))
    assert costs[0] == costs[1]
