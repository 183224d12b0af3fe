"""What a rehearsal refuses before it writes anything, how it sets up, and how it checks."""

from __future__ import annotations

import io
import uuid
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import OutputWrapper

from config.rehearsal import report, stage
from config.rehearsal.tally import Acknowledged, Tally, percentile
from engagements import states
from engagements.actions import running
from engagements.models import AuditEntry, Engagement, Membership, Registration
from engagements.refusals import NotAllowed
from qa.actions import asking
from qa.models import FloorEvent, Question
from tests import machine

if TYPE_CHECKING:
    from collections.abc import Callable

    from engagements.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def rehearsal(engagement: Engagement) -> Engagement:
    engagement.is_rehearsal = True
    engagement.save()
    return engagement


def make_real(engagement: Engagement) -> None:
    Engagement.objects.filter(pk=engagement.pk).update(is_rehearsal=False)


def end(engagement: Engagement) -> None:
    Engagement.objects.filter(pk=engagement.pk).update(state=states.ENDED)


def archive(engagement: Engagement) -> None:
    Engagement.objects.filter(pk=engagement.pk).update(state=states.ARCHIVED)


def leave(engagement: Engagement) -> None:
    Membership.objects.filter(engagement=engagement).delete()


NO_REHEARSAL = (
    "“contact-center” is no rehearsal. Only an engagement that is set up as one is rehearsed."
)
NOBODY = "This engagement has no coordinator and no moderator. Give somebody a role first."
ENDED = (
    "This rehearsal is ended. Remove its data, and it can start again: "
    "manage.py rehearse contact-center --remove"
)
EDNA = "edna@office.example"
NUMBER = "Error: argument {}: a whole number of 1 or more, please"
MINUTES = "Error: argument --minutes: a number of minutes, please, such as 5 or 0.5"


@pytest.mark.parametrize(
    ("happens", "call", "says"),
    [
        (None, ["nowhere"], "There is no engagement “nowhere”."),
        (make_real, [], NO_REHEARSAL),
        (leave, [], NOBODY),
        (None, ["--as", EDNA], f"{EDNA} is neither coordinator nor moderator here."),
        (end, [], ENDED),
        (archive, [], "This rehearsal is archived. Set up another one."),
        (None, ["--url", "here"], "here is no address such as https://openfloor.example.gov."),
        (None, ["--attendees", "0"], NUMBER.format("--attendees")),
        (None, ["--questions", "many"], NUMBER.format("--questions")),
        (None, ["--minutes", "0"], MINUTES),
        (None, ["--minutes", "nan"], MINUTES),
        (None, [], "No server answers at {url}."),
    ],
)
def test_what_cannot_be_rehearsed_is_said_and_changes_nothing(
    rehearsal: Engagement,
    cora: User,
    edna: User,
    happens: Callable[[Engagement], None] | None,
    call: list[str],
    says: str,
) -> None:
    url = f"http://127.0.0.1:{machine.free_port()}"
    if happens is not None:
        happens(rehearsal)
    state = Engagement.objects.get(pk=rehearsal.pk).state
    named = [] if call and not call[0].startswith("-") else [rehearsal.slug]

    with pytest.raises(CommandError) as refused:
        call_command("rehearse", *named, "--url", url, *call)

    assert str(refused.value) == says.format(url=url)
    rehearsal.refresh_from_db()
    assert (rehearsal.state, Registration.objects.count()) == (state, 0)
    assert not AuditEntry.objects.exists()


def test_the_first_coordinator_works_at_the_desk_or_who_is_named(
    rehearsal: Engagement, omar: User, cora: User
) -> None:
    assert stage.member(rehearsal) == cora
    assert stage.member(rehearsal, "Omar@office.example") == omar
    cora.is_active = False
    cora.save()
    assert stage.member(rehearsal) == omar


