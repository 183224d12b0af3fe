from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engagements.models import AuditEntry, DeclaredAttendance
from engagements.refusals import NotAllowed, Refused
from readouts import queries, tokens
from readouts.actions import commenting, drafting, editing, publishing, sampling
from readouts.actions.editing import Overtaken
from readouts.models import Comment, HouseWording
from tests import factories
from tests.readouts.conftest import declare

if TYPE_CHECKING:
    from engagements.models import Engagement, User
    from qa.models import Question
    from readouts.models import Readout

pytestmark = pytest.mark.django_db

SLUG = "contact-center"


@pytest.fixture
def small(readout: Readout, over: Engagement, edna: User) -> Readout:
    """Three employers among 831 people."""
    declare(over, {"employer": 3})
    return drafting.refresh_facts(readout, by=edna)


def test_every_part_is_saved(readout: Readout, edna: User) -> None:
    wording = HouseWording.objects.create(name="Sessions")
    editing.edit(
        readout,
        by=edna,
        revision=1,
        wording=wording,
        summary="One.",
        attendance_text="{{joined}} came.\r\n",
        closing_text="Bye.",
        shows_chart=True,
        shows_speakers=False,
        shows_materials=False,
        shows_answers=False,
    )
    readout.refresh_from_db()
    assert queries.standing(readout) == {
        "wording": wording,
        "summary": "One.",
        "attendance_text": "{{joined}} came.",
        "closing_text": "Bye.",
        "shows_chart": True,
        "shows_speakers": False,
        "shows_materials": False,
        "shows_answers": False,
        "small_figures_reason": "",
        "posts_presentation": False,
    }
    entry = AuditEntry.objects.get(action="readout.edited")
    assert (entry.detail["wording"], entry.detail["shows"]) == (wording.pk, ["chart"])
    assert "came" not in str(entry.detail)


def test_two_who_change_different_parts_both_keep_their_words(
    readout: Readout, edna: User, paul: User
) -> None:
    seen = queries.marks_of(readout)
    editing.edit(readout, by=edna, revision=1, seen=seen, summary="Edna's", closing_text="")
    editing.edit(readout, by=paul, revision=1, seen=seen, summary="", closing_text="Paul's")
    readout.refresh_from_db()
    assert (readout.summary, readout.closing_text) == ("Edna's", "Paul's")
    with pytest.raises(Overtaken) as overtaken:
        editing.edit(readout, by=paul, revision=1, seen=seen, summary="Paul's too")
    assert overtaken.value.columns == ("summary",)
    readout.refresh_from_db()
    assert (readout.summary, readout.revision, readout.last_editor) == ("Edna's", 3, paul)


def test_what_else_changed_meanwhile_is_no_conflict(
    readout: Readout, over: Engagement, edna: User
) -> None:
    seen = queries.marks_of(readout)
    declare(over, {"other": 175})
    drafting.refresh_facts(readout, by=edna)
    editing.edit(readout, by=edna, revision=1, seen=seen, posts_presentation=True)
    facts = queries.stored_facts(readout)
    assert (facts.joined, facts.posts_presentation) == (829, True)


def test_figures_stand_in_the_text_with_their_pages(readout: Readout) -> None:
    figures = queries.figures_of(readout)
    html = queries.live_html(
        "{{joined}}. came, {{share.attorney.words}} <b> [of {{questions}}](https://a.example) "
        "and {{nobody}} \ue0001\ue001x\ue002",
        figures,
        slug=SLUG,
    )
    assert 'data-figure="joined"' in html
    assert ">828</" in html
    assert "<ol" not in html
    assert 'data-figure="share.attorney"' in html
    assert ">forty-three percent</" in html
    assert '>of <mark class="live-figure" data-figure="questions">3</mark></a>' in html
    assert '<mark class="unknown-figure">{{nobody}}</mark> 1x' in html
    assert "&lt;b&gt;" in html


@pytest.mark.parametrize(
    "text",
    [
        "{{<script>}}",
        "[x](https://a.example/{{joined}}/{{nobody}})",
        "`{{joined}}` ```{{joined}}```",
        "<{{joined}}>",
        '{{"onclick="x}}',
        "[a]({{joined}} [b]({{joined}}))",
    ],
)
def test_nothing_typed_becomes_an_element(readout: Readout, text: str) -> None:
    html = queries.live_html(text, queries.figures_of(readout), slug=SLUG)
    assert "<script" not in html
    assert "\ue000" not in html
    assert "%EE%80" not in html
    for part in html.split("<a ")[1:]:
        assert part.count("<mark") <= 1
        assert "<a " not in part.partition("</a>")[0]
        assert "onclick" not in part.partition(">")[0]


def test_the_house_sentence_goes_over_to_the_editor_with_its_figures_alive(
    readout: Readout, edna: User
) -> None:
    figures = queries.figures_of(readout)
    text = queries.house_text("attendance_text", figures, samples=0)
    assert text == (
        "A total of {{joined}} stakeholders joined this webinar. {{share.attorney.words}} of "
        "attendees were attorneys or legal representatives; {{share.government}} identified as "
        "government employees; {{share.employer}} were employers; {{share.applicant}} were "
        "petitioners or applicants; {{share.advocate}} represented advocacy groups; and "
        "{{share.other}} identified as other. Participants submitted {{questions}} written "
        "questions."
    )
    words = queries.house_words("attendance_text", figures, samples=0)
    assert tokens.filled(text, figures.values) == words
    assert queries.house_text("summary", figures, samples=0) == ""


