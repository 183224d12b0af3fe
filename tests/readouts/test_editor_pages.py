from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from readouts import queries
from readouts.actions import commenting, editing, publishing
from readouts.forms import written
from readouts.models import Comment, Readout
from tests.readouts.conftest import declare

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from engagements.models import Engagement, User

    SignIn = Callable[[User], Client]

pytestmark = pytest.mark.django_db


def address(name: str, *more: object) -> str:
    return reverse(name, args=["contact-center", *more])


def body(response: Any) -> str:
    return str(response.content.decode())


def sent(readout: Readout, **more: str) -> dict[str, str]:
    """As the page sends it: its revision, and the marks of what it showed."""
    marks = written(queries.marks_of(readout))
    return {"revision": str(readout.revision), "seen": marks} | more


def test_sections_stand_in_their_order_with_live_figures(
    readout: Readout, edna: User, sign_in: SignIn
) -> None:
    editing.edit(readout, by=edna, revision=1, summary="In all, {{joined}} came.")
    page = body(sign_in(edna).get(address("readout-edit")))
    keys = ("opening", *Comment.Section.values)
    places = [page.index(f'id="section-{key}"') for key in keys]
    assert places == sorted(places)
    figure = address("readout-figure", "joined")
    assert f'In all, <a class="live-figure" data-figure="joined" href="{figure}">828</a>' in page
    assert "In all, {{joined}} came.</textarea>" in page
    assert "<code>{{share.attorney}}</code>" in page
    assert 'value="write-attendance_text"' in page
    assert 'name="attendance_text"' not in page


def test_switches_and_wording_are_saved_and_what_was_not_on_the_page_stays(
    readout: Readout, edna: User, sign_in: SignIn
) -> None:
    editing.edit(readout, by=edna, revision=1, summary="Words", closing_text="Bye.")
    client = sign_in(edna)
    told = "shows_chart shows_speakers"
    given = sent(readout, switches=told, shows_chart="on", attendance_text="Own")
    assert client.post(address("readout-save"), given).status_code == 302
    readout.refresh_from_db()
    standing = queries.standing(readout)
    assert (standing["shows_chart"], standing["shows_speakers"]) == (True, False)
    assert (standing["shows_materials"], standing["summary"]) == (True, "Words")
    assert (standing["attendance_text"], standing["closing_text"]) == ("Own", "Bye.")


def test_saving_by_itself_answers_what_to_send_next_time(
    readout: Readout, edna: User, sign_in: SignIn
) -> None:
    client = sign_in(edna)
    first = client.post(address("readout-save"), sent(readout, then="keep", summary="One."))
    assert first.status_code == 200
    again = first.json() | {"then": "keep", "summary": "Two."}
    assert client.post(address("readout-save"), again).status_code == 200
    readout.refresh_from_db()
    assert (readout.summary, readout.revision) == ("Two.", 3)


def test_saving_by_itself_is_told_of_a_conflict_and_writes_nothing(
    readout: Readout, edna: User, paul: User, sign_in: SignIn
) -> None:
    given = sent(readout, then="keep", summary="Paul's")
    editing.edit(readout, by=edna, revision=1, summary="Edna's")
    late = sign_in(paul).post(address("readout-save"), given)
    assert (late.status_code, list(late.json())) == (409, ["sentence"])
    assert late.json()["sentence"].startswith("Edna saved this readout at ")
    readout.refresh_from_db()
    assert readout.summary == "Edna's"


def test_two_in_different_parts_do_not_meet_and_in_one_both_texts_are_shown(
    readout: Readout, edna: User, paul: User, sign_in: SignIn
) -> None:
    editing.edit(readout, by=edna, revision=1, summary="We heard this.", closing_text="Bye.")
    seen = sent(readout)
    editing.edit(readout, by=edna, revision=2, summary="We heard that.")
    client = sign_in(paul)
    apart = client.post(address("readout-save"), seen | {"closing_text": "Thanks."})
    assert apart.status_code == 302
    late = client.post(address("readout-save"), seen | {"summary": "You heard this."})
    page = body(late)
    assert late.status_code == 409
    assert 'id="saved-summary"' in page
    assert 'id="saved-closing_text"' not in page
    assert "We heard that.</textarea>" in page
    assert page.count("You heard this.</textarea>") == 2
    assert "<del>" in page
    readout.refresh_from_db()
    assert (readout.summary, readout.closing_text) == ("We heard that.", "Thanks.")
    both = {"revision": "4", "seen": written(queries.marks_of(readout)), "summary": "Both."}
    assert client.post(address("readout-save"), both).status_code == 302


