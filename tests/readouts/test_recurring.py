"""Questions asked again: what is suggested, what a person recognizes, and taking it back."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from engagements.models import AuditEntry, Engagement
from engagements.refusals import NotAllowed, Refused
from qa import states
from readouts import recurrence
from readouts.actions import remembering
from readouts.models import Recurrence, RecurringQuestion
from readouts.queries import recurring as queries
from readouts.recurrence import Asked
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from engagements.models import User
    from qa.models import Question

pytestmark = pytest.mark.django_db

WAIT = "How long is the wait for a travel document this year?"
WAITS = "How long is the wait for travel documents this year?"
FEES = "Will the fees for naturalization rise in the fall?"


@pytest.fixture
def events(edna: User) -> list[Engagement]:
    """Four engagements, a week from each other, that Edna edits."""
    found = []
    for number in range(4):
        starts_at = factories.START + timedelta(weeks=number)
        made = factories.make_engagement(
            f"event-{number}", title=f"Event {number}", state=Engagement.State.ENDED,
            starts_at=starts_at, ends_at=starts_at + timedelta(hours=1),
        )  # fmt: skip
        factories.make_member(edna, made, "editor")
        found.append(made)
    return found


def ask(engagement: Engagement, text: str = WAIT, **fields: Any) -> Question:
    given = {"state": states.SHOWN} | fields
    return factories.make_question(engagement.floor, text, **given)


def note(edna: User, *questions: Question, text: str = "How long?") -> RecurringQuestion:
    return remembering.note(questions, by=edna, text=text)


def test_asked_at_four_unanswered_at_three(events: list[Engagement], edna: User) -> None:
    asked = [ask(one) for one in events]
    again = ask(events[0], WAITS, outcome=states.ANSWERED_LIVE)
    note(edna, *asked, again)
    (found,) = queries.asked_again(edna)
    assert (found.recurring.text, found.engagements, found.unanswered) == ("How long?", 4, 3)
    assert found.last_on == events[3].held_on


def test_what_was_merged_is_answered_with_the_other(events: list[Engagement], edna: User) -> None:
    first, second = ask(events[0]), ask(events[1])
    note(edna, first, second)
    answered = ask(events[0], "All about waiting.", outcome=states.ANSWERED_IN_WRITING)
    first.state, first.merged_into = states.MERGED, answered
    first.save()
    assert [(one.engagements, one.unanswered) for one in queries.asked_again(edna)] == [(2, 1)]


def test_a_withdrawn_question_is_forgotten_at_once(events: list[Engagement], edna: User) -> None:
    first, second, third = (ask(one) for one in events[:3])
    recurring = note(edna, first, second, third)
    third.state = states.WITHDRAWN
    third.save()
    found = queries.recurring_question(edna, recurring.pk)
    assert found is not None
    assert [one.question for one in found.occurrences] == [second, first]


def test_like_questions_of_other_engagements_are_suggested(
    events: list[Engagement], edna: User
) -> None:
    wait, waits, fees = ask(events[0], WAIT), ask(events[1], WAITS), ask(events[1], FEES)
    same_hour = ask(events[1], FEES)
    (found,) = queries.suggestions(edna, events[1])
    assert {one.question for one in found.occurrences} == {wait, waits}
    assert found.recurring is None
    assert found.percent > 90
    assert queries.suggestions(edna, events[2]) == []
    ask(events[2], FEES)
    (found,) = queries.suggestions(edna, events[2])
    assert {one.question.text for one in found.occurrences} == {FEES}
    assert {fees, same_hour} <= {one.question for one in found.occurrences}


def test_what_is_recognized_is_suggested_for_new_ones_only(
    events: list[Engagement], edna: User
) -> None:
    first, second = ask(events[0]), ask(events[1])
    recurring = note(edna, first, second, text="Queues.")
    assert queries.suggestions(edna, events[1]) == []
    third = ask(events[2], WAITS)
    (found,) = queries.suggestions(edna, events[2])
    assert found.recurring == recurring
    assert [one.question for one in found.occurrences] == [third]
    assert [one.question for one, _percent in queries.more_like(edna, recurring)] == []
    remembering.rename(recurring, by=edna, text=WAIT)
    recurring.refresh_from_db()
    assert [one.question for one, _percent in queries.more_like(edna, recurring)] == [third]


@pytest.mark.parametrize(
    "fields",
    [
        {"state": states.WITHDRAWN},
        {"is_redacted": True},
        {"open_findings": ["ssn"]},
    ],
)
def test_what_may_not_be_read_is_not_suggested(
    events: list[Engagement], edna: User, fields: dict[str, Any]
) -> None:
    ask(events[0])
    hidden = ask(events[1], **fields)
    assert queries.suggestions(edna, events[0]) == []
    type(hidden).objects.filter(pk=hidden.pk).update(
        state=states.SHOWN, is_redacted=False, open_findings=[]
    )
    assert len(queries.suggestions(edna, events[0])) == 1


def test_a_stranger_sees_and_notes_none(
    events: list[Engagement], edna: User, mia: User, cora: User
) -> None:
    first, second = ask(events[0]), ask(events[1])
    factories.make_member(cora, events[0], "coordinator")
    for person in (mia, cora):
        with pytest.raises(NotAllowed):
            note(person, first, second)
    assert RecurringQuestion.objects.count() == 0
    recurring = note(edna, first, second)
    assert queries.asked_again(mia) == []
    assert queries.recurring_question(mia, recurring.pk) is None
    (seen,) = queries.asked_again(cora)
    assert [one.question for one in seen.occurrences] == [first]
    recurrence = Recurrence.objects.get(question=first)
    with pytest.raises(NotAllowed):
        remembering.forget(recurrence, by=cora)
    with pytest.raises(NotAllowed):
        remembering.rename(recurring, by=cora, text="x")
    assert Recurrence.objects.count() == 2


def test_noting_is_all_or_nothing(events: list[Engagement], edna: User) -> None:
    first, second, third, fourth = (ask(one) for one in events)
    note(edna, first, second)

    def code(*questions: Question, **given: object) -> str:
        with pytest.raises(Refused) as refused:
            remembering.note(questions, by=edna, **({"text": "Why?"} | given))  # type: ignore[arg-type]
        return refused.value.code

    assert code() == "empty"
    assert code(third) == "one_engagement"
    assert code(third, ask(events[2])) == "one_engagement"
    assert code(third, fourth, text=" ") == "empty"
    assert code(third, fourth, text="x" * 2_001) == "too_long"
    assert code(third, fourth, text="Where is A123456789?") == "identifier"
    assert code(third, second) == "already"
    assert code(third, ask(events[3], state=states.WITHDRAWN)) == "not_counted"
    assert (RecurringQuestion.objects.count(), Recurrence.objects.count()) == (1, 2)
    note(edna, third, fourth)
    assert (RecurringQuestion.objects.count(), Recurrence.objects.count()) == (2, 4)


def test_taking_back_leaves_no_recurring_question_without_questions(
    events: list[Engagement], edna: User
) -> None:
    note(edna, ask(events[0]), ask(events[1]))
    for row in Recurrence.objects.all():
        remembering.forget(row, by=edna)
        with pytest.raises(Refused):
            remembering.forget(Recurrence(pk=row.pk, question=row.question), by=edna)
    assert not RecurringQuestion.objects.exists()
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions[-6:] == [
        "recurring.noted",
        "recurrence.recognized",
        "recurrence.recognized",
        "recurrence.forgotten",
        "recurrence.forgotten",
        "recurring.forgotten",
    ]


def test_its_pages_find_note_rename_and_take_back(
    events: list[Engagement], edna: User, mia: User, sign_in: Callable[[User], Client]
) -> None:
    first = ask(events[0], f"<b>{WAIT}</b>")
    second = ask(events[1], f"<b>{WAITS}</b>")
    client = sign_in(edna)
    page = client.get("/office/memory/questions/find/?engagement=event-1").content.decode()
    assert "&lt;b&gt;How long is the wait for a travel" in page
    assert "<b>How" not in page
    sent = {"question": [first.pk, second.pk], "text": "How long?", "engagement": "event-1"}
    assert sign_in(mia).post("/office/memory/questions/note/", sent).status_code == 404
    refused = client.post("/office/memory/questions/note/", sent | {"question": [first.pk]})
    assert refused.status_code == 409
    noted = client.post("/office/memory/questions/note/", sent)
    recurring = RecurringQuestion.objects.get()
    address = f"/office/memory/questions/{recurring.pk}/"
    assert noted["Location"] == address
    assert sign_in(mia).get(address).status_code == 404
    listed = client.get("/office/memory/questions/?q=how").content.decode()
    assert "asked at 2 engagements, unanswered at 2" in listed
    assert (
        "No question has these words"
        in client.get("/office/memory/questions/?q=x").content.decode()
    )
    assert client.post(f"{address}rename/", {"text": ""}).status_code == 400
    assert client.post(f"{address}rename/", {"text": "How much longer?"}).status_code == 302
    assert "How much longer?" in client.get(address).content.decode()
    for row in Recurrence.objects.all():
        assert client.post(f"{address}forget/{row.pk}/").status_code == 302
    assert client.get(address).status_code == 404


def test_forged_keys_note_nothing(
    events: list[Engagement], edna: User, sign_in: Callable[[User], Client]
) -> None:
    mine, foreign = ask(events[0]), ask(factories.make_engagement("foreign", state="ended"))
    client = sign_in(edna)
    for keys in ([mine.pk, foreign.pk], [mine.pk, 10**18], []):
        answer = client.post("/office/memory/questions/note/", {"question": keys, "text": "x"})
        assert answer.status_code in {404, 409}
    words = {"question": [mine.pk, "1; DROP", "-1", "٣"], "text": "x"}
    assert client.post("/office/memory/questions/note/", words).status_code == 409
    recurring = {"question": [mine.pk], "recurring": "999"}
    assert client.post("/office/memory/questions/note/", recurring).status_code == 404
    assert RecurringQuestion.objects.count() == 0


def test_a_number_that_no_database_holds_finds_nothing(
    events: list[Engagement], edna: User, sign_in: Callable[[User], Client]
) -> None:
    client, huge = sign_in(edna), f"/office/memory/questions/{'9' * 2_000}/"
    answers = [client.get(huge), client.post(f"{huge}rename/"), client.post(f"{huge}forget/1/")]
    assert [answer.status_code for answer in answers] == [404, 404, 404]


def test_thousands_are_looked_through_in_a_moment() -> None:
    """5,000 questions in 30 engagements: under a second here, with room for a busy machine."""
    words = [f"word{number}" for number in range(900)]
    asked = [
        Asked(key, key % 30, " ".join(words[(key * step) % 900] for step in range(7, 27)))
        for key in range(5_000)
    ]
    asked[17], asked[4_001] = Asked(17, 17, WAIT), Asked(4_001, 11, WAITS)
    begin = time.process_time()
    found = recurrence.groups(asked, of=17)
    assert time.process_time() - begin < 8
    assert (17, 4_001) in {tuple(sorted(group.keys)) for group in found}


def test_the_same_words_a_thousand_times_are_one_group() -> None:
    asked = [Asked(key, key, WAIT) for key in range(1_000)] + [Asked(-1, 7, ""), Asked(-2, 8, "?")]
    (group,) = recurrence.groups(asked, of=3)
    assert 3 in group.keys
    assert group.likeness == 1.0
    assert recurrence.groups([]) == []