@pytest.mark.parametrize(
    ("state", "moves"),
    [
        (states.DRAFT, ["engagement.scheduled", "engagement.live", "floor.open"]),
        (states.SCHEDULED, ["engagement.live", "floor.open"]),
        (states.LIVE, ["floor.open"]),
    ],
)
def test_it_is_started_and_its_floor_opened_as_far_as_needed(
    rehearsal: Engagement, cora: User, state: str, moves: list[str]
) -> None:
    Engagement.objects.update(state=state)
    rehearsal.refresh_from_db()

    first = stage.set_up(rehearsal, by=cora, people=3)
    again = stage.set_up(rehearsal, by=cora, people=2)

    assert (first.floor.state, len(first.people), len(again.people)) == ("open", 3, 2)
    assert rehearsal.state == states.LIVE
    done = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(done) == [*moves, "rehearsal.enrolled", "rehearsal.enrolled"]


def test_a_moderator_alone_cannot_start_it(rehearsal: Engagement, omar: User, cora: User) -> None:
    with pytest.raises(NotAllowed):
        stage.set_up(rehearsal, by=omar, people=1)
    assert not Registration.objects.exists()
    running.start(rehearsal, by=cora)
    assert len(stage.set_up(rehearsal, by=omar, people=1).people) == 1


def lose(questions: list[Question]) -> None:
    questions[2].delete()


def change_the_asker(questions: list[Question]) -> None:
    Question.objects.filter(pk=questions[0].pk).update(asker=questions[1].asker)


def leave_a_gap(questions: list[Question]) -> None:
    Question.objects.filter(pk=questions[2].pk).update(number=4)


def turn_the_log_round(_questions: list[Question]) -> None:
    first, second = FloorEvent.objects.filter(kind="question").order_by("number")[:2]
    for event, payload in ((first, second.payload), (second, first.payload)):
        FloorEvent.objects.filter(pk=event.pk).update(payload=payload)


MISSING = "Question {} was acknowledged, and is stored 0 times."
GAPS = "The numbers of the questions have gaps."
ORDER = "The log does not tell of the questions in the order of their numbers."


@pytest.mark.parametrize(
    ("happens", "faults"),
    [
        (lose, [MISSING.format(3), ORDER]),
        (change_the_asker, [MISSING.format(1)]),
        (leave_a_gap, [MISSING.format(3), GAPS, ORDER]),
        (turn_the_log_round, [ORDER]),
    ],
)
def test_what_is_not_stored_as_acknowledged_is_found(
    rehearsal: Engagement,
    cora: User,
    happens: Callable[[list[Question]], None],
    faults: list[str],
) -> None:
    played = stage.set_up(rehearsal, by=cora, people=3)
    questions = [
        asking.ask(played.floor, by=person, text="Why?", client_id=uuid.uuid4())
        for person in played.people
    ]
    acknowledged = [
        Acknowledged(question.client_id or uuid.uuid4(), person.pk, question.number, 0.1)
        for question, person in zip(questions, played.people, strict=True)
    ]
    assert stage.faults(played.floor, acknowledged) == []
    happens(questions)
    assert stage.faults(played.floor, acknowledged) == faults


def test_percentiles_are_values_that_were_measured() -> None:
    hundred = [float(number) for number in range(100, 0, -1)]
    assert [percentile(hundred, percent) for percent in (1, 50, 99, 100)] == [1, 50, 99, 100]
    assert [percentile([7.0], percent) for percent in (1, 50, 99)] == [7, 7, 7]


@pytest.mark.parametrize("is_terminal", [True, False])
def test_progress_is_one_line_on_a_terminal_and_seldom_elsewhere(is_terminal: bool) -> None:
    written = io.StringIO()
    written.isatty = lambda: is_terminal  # type: ignore[method-assign]
    progress = report.Progress(OutputWrapper(written))
    for second in (0, 1, 10, 11):
        progress.tell(Tally(people=2, present=2 - second // 11), float(second))
    progress.end()

    line = "0:{:02}  {} connected, 0 asked, 0 acknowledged, 0 shown, 0 delivered"
    if is_terminal:
        lines = [line.format(s, n) for s, n in ((0, 2), (1, 2), (10, 2), (11, 1))]
        assert written.getvalue() == "".join(f"\r{one}" for one in lines) + "\n"
    else:
        assert written.getvalue() == f"{line.format(0, 2)}\n{line.format(10, 2)}\n"
