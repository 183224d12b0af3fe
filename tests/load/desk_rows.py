"""The database of the desk's measurement: a live floor with thousands of questions.

    python -m tests.load.desk_rows fill QUESTIONS    and two moderators
    python -m tests.load.desk_rows cookies           their sessions, as JSON

Runs in the environment of the server that it is for.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from typing import Final

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from engagements import clock  # noqa: E402
from engagements.models import Engagement, Role, User  # noqa: E402
from qa import events, states  # noqa: E402
from qa.actions import intake  # noqa: E402
from qa.models import Floor, Question  # noqa: E402
from tests import factories  # noqa: E402
from tests.load import examples  # noqa: E402

SLUG: Final = "bench"
WAITING, SHOWN = 6, 9
"""Of ten questions six wait, three are shown, and one was set aside."""


def fill(questions: int) -> None:
    call_command("migrate", verbosity=0)
    engagement = factories.make_engagement(
        SLUG, state=Engagement.State.LIVE, started_at=clock.now()
    )
    for name in ("Omar", "Olga"):
        factories.make_member(factories.make_user(name), engagement, Role.MODERATOR)
    labels = [engagement.labels.create(name=name) for name in ("Fees", "Processing times", "Forms")]
    speaker = engagement.speakers.create(name="Dr. Vega")
    for name in ("Ms. Okafor", "Mr. Lindqvist"):
        engagement.speakers.create(name=name)
    floor = events.lock(Floor.objects.get(engagement=engagement).pk)
    began = clock.now() - timedelta(minutes=50)
    intake.store(
        floor,
        [
            Question(
                floor=floor,
                text=(text := examples.TEXT[: 90 + number * 37 % 80] + f"? ({number})"),
                original_text=text,
                category=factories.category(),
                label=labels[number % 3] if number % 4 else None,
                speaker=speaker if number % 7 == 0 else None,
                language="es" if number % 11 == 0 else "en",
                flagged_words=["damn"] if number % 97 == 0 else [],
                open_findings=["receipt_number"] if number % 31 == 0 else [],
                people=1 + number % 5 * (number % 13 == 0),
                note="Ask the agency first." if number % 41 == 0 else "",
                votes=number * 7 % 40,
                state=_state(number),
                shown_at=clock.now() if WAITING <= number % 10 < SHOWN else None,
                asked_at=began + timedelta(seconds=number),
            )
            for number in range(1, questions + 1)
        ],
    )
    Floor.objects.update(state=states.FLOOR_OPEN)


def _state(number: int) -> str:
    if number % 10 < WAITING:
        return states.WAITING
    return states.SHOWN if number % 10 < SHOWN else states.HELD


def cookies() -> list[dict[str, str]]:
    found = []
    for user in User.objects.order_by("pk"):
        client = Client()
        client.force_login(user, settings.AUTHENTICATION_BACKENDS[0])
        name = settings.SESSION_COOKIE_NAME
        found.append({"name": name, "value": client.cookies[name].value})
    return found


def main() -> None:
    task, *numbers = sys.argv[1:]
    if task == "fill":
        fill(int(numbers[0]))
    else:
        json.dump(cookies(), sys.stdout)


if __name__ == "__main__":
    main()
