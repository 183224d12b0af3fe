"""Two more engagements: one to register for, and one that is live right now."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from config.demonstration import cast, material, set_up
from engagements import clock
from engagements.actions import attending, registering, running
from engagements.actions.running import SpeakerEntry
from engagements.models import Agency, RoleCategory
from qa.actions import asking, moderating
from qa.actions import floor as floors
from qa.queries import floor_of

if TYPE_CHECKING:
    from datetime import datetime

    from engagements.models import Engagement, Registration

UPCOMING: Final = "online-filing"
LIVE: Final = "processing-times"
ZONE: Final = "America/New_York"


def tell() -> None:
    _announce_the_next_one()
    _open_the_floor()


def _announce_the_next_one() -> None:
    start = _at_two(clock.now() + timedelta(days=14))
    engagement = _create(
        slug=UPCOMING,
        series="The CIS Ombudsman's Webinar Series",
        title="Filing Online with a myUSCIS Account",
        kind="webinar",
        about="filing online with a myUSCIS account",
        description=material.NEXT_INVITATION,
        starts_at=start,
        ends_at=start + timedelta(hours=1),
        speakers=[
            SpeakerEntry("Ines Calder", "Senior Advisor", "CIS Ombudsman"),
            SpeakerEntry("Tom Reyes", "Product Lead for Online Filing", "USCIS"),
        ],
        capacity=250,
        accommodations_until=start - timedelta(days=3),
    )
    set_up.tell(engagement)


def _open_the_floor() -> None:
    start = clock.now() - timedelta(minutes=20)
    with clock.set_to(start - timedelta(days=10)):
        engagement = _create(
            slug=LIVE,
            series="",
            title="How USCIS Communicates Case Processing Times",
            kind="listening_session",
            about="how USCIS communicates case processing times",
            description=material.LIVE_INVITATION,
            starts_at=start,
            ends_at=start + timedelta(hours=2),
            speakers=[SpeakerEntry("Ines Calder", "Senior Advisor", "CIS Ombudsman")],
            takes_walk_ins=True,
        )
        public = _register(engagement)
    with clock.set_to(start):
        running.start(engagement, by=cast.play(cast.COORDINATOR))
        floors.set_state(floor_of(engagement), state="open", by=cast.play(cast.MODERATOR))
    _ask(public, start)


def _create(**details: Any) -> Engagement:
    coordinator = cast.play(cast.COORDINATOR)
    engagement = running.create(
        by=coordinator,
        agency=Agency.objects.get(short_name="USCIS"),
        time_zone=ZONE,
        **details,
    )
    material.give_roles(engagement)
    return running.schedule(engagement, by=coordinator)


def _register(engagement: Engagement) -> list[Registration]:
    """The stakeholder to be, and somebody of each category."""
    categories = list(RoleCategory.objects.filter(is_offered=True))
    people = [(cast.STAKEHOLDER.name, cast.STAKEHOLDER.email)]
    people += [person for person, _ in zip(cast.people(), range(23), strict=False)]
    return [
        registering.register(
            engagement,
            name=name,
            email=email,
            organization="",
            category=categories[number % len(categories)],
        )
        for number, (name, email) in enumerate(people)
    ]


def _ask(public: list[Registration], start: datetime) -> None:
    _stakeholder, *others = public
    floor = floor_of(public[0].engagement)
    moderator = cast.play(cast.MODERATOR)
    for number, told in enumerate(material.questions("live_now")):
        asker = next(one for one in others if one.category.key == told["category"])
        others.remove(asker)
        with clock.set_to(start + timedelta(minutes=2 + number * 2)):
            asker.engagement.refresh_from_db()
            attending.visit(asker)
            question = asking.ask(floor, by=asker, text=told["text"], client_id=uuid.uuid4())
            if told["state"] == "shown":
                moderating.show(floor, by=moderator, number=question.number, seen=1)


def _at_two(moment: datetime) -> datetime:
    """2 p.m. of that day, by the office's clock."""
    local = moment.astimezone(ZoneInfo(ZONE))
    return local.replace(hour=14, minute=0, second=0, microsecond=0)
