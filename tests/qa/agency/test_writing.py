from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagements import clock
from engagements.models import AuditEntry
from engagements.refusals import NotAllowed, Refused
from qa import states
from qa.actions.agency import moving, writing
from qa.actions.agency.writing import Content, problems
from qa.models import AgencyAnswer, AnswerVersion, Directorate, ForwardedQuestion, Forwarding
from tests import factories

if TYPE_CHECKING:
    from engagements.models import Engagement, User

pytestmark = pytest.mark.django_db

READY = Content(status=states.ANSWERED, text="At nine.", is_publishable=True)
NUMBERS = frozenset({1, 2, 4, 5})


def codes(content: Content, number: int = 1) -> list[str]:
    return [problem.code for problem in problems(content, number=number, numbers=NUMBERS)]


def test_an_answer_is_a_draft_with_versions(sent: Forwarding, uma: User, lee: User) -> None:
    first = writing.write(sent, number=1, content=READY, by=uma, revision=0)
    assert (first.state, first.revision, first.edited_by) == ("draft", 1, uma)

    better = Content(
        status=states.SEE_PAGE,
        text="It is all there.\r\nRead it.\x00",
        page_url="https://agency.example/hours",
        directorate_name="Contact  Center",
        contact="desk@agency.example",
        answered_on=date(2021, 5, 20),
        is_publishable=False,
    )
    second = writing.write(sent, number=1, content=better, by=lee, revision=1)

    assert second.pk == first.pk
    assert Content.of(second) == Content(
        status=states.SEE_PAGE,
        text="It is all there.\nRead it.",
        page_url="https://agency.example/hours",
        directorate_name="Contact Center",
        contact="desk@agency.example",
        answered_on=date(2021, 5, 20),
        is_publishable=False,
    )
    assert [
        (one.number, one.saved_by, one.via, Content.of(one)) for one in second.versions.all()
    ] == [(2, lee, "page", Content.of(second)), (1, uma, "page", READY)]
    entries = AuditEntry.objects.filter(action="answers.written").order_by("pk")
    assert [sorted(entry.detail) for entry in entries] == [
        ["answers", "digest", "number", "via"]
    ] * 2
    assert "nine" not in str([entry.detail for entry in entries])


def test_what_reads_as_before_stays_untouched_and_what_differs_is_a_draft_again(
    sent: Forwarding, uma: User
) -> None:
    done = writing.write_all(
        sent, contents={1: READY, 2: READY}, by=uma, via="workbook", submit=True
    )
    assert done == ([1, 2], [], [1, 2])
    again = writing.write_all(
        sent, contents={1: READY, 2: READY, 4: READY}, by=uma, via="workbook", submit=True
    )
    assert again == ([4], [1, 2], [4])
    assert AnswerVersion.objects.count() == 3

    AgencyAnswer.objects.update(state=states.ANSWER_PUBLISHED)
    corrected = Content(status=states.ANSWERED, text="At ten.", is_publishable=True)
    assert writing.write(sent, number=1, content=corrected, by=uma).state == "draft"
    assert AgencyAnswer.objects.get(question__number=2).state == "published"


@pytest.mark.parametrize("state", [states.ANSWER_SUBMITTED, states.ANSWER_ACCEPTED])
def test_what_is_with_the_office_is_taken_back_first(
    sent: Forwarding, uma: User, state: str
) -> None:
    writing.write(sent, number=1, content=READY, by=uma)
    AgencyAnswer.objects.update(state=state)

    with pytest.raises(Refused) as refusal:
        writing.write_all(sent, contents={2: READY, 1: Content(text="No.")}, by=uma, via="page")

    assert refusal.value.code == "with_office"
    assert "No. 1 " in str(refusal.value)
    assert [Content.of(one) for one in AgencyAnswer.objects.all()] == [READY]


def test_somebody_elses_words_are_not_overwritten(sent: Forwarding, uma: User, lee: User) -> None:
    writing.write(sent, number=1, content=READY, by=uma, revision=0)

    for revision in (0, 2):
        with pytest.raises(Refused) as refusal:
            writing.write(sent, number=1, content=Content(text="I"), by=lee, revision=revision)
        assert refusal.value.code == "changed"
    assert AgencyAnswer.objects.get().text == "At nine."
    assert writing.write(sent, number=1, content=Content(text="I"), by=lee, revision=1).text == "I"


def test_only_numbers_of_the_list_are_answered(sent: Forwarding, uma: User) -> None:
    for number in (3, 6):
        with pytest.raises(Refused) as refusal:
            writing.write_all(sent, contents={1: READY, number: READY}, by=uma, via="page")
        assert refusal.value.code == "no_such"
    assert not AgencyAnswer.objects.exists()


