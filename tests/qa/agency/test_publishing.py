from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from engagements.models import AuditEntry
from engagements.refusals import NotAllowed, Refused
from qa import states
from qa.actions.agency import accepting, moving, publishing, writing
from qa.actions.agency.writing import Content
from qa.models import AgencyAnswer, Delivery, Forwarding, PublishedAnswer, Question, Webhook

if TYPE_CHECKING:
    from engagements.models import User

pytestmark = pytest.mark.django_db

AT_NINE = Content(
    status=states.ANSWERED, text="At nine.", is_publishable=True, directorate_name="Field Office"
)
CONTENTS = {
    1: AT_NINE,
    2: Content(status=states.SAME_AS, same_as=1, is_publishable=True),
    4: Content(status=states.ANSWERED, text="For the office alone.", is_publishable=False),
    5: Content(status=states.DECLINED, text="It is in court.", is_publishable=True),
}


@pytest.fixture
def accepted(sent: Forwarding, uma: User, edna: User) -> Forwarding:
    """Uma has answered everything there is, and Edna has accepted it."""
    answer(sent, CONTENTS, by=uma, accepts=edna)
    return sent


def answer(sent: Forwarding, contents: dict[int, Content], *, by: User, accepts: User) -> None:
    writing.write_all(sent, contents=contents, by=by, via="page", submit=True)
    accepting.accept(sent.engagement, answers=answers(*contents), by=accepts)


def answers(*numbers: int) -> list[AgencyAnswer]:
    return list(AgencyAnswer.objects.filter(question__number__in=numbers))


def publish(sent: Forwarding, *numbers: int, by: User, **more: Any) -> list[PublishedAnswer]:
    return publishing.publish(sent.engagement, answers=answers(*numbers), by=by, **more)


def out() -> list[tuple[int, int, str, str, bool]]:
    rows = PublishedAnswer.objects.order_by("answer__question__number", "number")
    return list(
        rows.values_list("answer__question__number", "number", "status", "text", "is_withheld")
    )


def test_what_is_published_is_frozen_and_what_is_withheld_has_no_text(
    accepted: Forwarding, edna: User, uma: User
) -> None:
    Webhook.objects.create(
        agency=accepted.agency,
        url="https://a.example/",
        events=["answer.published"],
        secret="s",
        made_by=uma,
    )
    published = publish(accepted, 1, 2, 4, 5, by=edna)

    assert out() == [
        (1, 1, "answered", "At nine.", False),
        (2, 1, "same_as", "", False),
        (4, 1, "answered", "", True),
        (5, 1, "declined", "It is in court.", False),
    ]
    assert [one.answered_by for one in published[:2]] == [
        f"Field Office, {accepted.agency.name}",
        accepted.agency.name,
    ]
    assert set(AgencyAnswer.objects.values_list("state", flat=True)) == {"published"}
    with pytest.raises(TypeError):
        published[0].save()
    with pytest.raises(TypeError):
        published[0].delete()
    assert Delivery.objects.get().event == "answer.published"
    details = AuditEntry.objects.filter(action="answer.published").values_list("detail", flat=True)
    assert len(details) == 4
    assert "nine" not in str(list(details))


def test_nobody_but_editors_here_and_administrators_publishes(
    accepted: Forwarding, edna: User, omar: User, uma: User
) -> None:
    for other in (omar, uma):
        with pytest.raises(NotAllowed):
            publish(accepted, 1, by=other)
    assert out() == []
    publish(accepted, 1, by=edna)
    assert len(out()) == 1


def test_all_or_none_and_only_what_was_read(accepted: Forwarding, edna: User, uma: User) -> None:
    read = answers(1, 5)
    accepting.give_back(accepted.engagement, answers=answers(5), by=edna, remark="Why?")
    for chosen, code in ((read, "overtaken"), (answers(1, 5), "state"), ([], "none")):
        with pytest.raises(Refused) as refusal:
            publishing.publish(accepted.engagement, answers=chosen, by=edna)
        assert refusal.value.code == code
    assert out() == []
    publish(accepted, 1, by=edna)
    assert len(out()) == 1


def test_the_same_as_another_goes_out_with_that_one_or_after_it(
    accepted: Forwarding, edna: User
) -> None:
    with pytest.raises(Refused) as refusal:
        publish(accepted, 2, by=edna)
    assert refusal.value.code == "same_as"
    assert out() == []
    publish(accepted, 1, by=edna)
    publish(accepted, 2, by=edna)
    assert [row[0] for row in out()] == [1, 2]


