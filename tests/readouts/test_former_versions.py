"""A database of before the files of versions, brought up to date and back: nothing is lost."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from engagements import clock
from readouts import queries
from readouts.models import Readout, ReadoutVersion
from tests.readouts.contact_center import FACTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

    from engagements.models import Engagement, User

pytestmark = pytest.mark.django_db(transaction=True)

FORMER = "0001_initial"
ADDRESS = "/engagements/contact-center/readout"
PDF = b"%PDF-1.7 of before"
SUMMARY = "It was *about* time."


def migrate(name: str) -> Any:
    """The models as they are then."""
    state = MigrationExecutor(connection).migrate([("readouts", name)])
    return state.apps


def latest() -> str:
    name: str = MigrationLoader(None).graph.leaf_nodes("readouts")[0][1]
    return name


@pytest.fixture
def former() -> Iterator[Any]:
    try:
        yield migrate(FORMER)
    finally:
        migrate(latest())


def facts_of_before() -> dict[str, Any]:
    new = ("kind_key", "registered", "no_shows", "peak", "mean_minutes", "median_minutes")
    told = FACTS.to_json()
    for key in (*new, "dispositions", "labels"):
        del told[key]
    for category in told["categories"]:
        del category["key"]
    return told


def publish(apps: Any, engagement: Engagement, by: User) -> dict[str, Any]:
    """As the version of before stored it: plain sentences, samples without groups, one file."""
    document = {
        "label": "Engagement Readout",
        "title": "The USCIS Contact Center",
        "opening": "On April 14, 2021, it was hosted.",
        "summary": SUMMARY,
        "attendance": "A total of 828 *stakeholders* joined.",
        "samples": ["Is there a line?", "- Why?"],
        "closing": "It will share [a list].",
        "speakers": ["Carrie Selby"],
        "facts": facts_of_before(),
        "language": "en",
    }
    readout = apps.get_model("readouts", "Readout").objects.create(
        engagement_id=engagement.pk, state="published", summary=SUMMARY,
        facts=document["facts"], last_editor_id=by.pk,
    )  # fmt: skip
    apps.get_model("readouts", "ReadoutVersion").objects.create(
        readout=readout, number=1, document=document, pdf=PDF, published_by_id=by.pk,
        sha256=hashlib.sha256(PDF).hexdigest(), published_at=clock.now(), publisher=by.name,
    )  # fmt: skip
    return document


def test_a_version_of_before_is_read_as_it_was_and_survives_the_way_back(
    former: Any, over: Engagement, edna: User, client: Client
) -> None:
    """One test for all: each way through the migrations takes seconds."""
    document = publish(former, over, edna)
    migrate(latest())
    version = ReadoutVersion.objects.get()
    told = json.dumps(document, sort_keys=True, ensure_ascii=False)
    assert version.digest == hashlib.sha256(told.encode()).hexdigest()
    file = version.files.get()
    assert (file.format, bytes(file.content), file.size) == ("pdf", PDF, len(PDF))
    page = client.get(f"{ADDRESS}/").content.decode()
    for words in ("A total of 828 *stakeholders* joined.", "- Why?", "It will share [a list]."):
        assert words in page
    assert client.get(f"{ADDRESS}.pdf").content == PDF
    assert [client.get(f"{ADDRESS}.{kind}").status_code for kind in ("docx", "json")] == [404, 404]
    counted = client.get(f"{ADDRESS}/counted/").content.decode()
    assert "before the sources of its numbers were kept" in counted
    names = "The title, date, speakers, or the names of office or agency changed."
    stored = queries.stored_facts(Readout.objects.get())
    assert names not in queries.differences(stored, replace(stored, kind_key="webinar"))
    before = migrate("0002_counted_worded_cleared").get_model("readouts", "ReadoutVersion")
    assert [bytes(one.pdf) for one in before.objects.all()] == [PDF]
    migrate(latest())
    assert bytes(ReadoutVersion.objects.get().files.get().content) == PDF
