"""Two clicks, or two people of an agency, at the same moment."""

from __future__ import annotations

import pytest

from engagements.models import User
from engagements.refusals import Refused
from qa.actions.agency import uploading
from qa.models import AgencyAnswer, AnswerUpload, AnswerVersion, Forwarding
from tests.engagements.test_people_at_once import at_once
from tests.qa.agency.test_uploading import answering, uploaded

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_file_taken_four_times_at_once_is_taken_once(sent: Forwarding, uma: User) -> None:
    upload = uploaded(sent, uma, (1, "Here."), (2, "There."))

    def take(_turn: int) -> str:
        try:
            found = AnswerUpload.objects.select_related("forwarding").get(pk=upload.pk)
            return str(uploading.take(found, by=User.objects.get(pk=uma.pk)).written)
        except Refused as refused:
            return refused.code

    assert sorted(at_once(take, 4)) == ["2", "decided", "decided", "decided"]
    assert (AgencyAnswer.objects.count(), AnswerVersion.objects.count()) == (2, 2)


def test_a_file_sent_three_times_at_once_is_kept_once(sent: Forwarding, uma: User) -> None:
    content = answering((1, "Here."))

    def bring(_turn: int) -> int:
        there = Forwarding.objects.select_related("engagement", "agency").get(pk=sent.pk)
        person = User.objects.get(pk=uma.pk)
        return uploading.read_in(there, by=person, name="a.xlsx", content=content).pk

    assert len(set(at_once(bring, 3))) == 1
    assert AnswerUpload.objects.count() == 1