def test_a_correction_is_the_next_number_and_says_what_it_corrects(
    accepted: Forwarding, edna: User, uma: User
) -> None:
    publish(accepted, 1, by=edna)
    writing.write(accepted, number=1, content=Content(
        status=states.ANSWERED, text="At ten.", is_publishable=True), by=uma)  # fmt: skip
    moving.submit(accepted, numbers=[1], by=uma)
    accepting.accept(accepted.engagement, answers=answers(1), by=edna)
    assert out() == [(1, 1, "answered", "At nine.", False)]

    with pytest.raises(Refused) as refusal:
        publish(accepted, 1, by=edna)
    assert refusal.value.code == "no_note"
    publish(accepted, 1, by=edna, correction_note="The hour")

    assert [row[1:4] for row in out()] == [(1, "answered", "At nine."), (2, "answered", "At ten.")]
    notes = PublishedAnswer.objects.order_by("number").values_list("correction_note", flat=True)
    assert list(notes) == ["", "The hour"]


def test_what_looks_like_an_identifier_is_looked_at_first(accepted: Forwarding, edna: User) -> None:
    AgencyAnswer.objects.filter(question__number=1).update(
        text="The case of A123456789 is decided."
    )
    with pytest.raises(Refused) as refusal:
        publish(accepted, 1, by=edna)
    assert refusal.value.code == "noticed"
    seen = publishing.prospect(accepted.engagement, answers=answers(1), by=edna).noticed
    assert [(one.number, one.found[0].words) for one in seen] == [(1, "A123456789")]
    AgencyAnswer.objects.filter(question__number=1).update(text="The case of A987654321.")
    with pytest.raises(Refused):
        publish(accepted, 1, by=edna, confirmed=[seen[0].key])
    assert out() == []
    seen = publishing.prospect(accepted.engagement, answers=answers(1), by=edna).noticed
    publish(accepted, 1, by=edna, confirmed=[seen[0].key])
    assert len(out()) == 1


@pytest.mark.parametrize("number", [1, 4])
def test_identifiers_are_looked_for_in_all_that_becomes_public(
    accepted: Forwarding, edna: User, number: int
) -> None:
    """Also of a withheld answer, which is signed like any other."""
    writer = AgencyAnswer.objects.filter(question__number=number)
    writer.update(directorate_name="Jo, jo@mail.example", page_url="https://a.example/A123456789")
    with pytest.raises(Refused) as refusal:
        publish(accepted, number, by=edna)
    assert refusal.value.code == "noticed"
    [seen] = publishing.prospect(accepted.engagement, answers=answers(number), by=edna).noticed
    on_page = ["A123456789"] if number == 1 else []
    assert [one.words for one in seen.found] == [*on_page, "jo@mail.example"]
    writer.update(directorate_name="Jo, joe@mail.example")
    with pytest.raises(Refused):
        publish(accepted, number, by=edna, confirmed=[seen.key])
    assert out() == []
    writer.update(directorate_name="Jo, jo@mail.example")
    publish(accepted, number, by=edna, confirmed=[seen.key])
    assert [row[0] for row in out()] == [number]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"state": states.WITHDRAWN}, "withdrawn"),
        ({"open_findings": ["phone"]}, "undecided"),
    ],
)
def test_a_question_that_may_not_be_public_keeps_its_answer_back(
    accepted: Forwarding, edna: User, changed: dict[str, Any], code: str
) -> None:
    Question.objects.filter(number=1).update(**changed)
    with pytest.raises(Refused) as refusal:
        publish(accepted, 1, by=edna)
    assert refusal.value.code == code
    assert out() == []
    Question.objects.filter(number=1).update(state=states.SHOWN, open_findings=[])
    publish(accepted, 1, by=edna)
    assert len(out()) == 1


def test_as_if_published_leaves_nothing_behind(accepted: Forwarding, edna: User) -> None:
    with publishing.as_if_published(
        accepted.engagement, answers=answers(1, 5), by=edna
    ) as prospect:
        assert [row[0] for row in out()] == [1, 5]
        assert prospect.corrected == []
    assert out() == []
    assert {one.state for one in answers(1, 5)} == {"accepted"}
