from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from engagements import clock
from engagements.models import AuditEntry, OutgoingMail, User
from engagements.refusals import NotAllowed, Refused
from readouts import queries, rules
from readouts.actions import clearing, editing, publishing, sampling
from readouts.actions.editing import Overtaken
from readouts.models import Approval, Readout, ReadoutVersion
from tests.readouts.clearing import add_step, approve, digest_of, mails

if TYPE_CHECKING:
    from engagements.models import Engagement
    from qa.models import Question
    from readouts.models import ClearanceStep

pytestmark = pytest.mark.django_db


@pytest.fixture
def counsel(ada: User, mia: User) -> ClearanceStep:
    """Mia has a role elsewhere only."""
    return add_step("Counsel", mia, by=ada)


@pytest.fixture
def privacy(counsel: ClearanceStep, ada: User, omar: User) -> ClearanceStep:
    return add_step("Privacy", omar, by=ada)


@pytest.fixture
def submitted(privacy: ClearanceStep, readout: Readout, edna: User) -> Readout:
    editing.edit(readout, by=edna, revision=1, summary="What was **said**.")
    return publishing.submit(readout, by=edna)


def refused(call: object, *arguments: object, **named: object) -> str:
    assert callable(call)
    with pytest.raises(Refused) as refusal:
        call(*arguments, **named)
    return refusal.value.code


def change(readout: Readout, by: User, summary: str) -> Readout:
    """Returned, written over, submitted anew."""
    publishing.return_to_draft(readout, by=by, note="A word.")
    editing.edit(readout, by=by, revision=readout.revision, summary=summary)
    return publishing.submit(readout, by=by)


def test_without_a_chain_a_second_person_publishes(
    readout: Readout, edna: User, paul: User
) -> None:
    publishing.submit(readout, by=edna, without_summary=True)
    assert mails() == []
    version = publishing.publish(readout, by=paul)
    assert version.approvals == []


def test_each_step_approves_in_its_turn_and_the_version_says_who(
    submitted: Readout,
    counsel: ClearanceStep,
    privacy: ClearanceStep,
    mia: User,
    omar: User,
    paul: User,
) -> None:
    assert mails() == [("readouts/turn", mia.email)]
    assert refused(publishing.publish, submitted, by=paul) == "not_cleared"
    assert refused(approve, submitted, privacy, by=omar) == "not_its_turn"
    first = approve(submitted, counsel, by=mia, remark=" As\nagreed. ")
    assert (first.digest, first.remark) == (queries.document_of(submitted).digest, "As agreed.")
    assert mails()[1:] == [("readouts/turn", omar.email)]
    assert refused(publishing.publish, submitted, by=paul) == "not_cleared"
    second = approve(submitted, privacy, by=omar)
    assert mails()[2:] == [("readouts/cleared", paul.email)]
    version = publishing.publish(submitted, by=paul)
    assert [(one["step"], one["name"], one["digest"]) for one in version.approvals] == [
        ("Counsel", "Mia", version.digest),
        ("Privacy", "Omar", version.digest),
    ]
    assert version.approvals[0]["at"] == first.at.isoformat()
    entries = AuditEntry.objects.filter(action="readout.approved").order_by("pk")
    assert [(entry.actor, entry.detail) for entry in entries] == [
        (one.by, {"step": one.step_id, "digest": one.digest, "revision": one.revision})
        for one in (first, second)
    ]


def test_mail_holds_a_link_and_no_word_of_the_text(submitted: Readout, mia: User) -> None:
    mail = OutgoingMail.objects.get(to=mia.email)
    assert "/office/engagements/contact-center/readout/preview/" in mail.body
    assert "said" not in mail.body + mail.html
    assert mail.state == OutgoingMail.State.WAITING


def test_a_change_voids_what_was_approved_and_says_by_whom(
    submitted: Readout, counsel: ClearanceStep, mia: User, edna: User, ada: User
) -> None:
    given = approve(submitted, counsel, by=mia)
    change(submitted, edna, "Something else.")
    assert refused(publishing.publish, submitted, by=ada) == "not_cleared"
    look = queries.clearance_of(submitted).looks[0]
    assert (look.approval, look.is_next) == (None, True)
    [void] = look.void
    assert (void.approval, void.changed_by) == (given, edna)
    assert void.changed_at is not None
    assert void.changed_at >= given.at
    assert Approval.objects.filter(pk=given.pk).exists()


def test_a_text_that_was_changed_back_has_to_be_approved_again(
    submitted: Readout, counsel: ClearanceStep, mia: User, edna: User
) -> None:
    given = approve(submitted, counsel, by=mia)
    change(submitted, edna, "Something else.")
    change(submitted, edna, "What was **said**.")
    assert digest_of(submitted) == given.digest
    assert queries.clearance_of(submitted).looks[0].approval is None
    again = approve(submitted, counsel, by=mia)
    assert queries.clearance_of(submitted).looks[0].approval == again


