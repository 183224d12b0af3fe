"""Floods at real servers: refused, little memory taken, and nobody else the worse for it."""

from __future__ import annotations

import asyncio
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qa.models import Question
from tests.qa.raw import CONTINUATION, PING, RawSocket
from tests.qa.sockets import Socket, ask, entered
from tests.qa.wires import process_of, wait_until_quiet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from engagements.models import Registration
    from qa.models import Floor

pytestmark = pytest.mark.django_db(transaction=True)

MOST_MEMORY = 20 * 1024
"""KiB that a flood may add to the server."""


def one_large(raw: RawSocket) -> None:
    raw.send(b"x" * (1024 * 1024 + 1))


def in_fragments(raw: RawSocket) -> None:
    raw.send(b"x" * 60_000, is_last=False)
    for _ in range(70):
        raw.send(b"x" * 60_000, kind=CONTINUATION, is_last=False)


def pings_without_reading(raw: RawSocket) -> None:
    for _ in range(400):
        raw.send_many(b"x" * 125, 1_000, kind=PING)


def garbage(raw: RawSocket) -> None:
    raw.send(b"\xff\xfe\xfa" * 100)
    for _ in range(20):
        raw.send(b"[1, 2")


FLOODS = [one_large, in_fragments, pings_without_reading, garbage]


@pytest.fixture(params=["uvicorn", "daphne"])
def server(
    request: pytest.FixtureRequest,
    servers: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    transactional_db: None,
) -> Iterator[str]:
    monkeypatch.setattr(Socket, "server", servers[request.param])
    yield servers[request.param]
    wait_until_quiet()


@pytest.mark.parametrize("has_entered", [True, False])
@pytest.mark.parametrize("flood", FLOODS, ids=lambda flood: flood.__name__)
async def test_a_flood_ends_its_own_socket_and_nothing_else(
    server: str,
    floor: Floor,
    ana: Registration,
    flood: Callable[[RawSocket], None],
    has_entered: bool,
) -> None:
    async with entered(floor, registration=ana) as (room, _):
        before = memory(server)
        raw = await asyncio.to_thread(RawSocket, server, floor, ana if has_entered else None)
        with closing(raw):
            with suppress(OSError):
                await asyncio.to_thread(flood, raw)
            is_ended = await asyncio.to_thread(raw.is_ended)

        assert is_ended
        assert "ok" in await ask(room)
        assert memory(server) - before < MOST_MEMORY

    assert await Question.objects.acount() == 1


def memory(server: str) -> int:
    """The most that the process ever held, in KiB."""
    status = Path(f"/proc/{process_of(server)}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
