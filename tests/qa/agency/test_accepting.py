from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engagements.models import AuditEntry, OutgoingMail
from engagements.refusals import NotAllowed, Refused
from qa import states
from qa.actions.agency import accepting, moving, writing
from qa.actions.agency.writing import Content
from qa.models import AgencyAnswer, Delivery, Forwarding, Webhook
from tests import factories

if TYPE_CHECKING:
    from engagements.models import User

pytestmark = pytest.mark.django_db

READY = Content(status=states.ANSWERED, text="At nine.", is_publishable=True)


@pytest.fixture
def submitted(sent: Forwarding, uma: User) -> Forwarding:
    """Uma has submitted answers to 1, 2 and 4, and drafted one to 5."""
    writing.write_all(
        sent, contents=dict.fromkeys((1, 2, 4), READY), by=uma, via="page", submit=True
    )
    writing.write(sent, number=5, content=READY, by=uma)
    return sent


def answers(*numbers: int) -> list[AgencyAnswer]:
    return list(AgencyAnswer.objects.filter(question__number__in=numbers))


def standing() -> dict[int, str]:
    return dict(AgencyAnswer.objects.values_list("question__number", "state"))


def test_what_was_read_is_accepted_and_nothing_else(submitted: Forwarding, edna: User) -> None:
    read = answers(1, 2, 5)
    AgencyAnswer.objects.filter(question__number=2).update(text="At ten.", revision=9)

    decided = accepting.accept(submitted.engagement, answers=read, by=edna)

    assert decided == ([1], [2, 5])
    assert standing() == {1: "accepted", 2: "submitted", 4: "submitted", 5: "draft"}
    accepted = AgencyAnswer.objects.get(question__number=1)
    assert (accepted.decided_by, accepted.remark) == (edna, "")
    with pytest.raises(Refused) as refusal:
        accepting.accept(submitted.engagement, answers=read, by=edna)
    assert refusal.value.code == "overtaken"
    entry = AuditEntry.objects.get(action="answer.accepted")
    assert (entry.actor, entry.engagement) == (edna, submitted.engagement)
    assert "nine" not in str(entry.detail)


def test_only_editors_here_and_administrators_decide(
    submitted: Forwarding, edna: User, omar: User, cora: User, uma: User, ada: User
) -> None:
    for other in (omar, cora, uma):
        with pytest.raises(NotAllowed):
            accepting.accept(submitted.engagement, answers=answers(1), by=other)
        with pytest.raises(NotAllowed):
            accepting.give_back(submitted.engagement, answers=answers(1), by=other, remark="No.")
    assert standing()[1] == "submitted"
    accepting.accept(submitted.engagement, answers=answers(1), by=ada)
    accepting.accept(submitted.engagement, answers=answers(2), by=edna)
    assert (standing()[1], standing()[2]) == ("accepted", "accepted")


def test_another_engagements_answers_are_as_if_they_did_not_exist(
    submitted: Forwarding, ada: User
) -> None:
    other = factories.make_engagement("other")
    with pytest.raises(Refused) as refusal:
        accepting.accept(other, answers=answers(1, 2), by=ada)
    assert refusal.value.code == "none"
    assert standing()[1] == "submitted"


def test_who_submitted_reads_the_remark_by_mail_and_answers_anew(
    submitted: Forwarding, edna: User, uma: User, lee: User
) -> None:
    Webhook.objects.create(
        agency=submitted.agency,
        url="https://a.example/",
        events=["answer.returned"],
        secret="s",
        made_by=uma,
    )
    accepting.accept(submitted.engagement, answers=answers(1), by=edna)
    with pytest.raises(Refused) as refusal:
        accepting.give_back(submitted.engagement, answers=answers(1), by=edna, remark=" ")
    assert refusal.value.code == "no_remark"

    remark = "Please name the form, <b>and</b> the fee."
    decided = accepting.give_back(
        submitted.engagement, answers=answers(1, 2), by=edna, remark=remark
    )

    assert decided == ([1, 2], [])
    mail = OutgoingMail.objects.get(template="qa/answers_returned")
    assert mail.to == uma.email
    assert remark in mail.body
    assert "1, 2" in mail.body
    assert "&lt;b&gt;and" in mail.html
    assert "At nine" not in mail.body
    assert standing()[1] == "returned"
    assert Delivery.objects.get().event == "answer.returned"
    writing.write(submitted, number=1, content=READY, by=lee)
    moving.submit(submitted, numbers=[1], by=lee)
    assert standing()[1] == "submitted"


def test_where_the_submitter_has_left_all_who_lead_at_the_agency_are_told(
    submitted: Forwarding, edna: User, uma: User, lee: User, carl: User
) -> None:
    type(uma).objects.filter(pk=uma.pk).update(is_active=False)
    accepting.give_back(submitted.engagement, answers=answers(1), by=edna, remark="More.")
    told = OutgoingMail.objects.filter(template="qa/answers_returned")
    assert list(told.values_list("to", flat=True)) == [lee.email]
    assert carl.is_contributor
