"""Words are taken out of a question while somebody works on the sample that quotes it."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from django.db import connection, transaction
from django.db.models.signals import post_save
from django.urls import reverse

from engagements.models import AuditEntry
from qa import states
from qa.actions import redacting
from qa.masking import MARKS
from readouts.actions import sampling
from readouts.actions.sampling import SampleEntry
from readouts.models import Readout, ReadoutSample
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from engagements.models import User

WAITING = """
    SELECT 1 FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def wait_until_another_waits() -> None:
    """On SQLite the other waits before it has read anything."""
    if connection.vendor != "postgresql":
        return
    deadline = time.monotonic() + 10
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(WAITING)
            if cursor.fetchone():
                return
    pytest.fail("nobody waits for the sample")


@pytest.mark.django_db(transaction=True)
def test_words_redacted_while_the_sample_is_arranged_are_in_it_no_more(
    readout: Readout, edna: User, omar: User
) -> None:
    floor = readout.engagement.floor
    question = factories.make_question(floor, "Why does Ivana Ito wait?", state=states.SHOWN)
    sample = sampling.choose(readout, question, by=edna, reason="Many ask this")

    def redact() -> None:
        try:
            redacting.redact(
                floor, by=omar, number=question.number, seen=1, words=["Ivana Ito"], reason="person"
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            mine = Readout.objects.select_for_update().get(pk=readout.pk)
            redacted = pool.submit(redact)
            wait_until_another_waits()
            entry = SampleEntry(sample.pk, "Why does Ivana Ito have to wait?", 1)
            sampling.arrange(mine, by=edna, revision=mine.revision, entries=[entry])
        redacted.result(timeout=60)
    sample.refresh_from_db()
    assert sample.text == f"Why does {MARKS['person']} have to wait?"


@pytest.mark.django_db(transaction=True)
def test_a_sample_that_is_removed_right_after_it_was_moved(
    readout: Readout, edna: User, sign_in: Callable[[User], Client]
) -> None:
    for text in ("Why is it so?", "Since when?"):
        question = factories.make_question(readout.engagement.floor, text, state=states.SHOWN)
        sample = sampling.choose(readout, question, by=edna, reason="Many ask this")
    client = sign_in(edna)

    def remove(instance: AuditEntry, **_named: object) -> None:
        if instance.action == "readout.sample_changed":
            transaction.on_commit(ReadoutSample.objects.filter(pk=sample.pk).delete)

    post_save.connect(remove, sender=AuditEntry)
    try:
        address = reverse("readout-samples-save", args=[readout.engagement.slug])
        sent = {"revision": readout.revision, "do": f"up-{sample.pk}"}
        response = client.post(address, sent)
    finally:
        post_save.disconnect(remove, sender=AuditEntry)
    assert not ReadoutSample.objects.filter(pk=sample.pk).exists()
    assert (response.status_code, response["Location"].partition("#")[2]) == (302, "chosen")
