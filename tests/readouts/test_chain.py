from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from engagements.models import AuditEntry
from engagements.refusals import NotAllowed, Refused
from readouts import queries
from readouts.actions import chain
from readouts.models import ClearanceStep
from tests.readouts.clearing import add_step, mark

if TYPE_CHECKING:
    from engagements.models import User

pytestmark = pytest.mark.django_db


def names() -> list[str]:
    return [step.name for step in queries.all_steps()]


def test_administrator_sets_the_chain(ada: User, omar: User, cora: User) -> None:
    counsel = add_step(" Counsel ", omar, by=ada)
    privacy = add_step("Privacy", omar, cora, by=ada)
    assert [(step.name, step.position) for step in queries.chain()] == [
        ("Counsel", 1),
        ("Privacy", 2),
    ]
    assert [person.name for person in queries.chain()[1].people.all()] == ["Cora", "Omar"]
    chain.move(privacy.pk, by=ada, seen=mark(), steps=-1)
    assert names() == ["Privacy", "Counsel"]
    chain.edit(
        counsel.pk, by=ada, seen=mark(), name="Lawyers", people=[cora], is_active=False
    )  # fmt: skip
    assert [step.name for step in queries.chain()] == ["Privacy"]
    assert names() == ["Privacy", "Lawyers"]
    entry = AuditEntry.objects.filter(action="clearance.step_edited").get()
    assert entry.actor == ada
    assert entry.detail["people"] == [cora.pk]
    assert "Lawyers" not in str(entry.detail)


def test_only_an_administrator_of_now_sets_it(ada: User, edna: User, cora: User) -> None:
    step = add_step("Counsel", cora, by=ada)
    with pytest.raises(NotAllowed):
        add_step("Privacy", cora, by=edna)
    type(ada).objects.filter(pk=ada.pk).update(is_administrator=False)
    with pytest.raises(NotAllowed):
        chain.move(step.pk, by=ada, seen=mark(), steps=1)
    with pytest.raises(NotAllowed):
        chain.edit(step.pk, by=ada, seen=mark(), name="X", people=[cora], is_active=True)
    assert names() == ["Counsel"]


def test_a_step_needs_a_name_and_somebody_who_can_approve(ada: User, cora: User, uma: User) -> None:
    for name, people, code in [
        (" \n", [cora], "empty"),
        ("x" * 81, [cora], "too_long"),
        ("Counsel", [], "nobody"),
        ("Counsel", [uma], "nobody"),
    ]:
        with pytest.raises(Refused) as refusal:
            add_step(name, *people, by=ada)
        assert refusal.value.code == code
    assert not ClearanceStep.objects.exists()
    step = add_step("Counsel", uma, cora, by=ada)
    assert list(step.people.all()) == [cora]


def test_a_chain_has_an_end(ada: User, cora: User) -> None:
    for number in range(chain.LONGEST_CHAIN):
        add_step(f"Step {number}", cora, by=ada)
    with pytest.raises(Refused) as refusal:
        add_step("One more", cora, by=ada)
    assert refusal.value.code == "too_many"


def test_who_was_overtaken_changes_nothing(ada: User, cora: User) -> None:
    seen = mark()
    add_step("Counsel", cora, by=ada)
    with pytest.raises(Refused) as refusal:
        chain.add(by=ada, seen=seen, name="Privacy", people=[cora])
    assert refusal.value.code == "overtaken"
    assert names() == ["Counsel"]


@pytest.mark.django_db(transaction=True)
def test_of_two_administrators_at_once_one_is_told(ada: User, cora: User) -> None:
    seen, ready = mark(), threading.Barrier(2)
    results: list[str] = []

    def press(name: str) -> None:
        ready.wait()
        try:
            results.append(chain.add(by=ada, seen=seen, name=name, people=[cora]).name)
        except Refused as refused:
            results.append(refused.code)
        finally:
            connection.close()

    presses = [threading.Thread(target=press, args=(name,)) for name in ("Counsel", "Privacy")]
    for thread in presses:
        thread.start()
    for thread in presses:
        thread.join()
    assert len(names()) == 1
    assert sorted(results) == sorted([*names(), "overtaken"])
