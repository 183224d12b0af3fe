"""Thanks to who came by an attendance list alone: laid when it is applied, and held."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engagements import clock, tasks
from engagements.actions import list_counting, running
from engagements.models import Engagement, Mailing, OutgoingMail, Role
from tests import factories
from tests.engagements import attendance_samples as samples
from tests.engagements.attendance_steps import ATTENDEES, ZOOM, apply, take

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engagements.models import AttendanceList, User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _afterwards() -> Iterator[None]:
    with clock.set_to(factories.START.replace(hour=20)):
        yield


@pytest.fixture
def over() -> Engagement:
    """Jane and Luis come by the list, Carla was in the room too, Ann did not come."""
    made = factories.make_engagement("held", state=Engagement.State.LIVE)
    factories.make_registration(made, "Jane Roe", email="jane@mail.example")
    factories.make_registration(made, "Luis Ortega", email="luis@mail.example")
    factories.make_registration(made, "Ann Absent", email="ann@mail.example")
    carla = factories.make_registration(made, "Carla Abarra", email="carla@other.example")
    factories.make_attendance(carla)
    return made


@pytest.fixture
def cora(over: Engagement) -> User:
    user = factories.make_member(factories.make_user("Cora"), over, Role.COORDINATOR)
    running.end(over, by=user)
    tasks.lay_mailings()
    return user


def thanks() -> list[tuple[str, str]]:
    mails = OutgoingMail.objects.filter(template="engagements/thanks").order_by("mailing", "to")
    return [(mail.to.partition("@")[0], mail.state) for mail in mails]


def undo(listed: AttendanceList, by: User) -> None:
    listed.refresh_from_db()
    list_counting.undo(listed, by=by, revision=listed.revision, reason="Wrong file")


def test_who_came_by_the_list_alone_is_thanked_once_it_is_released(
    over: Engagement, cora: User
) -> None:
    assert thanks() == [("carla", "waiting")]
    apply(take(over, ZOOM, cora), cora)
    assert tasks.lay_mailings() == 2
    assert thanks() == [("carla", "waiting"), ("jane", "held"), ("luis", "held")]
    further = over.mailings.latest("pk")
    assert (further.occasion, further.is_held, further.made_by, further.mails) == (
        "thanks",
        True,
        cora,
        2,
    )


def test_undoing_the_list_discards_what_is_not_sent(over: Engagement, cora: User) -> None:
    listed = take(over, ZOOM, cora)
    apply(listed, cora)
    tasks.lay_mailings()
    OutgoingMail.objects.filter(to__startswith="luis").update(state="sent")
    undo(listed, cora)
    assert tasks.lay_mailings() == 0
    assert thanks() == [("carla", "waiting"), ("jane", "discarded"), ("luis", "sent")]


def test_what_was_not_laid_yet_is_discarded_with_the_list(over: Engagement, cora: User) -> None:
    listed = take(over, ZOOM, cora)
    apply(listed, cora)
    undo(listed, cora)
    assert over.mailings.latest("pk").state == Mailing.State.DISCARDED
    assert tasks.lay_mailings() == 0


def test_a_second_list_thanks_only_who_was_not_thanked(over: Engagement, cora: User) -> None:
    factories.make_registration(over, "Mia Late", email="mia@mail.example")
    apply(take(over, ZOOM, cora), cora)
    tasks.lay_mailings()
    listed = take(
        over, samples.zoom([*ATTENDEES, samples.attendee("Mia Late", "mia@mail.example")]), cora
    )
    apply(listed, cora)
    assert tasks.lay_mailings() == 1
    assert thanks()[1:] == [("jane", "held"), ("luis", "held"), ("mia", "held")]
    undo(listed, cora)
    assert tasks.lay_mailings() == 0
    assert thanks()[1:] == [("jane", "held"), ("luis", "held"), ("mia", "discarded")]


def test_no_thanks_where_the_engagement_sends_none(over: Engagement, cora: User) -> None:
    Engagement.objects.update(sends_thanks=False)
    apply(take(over, ZOOM, cora), cora)
    assert over.mailings.filter(occasion="thanks").count() == 1
    assert tasks.lay_mailings() == 0
