"""Published figures that would be counted otherwise now: found, announced, never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db.models.signals import pre_save

from engagements import audit
from engagements.models import AuditEntry, Engagement, Membership, OutgoingMail
from engagements.queries.counts import in_room
from engagements.refusals import NotAllowed, Refused
from qa import states
from readouts import queries
from readouts.actions import drafting, editing, publishing, watching
from tests import factories
from tests.readouts.conftest import declare

if TYPE_CHECKING:
    from django.test import Client

    from engagements.models import User
    from readouts.models import Readout

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(over: Engagement, edna: User, paul: User) -> Readout:
    for number in range(12):
        person = factories.make_registration(over, f"Person {number}")
        factories.make_attendance(person)
    readout = drafting.draft(over, by=edna)
    publishing.submit(readout, by=edna, without_summary=True)
    publishing.publish(readout, by=paul)
    watching.look()
    return readout


def change_an_attendance_row(engagement: Engagement, by: User) -> None:
    """As an action of the office would: the row and its entry in the log."""
    row = in_room(engagement).order_by("pk")[0]
    row.category = factories.category("employer")
    row.save()
    audit.record("attendance.corrected", row, by=by, engagement=engagement)


def test_what_stays_as_published_is_looked_at_once_and_announced_to_nobody(
    published: Readout,
) -> None:
    mails = OutgoingMail.objects.count()
    published.refresh_from_db()
    last = queries.last_entry(published.engagement)
    assert (published.drift, published.looked_at_entry, published.drift_found_at) == (
        [],
        last,
        None,
    )
    assert watching.look() == 0
    assert queries.with_news().count() == 0
    assert OutgoingMail.objects.count() == mails


def test_a_changed_attendance_row_changes_nothing_public_and_is_announced(
    client: Client, published: Readout, edna: User, paul: User
) -> None:
    page = client.get("/engagements/contact-center/readout/").content
    file = client.get("/engagements/contact-center/readout.pdf").content
    change_an_attendance_row(published.engagement, edna)
    assert watching.look() == 1
    published.refresh_from_db()
    assert [str(one) for one in queries.drift_of(published)] == [
        "Joined: attorneys or legal representatives: published 368, now 367",
        "Joined: employers: published 66, now 67",
    ]
    assert client.get("/engagements/contact-center/readout/").content == page
    assert client.get("/engagements/contact-center/readout.pdf").content == file
    mails = OutgoingMail.objects.filter(template="readouts/drifted").order_by("pk")
    assert sorted(mail.to for mail in mails) == sorted([edna.email, paul.email])
    assert "published 368, now 367" in mails[0].body
    assert AuditEntry.objects.get(action="readout.drifted").detail == {
        "figures": {"people.attorney": [368, 367], "people.employer": [66, 67]}
    }
    assert queries.drifted_for(edna) == [published]
    # Told once, however often somebody looks.
    audit.record(
        "engagement.edited", published.engagement, by=edna, engagement=published.engagement
    )
    assert watching.look() == 0
    assert OutgoingMail.objects.filter(template="readouts/drifted").count() == 2


def test_what_changed_without_the_log_is_found_when_all_are_looked_at_anew(
    published: Readout,
) -> None:
    published.engagement.declared_attendance.filter(people=66).update(people=70)
    assert watching.look() == 0
    assert watching.look_anew() == 1
    assert watching.look() == 1
    published.refresh_from_db()
    assert [one.key for one in queries.drift_of(published)] == [
        "joined",
        "people.employer",
    ]


def test_what_changes_while_a_look_counts_is_found_by_the_next(
    published: Readout, edna: User
) -> None:
    engagement = published.engagement

    def meanwhile(instance: AuditEntry, **_given: object) -> None:
        if instance.action == "readout.drifted":
            pre_save.disconnect(meanwhile, sender=AuditEntry)
            declare(engagement, {"advocate": 40})
            audit.record("attendance.declared", engagement, by=edna, engagement=engagement)

    declare(engagement, {"employer": 70})
    audit.record("attendance.declared", engagement, by=edna, engagement=engagement)
    pre_save.connect(meanwhile, sender=AuditEntry)
    assert [watching.look(), watching.look(), watching.look()] == [1, 1, 0]
    published.refresh_from_db()
    assert "people.advocate" in {one.key for one in queries.drift_of(published)}
    watching.look()
    assert queries.with_news().count() == 0


def test_it_is_gone_when_the_row_is_put_right(published: Readout, edna: User) -> None:
    declare(published.engagement, {"employer": 70})
    watching.look_anew()
    assert watching.look() == 1
    declare(published.engagement, {"employer": 66})
    watching.look_anew()
    assert watching.look() == 0
    published.refresh_from_db()
    assert (published.drift, published.drift_found_at) == ([], None)
    assert AuditEntry.objects.filter(action="readout.drift_gone").count() == 1


def test_a_correction_tells_the_new_figures_and_ends_it(
    published: Readout, edna: User, paul: User
) -> None:
    declare(published.engagement, {"employer": 70})
    watching.look_anew()
    watching.look()
    publishing.correct(published, by=edna, note="Employers were counted anew.")
    drafting.refresh_facts(published, by=edna)
    watching.look()
    assert queries.drifted_for(edna) == [published]
    publishing.submit(published, by=edna, without_summary=True)
    publishing.publish(published, by=paul)
    watching.look()
    published.refresh_from_db()
    assert published.drift == []


def test_what_the_readout_does_not_tell_is_no_drift(published: Readout, edna: User) -> None:
    """Questions are forwarded and answered afterwards; the text says nothing of it."""
    question = published.engagement.floor.questions.first()
    assert question is not None
    question.outcome = states.ANSWERED_LIVE
    question.save()
    audit.record("question.answered", question, by=edna, engagement=published.engagement)
    assert watching.look() == 0
    factories.make_question(published.engagement.floor)
    audit.record("question.entered", question, by=edna, engagement=published.engagement)
    assert watching.look() == 1


def test_names_that_changed_are_told_without_numbers(published: Readout, edna: User) -> None:
    Engagement.objects.filter(pk=published.engagement_id).update(title="The Contact Center")
    audit.record(
        "engagement.edited", published.engagement, by=edna, engagement=published.engagement
    )
    assert watching.look() == 1
    published.refresh_from_db()
    assert [(one.key, one.was, one.now) for one in queries.drift_of(published)] == [
        ("names", None, None)
    ]


def test_a_withdrawn_readout_and_a_draft_are_not_looked_at(published: Readout, paul: User) -> None:
    publishing.withdraw(published, by=paul, reason="Wrong")
    declare(published.engagement, {"employer": 70})
    assert (watching.look_anew(), watching.look()) == (0, 0)


def test_an_editor_leaves_the_published_figures_for_a_reason(
    published: Readout, edna: User, mia: User
) -> None:
    with pytest.raises(Refused) as refusal:
        watching.settle(published, by=edna, reason="No difference yet")
    assert refusal.value.code == "nothing_open"
    declare(published.engagement, {"employer": 70})
    watching.look_anew()
    watching.look()
    with pytest.raises(NotAllowed):
        watching.settle(published, by=mia, reason="Four more")
    for reason, code in (("  ", "empty"), ("x" * 301, "too_long")):
        with pytest.raises(Refused) as refusal:
            watching.settle(published, by=edna, reason=reason)
        assert refusal.value.code == code
    watching.settle(published, by=edna, reason="Four people of a late list")
    note = queries.settled(published)
    assert note is not None
    assert (note.reason, note.by) == ("Four people of a late list", edna.pk)
    assert queries.drifted_for(edna) == []
    entry = AuditEntry.objects.get(action="readout.drift_settled")
    assert entry.detail == {
        "figures": ["joined", "people.employer"],
        "reason": audit.digest("Four people of a late list"),
    }
    # The same difference stays settled; another one opens the matter again.
    assert watching.look() == 0
    assert queries.drifted_for(edna) == []
    declare(published.engagement, {"employer": 71})
    watching.look_anew()
    assert watching.look() == 1
    assert queries.drifted_for(edna) == [published]


def test_only_its_editors_are_told(published: Readout, edna: User, ada: User, omar: User) -> None:
    declare(published.engagement, {"employer": 70})
    watching.look_anew()
    watching.look()
    assert [queries.drifted_for(one) for one in (ada, omar)] == [[], []]
    Membership.objects.filter(user=edna).delete()
    assert queries.drifted_for(edna) == []


def test_a_token_of_the_text_is_watched_too(over: Engagement, edna: User, paul: User) -> None:
    for number in range(7):
        factories.make_registration(over, f"Person {number}")
    readout = drafting.draft(over, by=edna)
    editing.edit(
        readout,
        by=edna,
        revision=readout.revision,
        summary="{{registered.words}} people registered.",
    )
    publishing.submit(readout, by=edna, without_summary=True)
    version = publishing.publish(readout, by=paul)
    stated = [entry["key"] for entry in version.provenance if entry["stated"]]
    assert ("registered" in stated, "no_shows" in stated) == (True, False)
    watching.look()
    factories.make_registration(over, "One more")
    watching.look_anew()
    assert watching.look() == 1
