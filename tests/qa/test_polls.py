"""Polls: written, opened, answered, closed; who may; and what stays of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from engagements import states as engagement_states
from engagements.actions import running
from engagements.models import AuditEntry
from engagements.refusals import NotAllowed, Refused
from qa import projection, queries, states
from qa.actions import poll_answering, polling, rehearsing
from qa.actions.poll_answering import Reply
from qa.models import FloorEvent, Poll, PollAnswer
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from engagements.models import Engagement, Registration, User
    from qa.models import Floor

pytestmark = pytest.mark.django_db

CHOICE = {"kind": "choice", "text": "Did it help?", "options": ["Yes", "No"]}
OPEN, CLOSED, DRAFT = states.POLL_OPEN, states.POLL_CLOSED, states.POLL_DRAFT


@pytest.fixture
def poll(floor: Floor, omar: User) -> Poll:
    return factories.make_poll(floor, state=OPEN, made_by=omar)


def told(audience: str) -> list[Any]:
    """What this audience hears of polls, one after the other."""
    events = FloorEvent.objects.filter(kind=projection.POLL).order_by("number")
    found = [projection.for_audience(e.kind, e.payload, audience) for e in events]
    return [
        (m["type"], m["poll"]["state"] if m["type"] == "poll" else m["number"])  # type: ignore[typeddict-item]
        for m in found
        if m
    ]


def answers() -> list[tuple[int | None, list[int], int]]:
    return list(PollAnswer.objects.order_by("pk").values_list("registration", "chosen", "mark"))


def test_a_poll_from_draft_to_results(floor: Floor, omar: User, ana: Registration) -> None:
    written = polling.write(floor, by=omar, moment="during", **CHOICE)
    polling.edit(
        floor, by=omar, number=1, seen=written.revision, **CHOICE | {"options": ["Yes", "No", "?"]}
    )
    with pytest.raises(Refused, match="Somebody else"):
        polling.edit(floor, by=omar, number=1, seen=written.revision, **CHOICE)
    assert told(projection.ROOM) == []

    polling.open_poll(floor, by=omar, number=1)
    with pytest.raises(Refused, match="Poll 1 is open"):
        polling.edit(floor, by=omar, number=1, seen=3, **CHOICE)
    poll_answering.answer(floor, by=ana, number=1, chosen=[3])
    polling.close(floor, by=omar, number=1)

    closed = Poll.objects.get()
    assert (closed.state, closed.results) == (
        CLOSED,
        {"answers": 1, "counts": [0, 0, 1], "percents": [0, 0, 100], "categories": None},
    )
    assert told(projection.ROOM) == [("poll", "open"), ("poll", "closed")]
    assert told(projection.SCREEN) == told(projection.ROOM)
    assert told(projection.DESK) == [("poll", s) for s in ("draft", "draft", "open", "closed")]
    for act in (polling.close, polling.open_poll):
        with pytest.raises(Refused, match="Poll 1 is closed"):
            act(floor, by=omar, number=1)
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == [
        "poll.written", "poll.edited", "poll.opened", "poll.answered", "poll.closed",
    ]  # fmt: skip
    assert "Did it help" not in str(list(AuditEntry.objects.values_list("detail", flat=True)))


def test_who_was_first_wins_and_a_copy_is_a_new_draft(floor: Floor, omar: User, poll: Poll) -> None:
    polling.close(floor, by=omar, number=1)
    copied = polling.copy(floor, by=omar, number=1)
    assert (copied.number, copied.state, copied.text) == (2, DRAFT, poll.text)
    assert [option.text for option in copied.options.all()] == ["Yes", "No"]


def test_drafts_change_places_and_are_deleted(floor: Floor, omar: User) -> None:
    for text in "abc":
        polling.write(floor, by=omar, moment="during", **CHOICE | {"text": text})
    polling.open_poll(floor, by=omar, number=2)
    polling.move(floor, by=omar, number=3, is_up=True)
    assert list(floor.polls.values_list("number", "text")) == [(1, "c"), (2, "b"), (3, "a")]
    with pytest.raises(Refused, match="at that end"):
        polling.move(floor, by=omar, number=1, is_up=True)
    polling.delete(floor, by=omar, number=1)
    with pytest.raises(Refused, match="Poll 2 is open"):
        polling.delete(floor, by=omar, number=2)
    assert told(projection.DESK)[-1] == ("poll-gone", 1)
    assert told(projection.ROOM) == [("poll", "open")]


def test_a_poll_opened_by_mistake_is_taken_back_until_somebody_answers(
    floor: Floor, omar: User, poll: Poll, ana: Registration
) -> None:
    polling.take_back(floor, by=omar, number=1)
    assert told(projection.ROOM) == [("poll-gone", 1)]
    assert told(projection.DESK) == [("poll", "draft")]
    polling.open_poll(floor, by=omar, number=1)
    poll_answering.answer(floor, by=ana, number=1, chosen=[1])
    with pytest.raises(Refused, match="Somebody has answered"):
        polling.take_back(floor, by=omar, number=1)


def test_an_answer_counts_once_and_changes_while_the_poll_is_open(
    floor: Floor, omar: User, poll: Poll, ana: Registration
) -> None:
    for chosen in ([1], [1], [2]):
        assert poll_answering.answer(floor, by=ana, number=1, chosen=chosen) == chosen
    assert answers() == [(ana.pk, [2], 2)]
    floor.refresh_from_db()
    assert floor.poll_mark == 2
    assert queries.own(ana.pk)["poll_answers"] == {"1": [2]}
    assert queries.poll_changes(floor.pk, 1).own == [(ana.pk, 1, [2])]

    polling.close(floor, by=omar, number=1)
    with pytest.raises(Refused, match="This poll is closed"):
        poll_answering.answer(floor, by=ana, number=1, chosen=[1])
    assert answers() == [(ana.pk, [2], 2)]
    entries = AuditEntry.objects.filter(action="poll.answered")
    assert [entry.detail for entry in entries] == [{}, {}]


def test_a_batch_is_taken_each_for_itself(floor: Floor, poll: Poll, ana: Registration) -> None:
    removed = factories.make_registration(floor.engagement, removed_at=factories.START)
    stranger = factories.make_registration(factories.make_engagement("elsewhere"))
    factories.make_poll(floor, number=2)
    factories.make_poll(floor, number=3, state=OPEN, kind="several", options=["a", "b", "c"])
    factories.make_poll(floor, number=4, state=OPEN, kind="scale")
    factories.make_poll(floor, number=5, state=OPEN, moment="after")
    sent = [
        (ana, 1, (1,)), (removed, 1, (1,)), (stranger, 1, (1,)), (ana, 2, (1,)), (ana, 9, (1,)),
        (ana, 1, (3,)), (ana, 1, ()), (ana, 1, (1, 2)), (ana, 3, (3, 1, 3)), (ana, 4, (5,)),
        (ana, 4, (6,)), (ana, 5, (1,)),
    ]  # fmt: skip

    outcomes = poll_answering.answer_all(
        floor.pk, [Reply(by.pk, number, chosen) for by, number, chosen in sent]
    )

    assert [one.code if isinstance(one, Refused) else one for one in outcomes] == [
        [1], "not_admitted", "not_admitted", "unknown_poll", "unknown_poll",
        "invalid", "invalid", "invalid", [1, 3], [5],
        "invalid", "unknown_poll",
    ]  # fmt: skip
    assert answers() == [(ana.pk, [1], 1), (ana.pk, [1, 3], 2), (ana.pk, [5], 3)]


def test_who_sees_what_is_answered_so_far(
    floor: Floor, omar: User, poll: Poll, ana: Registration
) -> None:
    poll_answering.answer(floor, by=ana, number=1, chosen=[1])
    full = {"answers": 1, "counts": [1, 0], "percents": [100, 0]}

    def seen() -> dict[str, Any]:
        return {a: queries.results_seen(floor, a).get(1) for a in projection.AUDIENCES}

    number = {"answers": 1, "counts": [], "percents": []}
    assert seen() == {"room": None, "desk": full, "screen": number}
    polling.set_live(floor, by=omar, number=1, shows_live=True)
    assert seen() == {"room": full, "desk": full, "screen": full}
    with pytest.raises(Refused, match="so already"):
        polling.set_live(floor, by=omar, number=1, shows_live=True)
    polling.set_live(floor, by=omar, number=1, shows_live=False)
    assert seen()["room"] is None


def test_results_by_category_are_frozen_without_small_ones(
    floor: Floor, omar: User, poll: Poll
) -> None:
    people = [("attorney", 15), ("employer", 6), ("other", 2), ("not-stated", 0)]
    for key, number in people:
        for _ in range(number):
            by = factories.make_registration(floor.engagement, category=factories.category(key))
            poll_answering.answer(floor, by=by, number=1, chosen=[1 if key == "attorney" else 2])
    polling.close(floor, by=omar, number=1)

    poll.refresh_from_db()
    PollAnswer.objects.all().delete()
    assert poll.results is not None
    assert poll.results["counts"] == [15, 8]
    assert [(one["label"], one["counts"]) for one in poll.results["categories"]] == [
        (factories.category("attorney").label, [15, 0]),
        (factories.category("other").label, [0, 8]),
    ]


@pytest.mark.parametrize("act", ["write", "open_poll", "close", "copy", "delete", "take_back"])
def test_only_moderators_and_coordinators_poll(
    floor: Floor, omar: User, ada: User, edna: User, mia: User, act: str
) -> None:
    def done(by: User) -> None:
        if act == "write":
            polling.write(floor, by=by, moment="during", **CHOICE)
        else:
            getattr(polling, act)(floor, by=by, number=number)

    state = OPEN if act in {"close", "take_back"} else DRAFT
    number = factories.make_poll(floor, state=state).number
    for stranger in (ada, edna, mia):
        with pytest.raises(NotAllowed):
            done(stranger)
    assert not AuditEntry.objects.exists()
    done(omar)
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("state", "is_opened"),
    [("draft", False), ("scheduled", True), ("live", True), ("ended", False), ("archived", False)],
)
def test_polls_open_before_and_during_the_event(
    floor: Floor, omar: User, state: str, is_opened: bool
) -> None:
    factories.make_poll(floor)
    floor.engagement.state = state
    floor.engagement.save()
    if is_opened:
        assert polling.open_poll(floor, by=omar, number=1).state == OPEN
    else:
        with pytest.raises(Refused, match="Polls open while"):
            polling.open_poll(floor, by=omar, number=1)


@pytest.mark.parametrize("end", [running.end, running.cancel])
def test_what_is_open_closes_with_the_engagement(
    floor: Floor, cora: User, poll: Poll, ana: Registration, end: Callable[..., Engagement]
) -> None:
    if end is running.cancel:
        floor.engagement.state = engagement_states.SCHEDULED
        floor.engagement.save()
    poll_answering.answer(floor, by=ana, number=1, chosen=[1])
    end(floor.engagement, by=cora)
    poll.refresh_from_db()
    assert (poll.state, poll.results and poll.results["counts"]) == (CLOSED, [1, 0])


def test_a_rehearsal_leaves_no_answers_and_its_polls_as_drafts(
    floor: Floor, cora: User, poll: Poll, ana: Registration
) -> None:
    poll_answering.answer(floor, by=ana, number=1, chosen=[1])
    polling.close(floor, by=cora, number=1)
    floor.engagement.is_rehearsal = True
    floor.engagement.save()

    assert rehearsing.remove(floor.engagement, by=cora).poll_answers == 1
    poll.refresh_from_db()
    floor.refresh_from_db()
    assert (poll.state, poll.results, poll.opened_at, poll.closed_at) == (DRAFT, None, None, None)
    assert (answers(), floor.poll_mark) == ([], 0)
