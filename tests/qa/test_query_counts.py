"""Every page that lists something asks the database as often for many rows as for a few."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagements.models import Engagement, Role, User
from qa import states
from qa.actions import backstage, editing, linking, merging, poll_answering, polling
from qa.models import DismissalReason, Floor, Label, QuestionImport
from tests import factories
from tests.factories import START

if TYPE_CHECKING:
    from collections.abc import Callable

    from engagements.models import Registration

    Fill = Callable[[Floor, User, Registration, int], None]

pytestmark = pytest.mark.django_db

OFFICE, PERSON, DEVICE = "office", "person", "device"

FEW, MORE = 3, 5

VALUES = re.compile(r" WHERE | VALUES | SET | \"s\d")


def _questions(floor: Floor, by: User, person: Registration, count: int) -> None:
    """In every state, each with all that a card may tell of it, from people of several roles."""
    speaker = floor.engagement.speakers.get_or_create(name="Ines", position=1)[0]
    shown = [states.NO_OUTCOME, states.FOLLOW_UP, states.ANSWERED_LIVE]
    kept = [states.WAITING, states.HELD, states.DISMISSED, *[states.SHOWN] * len(shown)]
    for at in range(2 * count):
        state = kept[at % len(kept)]
        factories.make_question(
            floor,
            f"How long is the wait for permit {uuid.uuid4().hex[:6]}?",
            state=state,
            outcome=shown[at % len(kept) - 3] if state == states.SHOWN else states.NO_OUTCOME,
            label=_label(floor),
            speaker=speaker,
            asker=person if at % 2 else factories.make_registration(floor.engagement),
            category=person.category,
            decided_by=by,
            dismissal="duplicate" if state == states.DISMISSED else "",
        )


def _label(floor: Floor) -> Label:
    position = floor.engagement.labels.count() + 1
    name = f"Topic {position}"
    return Label.objects.create(engagement=floor.engagement, name=name, position=position)


def _labels(floor: Floor, by: User, person: Registration, count: int) -> None:
    for _at in range(count):
        factories.make_question(floor, label=_label(floor))


def _polls(floor: Floor, by: User, person: Registration, count: int) -> None:
    """Open ones, each answered by one more; and as many that are closed."""
    for at in range(2 * count):
        poll = factories.make_poll(floor, made_by=by)
        polling.open_poll(floor, by=by, number=poll.number)
        for one in (person, factories.make_registration(floor.engagement)):
            poll_answering.answer(floor, by=one, number=poll.number, chosen=[1])
        if at % 2:
            polling.close(floor, by=by, number=poll.number)


def _survey(floor: Floor, by: User, person: Registration, count: int) -> None:
    for _at in range(count):
        factories.make_poll(floor, made_by=by, moment="after", state=states.POLL_OPEN)


def _links(floor: Floor, by: User, person: Registration, count: int) -> None:
    for at in range(count):
        speaker = floor.engagement.speakers.get_or_create(name=f"Ines {at}", position=1 + at)[0]
        link, _token = linking.make(floor, by=by, name="a device", speaker=speaker)
        if at % 2:
            linking.revoke(link, by=by)


def _imports(floor: Floor, by: User, person: Registration, count: int) -> None:
    for at in range(count):
        stored = QuestionImport.objects.create(
            floor=floor,
            file_name="qa.csv",
            sha256=uuid.uuid4().hex,
            file=b"",
            imported_by=by,
            undone_by=by if at % 2 else None,
            undone_at=START if at % 2 else None,
        )
        factories.make_question(floor, question_import=stored, source="zoom")


def _one_question(floor: Floor, by: User, person: Registration, count: int) -> None:
    """The first one: edited, noted, merged with others, and with others that ask the same."""
    if not floor.questions.exists():
        factories.make_question(floor, "How long is the wait for a permit?", asker=person)
    first = floor.questions.get(number=1)
    for at in range(count):
        editing.edit(
            floor, by=by, number=1, seen=first.revision, text=f"How long is wait {at} for a permit?"
        )
        for joins in (True, False):
            other = factories.make_question(
                floor,
                "How long is the wait for a permit now?",
                asker=factories.make_registration(floor.engagement),
                category=person.category,
                label=_label(floor),
            )
            if joins:
                merging.merge(floor, by=by, number=other.number, seen=other.revision, into=1)
        first.refresh_from_db()


def _notes(floor: Floor, by: User, person: Registration, count: int) -> None:
    for _at in range(count):
        other = factories.make_user(f"Moderator {uuid.uuid4().hex[:6]}")
        factories.make_member(other, floor.engagement, Role.MODERATOR)
        note = backstage.say(floor, by=other, text="Two minutes left.")
        backstage.acknowledge(floor, by=by, number=note.pk)


def _late(floor: Floor, by: User, person: Registration, count: int) -> None:
    for _at in range(count):
        factories.make_question(floor, asker=person, category=person.category, label=_label(floor))
    Engagement.objects.filter(pk=floor.engagement_id).update(
        state=Engagement.State.ENDED, ended_at=START
    )


def _reasons(floor: Floor, by: User, person: Registration, count: int) -> None:
    for at in range(count):
        code = uuid.uuid4().hex[:12]
        DismissalReason.objects.create(code=code, label=f"Reason {code}", position=100 + at)


PAGES: dict[str, tuple[Fill, str, str, tuple[int, ...]]] = {
    "labels": (_labels, OFFICE, "labels", ()),
    "polls at the office": (_polls, OFFICE, "polls", ()),
    "polls in the room": (_polls, PERSON, "room", ()),
    "polls at the desk": (_polls, OFFICE, "desk", ()),
    "polls on the screen": (_polls, OFFICE, "screen", ()),
    "survey": (_survey, PERSON, "survey", ()),
    "survey at the office": (_survey, OFFICE, "polls", ()),
    "device links": (_links, OFFICE, "view-links", ()),
    "imports": (_imports, OFFICE, "question-imports", ()),
    "one question": (_one_question, OFFICE, "desk-question", (1,)),
    "questions at the desk": (_questions, OFFICE, "desk", ()),
    "questions in the room": (_questions, PERSON, "room", ()),
    "questions on the screen": (_questions, OFFICE, "screen", ()),
    "questions at the speaker's": (_questions, DEVICE, "speaker-view", ()),
    "lists that leave": (_questions, OFFICE, "forwardings", ()),
    "messages backstage": (_notes, OFFICE, "desk", ()),
    "late questions": (_late, PERSON, "late", ()),
    "reasons": (_reasons, OFFICE, "dismissal-reasons", ()),
}


@pytest.mark.parametrize("listed", PAGES)
def test_many_rows_ask_no_more_than_a_few(
    listed: str,
    floor: Floor,
    ana: Registration,
    cora: User,
    sign_in: Callable[[User], Client],
) -> None:
    fill, who, name, more = PAGES[listed]
    client = _browser(who, floor, ana, cora, sign_in)
    address = reverse(name, args=[] if fill is _reasons else ["live-session", *more])

    fill(floor, cora, ana, FEW)
    client.get(address)
    few = _asked(client, address)
    fill(floor, cora, ana, MORE)
    assert _asked(client, address) == few


def _browser(
    who: str, floor: Floor, ana: Registration, cora: User, sign_in: Callable[[User], Client]
) -> Client:
    if who == OFFICE:
        User.objects.filter(pk=cora.pk).update(is_administrator=True)
        return sign_in(cora)
    client = Client()
    if who == PERSON:
        client.get(reverse("join", args=[ana.token()]))
        return client
    speaker = floor.engagement.speakers.create(name="Ines", position=1)
    _link, token = linking.make(floor, by=cora, name="a phone", speaker=speaker)
    client.get(reverse("view-link", args=[token]))
    return client


def _asked(client: Client, address: str) -> list[str]:
    """The queries of a page, without their values and the names of savepoints."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return [VALUES.split(query["sql"])[0] for query in queries.captured_queries]
