"""The labels of an engagement, and the topic that is up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from engagements.models import AuditEntry
from engagements.refusals import NotAllowed, Refused
from qa import queries, states
from qa.actions import agenda
from qa.models import Floor, FloorEvent, Label
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from engagements.models import User

pytestmark = pytest.mark.django_db


def names(floor: Floor) -> list[str]:
    return [label.name for label in floor.engagement.labels.all()]


@pytest.fixture
def fees(floor: Floor, omar: User) -> Label:
    agenda.add(floor, by=omar, name="Forms")
    return agenda.add(floor, by=omar, name="Fees")


def test_labels_are_added_in_order_and_moved(floor: Floor, fees: Label, omar: User) -> None:
    assert names(floor) == ["Forms", "Fees"]
    agenda.move(floor, by=omar, label=fees.pk, up=True)
    assert names(floor) == ["Fees", "Forms"]
    with pytest.raises(Refused) as refusal:
        agenda.add(floor, by=omar, name="FEES")
    assert refusal.value.code == "name"
    assert names(floor) == ["Fees", "Forms"]


def test_a_new_name_is_told_and_overtakes_no_decision(
    floor: Floor, fees: Label, omar: User
) -> None:
    question = factories.make_question(floor, label=fees, state=states.SHOWN)
    agenda.set_topic(floor, by=omar, label=fees.pk)
    agenda.rename(floor, by=omar, label=fees.pk, name="Costs")

    question.refresh_from_db()
    assert question.revision == 1
    told = [event.payload for event in FloorEvent.objects.order_by("number")]
    assert told[1]["question"]["label"] == "Costs"
    assert [told[0]["label"], told[2]["label"]] == ["Fees", "Costs"]


def test_questions_of_a_removed_label_get_another_or_none(
    floor: Floor, fees: Label, omar: User
) -> None:
    forms = floor.engagement.labels.get(name="Forms")
    one = factories.make_question(floor, label=fees)
    two = factories.make_question(floor, label=forms)
    agenda.set_topic(floor, by=omar, label=fees.pk)
    with pytest.raises(Refused):
        agenda.remove(floor, by=omar, label=fees.pk, to=fees.pk)

    assert agenda.remove(floor, by=omar, label=fees.pk, to=forms.pk) == 1
    one.refresh_from_db()
    assert (one.label, one.revision) == (forms, 2)
    assert queries.floor_of(floor.engagement).current_label is None
    assert agenda.remove(floor, by=omar, label=forms.pk) == 2
    two.refresh_from_db()
    assert two.label is None
    assert names(floor) == []


def test_the_topic_moves_and_everybody_is_told(floor: Floor, fees: Label, omar: User) -> None:
    agenda.set_topic(floor, by=omar, label=fees.pk)
    with pytest.raises(Refused) as refusal:
        agenda.set_topic(floor, by=omar, label=fees.pk)
    agenda.set_topic(floor, by=omar, label=None)

    assert refusal.value.code == "already"
    told = FloorEvent.objects.order_by("number")
    assert [(event.public_number, event.payload["label"]) for event in told] == [
        (1, "Fees"),
        (2, ""),
    ]
    entries = AuditEntry.objects.filter(action="floor.topic").order_by("pk")
    assert [entry.detail["label"] for entry in entries] == [fees.pk, None]


def test_another_engagements_label_is_none_of_ours(
    floor: Floor, fees: Label, omar: User, mia: User
) -> None:
    theirs = Label.objects.create(engagement=factories.make_engagement("other"), name="Theirs")
    with pytest.raises(NotAllowed):
        agenda.rename(floor, by=omar, label=theirs.pk, name="Ours")
    with pytest.raises(Refused):
        agenda.set_topic(floor, by=omar, label=theirs.pk)
    with pytest.raises(NotAllowed):
        agenda.set_topic(floor, by=mia, label=fees.pk)
    assert Label.objects.get(pk=theirs.pk).name == "Theirs"


def test_figures_by_label_add_up(floor: Floor, fees: Label) -> None:
    for fields in ({"label": fees}, {"label": fees}, {}, {"state": states.WITHDRAWN}):
        factories.make_question(floor, **fields)

    found = queries.by_label(floor.engagement)
    assert found == [("Forms", 0), ("Fees", 2), ("", 1)]
    assert sum(number for _name, number in found) == queries.written_questions(floor.engagement)


def test_plain_forms_do_it_too(
    floor: Floor, fees: Label, omar: User, sign_in: Callable[[User], Client]
) -> None:
    client, slug = sign_in(omar), floor.engagement.slug
    client.post(reverse("labels", args=[slug]), {"name": "Evidence"})
    client.post(reverse("label-rename", args=[slug, fees.pk]), {"name": "Costs"})
    client.post(reverse("desk-topic", args=[slug]), {"label": fees.pk})

    assert names(floor) == ["Forms", "Costs", "Evidence"]
    assert queries.floor_of(floor.engagement).current_label == fees
    page = client.get(reverse("labels", args=[slug])).content.decode()
    assert "up now" in page
    assert client.post(reverse("labels", args=[slug]), {"name": "costs"}).status_code == 409
