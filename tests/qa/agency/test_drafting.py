from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from engagements import clock
from engagements.models import AuditEntry, OutgoingMail
from engagements.refusals import NotAllowed, Refused
from qa.actions.agency import downloading, drafting, recalling, sealing
from qa.models import ApiToken, Delivery, Forwarding, Receipt
from tests import factories
from tests.factories import forward_list, list_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from engagements.models import Engagement, User

pytestmark = pytest.mark.django_db

MONDAY = datetime(2021, 5, 3, 3, 30, tzinfo=UTC)
"""Still Sunday in New York."""


def test_there_is_one_draft_with_a_date_on_a_workday(
    ended: Engagement, edna: User, paul: User
) -> None:
    with clock.set_to(MONDAY):
        draft = drafting.begin(ended, by=edna)
        same = drafting.begin(ended, by=paul)

    assert (draft, draft.drafted_by, draft.number) == (same, edna, None)
    assert draft.due_on == date(2021, 6, 1)
    with clock.set_to(datetime(2021, 5, 6, 15, tzinfo=UTC)):
        drafting.discard(draft, by=edna)
        # June 5 is a Saturday.
        assert drafting.begin(ended, by=edna).due_on == date(2021, 6, 7)
    entries = AuditEntry.objects.filter(action__startswith="forwarding.").order_by("pk")
    assert list(entries.values_list("action", flat=True)) == [
        "forwarding.drafted",
        "forwarding.discarded",
        "forwarding.drafted",
    ]


def test_the_next_draft_begins_with_the_choice_and_date_of_the_list_in_force(
    ended: Engagement, edna: User
) -> None:
    due_on = clock.now().date() + timedelta(days=10)
    forward_list(ended, by=edna, chosen_states=["waiting"], due_on=due_on, cover_note="Hello.")

    draft = drafting.begin(ended, by=edna)

    assert (draft.chosen_states, draft.due_on, draft.cover_note) == (["waiting"], due_on, "")


def test_who_saves_last_is_told_when_another_was_faster(
    ended: Engagement, edna: User, paul: User
) -> None:
    draft = drafting.begin(ended, by=edna)
    drafting.choose(draft, by=edna, revision=1, cover_note="Edna's.")

    with pytest.raises(Refused) as refused:
        drafting.choose(draft, by=paul, revision=1, cover_note="Paul's.")

    assert refused.value.code == "conflict"
    assert Forwarding.objects.get().cover_note == "Edna's."
    drafting.choose(draft, by=paul, revision=2, cover_note="Paul's.")
    assert Forwarding.objects.get().cover_note == "Paul's."
    entry = AuditEntry.objects.filter(action="forwarding.chosen").latest("pk")
    assert "Paul's." not in str(entry.detail)


@pytest.mark.parametrize(
    ("chosen", "code"),
    [
        ({"labels": [2_000_000]}, "labels"),
        ({"chosen_states": ["merged"]}, "states"),
        ({"due_on": date(2021, 5, 2)}, "due_on"),
        ({"due_on": date(2023, 5, 2)}, "due_on"),
    ],
)
def test_what_cannot_be_chosen_is_refused_and_changes_nothing(
    ended: Engagement, edna: User, chosen: dict[str, object], code: str
) -> None:
    with clock.set_to(MONDAY):
        draft = drafting.begin(ended, by=edna)
        with pytest.raises(Refused) as refused:
            drafting.choose(draft, by=edna, revision=1, **chosen)  # type: ignore[arg-type]
        assert (refused.value.code, Forwarding.objects.get().revision) == (code, 1)
        drafting.choose(draft, by=edna, revision=1, due_on=date(2021, 5, 3))
    assert Forwarding.objects.get().revision == 2


