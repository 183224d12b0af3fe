"""The picker as a page: what it lists, adds, keeps and refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from qa import states
from qa.models import Label, Question
from readouts.actions import publishing, sampling
from readouts.views import samples as pages
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from engagements.models import Engagement, User
    from readouts.models import Readout, ReadoutSample

    SignIn = Callable[[User], Client]

pytestmark = pytest.mark.django_db

PAGE = reverse("readout-samples", args=["contact-center"])
SAVE = reverse("readout-samples-save", args=["contact-center"])
QUERIES = 17


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def fields(sample: ReadoutSample, **changes: object) -> dict[str, object]:
    """As the form sends them; a browser ends lines in its own way."""
    given = {
        "text": sample.text.replace("\n", "\r\n"),
        "reason": sample.reason,
        "heading": sample.heading,
        "position": sample.position,
    } | changes
    return {f"sample-{sample.pk}-{name}": value for name, value in given.items()}


def press(
    client: Client, readout: Readout, do: str, *sent: Mapping[str, object], query: str = ""
) -> Any:
    readout.refresh_from_db()
    data: dict[str, Any] = {"revision": readout.revision, "do": do}
    for one in sent:
        data |= one
    return client.post(SAVE + query, data)


def numbers(readout: Readout) -> list[int]:
    return [sample.question.number for sample in readout.samples.all()]


@pytest.fixture
def sampled(readout: Readout, questions: list[Question], edna: User) -> Readout:
    sampling.choose_all(readout, questions, by=edna, reasons=["Many ask this"] * 3)
    return readout


@pytest.fixture
def editor(edna: User, sign_in: SignIn) -> Client:
    return sign_in(edna)


def test_ticked_questions_are_added_with_the_reason_of_each(
    readout: Readout, questions: list[Question], editor: Client, edna: User
) -> None:
    Question.objects.filter(pk=questions[2].pk).update(people=12)
    ticks = {"choose-pick": [questions[2].pk, questions[0].pk]}
    why = {"choose-why": "people", "choose-own": "All of them at once", "choose-heading": "Hours"}
    response = press(editor, readout, "add", ticks, why, query="?q=e&page=1")
    assert response["Location"] == f"{PAGE}?q=e&page=1#choose"
    samples = list(readout.samples.all())
    assert [(one.question.number, one.heading, one.reason) for one in samples] == [
        (1, "Hours", "Asked by 1 person. All of them at once"),
        (3, "Hours", "Asked by 12 people. All of them at once"),
    ]
    assert {one.chosen_by for one in samples} == {edna}


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"choose-why": "plain"}, "Tick the questions that you want to add."),
        ({"choose-pick": "x", "choose-why": "plain"}, "Tick the questions that you want to add."),
        ({"choose-pick": "@"}, "Please say why. The record keeps it for the office."),
        ({"choose-pick": "@", "choose-why": "because"}, "is not one of the available choices"),
        ({"choose-pick": "@", "choose-own": "x" * 151}, "at most 150 characters"),
    ],
)
def test_without_a_tick_or_a_reason_nothing_is_added_and_the_ticks_stay(
    readout: Readout, questions: list[Question], editor: Client, sent: dict[str, str], said: str
) -> None:
    pk = str(questions[1].pk)
    given = {name: value.replace("@", pk) for name, value in sent.items()}
    response = press(editor, readout, "add", given)
    assert (response.status_code, numbers(readout)) == (400, [])
    assert said in words(response)
    is_ticked = f'value="{pk}" id="pick-{pk}" checked' in words(response)
    assert is_ticked == (sent.get("choose-pick") == "@")
    press(editor, readout, "add", {"choose-pick": pk, "choose-own": "It matters"})
    assert [sample.reason for sample in readout.samples.all()] == ["It matters"]


def test_the_enter_key_adds_what_is_ticked_and_saves_else(sampled: Readout, editor: Client) -> None:
    more = factories.make_question(sampled.engagement.floor, "More?", state=states.SHOWN)
    first = sampled.samples.all()[0]
    press(editor, sampled, "enter", fields(first, text="Changed?"))
    assert (numbers(sampled), sampled.samples.all()[0].text) == ([1, 2, 3], "Changed?")
    press(editor, sampled, "enter", {"choose-pick": more.pk, "choose-own": "It matters"})
    assert numbers(sampled) == [1, 2, 3, 4]


@pytest.mark.parametrize("state", [states.WAITING, states.DISMISSED, states.WITHDRAWN])
def test_what_nobody_may_quote_is_neither_listed_nor_added_nor_suggested(
    sampled: Readout, editor: Client, state: str
) -> None:
    hidden = factories.make_question(sampled.engagement.floor, "Elephants?", state=state)
    shown = factories.make_question(sampled.engagement.floor, "Giraffes?", state=states.SHOWN)
    page = words(editor.get(PAGE))
    assert ("Elephants" in page, "Giraffes" in page) == (False, True)
    for do, sent in (
        ("add", {"choose-pick": hidden.pk, "choose-why": "plain"}),
        (f"mend-{hidden.pk}", {}),
    ):
        refused = press(editor, sampled, do, sent)
        assert (refused.status_code, numbers(sampled)) == (409, [1, 2, 3])
        assert "Elephants" not in words(refused)
    press(editor, sampled, f"mend-{shown.pk}")
    assert numbers(sampled) == [1, 2, 3, 5]


@pytest.mark.parametrize("do", ["add", "mend"])
def test_question_of_another_engagement_is_not_found(
    readout: Readout,
    live_engagement: Engagement,
    questions: list[Question],
    editor: Client,
    do: str,
) -> None:
    foreign = factories.make_question(live_engagement.floor, "Theirs?", state=states.SHOWN)
    for pk in (foreign.pk, 999_999):
        pressed = "add" if do == "add" else f"mend-{pk}"
        sent = {"choose-pick": [questions[0].pk, pk], "choose-why": "plain"}
        refused = press(editor, readout, pressed, sent)
        assert (refused.status_code, numbers(readout)) == (404, [])
    press(editor, readout, "add", {"choose-pick": questions[0].pk, "choose-why": "plain"})
    assert numbers(readout) == [1]


@pytest.mark.parametrize("forged", ["999999", "0", "-1", "x", "99999999999999999999"])
def test_forged_sample_is_refused_and_nothing_with_it_is_saved(
    sampled: Readout, editor: Client, forged: str
) -> None:
    first = sampled.samples.all()[0]
    sent = fields(first, text="Changed?") | {f"sample-{forged}-text": "Forged"}
    refused = press(editor, sampled, "save", sent)
    assert refused.status_code == 409
    assert "That question is not in the sample any more." in words(refused)
    assert sampled.samples.all()[0].text == "When does it open?"
    # The words that were typed are still there, and can be saved.
    again = editor.post(SAVE, fields(first, text="Changed?") | {
        "do": "save", "revision": refused.context["readout"].revision
    })  # fmt: skip
    assert again.status_code == 302
    assert sampled.samples.all()[0].text == "Changed?"


@pytest.mark.parametrize("do", ["up-0", "down-99999999999999999999", "remove-x", "mend-", "up", ""])
def test_unknown_button_changes_nothing(sampled: Readout, editor: Client, do: str) -> None:
    response = press(editor, sampled, do)
    assert response.status_code in {302, 404, 409}
    assert numbers(sampled) == [1, 2, 3]


def test_order_is_changed_by_buttons_and_the_same_button_has_the_focus_again(
    sampled: Readout, editor: Client
) -> None:
    _first, second, third = sampled.samples.all()
    up = press(editor, sampled, f"up-{third.pk}")
    assert (up["Location"], numbers(sampled)) == (f"{PAGE}#up-{third.pk}", [1, 3, 2])
    up = press(editor, sampled, f"up-{third.pk}")
    assert (up["Location"], numbers(sampled)) == (f"{PAGE}#down-{third.pk}", [3, 1, 2])
    page = words(editor.get(PAGE))
    assert f'value="up-{third.pk}" disabled' in page
    assert f'value="down-{second.pk}" disabled' in page
    removed = press(editor, sampled, f"remove-{third.pk}")
    assert (removed["Location"], numbers(sampled)) == (f"{PAGE}#chosen", [1, 2])


def test_pressing_a_button_saves_what_was_typed_and_changes_nothing_else(
    sampled: Readout, editor: Client, paul: User
) -> None:
    first, second, third = sampled.samples.all()
    sampling.arrange(
        sampled,
        by=paul,
        revision=sampled.revision,
        entries=[sampling.SampleEntry(first.pk, "One?\nTwo?", 1)],
    )
    sampled.refresh_from_db()
    before = sampled.revision
    first.refresh_from_db()
    all_fields = [fields(one) for one in (first, second, third)]
    press(editor, sampled, "save", *all_fields)
    sampled.refresh_from_db()
    assert (sampled.revision, sampled.last_editor) == (before, paul)
    press(editor, sampled, f"down-{first.pk}", fields(second, text="Who?", heading="Staff"))
    told = [(one.question.number, one.heading, one.text) for one in sampled.samples.all()]
    assert told == [
        (3, "", "What about time zones?"), (1, "", "One?\nTwo?"), (2, "Staff", "Who?")
    ]  # fmt: skip


def test_what_only_the_other_editor_wrote_is_on_the_page_of_a_conflict(
    sampled: Readout, edna: User, sign_in: SignIn, paul: User
) -> None:
    client = sign_in(paul)
    page = client.get(PAGE)
    shown = [card.form for _heading, group in page.context["cards"] for card in group]
    sent = {form[name].html_name: form[name].value() for form in shown for name in form.fields}
    first, second, _third = sampled.samples.all()
    entries = [
        sampling.SampleEntry(first.pk, "Edna's first?", 1, first.reason, "Her heading"),
        sampling.SampleEntry(second.pk, "Edna's second?", 2),
    ]
    sampling.arrange(sampled, by=edna, revision=sampled.revision, entries=entries)
    data = {"revision": page.context["readout"].revision, "do": "save"}
    late = client.post(SAVE, data | sent | {f"sample-{second.pk}-text": "Paul's second?"})
    assert late.status_code == 409
    cards = [card.form for _heading, group in late.context["cards"] for card in group]
    told = {form.sample.pk: (form["text"].value(), form["heading"].value()) for form in cards}
    assert told[first.pk] == ("Edna's first?", "Her heading")
    assert told[second.pk] == ("Paul's second?", "")


def test_conflict_keeps_the_words_even_of_a_removed_question_and_shows_the_difference(
    sampled: Readout, edna: User, paul: User, sign_in: SignIn
) -> None:
    first, second, _third = sampled.samples.all()
    sent = fields(first, text="When does Paul open?") | fields(second, text="Paul's answer?")
    data = {"revision": sampled.revision, "do": "save"} | sent
    sampling.remove(sampled, second.pk, by=edna)
    late = sign_in(paul).post(SAVE, data)
    assert late.status_code == 409
    page = words(late)
    assert "Edna saved this readout at" in page
    assert "When does Paul open?" in page
    assert "[removed:" in page
    assert "no longer in the sample: Paul&#x27;s answer?" in page
    assert [one.text for one in sampled.samples.all()] == [
        "When does it open?", "What about time zones?"
    ]  # fmt: skip
    again = late.context["readout"].revision
    done = sign_in(paul).post(SAVE, fields(first, text="Both?") | {"revision": again, "do": "save"})
    assert done.status_code == 302
    assert sampled.samples.all()[0].text == "Both?"


def test_edited_words_stand_beside_those_that_were_asked(sampled: Readout, editor: Client) -> None:
    first = sampled.samples.all()[0]
    assert "Changed from what was asked" not in words(editor.get(PAGE))
    press(editor, sampled, "save", fields(first, text="When does <b>it</b> start?"))
    page = words(editor.get(PAGE))
    assert "Changed from what was asked" in page
    assert "[removed: </bdi>open" in page
    assert "start<bdi" in page
    assert "<b>it" not in page


def test_withdrawn_question_leaves_its_place_and_no_words(
    sampled: Readout, editor: Client, questions: list[Question], omar: User, sign_in: SignIn
) -> None:
    Question.objects.filter(pk=questions[1].pk).update(state=states.WITHDRAWN)
    for client in (editor, sign_in(omar)):
        page = words(client.get(PAGE))
        assert "Question 2 is withdrawn by now. Remove it from the sample first." in page
        assert "Who answers?" not in page
    press(editor, sampled, f"remove-{sampled.samples.get(question=questions[1]).pk}")
    assert numbers(sampled) == [1, 3]


def test_picker_narrows_down_and_puts_in_order_by_the_address(
    over: Engagement, readout: Readout, editor: Client
) -> None:
    floor = over.floor
    employer, fees = factories.category("employer"), Label.objects.create(
        engagement=over, name="Fees"
    )  # fmt: skip
    factories.make_question(
        floor, "Held by time?", state=states.HELD, category=employer, votes=3, label=fees
    )
    factories.make_question(floor, "Waiting time?", state=states.WAITING, category=employer)
    factories.make_question(
        floor, "Been told?", state=states.SHOWN, people=4, outcome=states.ANSWERED_LIVE
    )

    def found(query: str) -> list[int]:
        page = editor.get(f"{PAGE}?{query}")
        return [candidate.question.number for candidate in page.context["candidates"]]

    assert found("") == [1, 2, 3, 4, 6]
    assert found("q=TIME") == [3, 4]
    assert found("q=time+held") == [4]
    assert found("q=4") == [4]
    assert found("q=99999999999999999999") == []
    assert found(f"label={fees.pk}") == [4]
    assert found("label=none&sort=-number") == [6, 3, 2, 1]
    assert found("q=time&category=employer") == [4]
    assert found("became=held") == [4]
    assert found("became=answered_live") == [6]
    assert found("became=open") == [1, 2, 3, 4]
    assert found("became=forwarded") == []
    assert found("sort=-votes")[0] == 4
    assert found("sort=-people")[0] == 6
    assert found("sort=label")[0] == found("sort=category")[0] == 4
    # What cannot be understood is left aside.
    assert found("label=7777&category=nobody&became=waiting&sort=;&page=x&part=-1&q=%00") == [
        1, 2, 3, 4, 6
    ]  # fmt: skip
    in_order = words(editor.get(f"{PAGE}?q=time&sort=-votes"))
    heading = '<th scope="col" aria-sort="descending"><a href="?q=time&amp;sort=votes#choose">'
    assert f"{heading}Votes" in in_order


def test_who_does_not_edit_reads_the_choice_with_its_reasons_and_no_form(
    sampled: Readout, sign_in: SignIn, omar: User, edna: User
) -> None:
    page = words(sign_in(omar).get(PAGE))
    assert "Many ask this" in page
    assert "Chosen by" in page
    assert "How the choice spreads" in page
    assert 'id="sample-form"' not in page
    publishing.submit(sampled, by=edna, without_summary=True)
    assert 'id="sample-form"' not in words(sign_in(edna).get(PAGE))


def test_a_long_sample_is_edited_in_parts(
    sampled: Readout, editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "SAMPLES_ON_A_PAGE", 2)
    first, second, third = sampled.samples.all()
    page = words(editor.get(f"{PAGE}?part=2"))
    assert f'id="sample-{third.pk}"' in page
    assert f'id="sample-{first.pk}"' not in page
    moved = press(editor, sampled, f"up-{third.pk}", fields(third, text="Zones?"), query="?part=2")
    assert moved["Location"] == f"{PAGE}#up-{third.pk}"
    assert [one.text for one in sampled.samples.all()] == [
        "When does it open?", "Zones?", "Who answers?"
    ]  # fmt: skip
    saved = press(editor, sampled, "save", fields(second, text="Who?", position=3), query="?part=2")
    assert saved["Location"] == f"{PAGE}?part=2"


def test_page_takes_the_same_queries_for_one_question_and_for_many(
    sampled: Readout,
    questions: list[Question],
    editor: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    factories.make_question(sampled.engagement.floor, "One?", state=states.SHOWN, people=3)
    editor.get(PAGE)
    with django_assert_num_queries(QUERIES):
        editor.get(PAGE)
    for number in range(60):
        factories.make_question(sampled.engagement.floor, f"{number}?", state=states.SHOWN)
    with django_assert_num_queries(QUERIES):
        editor.get(PAGE)
