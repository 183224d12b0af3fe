from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engagements.models import AuditEntry, Engagement
from engagements.refusals import NotAllowed, Refused
from qa import states
from readouts import queries
from readouts.actions import drafting, editing, sampling
from readouts.models import Readout
from tests import factories
from tests.readouts.conftest import declare

if TYPE_CHECKING:
    from engagements.models import User
    from qa.models import Question

pytestmark = pytest.mark.django_db


def test_contact_center_gives_its_attendance_paragraph(over: Engagement, edna: User) -> None:
    for number in range(160):
        factories.make_question(over.floor, f"Question {number}?", state=states.WAITING)
    factories.make_question(over.floor, "Never mind", state=states.WITHDRAWN)
    over.floor.questions.filter(state=states.SHOWN).update(outcome=states.ANSWERED_LIVE)
    readout = drafting.draft(over, by=edna)
    for question in over.floor.questions.filter(state=states.SHOWN):
        sampling.choose(readout, question, by=edna, reason="Many ask this")
    assert queries.document_of(readout).attendance == (
        "A total of 828 stakeholders joined this webinar. Forty-three percent of attendees were "
        "attorneys or legal representatives; 19% identified as government employees; 8% were "
        "employers; 7% were petitioners or applicants; 2% represented advocacy groups; and 21% "
        "identified as other. Participants submitted 163 written questions and the speakers "
        "answered as many as they could during the engagement. Below is a sample of the questions "
        "received:"
    )


def test_draft_keeps_the_facts_of_its_moment(over: Engagement, edna: User) -> None:
    readout = drafting.draft(over, by=edna)
    factories.make_question(over.floor)
    readout.refresh_from_db()
    stored = queries.stored_facts(readout)
    assert (readout.state, readout.last_editor, readout.revision) == ("draft", edna, 1)
    assert (stored.joined, stored.questions) == (828, 3)
    assert AuditEntry.objects.get(action="readout.drafted").detail == {
        "joined": 828,
        "questions": 3,
    }


def test_only_an_editor_drafts_once_and_when_it_is_over(
    over: Engagement, edna: User, omar: User, ada: User, mia: User
) -> None:
    for stranger in (omar, ada, mia):
        with pytest.raises(NotAllowed):
            drafting.draft(over, by=stranger)
    Engagement.objects.filter(pk=over.pk).update(state=Engagement.State.LIVE)
    with pytest.raises(Refused) as refusal:
        drafting.draft(over, by=edna)
    assert refusal.value.code == "not_over"
    assert not Readout.objects.exists()
    Engagement.objects.filter(pk=over.pk).update(state=Engagement.State.ARCHIVED)
    drafting.draft(over, by=edna)
    with pytest.raises(Refused) as refusal:
        drafting.draft(over, by=edna)
    assert (refusal.value.code, Readout.objects.count()) == ("already", 1)


def test_changed_numbers_are_told_and_refreshed_by_a_click(
    over: Engagement, readout: Readout, paul: User, questions: list[Question]
) -> None:
    editing.edit(readout, by=paul, revision=1, summary="S", posts_presentation=True)
    declare(over, {"other": 176})
    factories.make_question(over.floor)
    over.title = "Contact Center"
    over.save()
    stored = queries.stored_facts(readout)
    readout.engagement.refresh_from_db()
    assert queries.differences(stored, queries.fresh_facts(readout)) == [
        "Joined: 828 → 830",
        "Other: 174 → 176",
        "Written questions: 3 → 4",
        "Open: 3 → 4",
        "The title, date, speakers, or the names of office or agency changed.",
    ]
    assert queries.stored_facts(readout) == stored
    drafting.refresh_facts(readout, by=paul)
    stored = queries.stored_facts(readout)
    assert queries.differences(stored, queries.fresh_facts(readout)) == []
    assert (stored.joined, stored.questions, stored.posts_presentation) == (830, 4, True)
    assert (readout.last_editor, readout.revision) == (paul, 3)


def test_small_groups_are_merged_unless_there_is_a_reason(over: Engagement, edna: User) -> None:
    declare(over, {"advocate": 3})
    readout = drafting.draft(over, by=edna)
    assert queries.leaves_out(readout)
    assert "advocacy" not in queries.document_of(readout).attendance
    editing.edit(readout, by=edna, revision=1, summary="", small_figures_reason="They agreed")
    assert "less than 1% represented advocacy groups" in queries.document_of(readout).attendance


def test_unknown_attendance_of_an_archive_is_not_zero(over: Engagement) -> None:
    over.declared_attendance.all().delete()
    assert queries.gather(over).joined == 0
    over.imported_from = "old.json"
    assert queries.gather(over).joined is None