def test_only_who_forwards_drafts_and_a_sent_list_is_no_draft(
    ended: Engagement, edna: User, omar: User
) -> None:
    with pytest.raises(NotAllowed):
        drafting.begin(ended, by=omar)
    draft = drafting.begin(ended, by=edna)
    with pytest.raises(NotAllowed):
        drafting.choose(draft, by=omar, revision=1)
    with pytest.raises(NotAllowed):
        drafting.discard(draft, by=omar)
    sent = sealing.seal(draft, by=edna)

    for act in (
        lambda: drafting.choose(sent, by=edna, revision=1),
        lambda: drafting.discard(sent, by=edna),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "already"
    assert Forwarding.objects.get().state == "sent"


def test_a_list_is_recalled_with_a_reason_and_its_agency_is_told(
    ended: Engagement, edna: User, omar: User, uma: User, sign_in: Callable[[User], Client]
) -> None:
    sent = forward_list(ended, by=edna)
    with pytest.raises(NotAllowed):
        recalling.recall(sent, by=omar, reason="Why not?")
    with pytest.raises(Refused):
        recalling.recall(sent, by=edna, reason="")
    browser = sign_in(uma)
    assert browser.get(f"/agency/forwardings/{sent.pk}/").status_code == 200

    for nothing in ("\x00", " \r\n"):
        with pytest.raises(Refused) as refusal:
            recalling.recall(sent, by=edna, reason=nothing)
        assert refusal.value.code == "reason"
    with pytest.raises(Refused) as refusal:
        recalling.recall(sent, by=edna, reason="x" * 501)
    assert refusal.value.code == "too_long"
    recalling.recall(sent, by=edna, reason="A name\x00 was\r\nin it.")

    assert browser.get(f"/agency/forwardings/{sent.pk}/").status_code == 404
    assert (sent.state, sent.recall_reason, sent.recalled_by) == (
        "recalled",
        "A name was in it.",
        edna,
    )
    mail = OutgoingMail.objects.get(template="qa/recalled")
    assert (mail.to, "A name was in it." in mail.body) == (uma.email, True)
    assert "A name" not in str(AuditEntry.objects.get(action="forwarding.recalled").detail)
    with pytest.raises(Refused) as again:
        recalling.recall(sent, by=edna, reason="Once more.")
    assert again.value.code == "already"
    # The next one supersedes nothing, since nothing is in force.
    assert forward_list(ended, by=edna).supersedes is None
    assert not Delivery.objects.exists()


def test_each_download_leaves_a_receipt(
    ended: Engagement, edna: User, uma: User, carl: User, otto: User, mia: User
) -> None:
    sent = forward_list(ended, by=edna)

    for kind in ("xlsx", "csv", "json"):
        file = downloading.download(sent, by=uma, kind=kind)
        assert bytes(file.content) == list_file(sent, kind)
        receipt = Receipt.objects.latest("pk")
        assert (receipt.taken_by, receipt.format, receipt.sha256) == (uma, kind, file.sha256)
        entry = AuditEntry.objects.filter(action="forwarding.downloaded").latest("pk")
        assert (entry.actor, entry.detail["sha256"]) == (uma, file.sha256)

    for somebody in (carl, otto, mia):
        with pytest.raises(NotAllowed):
            downloading.download(sent, by=somebody)
    with pytest.raises(NotAllowed):
        downloading.download(sent, by=uma, kind="pdf")
    recalling.recall(Forwarding.objects.get(), by=edna, reason="A mistake.")
    with pytest.raises(NotAllowed):
        downloading.download(sent, by=uma)
    assert Receipt.objects.count() == 3


def test_a_key_of_the_agency_takes_a_file_and_another_one_does_not(
    ended: Engagement, edna: User, uma: User, otto: User
) -> None:
    sent = forward_list(ended, by=edna)
    ours, theirs = (
        ApiToken.objects.create(
            agency=agency, name="System", digest=liaison.email, hint="a",
            made_by=liaison, expires_at=clock.now(),
        )
        for liaison in (uma, otto)
        if (agency := liaison.agency) is not None
    )  # fmt: skip

    downloading.download(sent, by=uma, token=ours)
    with pytest.raises(NotAllowed):
        downloading.download(sent, by=otto, token=theirs)

    assert [receipt.token for receipt in Receipt.objects.all()] == [ours]


def test_only_liaisons_who_lead_are_told(
    ended: Engagement, edna: User, uma: User, carl: User
) -> None:
    factories.make_user("Gone", agency=uma.agency, is_active=False)
    forward_list(ended, by=edna)
    assert [mail.to for mail in OutgoingMail.objects.all()] == [uma.email]
