from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import factories

if TYPE_CHECKING:
    from engagements.models import Agency, Engagement, User
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
