"""Whoever wrote something that a readout shows, after its editors did, lets others decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engagements.actions import materials
from engagements.models import Role
from engagements.refusals import Refused
from qa.actions import answering
from qa.models import Question, WrittenAnswer
from readouts import rules
from readouts.actions import editing, publishing
from readouts.models import Approval, ReadoutVersion
from tests import factories
from tests.readouts.clearing import add_step, approve, digest_of

if TYPE_CHECKING:
    from engagements.models import Engagement, User
    from readouts.actions.editing import Columns
    from readouts.models import Readout

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob(over: Engagement) -> User:
    """Coordinates, answers and edits."""
    bob = factories.make_user("Bob")
    for role in (Role.COORDINATOR, Role.MODERATOR, Role.EDITOR):
        factories.make_member(bob, over, role)
    return bob


def submit(readout: Readout, by: User, **columns: bool) -> None:
    shown: Columns = {"summary": "Said.", **columns}  # type: ignore[typeddict-item]  # by name
    editing.edit(readout, by=by, revision=readout.revision, **shown)
    publishing.submit(readout, by=by)


def post_material(engagement: Engagement, by: User) -> None:
    materials.add(engagement, by=by, title="Words of one person", url="https://x.example/")


def post_answer(question: Question, by: User) -> None:
    question.refresh_from_db()
    answering.write(
        question.floor,
        by=by,
        number=question.number,
        seen=question.revision,
        text="Words of one person",
        given_by="Bob",
        reach=WrittenAnswer.Reach.ALL,
        publish=True,
    )


def code_of_publishing(readout: Readout, by: User) -> str:
    with pytest.raises(Refused) as refusal:
        publishing.publish(readout, by=by)
    return refusal.value.code


def test_who_posted_a_material_meanwhile_does_not_publish_it_alone(
    readout: Readout, over: Engagement, edna: User, paul: User, bob: User, ada: User
) -> None:
    post_material(over, ada)
    submit(readout, edna, shows_materials=True)
    assert rules.may_publish(ada, readout)  # An editor has looked at that one.
    post_material(over, bob)
    assert code_of_publishing(readout, bob) == "last_editor"
    assert ReadoutVersion.objects.count() == 0
    publishing.publish(readout, by=paul)
    assert len(ReadoutVersion.objects.get().document["materials"]) == 2


def test_nor_an_answer(
    readout: Readout, questions: list[Question], edna: User, paul: User, bob: User
) -> None:
    submit(readout, edna, shows_answers=True)
    post_answer(questions[0], bob)
    assert code_of_publishing(readout, bob) == "last_editor"
    publishing.publish(readout, by=paul)
    (answer,) = ReadoutVersion.objects.get().document["answers"]
    assert answer["answer"] == "Words of one person"


def test_what_is_not_shown_stands_in_nobodys_way(
    readout: Readout, over: Engagement, questions: list[Question], edna: User, bob: User
) -> None:
    submit(readout, edna, shows_materials=False, shows_answers=False)
    post_material(over, bob)
    post_answer(questions[0], bob)
    assert publishing.publish(readout, by=bob).number == 1


def test_nor_does_such_a_person_approve(
    readout: Readout, over: Engagement, edna: User, bob: User, paul: User, ada: User
) -> None:
    step = add_step("Counsel", bob, paul, by=ada)
    submit(readout, edna, shows_materials=True)
    post_material(over, bob)
    with pytest.raises(Refused) as refusal:
        approve(readout, step, by=bob)
    assert (refusal.value.code, Approval.objects.count()) == ("last_editor", 0)
    assert approve(readout, step, by=paul).digest == digest_of(readout)
