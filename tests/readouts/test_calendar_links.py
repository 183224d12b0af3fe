from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagements.models import Engagement
from readouts import queries
from readouts.actions import drafting, publishing
from tests import factories

if TYPE_CHECKING:
    from django.test import Client

    from engagements.models import User
    from readouts.models import Readout

pytestmark = pytest.mark.django_db


def test_a_past_engagement_links_its_readout_while_one_is_in_force(
    client: Client, readout: Readout, edna: User, ada: User
) -> None:
    way = f'href="{reverse("readout", args=[readout.engagement.slug])}"'
    seen = [way in client.get("/").content.decode()]
    publishing.submit(readout, by=edna, without_summary=True)
    seen.append(way in client.get("/").content.decode())
    publishing.publish(readout, by=ada)
    seen.append(way in client.get("/").content.decode())
    publishing.withdraw(readout, by=ada, reason="Wrong figures.")
    seen.append(way in client.get("/").content.decode())
    assert seen == [False, False, True, False]


def test_the_calendar_asks_once_for_all_readouts(client: Client, edna: User, ada: User) -> None:
    counts = []
    for number in range(3):
        over = factories.make_engagement(f"over-{number}", state=Engagement.State.ENDED)
        factories.make_member(edna, over, "editor")
        drafted = drafting.draft(over, by=edna)
        publishing.submit(drafted, by=edna, without_summary=True)
        publishing.publish(drafted, by=ada)
        with CaptureQueriesContext(connection) as asked:
            client.get("/")
        counts.append(len(asked))
    assert counts == [counts[0]] * 3
    assert len(queries.with_readout(Engagement.objects.values_list("pk", flat=True))) == 3