def test_a_return_that_changes_nothing_voids_nothing(
    submitted: Readout, counsel: ClearanceStep, mia: User, edna: User
) -> None:
    given = approve(submitted, counsel, by=mia)
    publishing.return_to_draft(submitted, by=edna)
    publishing.submit(submitted, by=edna)
    assert queries.clearance_of(submitted).looks[0].approval == given


def test_another_sample_or_another_name_voids_it(
    submitted: Readout,
    counsel: ClearanceStep,
    questions: list[Question],
    mia: User,
    edna: User,
    over: Engagement,
) -> None:
    approve(submitted, counsel, by=mia)
    publishing.return_to_draft(submitted, by=edna)
    sampling.choose(submitted, questions[0], by=edna, reason="Many ask this")
    publishing.submit(submitted, by=edna)
    assert queries.clearance_of(submitted).looks[0].approval is None
    approve(submitted, counsel, by=mia)
    Readout.objects.filter(pk=submitted.pk).update(
        facts=submitted.facts | {"about": "the Contact Center, put otherwise"}
    )
    submitted.refresh_from_db()
    [_first, second] = queries.clearance_of(submitted).looks[0].void
    assert (second.changed_by, second.changed_at) == (None, None)


def test_only_what_was_read_is_approved(
    submitted: Readout, counsel: ClearanceStep, mia: User, edna: User
) -> None:
    seen, revision = digest_of(submitted), submitted.revision
    change(submitted, edna, "Something else.")
    with pytest.raises(Overtaken):
        clearing.approve(submitted, by=mia, step=counsel.pk, digest=seen, revision=revision)
    code = refused(
        clearing.approve,
        submitted,
        by=mia,
        step=counsel.pk,
        digest=seen,
        revision=submitted.revision,
    )
    assert code == "changed"
    assert not Approval.objects.exists()


def test_the_last_editor_approves_nothing(
    privacy: ClearanceStep, counsel: ClearanceStep, readout: Readout, edna: User, mia: User
) -> None:
    counsel.people.add(edna)
    publishing.submit(readout, by=edna, without_summary=True)
    assert refused(approve, readout, counsel, by=edna) == "last_editor"
    assert mails() == [("readouts/turn", mia.email)]
    assert approve(readout, counsel, by=mia).by == mia


def test_only_the_people_of_a_step_approve_it(
    submitted: Readout, counsel: ClearanceStep, omar: User, cora: User, ada: User, uma: User
) -> None:
    for other in (omar, cora, ada):
        assert refused(approve, submitted, counsel, by=other) == "not_your_step"
    with pytest.raises(NotAllowed):
        approve(submitted, counsel, by=uma)
    assert not Approval.objects.exists()


def test_who_clears_reads_while_it_is_in_review_and_not_before(
    counsel: ClearanceStep, readout: Readout, edna: User, mia: User, over: Engagement
) -> None:
    seen = [rules.may_read(mia, over)]
    publishing.submit(readout, by=edna, without_summary=True)
    seen.append(rules.may_read(mia, over))
    User.objects.filter(pk=mia.pk).update(is_active=False)
    seen.append(rules.may_read(User.objects.get(pk=mia.pk), over))
    User.objects.filter(pk=mia.pk).update(is_active=True)
    publishing.return_to_draft(readout, by=mia, note="Not yet.")
    seen.append(rules.may_read(mia, over))
    assert seen == [False, True, False, False]
    assert not rules.may_view(mia, over)


def test_a_return_says_why_until_it_is_submitted_again(
    submitted: Readout, counsel: ClearanceStep, mia: User, edna: User, paul: User
) -> None:
    assert refused(publishing.return_to_draft, submitted, by=mia) == "empty"
    publishing.return_to_draft(submitted, by=mia, note="The second\nsentence.")
    found = queries.last_return(submitted)
    assert found is not None
    assert (found.by, found.step, found.note) == (mia, counsel, "The second sentence.")
    assert mails()[-1] == ("readouts/returned", edna.email)
    assert "second" not in str(AuditEntry.objects.get(action="readout.return").detail)
    publishing.submit(submitted, by=edna)
    assert queries.last_return(submitted) is None
    publishing.return_to_draft(submitted, by=paul, note="A name.")
    again = queries.last_return(submitted)
    assert again is not None
    assert (again.by, again.step) == (paul, None)


def test_a_correction_is_cleared_anew_even_with_the_same_text(
    submitted: Readout,
    counsel: ClearanceStep,
    privacy: ClearanceStep,
    mia: User,
    omar: User,
    edna: User,
    paul: User,
) -> None:
    approve(submitted, counsel, by=mia)
    approve(submitted, privacy, by=omar)
    publishing.publish(submitted, by=paul)
    publishing.correct(submitted, by=edna, note="A name")
    publishing.submit(submitted, by=edna)
    assert refused(publishing.publish, submitted, by=paul) == "not_cleared"
    assert [look.void for look in queries.clearance_of(submitted).looks] == [(), ()]
    approve(submitted, counsel, by=mia)
    approve(submitted, privacy, by=omar)
    assert publishing.publish(submitted, by=paul).number == 2
    assert [len(version.approvals) for version in ReadoutVersion.objects.all()] == [2, 2]


