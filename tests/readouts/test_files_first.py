"""Files are written before the transaction: whoever writes elsewhere meanwhile does not wait."""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from engagements import clock
from engagements.models import Office
from engagements.refusals import Refused
from readouts.actions import editing, publishing, scheduling
from readouts.models import Readout, ReadoutVersion
from readouts.tasks import publish_due
from tests.readouts.clearing import digest_of
from tests.readouts.conftest import pdf_of
from tests.readouts.test_publishing import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from engagements.models import User

pytestmark = pytest.mark.django_db(transaction=True)

HOOKS: list[Callable[[], None]] = []


def on_event(event: str, _arguments: tuple[object, ...]) -> None:
    if event == "tempfile.mkdtemp" and HOOKS:
        HOOKS[-1]()


sys.addaudithook(on_event)


@contextmanager
def whenever_files_are_written(act: Callable[[int], None]) -> Iterator[list[bool]]:
    """The compiler of the printable file gets an empty directory: then `act` runs, in another
    connection, before the compiler. Gives of each time whether a transaction was open."""
    inside: list[bool] = []

    def run() -> None:
        try:
            act(len(inside))
        finally:
            connection.close()

    def hook() -> None:
        inside.append(connection.in_atomic_block)
        other = threading.Thread(target=run)
        other.start()
        other.join(timeout=60)

    HOOKS.append(hook)
    try:
        yield inside
    finally:
        HOOKS.remove(hook)


def move_office(number: int) -> None:
    Office.objects.update(address=f"{number} Main Street")


def nothing(_number: int) -> None:
    pass


@pytest.fixture
def written(readout: Readout, edna: User) -> Readout:
    return editing.edit(readout, by=edna, revision=1, summary="What was said.")


@pytest.fixture
def submitted(written: Readout, edna: User) -> Readout:
    return publishing.submit(written, by=edna)


def test_no_transaction_is_open_while_files_are_written(
    written: Readout, edna: User, paul: User
) -> None:
    with whenever_files_are_written(nothing) as inside:
        publishing.submit(written, by=edna)
        at = clock.now() + timedelta(minutes=5)
        scheduling.schedule(
            written, by=paul, at=at, revision=written.revision, digest=digest_of(written)
        )
        with clock.set_to(at + timedelta(seconds=1)):
            assert publish_due() == 1
    assert inside == [False, False, False]
    assert written.versions.count() == 1


def test_what_changes_while_files_are_written_is_in_them(submitted: Readout, paul: User) -> None:
    def move_once(number: int) -> None:
        if number == 1:
            Office.objects.update(address="77 Massachusetts Avenue")

    with whenever_files_are_written(move_once) as inside:
        version = publishing.publish(submitted, by=paul)
    assert inside == [False, False]
    assert "77 Massachusetts Avenue" in text_of(pdf_of(version))


def test_what_changes_again_and_again_is_not_published(submitted: Readout, paul: User) -> None:
    with whenever_files_are_written(move_office) as inside, pytest.raises(editing.Overtaken):
        publishing.publish(submitted, by=paul)
    assert len(inside) == 2
    assert not ReadoutVersion.objects.exists()
    submitted.refresh_from_db()
    assert submitted.state == Readout.State.IN_REVIEW


def test_who_takes_it_back_meanwhile_wins(submitted: Readout, edna: User, paul: User) -> None:
    def take_back(_number: int) -> None:
        own = Readout.objects.select_related("engagement").get(pk=submitted.pk)
        publishing.return_to_draft(own, by=edna)

    with whenever_files_are_written(take_back), pytest.raises(Refused) as refusal:
        publishing.publish(submitted, by=paul)
    assert refusal.value.code == "wrong_state"
    assert not ReadoutVersion.objects.exists()
    submitted.refresh_from_db()
    assert submitted.state == Readout.State.DRAFT
