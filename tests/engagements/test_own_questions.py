from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict

from engagements.forms.registering import RegistrationForm
from engagements.models import Engagement, RegistrationQuestion
from tests import factories

pytestmark = pytest.mark.django_db

Kind = RegistrationQuestion.Kind


def ask(engagement: Engagement, label: str, kind: str = Kind.TEXT, **fields: Any) -> Any:
    choices = [] if kind == Kind.TEXT else ["Yes", "No", "Perhaps"]
    values = {"label": label, "kind": kind, "choices": choices}
    return RegistrationQuestion.objects.create(engagement=engagement, **(values | fields))


def sent(engagement: Engagement, answers: dict[Any, Any], **fields: Any) -> RegistrationForm:
    data = QueryDict(mutable=True)
    data.update({"name": "Ana", "email": "ana@example.org", "category": "attorney"})
    data.update({"consent": "on", **fields})
    for question, given in answers.items():
        data.setlist(f"question-{question.pk}", given if isinstance(given, list) else [given])
    return RegistrationForm(data, engagement=engagement)


def codes(form: RegistrationForm) -> dict[str, list[str | None]]:
    return {name: [one.code for one in errors] for name, errors in form.errors.as_data().items()}


def test_each_kind_gives_its_answers(engagement: Engagement) -> None:
    text, one = ask(engagement, "Why?"), ask(engagement, "One?", Kind.CHOICE)
    several = ask(engagement, "Several?", Kind.SEVERAL)
    form = sent(engagement, {text: " So \r\n that ", one: "Yes", several: ["No", "Yes"]})
    assert form.is_valid(), form.errors
    assert form.entry()["answers"] == {
        text.pk: ["So \n that"],
        one.pk: ["Yes"],
        several.pk: ["No", "Yes"],
    }


def test_nothing_has_to_be_answered_that_is_not_required(engagement: Engagement) -> None:
    ask(engagement, "Why?")
    ask(engagement, "One?", Kind.CHOICE)
    form = sent(engagement, {})
    assert form.is_valid(), form.errors
    assert form.entry()["answers"] == {}


@pytest.mark.parametrize(
    ("kind", "given", "code"),
    [
        (Kind.TEXT, "", "required"),
        (Kind.TEXT, " \u200b ", "required"),
        (Kind.TEXT, "x" * 1_001, "max_length"),
        (Kind.CHOICE, "", "required"),
        (Kind.CHOICE, "Never", "invalid_choice"),
        (Kind.CHOICE, ["Yes", "No"], "doubled"),
        (Kind.SEVERAL, [], "required"),
        (Kind.SEVERAL, ["Yes", "Never"], "invalid_choice"),
    ],
)
def test_what_is_refused(engagement: Engagement, kind: str, given: Any, code: str) -> None:
    question = ask(engagement, "Really?", kind, is_required=True)
    assert codes(sent(engagement, {question: given})) == {f"question-{question.pk}": [code]}


@pytest.mark.parametrize(
    ("first", "second", "is_valid", "kept"),
    [
        ("Yes", "Because.", True, ["Yes", "Because."]),
        ("Yes", "", False, []),
        ("No", "Because.", True, ["No"]),
        ("No", "", True, ["No"]),
        ("", "Because.", True, []),
    ],
)
def test_a_question_that_depends_is_asked_only_then(
    engagement: Engagement, first: str, second: str, is_valid: bool, kept: list[str]
) -> None:
    one = ask(engagement, "One?", Kind.CHOICE)
    why = ask(engagement, "Why?", shown_when=one, shown_when_answer="Yes", is_required=True)
    form = sent(engagement, {one: first, why: second})
    assert form.is_valid() == is_valid
    if is_valid:
        assert [values[0] for values in form.entry()["answers"].values()] == kept
    else:
        assert codes(form) == {f"question-{why.pk}": ["required"]}


def test_a_question_may_depend_on_one_that_depends(engagement: Engagement) -> None:
    one = ask(engagement, "One?", Kind.CHOICE)
    two = ask(engagement, "Two?", Kind.SEVERAL, shown_when=one, shown_when_answer="Yes")
    three = ask(engagement, "Three?", shown_when=two, shown_when_answer="No")
    given = {one: "Perhaps", two: ["No"], three: "x"}
    form = sent(engagement, given)
    assert form.is_valid()
    assert form.entry()["answers"] == {one.pk: ["Perhaps"]}
    form = sent(engagement, given | {one: "Yes"})
    assert form.is_valid()
    assert form.entry()["answers"] == {one.pk: ["Yes"], two.pk: ["No"], three.pk: ["x"]}


def test_questions_that_depend_on_each_other_are_never_asked(engagement: Engagement) -> None:
    one = ask(engagement, "One?", Kind.CHOICE)
    two = ask(engagement, "Two?", Kind.CHOICE, shown_when=one, shown_when_answer="Yes")
    RegistrationQuestion.objects.filter(pk=one.pk).update(shown_when=two, shown_when_answer="Yes")
    form = sent(engagement, {one: "Yes", two: "Yes"})
    assert form.is_valid()
    assert form.entry()["answers"] == {}


def test_retired_and_foreign_questions_are_not_on_the_form(
    engagement: Engagement, live_engagement: Engagement
) -> None:
    retired = ask(engagement, "Retired?", retired_at=factories.START, is_required=True)
    foreign = ask(live_engagement, "Foreign?")
    form = sent(engagement, {retired: "x", foreign: "x"})
    assert form.is_valid()
    assert form.entry()["answers"] == {}


@pytest.mark.parametrize("text", ["<img src=x onerror=alert(1)>", "{{7*7}}", '"><script>'])
def test_words_of_the_office_are_literal(engagement: Engagement, text: str) -> None:
    parent = ask(engagement, text, Kind.CHOICE, choices=[text, "b"], hint=text)
    ask(engagement, "Then?", hint=text, shown_when=parent, shown_when_answer=text)
    shown = sent(engagement, {})
    page = "".join(str(one.field.as_field_group()) for one in shown.own_questions())
    assert "<img" not in page
    assert "<script" not in page
    assert shown[f"question-{parent.pk}"].label == text


def test_a_hint_says_when_a_question_applies(engagement: Engagement) -> None:
    parent = ask(engagement, "Coming?", Kind.CHOICE)
    child = ask(engagement, "How?", shown_when=parent, shown_when_answer="Yes")
    form = sent(engagement, {})
    assert form[f"question-{child.pk}"].help_text.strip() == (
        "Only if you answered “Yes” to “Coming?”."
    )
    assert [(one.when, one.answer) for one in form.own_questions()] == [
        ("", ""),
        (f"question-{parent.pk}", "Yes"),
    ]


def test_needs_are_kinds_with_details(engagement: Engagement) -> None:
    form = sent(engagement, {}, needs="captions", needs_sign_language="ASL", needs_other=" ")
    assert form.is_valid(), form.errors
    assert form.entry()["accommodations"] == {"sign_language": "ASL", "captions": ""}


def test_a_need_that_says_too_little_is_asked_again(engagement: Engagement) -> None:
    for kind in ("language", "other"):
        assert list(sent(engagement, {}, needs=kind).errors) == [f"needs_{kind}"]
    assert list(sent(engagement, {}, needs="a pony").errors) == ["needs"]


def test_needs_end_with_their_deadline(engagement: Engagement) -> None:
    engagement.accommodations_until = factories.START.replace(year=2020)
    assert not sent(engagement, {}).takes_needs
    assert codes(sent(engagement, {}, needs="captions")) == {"__all__": ["too_late"]}
    assert sent(engagement, {}).is_valid()