def test_only_the_agency_answers_and_only_a_list_in_force(
    sent: Forwarding, uma: User, otto: User, edna: User, ada: User
) -> None:
    for stranger in (otto, edna, ada):
        with pytest.raises(NotAllowed):
            writing.write(sent, number=1, content=READY, by=stranger)
    Forwarding.objects.update(state=states.FORWARDING_RECALLED)
    with pytest.raises(NotAllowed):
        writing.write(sent, number=1, content=READY, by=uma)
    Forwarding.objects.update(state=states.FORWARDING_SUPERSEDED)
    with pytest.raises(Refused) as refusal:
        writing.write(sent, number=1, content=READY, by=uma)
    assert refusal.value.code == "superseded"
    assert not AgencyAnswer.objects.exists()
    Forwarding.objects.update(state=states.FORWARDING_SENT)
    assert writing.write(sent, number=1, content=READY, by=uma).text == "At nine."


def test_a_contributor_answers_what_is_assigned(sent: Forwarding, uma: User, carl: User) -> None:
    writing.write(sent, number=1, content=Content(), by=uma)
    writing.write(sent, number=2, content=Content(), by=uma)
    AgencyAnswer.objects.filter(question__number=1).update(assigned_to=carl)

    for number in (2, 4, 6):
        with pytest.raises(NotAllowed):
            writing.write(sent, number=number, content=READY, by=carl)
    assert writing.write(sent, number=1, content=READY, by=carl).text == "At nine."
    with pytest.raises(NotAllowed):
        moving.submit(sent, numbers=[1], by=carl)
    assert moving.ask_clearance(sent, numbers=[1], by=carl) == [1]


def test_what_cannot_be_an_answer() -> None:
    assert codes(READY) == []
    assert codes(Content(status="done")) == ["status"]
    assert codes(Content(status=states.ANSWERED)) == ["no_text"]
    assert codes(Content(status=states.DECLINED)) == ["no_reason"]
    assert codes(Content(status=states.DECLINED, text="Privileged.")) == []
    assert codes(Content(status=states.SEE_PAGE)) == ["no_page"]
    assert codes(Content(status=states.SAME_AS)) == ["no_same"]
    assert codes(Content(status=states.SAME_AS, same_as=1)) == ["itself"]
    assert codes(Content(status=states.SAME_AS, same_as=3)) == ["no_such"]
    assert codes(Content(status=states.SAME_AS, same_as=2)) == []
    assert codes(Content(text="x" * 100_001)) == ["too_long"]
    assert codes(Content(contact="x" * 301, directorate_name="y" * 201)) == ["too_long"] * 2
    assert codes(Content(answered_on=date(1921, 5, 4))) == ["date"]
    assert codes(Content(answered_on=clock.now().date() + timedelta(days=2))) == ["date"]


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "ftp://agency.example/",
        "//agency.example/",
        "https://good.example@bad.example/",
        "https://[::1",
        "agency.example",
        "https://",
    ],
)
def test_an_address_is_one_of_a_page(address: str) -> None:
    assert codes(Content(status=states.SEE_PAGE, page_url=address)) == ["page"]
    good = "https://www.agency.example/a?b=c#d"
    assert codes(Content(status=states.SEE_PAGE, page_url=good)) == []


def test_a_circle_of_answers_says_nothing(sent: Forwarding, uma: User) -> None:
    def same(number: int) -> Content:
        return Content(status=states.SAME_AS, same_as=number)

    writing.write_all(sent, contents={1: same(2), 2: same(4)}, by=uma, via="page")
    with pytest.raises(Refused) as refusal:
        writing.write(sent, number=4, content=same(1), by=uma)
    assert refusal.value.code == "circle"
    found = writing.problems_of_all(sent, {4: same(1), 5: same(1)})
    assert {number: [one.code for one in some] for number, some in found.items()} == {
        4: ["circle"],
        5: ["circle"],
    }
    # Of two changes at once, the one ends what the other would begin.
    writing.write_all(sent, contents={4: same(1), 2: READY}, by=uma, via="page")
    assert list(AgencyAnswer.objects.values_list("question__number", "same_as")) == [
        (1, 2),
        (2, None),
        (4, 1),
    ]


def test_a_directorate_that_is_named_is_the_answers_own(sent: Forwarding, uma: User) -> None:
    part = Directorate.objects.create(agency=sent.agency, name="Contact Center")
    content = Content(text="Soon.", directorate_name="contact center")

    assert writing.write(sent, number=1, content=content, by=uma).directorate == part


def test_many_answers_cost_no_more_queries_than_few(
    live_engagement: Engagement, edna: User, uma: User
) -> None:
    for number in range(300):
        factories.make_question(live_engagement.floor, f"Question {number}?")
    sent = factories.make_forwarding(live_engagement, sent_by=edna)
    numbers = list(ForwardedQuestion.objects.values_list("number", flat=True))

    def cost(text: str, some: list[int]) -> int:
        contents = {
            one: Content(status=states.ANSWERED, text=text, is_publishable=True) for one in some
        }
        with CaptureQueriesContext(
            connection,
        ) as queries:
            done = writing.write_all(sent, contents=contents, by=uma, via="workbook", submit=True)
        assert (len(done.changed), len(done.submitted)) == (len(some), len(some))
        AgencyAnswer.objects.update(state=states.ANSWER_RETURNED)
        return len(queries)

    cost("a", numbers)
    assert cost("b", numbers[:2]) == cost("c", numbers)