def test_a_chain_that_changes_counts_at_once(
    submitted: Readout, counsel: ClearanceStep, ada: User, mia: User, omar: User, paul: User
) -> None:
    approve(submitted, counsel, by=mia)
    approve(submitted, queries.chain()[1], by=omar)
    last = add_step("Public affairs", ada, by=ada)
    assert refused(publishing.publish, submitted, by=paul) == "not_cleared"
    approve(submitted, last, by=ada)
    assert publishing.publish(submitted, by=paul).number == 1


def test_a_step_at_which_nobody_can_approve_is_seen(
    submitted: Readout, counsel: ClearanceStep, mia: User
) -> None:
    assert [look.has_people for look in queries.clearance_of(submitted).looks] == [True, True]
    User.objects.filter(pk=mia.pk).update(is_active=False)
    assert [look.has_people for look in queries.clearance_of(submitted).looks] == [False, True]


def test_what_waits_for_somebody(
    submitted: Readout, counsel: ClearanceStep, mia: User, omar: User, edna: User
) -> None:
    def waiting(user: User) -> list[tuple[Readout, str]]:
        return [(readout, step.name) for readout, step in queries.to_clear(user)]

    assert [waiting(user) for user in (mia, omar, edna)] == [[(submitted, "Counsel")], [], []]
    approve(submitted, counsel, by=mia)
    assert [waiting(user) for user in (mia, omar, edna)] == [[], [(submitted, "Privacy")], []]


def test_history_tells_everything_in_order(
    submitted: Readout, counsel: ClearanceStep, mia: User, edna: User
) -> None:
    approve(submitted, counsel, by=mia, remark="Fine")
    publishing.return_to_draft(submitted, by=mia, note="One more word.")
    told = [(event.words, event.by, event.note) for event in queries.history(submitted)]
    assert told == [
        ("Returned to draft", mia, "One more word."),
        ("Approved: Counsel", mia, "Fine"),
        ("Submitted for review", edna, ""),
    ]


def test_a_readout_without_a_summary_is_submitted_on_purpose_only(
    readout: Readout, edna: User
) -> None:
    assert refused(publishing.submit, readout, by=edna) == "no_summary"
    readout.refresh_from_db()
    assert (readout.state, mails()) == ("draft", [])
    assert publishing.submit(readout, by=edna, without_summary=True).state == "in_review"


def test_remark_and_note_are_not_long(
    submitted: Readout, counsel: ClearanceStep, mia: User
) -> None:
    assert refused(approve, submitted, counsel, by=mia, remark="x" * 501) == "too_long"
    assert refused(publishing.return_to_draft, submitted, by=mia, note="x" * 501) == "too_long"
    assert (Approval.objects.count(), submitted.returns.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_of_two_approvals_at_once_one_counts(
    submitted: Readout, counsel: ClearanceStep, mia: User, cora: User
) -> None:
    counsel.people.add(cora)
    digest, ready = digest_of(submitted), threading.Barrier(2)
    results: list[str] = []

    def press(by: User) -> None:
        own = Readout.objects.select_related("engagement").get(pk=submitted.pk)
        ready.wait()
        try:
            clearing.approve(own, by=by, step=counsel.pk, digest=digest, revision=own.revision)
            results.append("approved")
        except Refused as refusal:
            results.append(refusal.code)
        finally:
            connection.close()

    presses = [threading.Thread(target=press, args=(by,)) for by in (mia, cora)]
    for thread in presses:
        thread.start()
    for thread in presses:
        thread.join()
    assert sorted(results) == ["approved", "not_its_turn"]
    assert Approval.objects.count() == 1


def test_an_approval_counts_although_the_clock_was_put_back(
    submitted: Readout, counsel: ClearanceStep, privacy: ClearanceStep,
    mia: User, omar: User, edna: User, paul: User,
) -> None:  # fmt: skip
    approve(submitted, counsel, by=mia)
    approve(submitted, privacy, by=omar)
    with clock.set_to(clock.now() + timedelta(hours=1)):
        publishing.publish(submitted, by=paul)
    assert queries.clearance_of(submitted).record() == []
    publishing.correct(submitted, by=edna, note="A word.")
    publishing.submit(submitted, by=edna)
    assert not queries.clearance_of(submitted).looks[0].void
    approve(submitted, counsel, by=mia)
    assert queries.clearance_of(submitted).next_step == privacy
    assert refused(approve, submitted, counsel, by=mia) == "not_its_turn"
