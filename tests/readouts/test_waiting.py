"""The list of readouts that wait for an approval."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagements.models import Engagement
from readouts import queries
from readouts.actions import drafting, publishing
from tests import factories
from tests.readouts.clearing import add_step, approve

if TYPE_CHECKING:
    from engagements.models import User
    from readouts.models import Readout

pytestmark = pytest.mark.django_db


def one_more(slug: str, edna: User) -> Readout:
    engagement = factories.make_engagement(
        slug, state=Engagement.State.ENDED, started_at=factories.START, ended_at=factories.START
    )
    factories.make_member(edna, engagement, "editor")
    readout = drafting.draft(engagement, by=edna)
    return publishing.submit(readout, by=edna, without_summary=True)


def test_many_that_wait_take_the_queries_of_one(
    readout: Readout, edna: User, mia: User, ada: User
) -> None:
    add_step("Counsel", mia, by=ada)
    publishing.submit(readout, by=edna, without_summary=True)
    with CaptureQueriesContext(connection) as of_one:
        assert len(queries.to_clear(mia)) == 1
    for slug in ("second", "third"):
        one_more(slug, edna)
    with CaptureQueriesContext(connection) as of_three:
        assert len(queries.to_clear(mia)) == 3
    assert len(of_three) == len(of_one)


def test_only_approvals_of_the_text_of_now_pass_it_on(
    readout: Readout, edna: User, mia: User, omar: User, ada: User
) -> None:
    counsel = add_step("Counsel", mia, by=ada)
    privacy = add_step("Privacy", omar, by=ada)
    publishing.submit(readout, by=edna, without_summary=True)
    other = one_more("second", edna)
    approve(readout, counsel, by=mia)
    assert queries.to_clear(mia) == [(other, counsel)]
    assert queries.to_clear(omar) == [(readout, privacy)]
    readout.facts |= {"about": "something else"}
    readout.save()
    assert queries.to_clear(mia) == [(readout, counsel), (other, counsel)]
    assert queries.to_clear(omar) == []
