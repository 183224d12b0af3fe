from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagements.actions import questioning
from engagements.models import (
    AuditEntry,
    Engagement,
    RegistrationAnswer,
    RegistrationQuestion,
    User,
)
from engagements.refusals import NotAllowed, Refused
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    SignIn = Callable[[User], Client]

pytestmark = pytest.mark.django_db


def wording(label: str = "Do you file online?", **changes: Any) -> Any:
    return {
        "label": label,
        "hint": "",
        "kind": "choice",
        "choices": ["Yes", "No"],
        "is_required": False,
        "shown_when": None,
        "shown_when_answer": "",
    } | changes


def typed(label: str = "Do you file online?", **changes: Any) -> dict[str, Any]:
    return {
        "label": label,
        "hint": "",
        "kind": "choice",
        "choices": "Yes\r\n\r\n No \r\n",
        "shown": "",
    } | changes


def labels(engagement: Engagement) -> list[str]:
    return [one.label for one in engagement.own_questions.filter(retired_at=None)]


def answer(question: RegistrationQuestion, *values: str) -> RegistrationAnswer:
    registration = factories.make_registration(question.engagement)
    return RegistrationAnswer.objects.create(
        registration=registration, question=question, values=list(values)
    )


@pytest.fixture
def first(engagement: Engagement, cora: User) -> RegistrationQuestion:
    return questioning.add(engagement, by=cora, **wording())


@pytest.fixture
def dependent(
    engagement: Engagement, cora: User, first: RegistrationQuestion
) -> RegistrationQuestion:
    return questioning.add(
        engagement,
        by=cora,
        **wording("Why not?", kind="text", shown_when=first, shown_when_answer="No"),
    )


@pytest.fixture
def office(cora: User, sign_in: SignIn) -> Client:
    return sign_in(cora)


