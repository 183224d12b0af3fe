from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.urls import reverse

from engagements import clock
from engagements.models import AuditEntry, Membership, OutgoingMail, User
from engagements.refusals import NotAllowed, Refused
from qa import states
from qa.models import Question
from readouts import queries
from readouts.actions import editing, publishing, sampling, scheduling
from readouts.models import Readout, ReadoutVersion, SearchEntry
from readouts.tasks import publish_due
from tests.readouts.clearing import add_step, approve, digest_of, mails

if TYPE_CHECKING:
    from datetime import datetime

    from django.test import Client

    from engagements.models import Engagement

pytestmark = pytest.mark.django_db

TOMORROW = timedelta(days=1)


def schedule(readout: Readout, by: User, at: datetime | None = None) -> Readout:
    return scheduling.schedule(
        readout,
        by=by,
        at=at or clock.now() + TOMORROW,
        revision=readout.revision,
        digest=digest_of(readout),
    )


def code_of(readout: Readout, by: User, at: datetime | None = None) -> str:
    with pytest.raises(Refused) as refusal:
        schedule(readout, by, at)
    return refusal.value.code


def a_day_later() -> int:
    with clock.set_to(clock.now() + TOMORROW + timedelta(seconds=1)):
        return publish_due()


@pytest.fixture
def submitted(readout: Readout, questions: list[Question], edna: User) -> Readout:
    editing.edit(readout, by=edna, revision=1, summary="A secret until tomorrow.")
    sampling.choose(readout, questions[0], by=edna, reason="Many ask this")
    return publishing.submit(readout, by=edna)


def test_published_at_its_time_and_not_before(
    submitted: Readout, paul: User, client: Client
) -> None:
    moment = clock.now() + TOMORROW
    schedule(submitted, paul, moment)
    assert (submitted.state, submitted.publish_at, submitted.publish_by) == (
        "in_review",
        moment,
        paul,
    )
    assert publish_due() == 0
    with clock.set_to(moment + timedelta(seconds=1)):
        assert publish_due() == 1
        assert publish_due() == 0
    version = ReadoutVersion.objects.get()
    assert (version.published_by, version.published_at) == (paul, moment + timedelta(seconds=1))
    submitted.refresh_from_db()
    assert (submitted.state, submitted.publish_at, submitted.publish_digest) == (
        "published",
        None,
        "",
    )
    entry = AuditEntry.objects.get(action="readout.publish")
    assert (entry.actor, entry.detail["by_clock"]) == (paul, True)
    assert "A secret" in client.get(reverse("readout", args=["contact-center"])).content.decode()


def test_nothing_leaks_before_its_time(submitted: Readout, paul: User, client: Client) -> None:
    schedule(submitted, paul)
    slug = submitted.engagement.slug
    hidden: list[tuple[str, list[object]]] = [
        ("readout", []),
        ("readout-file", ["pdf"]),
        ("readout-version", [1]),
        ("readout-version-file", [1, "pdf"]),
        ("readout-difference", [1, 2]),
    ]
    for name, more in hidden:
        response = client.get(reverse(name, args=[slug, *more]))
        never = client.get(reverse(name, args=["never-was", *more]))
        assert (response.status_code, response.content) == (404, never.content)
    pages = [
        reverse("engagement", args=[slug]),
        reverse("public-questions", args=[slug]),
        reverse("home"),
        f"{reverse('archive')}?q=secret",
        reverse("archive-feed"),
        reverse("sitemap"),
        reverse("sitemap-part", args=[1]),
    ]
    seen = "".join(client.get(page).content.decode() for page in pages)
    seen += "".join(f"{entry.title} {entry.body}" for entry in SearchEntry.objects.all())
    assert "A secret" not in seen
    assert reverse("readout", args=[slug]) not in seen


def test_what_publishing_asks_is_asked_when_the_time_is_set(
    submitted: Readout, edna: User, omar: User, paul: User, mia: User, ada: User
) -> None:
    assert code_of(submitted, edna) == "last_editor"
    with pytest.raises(NotAllowed):
        schedule(submitted, omar)
    assert code_of(submitted, paul, clock.now() - timedelta(seconds=1)) == "past"
    assert code_of(submitted, paul, clock.now() + timedelta(days=400)) == "too_far"
    step = add_step("Counsel", mia, by=ada)
    assert code_of(submitted, paul) == "not_cleared"
    submitted.refresh_from_db()
    assert (submitted.publish_at, submitted.publish_digest) == (None, "")
    approve(submitted, step, by=mia)
    assert schedule(submitted, paul).publish_by == paul


def test_only_what_was_read_is_set(submitted: Readout, edna: User, paul: User) -> None:
    seen, revision = digest_of(submitted), submitted.revision
    publishing.return_to_draft(submitted, by=edna)
    editing.edit(submitted, by=edna, revision=revision, summary="Other words.")
    publishing.submit(submitted, by=edna)
    at = clock.now() + TOMORROW
    with pytest.raises(editing.Overtaken):
        scheduling.schedule(submitted, by=paul, at=at, revision=revision, digest=seen)
    with pytest.raises(Refused) as refusal:
        scheduling.schedule(submitted, by=paul, at=at, revision=submitted.revision, digest=seen)
    assert refusal.value.code == "changed"
    assert schedule(submitted, paul).publish_at is not None


