"""A device that has opened a link may do what the link is for, and for the rest is nobody."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, cast

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from engagements.models import AuditEntry, User
from qa import projection
from qa.access import Ticket, ended_tickets
from qa.live.commands import COMMANDS
from qa.models import Floor, ViewLink
from tests import access_cast, access_matrix, access_stage
from tests.access_cast import World, fingerprint
from tests.test_access import command, visit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from http.cookies import SimpleCookie

    from pytest_django import DjangoDbBlocker

    from tests.access_matrix import Row

pytestmark = pytest.mark.django_db

CLOSED = [
    row for row in access_matrix.addresses() if set("s-") & {c["AN"] for c in row.cells.values()}
]
"""What not everybody may see or do."""


@dataclass(frozen=True)
class Hall(World):
    """The world with devices in it; each is a visitor by its name."""

    cookies: dict[str, SimpleCookie]

    def client(self, visitor: str, **options: Any) -> Client:
        cache.clear()
        client = Client(**options)
        client.cookies.update(self.cookies[visitor])
        return client


@pytest.fixture(scope="module")
def hall(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Hall]:
    with django_db_blocker.unblock(), transaction.atomic():
        world = access_cast.build()
        people = (cast("User", world.people[name]) for name in ("CO", "M2"))
        cookies = access_stage.cookies(*people)
        parts = {part.name: getattr(world, part.name) for part in fields(World)}
        parts |= {"fingerprint": fingerprint(), "last_entry": AuditEntry.objects.latest("pk").pk}
        yield Hall(**parts, cookies=cookies)
        transaction.set_rollback(True)


@pytest.mark.parametrize("row", CLOSED, ids=lambda row: row.label)
def test_an_address_does_for_a_device_what_its_link_is_for(hall: Hall, row: Row) -> None:
    named = {label for label, _ in set().union(*access_stage.DEVICES.values())}
    # The rest is tried with one that stands for all.
    devices = access_stage.DEVICES if row.label in named else ["speaker"]
    for device in devices:
        more = access_stage.DEVICES[device]
        for method, cells in row.cells.items():
            expected = "+" if (row.label, method) in more else cells["AN"]
            assert visit(hall, row, method, device) == expected, (device, method)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_does_for_a_device_what_its_link_is_for(hall: Hall, name: str) -> None:
    floor = Floor.objects.get(engagement__slug="now")
    open_links = floor.view_links.filter(revoked_at=None)
    for link in (open_links.get(name="hall"), open_links.get(name="tablet")):
        ticket = Ticket(floor.pk, "now", projection.SCREEN, device=link.pk, speaker=link.speaker_id)
        is_for_it = link.speaker_id is not None and name in access_stage.COMMANDS
        assert command(hall, name, ticket) == ("+" if is_for_it else "-")


def test_a_ticket_opens_nothing_but_the_own_view(hall: Hall) -> None:
    floor = Floor.objects.get(engagement__slug="now")
    other = Floor.objects.get(engagement__slug="elsewhere")
    link = floor.view_links.filter(revoked_at=None, speaker=None).latest("pk")
    revoked = ViewLink.objects.filter(floor=floor, speaker=None).exclude(revoked_at=None)[0]
    good = Ticket(floor.pk, "now", projection.SCREEN, device=link.pk)
    bad = [
        Ticket(floor.pk, "now", projection.DESK, device=link.pk),
        Ticket(floor.pk, "now", projection.ROOM, device=link.pk),
        Ticket(floor.pk, "now", projection.SCREEN, device=link.pk, speaker=1),
        Ticket(other.pk, "elsewhere", projection.SCREEN, device=link.pk),
        Ticket(floor.pk, "now", projection.SCREEN, device=revoked.pk),
        Ticket(floor.pk, "now", projection.SCREEN, device=2_000_000_000),
        Ticket(floor.pk, "now", projection.SCREEN),
    ]
    assert ended_tickets([good, *bad]) == dict.fromkeys(bad, False)
