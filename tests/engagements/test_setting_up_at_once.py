"""People who set the same engagement up at the same moment."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from django.db import connections

from engagements.actions import cloning, materials, noticing, questioning, running
from engagements.models import Engagement, Material, Notice, StoredFile
from engagements.refusals import Refused
from tests import factories
from tests.engagements.papers import TEXT
from tests.engagements.test_questioning import wording

if TYPE_CHECKING:
    from collections.abc import Callable

    from engagements.models import User

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What became of each: "done", or the code of its refusal."""
    begin = threading.Barrier(len(acts))

    def act(what: Callable[[], object]) -> str:
        try:
            begin.wait(timeout=30)
            what()
        except Refused as refused:
            return refused.code
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(act, acts, timeout=60))


def test_of_six_who_save_what_they_saw_one_does(engagement: Engagement, cora: User) -> None:
    def save(title: str) -> Callable[[], object]:
        return lambda: running.edit(
            Engagement.objects.get(pk=engagement.pk), by=cora, seen=1, title=title
        )

    assert at_once(*(save(title) for title in "ABCDEF")) == ["changed_meanwhile"] * 5 + ["done"]
    engagement.refresh_from_db()
    assert (engagement.title in "ABCDEF", engagement.revision) == (True, 2)


def test_of_six_who_publish_over_the_same_notices_one_does(ada: User) -> None:
    seen = Notice.of_office().pk

    def publish(text: str) -> Callable[[], object]:
        return lambda: noticing.publish(by=ada, seen=seen, privacy=text)

    assert at_once(*(publish(text) for text in "ABCDEF")) == ["changed_meanwhile"] * 5 + ["done"]
    assert Notice.objects.count() == 2


def test_six_who_add_at_once_have_six_places(engagement: Engagement, cora: User) -> None:
    def add(title: str) -> Callable[[], object]:
        return lambda: materials.add(engagement, by=cora, title=title, document=TEXT)

    assert at_once(*(add(title) for title in "ABCDEF")) == ["done"] * 6
    assert [one.position for one in engagement.materials.all()] == [1, 2, 3, 4, 5, 6]


def test_an_answered_choice_and_its_dependent_change_in_turn(
    engagement: Engagement, cora: User
) -> None:
    first = questioning.add(engagement, by=cora, **wording())
    done = at_once(
        lambda: questioning.add(
            engagement, by=cora, **wording("Why not?", shown_when=first, shown_when_answer="No")
        ),
        lambda: questioning.edit(first, by=cora, **wording(choices=["Yes", "Never"])),
    )
    assert done in (["choices", "done"], ["done", "shown_when_answer"])


def test_a_file_that_is_cloned_and_removed_is_whole_or_gone(
    engagement: Engagement, cora: User
) -> None:
    for _ in range(5):
        added = materials.add(engagement, by=cora, title="Slides", document=TEXT)
        done = at_once(
            lambda: cloning.clone(
                engagement, by=cora, title="Two", starts_at=factories.START, parts=["materials"]
            ),
            lambda added=added: materials.remove(added, by=cora),  # type: ignore[misc]
        )
        assert done == ["done", "done"]
    assert StoredFile.objects.count() == Material.objects.count()