def test_figures_of_small_groups_are_not_submitted_without_a_reason(
    small: Readout, edna: User, paul: User
) -> None:
    text = "Of {{joined}} people, {{people.employer}} were employers; {{joind}}."
    editing.edit(small, by=edna, revision=small.revision, summary=text)
    with pytest.raises(Refused) as refusal:
        publishing.submit(small, by=edna)
    assert refusal.value.code == "unpublishable_figure"
    assert str(refusal.value) == (
        "{{people.employer}} is a figure of a small group and is not published. Take it out, or "
        "give the reason to publish figures of small groups. {{joind}} is not a figure of this "
        "readout."
    )
    small.refresh_from_db()
    assert small.state == "draft"
    editing.edit(
        small,
        by=edna,
        revision=small.revision,
        summary=text.replace("; {{joind}}", ""),
        small_figures_reason="They agreed",
    )
    publishing.submit(small, by=edna)
    version = publishing.publish(small, by=paul)
    assert version.document["summary"] == "Of 765 people, 3 were employers."


def test_a_published_text_keeps_its_figures(
    readout: Readout, over: Engagement, edna: User, paul: User
) -> None:
    editing.edit(readout, by=edna, revision=1, summary="Of {{joined}}, {{share.attorney}}.")
    publishing.submit(readout, by=edna)
    version = publishing.publish(readout, by=paul)
    DeclaredAttendance.objects.update(people=1)
    version.refresh_from_db()
    assert version.document["summary"] == "Of 828, 43%."
    readout.refresh_from_db()
    assert readout.summary == "Of {{joined}}, {{share.attorney}}."


def test_the_palette_says_what_changed_and_what_is_not_published(
    small: Readout, over: Engagement
) -> None:
    declare(over, {"attorney": 400})
    entries = {entry.key: entry for entry in queries.palette(small, queries.fresh_facts(small))}
    joined, employers = entries["joined"], entries["people.employer"]
    assert (joined.label, joined.value, joined.now) == ("Joined", "765", "809")
    assert (employers.value, employers.now, employers.is_published) == ("3", "", False)
    assert entries["people.other"].value == "177"
    assert entries["people.attorney"].token == "{{people.attorney}}"
    assert not any(key.endswith(".words") for key in entries)


def test_comments_are_for_whoever_works_on_the_engagement(
    readout: Readout, edna: User, omar: User, mia: User
) -> None:
    made = commenting.comment(readout, by=omar, section="summary", text=" Who said\nthat? ")
    assert (made.text, made.by, made.section) == ("Who said\nthat?", omar, "summary")
    with pytest.raises(NotAllowed):
        commenting.comment(readout, by=mia, section="summary", text="Mine")
    with pytest.raises(NotAllowed):
        commenting.settle(readout, made.pk, by=mia)
    for section, text, code in (
        ("nowhere", "x", "unknown_section"),
        ("summary", " \n", "empty"),
        ("summary", "x" * 2_001, "too_long"),
    ):
        with pytest.raises(Refused) as refusal:
            commenting.comment(readout, by=omar, section=section, text=text)
        assert refusal.value.code == code
    assert Comment.objects.get() == made
    readout.refresh_from_db()
    assert readout.revision == 1
    assert "said" not in str(AuditEntry.objects.get(action="readout.commented").detail)


def test_a_comment_is_settled_and_opened_again_once_each(
    readout: Readout, edna: User, omar: User
) -> None:
    made = commenting.comment(readout, by=omar, section="closing", text="Really?")
    commenting.settle(readout, made.pk, by=edna)
    made.refresh_from_db()
    assert (made.settled_by, made.settled_at is not None) == (edna, True)
    with pytest.raises(Refused):
        commenting.settle(readout, made.pk, by=omar)
    commenting.reopen(readout, made.pk, by=omar)
    made.refresh_from_db()
    assert (made.settled_by, made.settled_at) == (None, None)
    over = factories.make_engagement("other", state="ended")
    factories.make_member(edna, over, "editor")
    other = drafting.draft(over, by=edna)
    with pytest.raises(Refused):
        commenting.settle(other, made.pk, by=edna)
    made.refresh_from_db()
    assert made.settled_at is None


def test_words_before_the_sample_that_lead_over_to_nothing_are_noted(
    readout: Readout, questions: list[Question], edna: User
) -> None:
    def hints(text: str) -> list[tuple[str, tuple[str, ...]]]:
        shown = queries.read_text(readout, "attendance_text", text)
        return [(hint.sentence, hint.instead) for hint in shown.hints]

    assert hints("Many came.") == []
    sampling.choose(readout, questions[0], by=edna, reason="asked most")
    assert hints("Many came.") == [
        (
            "The sample questions follow this text, and nothing leads over to them.",
            (" Below is a sample of the questions received:",),
        )
    ]
    assert hints("Many came. They asked:") == []