def test_a_return_takes_it_off_the_clock(submitted: Readout, paul: User, edna: User) -> None:
    schedule(submitted, paul)
    publishing.return_to_draft(submitted, by=edna)
    publishing.submit(submitted, by=edna)
    assert a_day_later() == 0
    assert not ReadoutVersion.objects.exists()
    assert submitted.publish_at is None


def test_it_can_be_taken_off_and_set_anew(submitted: Readout, paul: User, ada: User) -> None:
    schedule(submitted, paul)
    scheduling.unschedule(submitted, by=ada)
    assert a_day_later() == 0
    with pytest.raises(Refused) as refusal:
        scheduling.unschedule(submitted, by=ada)
    assert refusal.value.code == "not_scheduled"
    schedule(submitted, ada, clock.now() + TOMORROW / 2)
    schedule(submitted, ada)
    assert a_day_later() == 1
    assert ReadoutVersion.objects.get().published_by == ada


def test_publishing_at_once_needs_no_clock_any_more(submitted: Readout, paul: User) -> None:
    schedule(submitted, paul)
    publishing.publish(submitted, by=paul)
    assert a_day_later() == 0
    assert ReadoutVersion.objects.count() == 1


def spoil(what: str, readout: Readout, over: Engagement, paul: User, ada: User, mia: User) -> None:
    if what == "changed":
        Readout.objects.filter(pk=readout.pk).update(
            facts=readout.facts | {"about": "something else"}
        )
    elif what == "not_cleared":
        add_step("Counsel", mia, by=ada)
    elif what == "sample_gone":
        Question.objects.update(state=states.DISMISSED)
    elif what == "no right":
        Membership.objects.filter(user=paul).delete()
    else:
        User.objects.filter(pk=paul.pk).update(is_active=False)


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("changed", "changed"),
        ("not_cleared", "not_cleared"),
        ("sample_gone", "sample_gone"),
        ("no right", "not_allowed"),
        ("deactivated", "not_allowed"),
    ],
)
def test_what_has_changed_since_is_not_published_and_is_told(
    submitted: Readout,
    over: Engagement,
    paul: User,
    ada: User,
    mia: User,
    what: str,
    reason: str,
) -> None:
    schedule(submitted, paul)
    spoil(what, submitted, over, paul, ada, mia)
    before = len(mails())
    assert a_day_later() == 0
    submitted.refresh_from_db()
    assert (submitted.state, submitted.publish_at, submitted.versions.count()) == (
        "in_review",
        None,
        0,
    )
    entry = AuditEntry.objects.get(action="readout.not_published")
    assert (entry.actor, entry.actor_label, entry.detail) == (None, "clock", {"reason": reason})
    told = [] if what == "deactivated" else [("readouts/not_published", paul.email)]
    assert mails()[before:] == told
    assert "A secret" not in "".join(mail.body for mail in OutgoingMail.objects.all())
    assert a_day_later() == 0
    assert AuditEntry.objects.filter(action="readout.not_published").count() == 1


def test_what_fails_is_tried_once_and_is_told(submitted: Readout, paul: User) -> None:
    schedule(submitted, paul)
    facts = submitted.facts
    Readout.objects.filter(pk=submitted.pk).update(facts={"nothing": "that anybody can read"})
    before = len(mails())
    assert a_day_later() == 0
    assert a_day_later() == 0
    Readout.objects.filter(pk=submitted.pk).update(facts=facts)
    submitted.refresh_from_db()
    assert (submitted.state, submitted.publish_at) == ("in_review", None)
    entry = AuditEntry.objects.get(action="readout.not_published")
    assert (entry.actor_label, entry.detail) == ("clock", {"reason": "failed"})
    assert mails()[before:] == [("readouts/not_published", paul.email)]
    assert "An error of the system" in OutgoingMail.objects.latest("pk").body
    told = queries.history(submitted)[0].words
    assert told == "Not published by the clock: an error stood in the way"


def test_history_tells_the_clock(submitted: Readout, paul: User) -> None:
    schedule(submitted, paul)
    a_day_later()
    told = [(event.words, event.by) for event in queries.history(submitted)]
    assert told[:2] == [
        ("Published by the clock", paul),
        ("Set to be published by the clock", paul),
    ]


@pytest.mark.django_db(transaction=True)
def test_two_workers_publish_once(submitted: Readout, paul: User) -> None:
    schedule(submitted, paul)
    ready = threading.Barrier(2)
    published: list[int] = []
    Readout.objects.update(publish_at=clock.now())

    def look() -> None:
        ready.wait()
        try:
            published.append(publish_due())
        finally:
            connection.close()

    looks = [threading.Thread(target=look) for _ in range(2)]
    for thread in looks:
        thread.start()
    for thread in looks:
        thread.join()
    assert sorted(published) == [0, 1]
    assert ReadoutVersion.objects.count() == 1
    assert not AuditEntry.objects.filter(action="readout.not_published").exists()