def test_a_question_is_added_last(
    engagement: Engagement, cora: User, first: RegistrationQuestion
) -> None:
    second = questioning.add(
        engagement, by=cora, **wording("Anything else?", kind="text", choices=["dropped"])
    )
    assert (labels(engagement), second.position, second.choices) == (
        ["Do you file online?", "Anything else?"],
        2,
        [],
    )
    entry = AuditEntry.objects.filter(action="question.added").latest("pk")
    assert (entry.actor, entry.detail) == (cora, {"kind": "text"})


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"choices": ["Yes"]}, "choices"),
        ({"choices": []}, "choices"),
        ({"choices": ["Yes", "yes"]}, "choices"),
        ({"choices": ["Yes", "x" * 201]}, "choices"),
        ({"choices": [str(number) for number in range(51)]}, "choices"),
    ],
)
def test_choices_that_are_none(
    engagement: Engagement, cora: User, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        questioning.add(engagement, by=cora, **wording(**changes))
    assert (refused.value.code, labels(engagement)) == (code, [])
    questioning.add(engagement, by=cora, **wording(choices=["Yes", "x" * 200]))
    assert labels(engagement) == ["Do you file online?"]


def test_a_question_depends_on_an_earlier_answer_only(
    engagement: Engagement,
    live_engagement: Engagement,
    cora: User,
    dependent: RegistrationQuestion,
    first: RegistrationQuestion,
) -> None:
    elsewhere = questioning.add(live_engagement, by=cora, **wording())
    later = questioning.add(engagement, by=cora, **wording("Later?"))
    for parent, given, code in [
        (elsewhere, "Yes", "shown_when"),
        (dependent, "Yes", "shown_when"),
        (first, "Perhaps", "shown_when_answer"),
    ]:
        with pytest.raises(Refused) as refused:
            questioning.edit(later, by=cora, **wording(shown_when=parent, shown_when_answer=given))
        assert refused.value.code == code
    for parent in (first, later):
        with pytest.raises(Refused) as refused:
            questioning.edit(first, by=cora, **wording(shown_when=parent, shown_when_answer="Yes"))
        assert refused.value.code == "shown_when"
    questioning.edit(later, by=cora, **wording(shown_when=first, shown_when_answer="Yes"))
    later.refresh_from_db()
    assert (later.shown_when, later.shown_when_answer) == (first, "Yes")
    questioning.edit(later, by=cora, **wording(shown_when_answer="Yes"))
    later.refresh_from_db()
    assert (later.shown_when, later.shown_when_answer) == (None, "")


def test_an_answer_that_decides_stays_a_choice(
    first: RegistrationQuestion, dependent: RegistrationQuestion, cora: User
) -> None:
    for changes in ({"choices": ["Yes", "Never"]}, {"kind": "text"}):
        with pytest.raises(Refused) as refused:
            questioning.edit(first, by=cora, **wording(**changes))
        assert refused.value.code == "choices"
        assert "“Why not?” is shown by the answer “No”" in str(refused.value)
    questioning.edit(first, by=cora, **wording(choices=["Yes", "No", "Sometimes"]))
    first.refresh_from_db()
    assert first.choices == ["Yes", "No", "Sometimes"]


def test_old_answers_keep_their_words_when_choices_change(
    first: RegistrationQuestion, cora: User
) -> None:
    old = answer(first, "Yes")
    questioning.edit(first, by=cora, **wording("Do you file on paper?", choices=["Often", "No"]))
    old.refresh_from_db()
    assert str(old) == "Yes"
    with pytest.raises(Refused) as refused:
        questioning.edit(first, by=cora, **wording(kind="text"))
    first.refresh_from_db()
    assert (refused.value.code, first.kind, first.choices) == ("kind", "choice", ["Often", "No"])


def test_what_is_answered_is_retired_and_what_is_not_is_deleted(
    engagement: Engagement, first: RegistrationQuestion, cora: User
) -> None:
    other = questioning.add(engagement, by=cora, **wording("Unanswered?"))
    kept = answer(first, "No")
    assert questioning.remove(first, by=cora)
    assert not questioning.remove(other, by=cora)
    assert labels(engagement) == []
    assert [one.label for one in engagement.own_questions.all()] == ["Do you file online?"]
    assert RegistrationAnswer.objects.get() == kept
    actions = AuditEntry.objects.filter(action__startswith="question.").order_by("pk")
    assert list(actions.values_list("action", flat=True)) == [
        "question.added",
        "question.added",
        "question.retired",
        "question.deleted",
    ]
    with pytest.raises(Refused) as refused:
        questioning.edit(first, by=cora, **wording())
    assert refused.value.code == "gone"


def test_what_others_depend_on_goes_after_them(
    first: RegistrationQuestion, dependent: RegistrationQuestion, cora: User
) -> None:
    with pytest.raises(Refused) as refused:
        questioning.remove(first, by=cora)
    assert (refused.value.code, RegistrationQuestion.objects.count()) == ("depended_on", 2)
    questioning.remove(dependent, by=cora)
    questioning.remove(first, by=cora)
    assert RegistrationQuestion.objects.count() == 0


def test_nothing_moves_before_what_it_depends_on(
    engagement: Engagement,
    first: RegistrationQuestion,
    dependent: RegistrationQuestion,
    cora: User,
) -> None:
    questioning.add(engagement, by=cora, **wording("Third?"))
    for question, up in ((dependent, True), (first, False)):
        with pytest.raises(Refused) as refused:
            questioning.move(question, by=cora, up=up)
        assert refused.value.code == "order"
    assert labels(engagement) == ["Do you file online?", "Why not?", "Third?"]
    questioning.move(dependent, by=cora, up=False)
    assert labels(engagement) == ["Do you file online?", "Third?", "Why not?"]


def test_a_gap_does_not_confuse_what_comes_earlier(
    engagement: Engagement, first: RegistrationQuestion, cora: User
) -> None:
    second = questioning.add(engagement, by=cora, **wording("Second?"))
    questioning.remove(first, by=cora)
    third = questioning.add(
        engagement, by=cora, **wording("Third?", shown_when=second, shown_when_answer="Yes")
    )
    assert (third.shown_when, labels(engagement)) == (second, ["Second?", "Third?"])


@pytest.mark.parametrize("state", sorted(questioning.CLOSED))
def test_nothing_is_asked_of_nobody(
    engagement: Engagement, first: RegistrationQuestion, cora: User, state: str
) -> None:
    Engagement.objects.filter(pk=engagement.pk).update(state=state)
    with pytest.raises(Refused):
        questioning.add(engagement, by=cora, **wording("Too late?"))
    with pytest.raises(Refused):
        questioning.remove(first, by=cora)
    assert labels(engagement) == ["Do you file online?"]


def test_only_who_sets_up_asks(
    engagement: Engagement, first: RegistrationQuestion, omar: User, mia: User, ada: User
) -> None:
    for user in (omar, mia):
        for act in (
            lambda user=user: questioning.add(engagement, by=user, **wording("A?")),
            lambda user=user: questioning.edit(first, by=user, **wording("A?")),
            lambda user=user: questioning.move(first, by=user, up=True),
            lambda user=user: questioning.remove(first, by=user),
        ):
            with pytest.raises(NotAllowed):
                act()
    assert labels(engagement) == ["Do you file online?"]
    questioning.edit(first, by=ada, **wording("A?"))
    assert labels(engagement) == ["A?"]


def test_there_are_so_many_and_no_more(
    engagement: Engagement, cora: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questioning, "MOST_QUESTIONS", 1)
    questioning.add(engagement, by=cora, **wording("A?"))
    with pytest.raises(Refused) as refused:
        questioning.add(engagement, by=cora, **wording("B?"))
    assert (refused.value.code, labels(engagement)) == ("too_many", ["A?"])


def test_the_page_asks_and_makes_one_depend_on_another(
    office: Client, engagement: Engagement
) -> None:
    address = reverse("questions", args=[engagement.slug])
    assert "Nothing more is asked yet" in office.get(address).content.decode()
    assert office.post(address, typed())["Location"] == address
    first = engagement.own_questions.get()
    assert first.choices == ["Yes", "No"]
    shown = f"{first.pk}:No"
    assert f'value="{shown}"' in office.get(address).content.decode()
    office.post(address, typed("Why not?", kind="text", choices="", shown=shown))
    second = engagement.own_questions.get(label="Why not?")
    assert (second.shown_when, second.shown_when_answer) == (first, "No")
    text = office.get(address).content.decode()
    assert "Shown when “Do you file online?” is answered with “No”" in text
    edit = reverse("question-edit", args=[engagement.slug, second.pk])
    assert f'value="{shown}" selected' in office.get(edit).content.decode()
    office.post(edit, typed("Why not online?", kind="text", choices="", shown=""))
    second.refresh_from_db()
    assert (second.label, second.shown_when) == ("Why not online?", None)
    at = [engagement.slug, second.pk]
    office.post(reverse("question-move", args=at), {"direction": "up"})
    assert labels(engagement) == ["Why not online?", "Do you file online?"]
    office.post(reverse("question-remove", args=at))
    assert labels(engagement) == ["Do you file online?"]


@pytest.mark.parametrize(
    ("changes", "status", "says"),
    [
        ({"label": ""}, 400, "This field is required."),
        ({"label": "A\nB"}, 400, "This must be one line"),
        ({"kind": "number"}, 400, "Select a valid choice."),
        ({"shown": "7:Yes"}, 400, "Please choose one of the answers in the list."),
        ({"choices": "Yes"}, 409, "Please give between two and 50 choices."),
        ({"choices": "Yes\nYES"}, 409, "Two of the choices are the same."),
    ],
)
def test_a_bad_question_is_told_in_words_and_kept(
    office: Client, engagement: Engagement, changes: dict[str, str], status: int, says: str
) -> None:
    address = reverse("questions", args=[engagement.slug])
    response = office.post(address, typed(**({"hint": "A kept hint"} | changes)))
    assert response.status_code == status
    assert says in response.content.decode()
    assert "A kept hint" in response.content.decode()
    assert labels(engagement) == []


def test_hostile_words_stay_words(office: Client, engagement: Engagement) -> None:
    address = reverse("questions", args=[engagement.slug])
    hostile = "<img src=x onerror=alert(1)> {{7*7}}"
    office.post(address, typed(hostile, choices=f"{hostile}\n=1+1"))
    text = office.get(address).content.decode()
    assert "&lt;img src=x onerror=alert(1)&gt; {{7*7}}" in text
    assert "<img src=x" not in text


def test_the_page_asks_as_much_for_three_as_for_one(
    office: Client, engagement: Engagement, cora: User
) -> None:
    counts = []
    for number in range(3):
        added = questioning.add(engagement, by=cora, **wording(f"Question {number}?"))
        answer(added, "Yes")
        with CaptureQueriesContext(connection) as queries:
            office.get(reverse("questions", args=[engagement.slug]))
        counts.append(len(queries))
    assert counts == [counts[0]] * 3


def test_what_is_not_asked_here_has_no_page(
    office: Client, live_engagement: Engagement, first: RegistrationQuestion
) -> None:
    here, elsewhere = (
        reverse("question-edit", args=[one.slug, first.pk])
        for one in (first.engagement, live_engagement)
    )
    assert [office.get(address).status_code for address in (here, elsewhere)] == [200, 404]
