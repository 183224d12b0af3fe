from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache

from engagements.actions import attending
from engagements.models import Engagement
from qa import states
from tests import factories
from tests.qa.agency.programs import Program, program

if TYPE_CHECKING:
    from engagements.models import Agency, User
    from qa.models import Forwarding


@pytest.fixture
def agency() -> Agency:
    return factories.make_agency("USCIS")


@pytest.fixture
def lee() -> User:
    """A second liaison of USCIS."""
    return factories.make_user("Lee", agency=factories.make_agency("USCIS"))


@pytest.fixture
def carl() -> User:
    """A contributor of USCIS."""
    return factories.make_user("Carl", agency=factories.make_agency("USCIS"), is_contributor=True)


@pytest.fixture
def sent(live_engagement: Engagement, edna: User) -> Forwarding:
    """Five questions in force; the third was withdrawn."""
    return factories.make_forwarding(live_engagement, sent_by=edna)


@pytest.fixture
def ended(live_engagement: Engagement) -> Engagement:
    """Five attorneys and one employer came and asked one question each; one took hers back."""
    floor = live_engagement.floor
    for number in range(6):
        asker = factories.make_registration(
            live_engagement,
            f"Person {number}",
            category=factories.category("employer" if number == 5 else "attorney"),
        )
        attending.arrive(asker)
        factories.make_question(floor, f"Question {number}?", asker=asker, category=asker.category)
    floor.questions.filter(number=1).update(state=states.SHOWN, outcome=states.ANSWERED_LIVE)
    floor.questions.filter(number=2).update(
        state=states.DISMISSED, dismissal="off_topic", dismissal_text="off topic"
    )
    floor.questions.filter(number=3).update(state=states.WITHDRAWN)
    live_engagement.state = Engagement.State.ENDED
    live_engagement.save()
    return live_engagement


@pytest.fixture
def ended_list(live_engagement: Engagement, edna: User) -> Forwarding:
    """A sealed list with its files."""
    factories.make_question(live_engagement.floor, "Why?")
    live_engagement.state = "ended"
    live_engagement.save()
    return factories.forward_list(live_engagement, by=edna)


@pytest.fixture
def system(uma: User) -> Program:
    cache.clear()
    return program(uma)
