"""People follow commitments: who may, what is refused, and what the public reads of them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from engagements import clock
from engagements.models import AuditEntry, Engagement, OutgoingMail
from engagements.refusals import NotAllowed, Refused
from readouts.actions import following, publishing, reminding
from readouts.models import Commitment, ReadoutVersion
from readouts.queries import commitments as queries
from readouts.queries.commitments import Wanted
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from engagements.models import User
    from readouts.models import Readout

pytestmark = pytest.mark.django_db

NOON = datetime(2021, 5, 10, 12, tzinfo=ZoneInfo("America/New_York"))
TODAY = date(2021, 5, 10)


def make(engagement: Engagement, text: str = "We will call.", **fields: object) -> Commitment:
    return Commitment.objects.create(engagement=engagement, text=text, **fields)


def last(commitment: Commitment) -> tuple[str, str]:
    entry = AuditEntry.objects.latest("pk")
    assert entry.subject == f"readouts.commitment:{commitment.pk}"
    return entry.action, entry.actor_label


def test_a_promise_by_word_is_added_by_hand(over: Engagement, edna: User, cora: User) -> None:
    made = following.add(over, by=edna, text=" We will\tcall. ", owner=cora, due_on=TODAY)
    assert (made.kind, made.text, made.owner, made.due_on, made.version) == (
        "other", "We will call.", cora, TODAY, None,
    )  # fmt: skip
    assert last(made) == ("commitment.made", f"account:{edna.pk}")
    assert "call" not in str(AuditEntry.objects.latest("pk").detail)


@pytest.mark.parametrize(("text", "code"), [("  ", "empty"), ("x" * 501, "too_long")])
def test_words_are_needed_and_not_too_many(
    over: Engagement, edna: User, text: str, code: str
) -> None:
    following.add(over, by=edna, text="x" * 500)
    with pytest.raises(Refused) as refused:
        following.add(over, by=edna, text=text)
    assert (refused.value.code, Commitment.objects.count()) == (code, 1)


def test_only_who_works_here_sees_to_it(over: Engagement, edna: User, mia: User, ada: User) -> None:
    following.add(over, by=edna, text="One.", owner=ada)
    with pytest.raises(Refused) as refused:
        following.add(over, by=edna, text="Two.", owner=mia)
    assert (refused.value.code, Commitment.objects.count()) == ("owner", 1)


def test_editors_and_administrators_follow_and_others_do_not(
    over: Engagement, edna: User, ada: User, cora: User, omar: User, mia: User
) -> None:
    commitment = make(over)
    for person in (cora, omar, mia):
        acts: list[Callable[..., object]] = [
            partial(following.add, over, text="x"),
            partial(following.assign, commitment, revision=1, owner=None, due_on=None, text="x"),
            partial(following.keep, commitment, revision=1, evidence="x"),
            partial(following.drop, commitment, revision=1, reason="x"),
            partial(following.reopen, commitment, revision=1),
        ]
        for act in acts:
            with pytest.raises(NotAllowed):
                act(by=person)
    assert Commitment.objects.get() == commitment
    following.assign(commitment, by=edna, revision=1, owner=None, due_on=TODAY, text="New.")
    following.assign(commitment, by=ada, revision=2, owner=cora, due_on=TODAY)
    commitment.refresh_from_db()
    assert (commitment.text, commitment.owner, commitment.revision) == ("New.", cora, 3)


def test_its_owner_may_say_that_it_is_kept_and_no_more(
    over: Engagement, cora: User, omar: User
) -> None:
    commitment = make(over, owner=cora)
    with pytest.raises(NotAllowed):
        following.drop(commitment, by=cora, revision=1, reason="x")
    with pytest.raises(NotAllowed):
        following.keep(commitment, by=omar, revision=1, evidence="x")
    with clock.set_to(NOON):
        following.keep(
            commitment,
            by=cora,
            revision=1,
            evidence="We called.",
            evidence_url="https://a.example/",
        )
    assert (commitment.state, commitment.evidence, commitment.evidence_url) == (
        "kept", "We called.", "https://a.example/",
    )  # fmt: skip
    assert (commitment.settled_by, commitment.settled_at) == (cora, NOON)
    assert last(commitment) == ("commitment.kept", f"account:{cora.pk}")


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "//a.example"])
def test_evidence_links_to_the_web_alone(over: Engagement, edna: User, link: str) -> None:
    commitment = make(over)
    with pytest.raises(Refused) as refused:
        following.keep(commitment, by=edna, revision=1, evidence="x", evidence_url=link)
    assert refused.value.code == "link"
    following.keep(commitment, by=edna, revision=1, evidence="x", evidence_url="http://a.example")
    assert commitment.state == "kept"


def test_the_words_of_a_published_promise_stay(over: Engagement, edna: User) -> None:
    commitment = make(over, "As published.", kind="share_list")
    following.assign(commitment, by=edna, revision=1, owner=None, due_on=None, text="Else.")
    assert commitment.text == "As published."


def test_two_at_once_and_the_later_one_is_told_who_was_first(
    over: Engagement, edna: User, paul: User
) -> None:
    commitment = make(over)
    mine = Commitment.objects.get()
    following.drop(commitment, by=edna, revision=1, reason="No time.")
    with pytest.raises(Refused) as refused:
        following.keep(mine, by=paul, revision=1, evidence="Done.")
    assert refused.value.code == "overtaken"
    assert "given up" in str(refused.value)
    assert "Edna changed that" in str(refused.value)
    mine.refresh_from_db()
    assert (mine.state, mine.evidence) == ("dropped", "No time.")
    following.reopen(mine, by=paul, revision=2)
    assert (mine.state, mine.evidence, mine.settled_by) == ("open", "", None)


def test_the_register_lists_what_is_asked_for(
    over: Engagement, edna: User, mia: User, ada: User
) -> None:
    late = make(over, "Late.", due_on=TODAY - timedelta(days=1), owner=edna)
    today = make(over, "Today.", due_on=TODAY)
    undated = make(over, "Some day.", kind="share_list")
    kept = make(over, "Kept.", state="kept", settled_at=NOON)
    elsewhere = make(factories.make_engagement("other", title="Other"), "Elsewhere.")
    with clock.set_to(NOON):

        def listed(user: User, **wanted: object) -> list[Commitment]:
            return queries.register_of(user, Wanted(**wanted))  # type: ignore[arg-type]

        assert listed(edna) == [late, today, undated]
        assert listed(ada) == [late, today, undated, elsewhere]
        assert listed(mia) == []
        assert listed(edna, state="overdue") == [late]
        assert listed(edna, state="kept") == [kept]
        assert listed(edna, state="") == [late, today, undated, kept]
        assert listed(edna, mine=True) == [late]
        assert listed(edna, kind="share_list") == [undated]
        assert listed(ada, engagement="other") == [elsewhere]
        assert listed(ada, agency=str(over.agency_id)) == [late, today, undated, elsewhere]
        counts = queries.counts_of(edna, Wanted())
    assert counts == {"all": 4, "overdue": 1, "open": 3, "kept": 1, "dropped": 0}


def test_the_first_page_of_the_office_names_what_is_overdue(
    over: Engagement, edna: User, paul: User, mia: User, sign_in: Callable[[User], Client]
) -> None:
    make(over, due_on=TODAY - timedelta(days=1))
    make(over, due_on=TODAY + timedelta(days=3), owner=edna, kind="share_list")
    with clock.set_to(NOON):
        pages = {
            user.name: sign_in(user).get("/office/").content.decode() for user in (edna, paul, mia)
        }
    overdue, soon = "1 promise to the public is overdue", "Promises that you see to, due soon"
    found = {name: (overdue in page, soon in page) for name, page in pages.items()}
    assert found == {"Edna": (True, True), "Paul": (True, False), "Mia": (False, False)}


def test_its_pages_work_and_show_what_was_typed_when_it_was_refused(
    over: Engagement, edna: User, cora: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(edna)
    new = f"/office/engagements/{over.slug}/commitments/new/"
    made = client.post(
        new, {"text": "We will <b>call</b>.", "owner": cora.pk, "due_on": "2021-05-09"}
    )
    commitment = Commitment.objects.get()
    page = f"/office/commitments/{commitment.pk}/"
    assert (made.status_code, made["Location"]) == (302, page)
    assert "We will &lt;b&gt;call&lt;/b&gt;." in client.get(page).content.decode()
    kept = {"evidence": "We <i>called</i>.", "evidence_url": "https://a.example/", "revision": 7}
    refused = client.post(f"{page}keep/", kept)
    assert refused.status_code == 409
    assert "We &lt;i&gt;called&lt;/i&gt;." in refused.content.decode()
    assert client.post(f"{page}keep/", kept | {"evidence": ""}).status_code == 400
    assert client.post(f"{page}keep/", kept | {"revision": 1}).status_code == 302
    assert client.post(f"{page}drop/", {"reason": "x", "revision": 2}).status_code == 409
    assert client.post(f"{page}reopen/", {"revision": 2}).status_code == 302
    assert client.post(f"{page}drop/", {"reason": "No time.", "revision": 3}).status_code == 302
    commitment.refresh_from_db()
    assert (commitment.state, commitment.evidence, commitment.revision) == (
        "dropped",
        "No time.",
        4,
    )
    listed = client.get("/office/commitments/?state=dropped").content.decode()
    assert "We will &lt;b&gt;call&lt;/b&gt;." in listed
    assert (
        client.get("/office/commitments/?state=x&agency=y&engagement=z&page=q").status_code == 200
    )


@pytest.fixture
def published(readout: Readout, edna: User, paul: User) -> Readout:
    publishing.submit(readout, by=edna, without_summary=True)
    publishing.publish(readout, by=paul)
    return readout


def test_the_public_reads_promises_of_a_version_in_force_only(
    published: Readout, edna: User, paul: User
) -> None:
    engagement = published.engagement
    promised = Commitment.objects.get(kind="share_list")
    by_hand = make(engagement)
    assert queries.public_of(engagement) == [promised], "what is typed by hand is not public yet"
    following.keep(by_hand, by=edna, revision=1, evidence="Done.")
    assert queries.public_of(engagement) == [promised, by_hand]
    publishing.withdraw(published, by=paul, reason="Wrong.")
    assert queries.public_of(engagement) == []


def test_an_imported_promise_is_public_only_when_it_was_kept(
    published: Readout, edna: User
) -> None:
    promised = Commitment.objects.get(kind="share_list")
    ReadoutVersion.objects.update(imported=True)
    assert queries.public_of(published.engagement) == []
    following.keep(promised, by=edna, revision=1, evidence="By mail.")
    assert queries.public_of(published.engagement) == [promised]


def reminders() -> list[tuple[str, str]]:
    mails = OutgoingMail.objects.filter(template="readouts/commitments").order_by("pk")
    return [(mail.to, mail.subject) for mail in mails]


def test_owners_are_reminded_before_at_and_weekly_after_the_day(
    over: Engagement, edna: User
) -> None:
    make(over, "One.", owner=edna, due_on=TODAY)
    make(over, "Far.", owner=edna, due_on=TODAY + timedelta(days=90))
    sent = []
    for day in range(-5, 20):
        for _again in range(2):
            with clock.set_to(NOON + timedelta(days=day)):
                if reminding.remind():
                    sent.append(day)
    assert sent == [-3, 1, 8, 15]
    soon, late = "1 promise to the public is due soon", "1 promise to the public is overdue"
    assert reminders() == [(edna.email, soon), *[(edna.email, late)] * 3]
    body = OutgoingMail.objects.latest("pk").body
    assert "Overdue since May 10, 2021: One. (The USCIS Contact Center)" in body
    assert "Far." not in body


def test_what_has_no_owner_is_told_to_the_editors_in_one_mail(
    over: Engagement, edna: User, paul: User, cora: User
) -> None:
    make(over, "One.", due_on=TODAY)
    make(over, "Two.", owner=cora, due_on=TODAY - timedelta(days=1))
    make(over, "Three.", due_on=TODAY)
    type(cora).objects.filter(pk=cora.pk).update(is_active=False)
    with clock.set_to(NOON):
        assert reminding.remind() == 2
    late = "1 promise to the public is overdue"
    assert sorted(reminders()) == sorted([(edna.email, late), (paul.email, late)])
    assert all(one in OutgoingMail.objects.latest("pk").body for one in ("One.", "Two.", "Three."))


def test_a_day_that_was_moved_is_reminded_of_anew(over: Engagement, edna: User) -> None:
    commitment = make(over, owner=edna, due_on=TODAY)
    with clock.set_to(NOON):
        assert (reminding.remind(), reminding.remind()) == (1, 0)
        day = TODAY + timedelta(days=2)
        following.assign(commitment, by=edna, revision=1, owner=edna, due_on=day)
        assert (reminding.remind(), reminding.remind()) == (1, 0)
        following.keep(commitment, by=edna, revision=2, evidence="Done.")
    with clock.set_to(NOON + timedelta(days=30)):
        assert reminding.remind() == 0
