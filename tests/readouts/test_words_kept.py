"""What was typed and could not be saved is still there on the next page."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from engagements.models import Engagement
from qa import states
from readouts.actions import chain, commenting, editing, publishing, watching
from readouts.models import Approval, ClearanceStep, Comment, Readout, RecurringQuestion
from tests import factories
from tests.readouts.clearing import add_step, digest_of, mark
from tests.readouts.conftest import declare

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from engagements.models import User

    SignIn = Callable[[User], Client]

pytestmark = pytest.mark.django_db

LONG = "Because <it> was so. " * 100


def address(name: str) -> str:
    return reverse(name, args=["contact-center"])


def body(response: Any) -> str:
    return str(response.content.decode())


def sheet(page: str, name: str) -> str:
    """The open sheet whose form leads there."""
    start = page.rindex("<details", 0, page.index(f'action="{address(name)}"'))
    found = page[start : page.index("</details>", start)]
    assert found.startswith('<details class="confirm" open>')
    return found


@pytest.fixture
def in_review(readout: Readout, edna: User) -> Readout:
    return publishing.submit(readout, by=edna, without_summary=True)


@pytest.fixture
def published(in_review: Readout, paul: User) -> Readout:
    publishing.publish(in_review, by=paul)
    in_review.refresh_from_db()
    return in_review


@pytest.mark.parametrize("name", ["readout-correct", "readout-withdraw"])
def test_a_note_that_is_too_long_stays_in_its_open_sheet(
    published: Readout, paul: User, edna: User, sign_in: SignIn, name: str
) -> None:
    client = sign_in(paul if name == "readout-withdraw" else edna)
    answer = client.post(address(name), {"note": LONG, "reason": LONG})
    assert answer.status_code == 400
    assert "Because &lt;it&gt; was so. Because" in sheet(body(answer), name)
    assert client.post(address(name), {"note": "A name", "reason": "A name"}).status_code == 302


def test_a_time_and_a_note_that_are_refused_stay(
    in_review: Readout, paul: User, sign_in: SignIn
) -> None:
    client = sign_in(paul)
    past = {
        "revision": in_review.revision,
        "digest": digest_of(in_review),
        "at": "2021-04-14T14:00",
    }
    late = client.post(address("readout-schedule"), past)
    assert late.status_code == 409
    assert "That time has passed." in body(late)
    assert 'value="2021-04-14T14:00"' in sheet(body(late), "readout-schedule")
    empty = client.post(address("readout-return"), {"note": ""})
    assert empty.status_code == 409
    assert sheet(body(empty), "readout-return")
    again = client.post(address("readout-return"), {"note": LONG})
    assert again.status_code == 400
    assert "Because &lt;it&gt; was so." in sheet(body(again), "readout-return")


def test_a_remark_stays_when_the_text_has_changed_and_the_next_press_counts_for_what_is_shown(
    readout: Readout, ada: User, mia: User, edna: User, sign_in: SignIn
) -> None:
    step = add_step("Counsel", mia, by=ada)
    publishing.submit(readout, by=edna, without_summary=True)
    client = sign_in(mia)
    seen = {"revision": readout.revision, "digest": digest_of(readout), "step": step.pk}
    Readout.objects.update(facts=readout.facts | {"about": "something else"})
    page = client.post(address("readout-approve"), seen | {"remark": "Fine <so>."})
    assert page.status_code == 409
    assert 'value="Fine &lt;so&gt;."' in body(page)
    readout.refresh_from_db()
    assert f'value="{digest_of(readout)}"' in body(page)
    assert not Approval.objects.exists()


def test_words_whose_form_is_gone_are_told(published: Readout, edna: User, sign_in: SignIn) -> None:
    publishing.correct(published, by=edna, note="Somebody was first")
    answer = sign_in(edna).post(address("readout-correct"), {"note": "A <name>"})
    assert answer.status_code == 409
    assert "Not saved. You wrote: A &lt;name&gt;" in body(answer)


def test_a_note_of_who_only_clears_stays_beside_the_preview(
    in_review: Readout, ada: User, mia: User, edna: User, sign_in: SignIn
) -> None:
    add_step("Counsel", mia, by=ada)
    answer = sign_in(mia).post(address("readout-return"), {"note": LONG})
    assert answer.status_code == 400
    assert "Because &lt;it&gt; was so." in sheet(body(answer), "readout-return")


def test_a_reason_why_figures_stay_is_not_lost(
    readout: Readout, edna: User, paul: User, sign_in: SignIn
) -> None:
    editing.edit(readout, by=edna, revision=readout.revision, summary="{{joined}} came.")
    publishing.submit(readout, by=edna)
    publishing.publish(readout, by=paul)
    declare(readout.engagement, {"employer": 70})
    watching.look_anew()
    watching.look()
    client = sign_in(edna)
    answer = client.post(address("readout-settle"), {"reason": LONG})
    assert answer.status_code == 400
    assert "Because &lt;it&gt; was so. Because" in body(answer)
    assert client.post(address("readout-settle"), {"reason": "Late"}).status_code == 302


def test_a_comment_that_was_not_added_is_there_after_any_other_button(
    readout: Readout, edna: User, sign_in: SignIn
) -> None:
    commenting.comment(readout, by=edna, section="closing", text="Do we promise?")
    one, client = Comment.objects.get(), sign_in(edna)
    typed = {"comment-summary": "Not <sent>", "comment-closing": ""}
    for then in ("", "keep", "samples", "preview", "refresh", f"settle-{one.pk}"):
        readout.refresh_from_db()
        sent = {"revision": str(readout.revision), "then": then, "summary": "Words."}
        assert client.post(address("readout-save"), sent | typed).status_code in {200, 302}
        page = body(client.get(address("readout-edit")))
        assert page.count("Not &lt;sent&gt;</textarea>") == 1
    readout.refresh_from_db()
    sent = {"revision": str(readout.revision), "then": "comment-summary"}
    client.post(address("readout-save"), sent | typed)
    assert list(Comment.objects.values_list("text", flat=True)) == ["Do we promise?", "Not <sent>"]
    page = body(client.get(address("readout-edit")))
    assert "Not &lt;sent&gt;</textarea>" not in page


def test_a_comment_that_was_emptied_does_not_come_back(
    readout: Readout, edna: User, sign_in: SignIn
) -> None:
    client = sign_in(edna)
    for words in ("Typed", ""):
        readout.refresh_from_db()
        sent = {"revision": str(readout.revision), "comment-summary": words}
        client.post(address("readout-save"), sent)
    assert ">Typed</textarea>" not in body(client.get(address("readout-edit"))).replace("\n", "")


def test_who_was_overtaken_sees_what_the_other_administrator_saved(
    ada: User, cora: User, mia: User, sign_in: SignIn
) -> None:
    step, client = add_step("Counsel", cora, by=ada), sign_in(ada)
    seen = mark()
    chain.edit(step.pk, by=ada, seen=seen, name="Legal <look>", people=[mia], is_active=True)
    mine = {"seen": seen, "name": "Counsel office", "people": [cora.pk], "is_active": "on"}
    answer = client.post(reverse("clearance-save", args=[step.pk]), mine)
    page = body(answer)
    assert answer.status_code == 409
    assert re.search(r"As it is saved by now:.*Legal &lt;look&gt;.*Mia", page, re.DOTALL)
    assert 'value="Counsel office"' in page
    assert "Save mine in its place" in page
    new = client.post(reverse("clearance-add"), mine)
    assert new.status_code == 409
    assert re.search(r"The chain by now:</strong> Legal &lt;look&gt; \(Mia\)", body(new))
    invalid = client.post(reverse("clearance-save", args=[step.pk]), {"seen": mark(), "name": ""})
    assert "As it is saved by now" not in body(invalid)
    assert (
        client.post(reverse("clearance-save", args=[step.pk]), mine | {"seen": mark()}).status_code
        == 302
    )
    assert ClearanceStep.objects.get().name == "Counsel office"


def test_ticks_and_words_stay_when_noting_is_refused(edna: User, sign_in: SignIn) -> None:
    asked = []
    for number in range(2):
        starts_at = factories.START + timedelta(weeks=number)
        made = factories.make_engagement(
            f"event-{number}", state=Engagement.State.ENDED,
            starts_at=starts_at, ends_at=starts_at + timedelta(hours=1),
        )  # fmt: skip
        factories.make_member(edna, made, "editor")
        text = "How long is the wait for a travel document this year?"
        asked.append(factories.make_question(made.floor, text, state=states.SHOWN))
    client = sign_in(edna)
    page = body(client.get(reverse("recurring-find"), {"engagement": "event-1"}))
    card = re.findall(r'name="card" value="(\d+)"', page)[0]
    sent = {"engagement": "event-1", "card": card, "page": "1", "text": "How <long>?"}
    refused = client.post(reverse("recurring-note"), sent | {"question": [asked[0].pk]})
    page = body(refused)
    assert refused.status_code == 409
    assert "How &lt;long&gt;?</textarea>" in page
    assert re.findall(r'value="(\d+)" id="q-\d+-\d+" checked', page) == [str(asked[0].pk)]
    gone = client.post(reverse("recurring-note"), sent | {"card": "0", "question": [asked[0].pk]})
    assert "Not saved. You wrote: How &lt;long&gt;?" in body(gone)
    assert not RecurringQuestion.objects.exists()