def test_the_house_sentence_is_taken_over_and_given_back(
    readout: Readout, edna: User, sign_in: SignIn
) -> None:
    client = sign_in(edna)
    given = sent(readout, then="write-attendance_text", summary="Typed meanwhile.")
    answer = client.post(address("readout-save"), given)
    assert answer["Location"] == address("readout-edit") + "#section-attendance"
    readout.refresh_from_db()
    assert readout.attendance_text.startswith("A total of {{joined}} stakeholders joined")
    assert readout.summary == "Typed meanwhile."
    client.post(address("readout-save"), sent(readout, then="house-attendance_text"))
    readout.refresh_from_db()
    assert readout.attendance_text == ""
    client.post(address("readout-save"), sent(readout, then="house-summary"))
    readout.refresh_from_db()
    assert readout.summary == "Typed meanwhile."


def test_how_a_text_reads_is_asked_without_writing(
    readout: Readout, edna: User, sign_in: SignIn
) -> None:
    client = sign_in(edna)
    text = "{{nobody}} <script> 828 stakeholders joined the ABC."
    answer = client.post(address("readout-section"), {"name": "summary", "text": text})
    page = body(answer)
    assert answer.status_code == 200
    assert "<html" not in page
    assert '<mark class="unknown-figure">{{nobody}}</mark> &lt;script&gt; 828' in page
    assert "{{nobody}} is not a figure of this readout." in page
    assert 'data-write="{{joined}}"' in page
    assert "“ABC” stands here for the first time" in page
    bad = client.post(address("readout-section"), {"name": "facts", "text": ""})
    assert bad.status_code == 400
    readout.refresh_from_db()
    assert (readout.summary, readout.revision) == ("", 1)


def test_a_comment_comes_with_the_words_typed_around_it(
    readout: Readout, edna: User, sign_in: SignIn
) -> None:
    client = sign_in(edna)
    given = sent(readout, summary="Mine.", then="comment-closing")
    answer = client.post(address("readout-save"), given | {"comment-closing": "Do we promise?"})
    assert answer["Location"].endswith("#section-closing")
    made = Comment.objects.get()
    readout.refresh_from_db()
    assert (made.text, made.section, readout.summary) == ("Do we promise?", "closing", "Mine.")
    client.post(address("readout-save"), sent(readout, then=f"settle-{made.pk}"))
    made.refresh_from_db()
    assert made.settled_by == edna
    for then in ("settle-x", f"settle-{made.pk}", "comment-nowhere", "comment-closing", "write-x"):
        again = client.post(address("readout-save"), sent(readout, then=then))
        assert (again.status_code, "usa-alert--error" in body(again)) == (409, True), then
    assert Comment.objects.count() == 1


def test_a_comment_that_is_refused_is_still_on_the_page(
    readout: Readout, edna: User, omar: User, sign_in: SignIn
) -> None:
    """Its lines end as a browser sends them: 2,000 characters are possible."""
    lines = "\r\n".join(["Really?"] * 250)
    writing = sign_in(edna).post(
        address("readout-save"),
        sent(readout, then="comment-closing", summary="Mine.") | {"comment-closing": f"{lines}???"},
    )
    reading = sign_in(omar).post(
        address("readout-comment"), {"section": "closing", "text": f"{lines}???"}
    )
    for answer in (writing, reading):
        assert answer.status_code == 409
        assert "The comment has 2002 characters; 2000 are possible." in body(answer)
        assert "Really????</textarea>" in body(answer)
    readout.refresh_from_db()
    assert (readout.summary, Comment.objects.count()) == ("Mine.", 0)
    sign_in(omar).post(address("readout-comment"), {"section": "closing", "text": lines})
    assert len(Comment.objects.get().text) == 1999


