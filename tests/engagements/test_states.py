from __future__ import annotations

from engagements import states
from engagements.models import Engagement


def test_every_state_of_the_table_is_one_of_the_model() -> None:
    named = {target for _, target in states.MOVES.values()}.union(
        *(sources for sources, _ in states.MOVES.values())
    )
    assert named == set(Engagement.State.values)


def test_the_moves_that_are_open_in_each_state() -> None:
    assert {state: states.moves_from(state) for state in Engagement.State.values} == {
        "draft": ["schedule", "cancel"],
        "scheduled": ["start", "cancel"],
        "live": ["end", "cancel"],
        "ended": ["archive"],
        "archived": [],
        "cancelled": [],
    }


def test_only_drafts_are_hidden() -> None:
    assert set(Engagement.State.values) - states.PUBLIC == {states.DRAFT}
