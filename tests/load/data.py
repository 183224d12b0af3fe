"""The database of a measurement, and the doors to it.

    python -m tests.load.data fill PEOPLE   an empty database: an open floor with 50 shown questions
    python -m tests.load.data long          its questions become long ones
    python -m tests.load.data poll          a poll is open whose results everybody sees
    python -m tests.load.data doors PEOPLE  who may enter, as JSON: tickets and cookies

Runs in the environment of the server that it is for. A process of its own each time, because the
bench uses several databases.
"""

from __future__ import annotations

import json
import sys
import uuid
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.contrib.sessions.models import Session  # noqa: E402
from django.core.management import call_command  # noqa: E402

from engagements import clock  # noqa: E402
from engagements.models import Engagement, Notice, Registration, Role, User  # noqa: E402
from qa import projection, states  # noqa: E402
from qa.access import ticket  # noqa: E402
from qa.models import Floor, Question  # noqa: E402
from tests import factories  # noqa: E402
from tests.load import examples  # noqa: E402

SLUG = "bench"


def fill(people: int) -> None:
    call_command("migrate", verbosity=0)
    engagement = factories.make_engagement(
        SLUG, state=Engagement.State.LIVE, started_at=clock.now()
    )
    factories.make_member(factories.make_user("Omar"), engagement, Role.MODERATOR)
    # One more than people: the control socket of the idiomatic server is somebody too.
    registrations = Registration.objects.bulk_create(
        _registration(engagement, turn) for turn in range(people + 1)
    )
    Session.objects.bulk_create(_session(one) for one in registrations)
    floor = Floor.objects.get(engagement=engagement)
    Question.objects.bulk_create(
        _question(floor, registrations[turn % people], turn + 1) for turn in range(examples.SHOWN)
    )
    Floor.objects.update(state=states.FLOOR_OPEN, last_question_number=examples.SHOWN)


def _registration(engagement: Engagement, turn: int) -> Registration:
    address = f"stakeholder.{turn}@public.example"
    return Registration(
        engagement=engagement,
        name=f"Stakeholder {turn}",
        email=address,
        email_key=address,
        category=factories.category(),
        notice=Notice.of_office(),
    )


def _session(registration: Registration) -> Session:
    """For the idiomatic server, which knows people by a session."""
    return Session(
        session_key=f"bench{registration.pk:027}",
        session_data=SessionStore().encode({"registration": registration.pk}),
        expire_date=clock.now() + timedelta(hours=12),
    )


def _question(floor: Floor, asker: Registration, number: int) -> Question:
    text = examples.TEXT % number
    return Question(
        floor=floor,
        number=number,
        asker=asker,
        category=asker.category,
        client_id=uuid.uuid4(),
        text=text,
        original_text=text,
        state=states.SHOWN,
        shown_at=clock.now(),
    )


def lengthen() -> None:
    for question in Question.objects.all():
        question.text = examples.LONG_TEXT % question.number
        question.save(update_fields=["text"])


def open_poll() -> None:
    factories.make_poll(
        Floor.objects.get(), state=states.POLL_OPEN, shows_live=True, options=examples.OPTIONS
    )


def doors(people: int) -> dict[str, Any]:
    """Tickets are good for two minutes only."""
    floor = Floor.objects.select_related("engagement").get()
    registrations = list(Registration.objects.order_by("pk")[: people + 1])
    moderator = User.objects.get()
    return {
        "slug": SLUG,
        "tickets": [
            ticket(floor, projection.ROOM, registration=one) for one in registrations[:people]
        ],
        "desk": ticket(floor, projection.DESK, account=moderator),
        "cookies": [f"{settings.SESSION_COOKIE_NAME}=bench{one.pk:027}" for one in registrations],
    }


def main() -> None:
    task, *numbers = sys.argv[1:]
    if task == "fill":
        fill(int(numbers[0]))
    elif task == "long":
        lengthen()
    elif task == "poll":
        open_poll()
    else:
        json.dump(doors(int(numbers[0])), sys.stdout)


if __name__ == "__main__":
    main()