def test_who_does_not_write_comments_by_forms_of_their_own(
    readout: Readout, edna: User, omar: User, sign_in: SignIn, client: Client
) -> None:
    publishing.submit(readout, by=edna, without_summary=True)
    moderator = sign_in(omar)
    page = body(moderator.get(address("readout-edit")))
    assert 'id="text-form"' not in page
    assert page.count(f'action="{address("readout-comment")}"') == len(Comment.Section.values)
    moderator.post(address("readout-comment"), {"section": "speakers", "text": "A name is off"})
    made = Comment.objects.get()
    assert "A name is off" in body(moderator.get(address("readout-edit")))
    moderator.post(address("readout-comment-settle", made.pk))
    made.refresh_from_db()
    assert made.settled_by == omar
    moderator.post(address("readout-comment-settle", made.pk), {"reopen": "on"})
    assert Comment.objects.filter(settled_by=None).exists()
    client.logout()
    assert "A name is off" not in body(client.get(address("readout")))


def test_comments_are_never_public(
    readout: Readout, edna: User, paul: User, client: Client
) -> None:
    commenting.comment(readout, by=edna, section="summary", text="Not for the public")
    editing.edit(readout, by=edna, revision=1, summary="For the public")
    publishing.submit(readout, by=edna)
    version = publishing.publish(readout, by=paul)
    assert "Not for the public" not in body(client.get(address("readout")))
    assert "Not for the public" not in str(version.document)


def test_figures_that_changed_since_are_marked_by_name(
    readout: Readout, over: Engagement, edna: User, sign_in: SignIn
) -> None:
    declare(over, {"other": 175})
    page = body(sign_in(edna).get(address("readout-edit")))
    assert 'data-key="joined" data-now="829"' in page
    assert 'data-key="questions" data-now=""' in page


def test_what_only_the_other_editor_wrote_is_in_the_form_that_is_sent_again(
    readout: Readout, edna: User, paul: User, sign_in: SignIn
) -> None:
    """A conflict about one part puts no other part back to what was there before."""
    editing.edit(readout, by=edna, revision=1, summary="Old.", closing_text="Old end.")
    switches = "shows_chart shows_speakers"
    given = sent(readout, switches=switches, shows_speakers="on", closing_text="Old end.\r\n")
    editing.edit(
        readout, by=edna, revision=2, summary="Edna's.", closing_text="New end.", shows_chart=True
    )
    client = sign_in(paul)
    late = client.post(address("readout-save"), given | {"summary": "Paul's."})
    assert late.status_code == 409
    form = late.context["form"]
    again = {name: form[name].value() for name in form.data if name in form.fields}
    assert (again["summary"], again["closing_text"]) == ("Paul's.", "New end.")
    assert client.post(address("readout-save"), again).status_code == 302
    readout.refresh_from_db()
    standing = queries.standing(readout)
    assert (standing["summary"], standing["closing_text"]) == ("Paul's.", "New end.")
    assert (standing["shows_chart"], standing["shows_speakers"]) == (True, True)


def test_saving_by_itself_does_not_put_back_what_somebody_else_wrote_in_another_part(
    readout: Readout, edna: User, paul: User, sign_in: SignIn
) -> None:
    editing.edit(readout, by=edna, revision=1, summary="Old.", closing_text="Old end.")
    given = sent(readout, then="keep", closing_text="Old end.")
    editing.edit(readout, by=edna, revision=2, closing_text="New end.")
    client = sign_in(paul)
    first = client.post(address("readout-save"), given | {"summary": "One."})
    again = given | first.json()
    second = client.post(address("readout-save"), again | {"summary": "Two."})
    assert (first.status_code, second.status_code) == (200, 200)
    readout.refresh_from_db()
    assert (readout.summary, readout.closing_text) == ("Two.", "New end.")
    late = client.post(address("readout-save"), again | {"closing_text": "Paul's end."})
    assert late.status_code == 409
