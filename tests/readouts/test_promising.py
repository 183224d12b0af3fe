"""What a published readout promises becomes a commitment, and rows show when it was kept."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from engagements import clock
from engagements.actions import materials
from engagements.models import AuditEntry, Engagement, Material, StoredFile
from qa.actions.agency import recalling
from readouts import promises
from readouts.actions import drafting, editing, following, promising, publishing
from readouts.models import Commitment
from tests import factories

if TYPE_CHECKING:
    from engagements.models import User
    from readouts.models import Readout, ReadoutVersion

pytestmark = pytest.mark.django_db

PUBLISHED = datetime(2021, 4, 20, 15, tzinfo=ZoneInfo("America/New_York"))
SHARE = (
    "The CIS Ombudsman will share a full list of inquiries with USCIS to give the agency an "
    "opportunity to address the public's concerns."
)
POST = "Additionally, the CIS Ombudsman will post the engagement's presentation on its website."


@pytest.fixture
def promised(readout: Readout, edna: User) -> Readout:
    """The worked example with both promises of its last paragraph."""
    return editing.edit(
        readout, by=edna, revision=readout.revision, summary="It was said.", posts_presentation=True
    )


def publish(readout: Readout, *, editor: User, second: User) -> ReadoutVersion:
    publishing.submit(readout, by=editor, without_summary=True)
    with clock.set_to(PUBLISHED):
        return publishing.publish(readout, by=second)


def told(engagement: Engagement) -> list[tuple[str, str, str]]:
    rows = Commitment.objects.filter(engagement=engagement).order_by("kind")
    return [(one.kind, one.state, one.evidence) for one in rows]


def test_publication_makes_commitments_of_what_the_closing_promises(
    promised: Readout, edna: User, paul: User
) -> None:
    version = publish(promised, editor=edna, second=paul)
    found = Commitment.objects.filter(engagement=promised.engagement).order_by("kind")
    assert [(one.kind, one.text, one.owner, one.due_on, one.version) for one in found] == [
        ("post_presentation", POST, edna, date(2021, 5, 4), version),
        ("share_list", SHARE, edna, date(2021, 5, 4), version),
    ]
    entries = AuditEntry.objects.filter(action="commitment.made")
    assert [entry.detail for entry in entries] == [{"version": 1}, {"version": 1}]


def test_what_the_closing_does_not_promise_is_no_commitment(
    readout: Readout, edna: User, paul: User
) -> None:
    readout.engagement.floor.questions.all().delete()
    drafting.refresh_facts(readout, by=edna)
    publish(readout, editor=edna, second=paul)
    assert told(readout.engagement) == []


def test_a_list_that_is_sent_keeps_its_promise_at_once(
    promised: Readout, edna: User, paul: User
) -> None:
    publish(promised, editor=edna, second=paul)
    sent = factories.forward_list(promised.engagement, by=edna)
    kept = Commitment.objects.get(kind="share_list")
    assert sent.sent_at is not None
    day = promised.engagement.local(sent.sent_at)
    assert (kept.state, kept.evidence, kept.settled_at, kept.settled_by) == (
        "kept",
        f"The list with 3 questions was sent to USCIS on {day:%B} {day.day}, {day.year}.",
        sent.sent_at,
        None,
    )
    entry = AuditEntry.objects.get(action="commitment.kept")
    assert (entry.actor_label, entry.detail) == ("commitments", {"row": sent.pk})
    assert Commitment.objects.get(kind="post_presentation").state == "open"


def test_a_list_that_was_sent_before_publication_keeps_it_too(
    promised: Readout, edna: User, paul: User
) -> None:
    factories.forward_list(promised.engagement, by=edna)
    publish(promised, editor=edna, second=paul)
    assert Commitment.objects.get(kind="share_list").state == "kept"


def test_a_recalled_list_opens_the_promise_again(promised: Readout, edna: User, paul: User) -> None:
    publish(promised, editor=edna, second=paul)
    first = factories.forward_list(promised.engagement, by=edna)
    second = factories.forward_list(promised.engagement, by=edna)
    recalling.recall(second, by=edna, reason="A mistake.")
    assert promising.look() == 0, "the agency has had the first one, which was superseded"
    recalling.recall(first, by=edna, reason="A mistake.")
    assert promising.look() == 1
    assert Commitment.objects.get(kind="share_list").state == "open"
    assert promising.look() == 0


def test_what_a_person_opens_again_only_a_later_list_keeps(
    promised: Readout, edna: User, paul: User
) -> None:
    publish(promised, editor=edna, second=paul)
    factories.forward_list(promised.engagement, by=edna)
    kept = Commitment.objects.get(kind="share_list")
    following.reopen(kept, by=edna, revision=kept.revision)
    assert promising.look() == 0
    assert Commitment.objects.get(kind="share_list").state == "open"
    second = factories.forward_list(promised.engagement, by=edna)
    kept.refresh_from_db()
    assert (kept.state, kept.settled_at) == ("kept", second.sent_at)


@pytest.mark.parametrize(
    ("title", "name", "content_type", "keeps"),
    [
        ("Presentation", "", "", True),
        ("Slides of the hour", "", "", True),
        ("Transcript", "", "", False),
        ("What we showed", "presentation.pdf", "application/pdf", True),
        (
            "What we showed",
            "hour.pptx",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            True,
        ),
        ("What we heard", "hour.pdf", "application/pdf", False),
    ],
)
def test_a_posted_presentation_keeps_its_promise_and_another_material_does_not(
    promised: Readout, edna: User, paul: User, title: str, name: str, content_type: str, keeps: bool
) -> None:
    publish(promised, editor=edna, second=paul)
    file = None
    if name:
        file = StoredFile.objects.create(
            name=name, content_type=content_type, size=1, sha256="0" * 64, content=b"x"
        )
    Material.objects.create(
        engagement=promised.engagement,
        stage=Material.Stage.AFTER,
        title=title,
        file=file,
        url="" if file else "https://files.example/one",
    )
    commitment = Commitment.objects.get(kind="post_presentation")
    assert commitment.state == ("kept" if keeps else "open")
    assert commitment.evidence.startswith(f"“{title}” was posted on " if keeps else "")
    assert bool(commitment.evidence_url) is keeps


def test_what_was_posted_before_the_engagement_keeps_no_promise_to_post(
    promised: Readout, edna: User, paul: User
) -> None:
    Material.objects.create(
        engagement=promised.engagement, title="Presentation", url="https://files.example/one"
    )
    publish(promised, editor=edna, second=paul)
    assert Commitment.objects.get(kind="post_presentation").state == "open"


def test_a_removed_presentation_opens_the_promise_again(
    promised: Readout, edna: User, paul: User, cora: User
) -> None:
    publish(promised, editor=edna, second=paul)
    material = materials.add(
        promised.engagement, by=cora, title="Presentation", url="https://files.example/one"
    )
    assert Commitment.objects.get(kind="post_presentation").state == "kept"
    materials.remove(material, by=cora)
    assert promising.look() == 1
    assert Commitment.objects.get(kind="post_presentation").state == "open"


def test_a_correction_promises_nothing_twice(promised: Readout, edna: User, paul: User) -> None:
    first = publish(promised, editor=edna, second=paul)
    before = list(Commitment.objects.order_by("pk").values())
    publishing.correct(promised, by=edna, note="A name.")
    editing.edit(promised, by=edna, revision=promised.revision, summary="Something else.")
    publish(promised, editor=edna, second=paul)
    assert list(Commitment.objects.order_by("pk").values()) == before
    assert {one.version for one in Commitment.objects.all()} == {first}


def test_a_promise_in_an_editors_own_words_is_found(
    promised: Readout, edna: User, paul: User
) -> None:
    own = "We *will* send all questions to USCIS next week. Thank you for coming."
    promised.closing_text = own
    promised.save()
    publish(promised, editor=edna, second=paul)
    assert [(one.kind, one.text) for one in Commitment.objects.all()] == [
        ("share_list", "We will send all questions to USCIS next week.")
    ]


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("The CIS Ombudsman will share a full list of inquiries with CIS.", ["share_list"]),
        ("We are going to forward your questions to the agency.", ["share_list"]),
        ("The office will post the slides on its website.", ["post_presentation"]),
        ("La oficina publicará la presentación en su sitio.", ["post_presentation"]),
        ("La oficina compartirá las preguntas con la agencia.", ["share_list"]),
        ("We shared your questions with the agency.", []),
        ("The presentation was posted.", []),
        ("Thank you for your questions. We will meet again.", []),
        ("", []),
    ],
)
def test_promises_are_found_by_their_words(words: str, kinds: list[str]) -> None:
    assert [promise.kind for promise in promises.of_words(words)] == kinds


def test_an_imported_readout_is_never_overdue(over: Engagement, edna: User, paul: User) -> None:
    Engagement.objects.filter(pk=over.pk).update(imported_from="archive.json", posts_presentation=1)
    over.refresh_from_db()
    readout = drafting.draft(over, by=edna)
    publish(readout, editor=edna, second=paul)
    rows = Commitment.objects.order_by("kind")
    assert [(one.kind, one.due_on, one.owner) for one in rows] == [
        ("post_presentation", None, None),
        ("share_list", None, None),
    ]


def test_a_rehearsal_or_stranger_makes_none(engagement: Engagement) -> None:
    assert promising.look(engagement) == 0
    assert factories.make_engagement("other").commitments.count() == 0
