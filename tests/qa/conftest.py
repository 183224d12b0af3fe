"""The live tests run in the application and over servers, uvicorn and daphne."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import pytest
from django.conf import settings

from tests.qa.sockets import Socket
from tests.qa.wires import serving, wait_until_quiet

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def servers(django_db_setup: None) -> Iterator[dict[str, str]]:
    """Started when a test first wants them: kind -> host and port."""
    with ExitStack() as stack:
        yield _Servers(stack)


class _Servers(dict[str, str]):
    def __init__(self, stack: ExitStack) -> None:
        super().__init__()
        self._stack = stack

    def __missing__(self, kind: str) -> str:
        self[kind] = self._stack.enter_context(serving(kind))
        return self[kind]


KINDS = ["application", "uvicorn", "daphne"]
# A server differs in its frames and a database in its statements: each server meets one of the two
# databases with all of the protocol, and the server of production meets both.
OVER = KINDS[:2] if settings.REDIS_URL else KINDS
HEARING = KINDS if settings.REDIS_URL else KINDS[:1]
"""Where what an action in this process announces is heard at once."""


@pytest.fixture(params=OVER)
def over(
    request: pytest.FixtureRequest,
    servers: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    transactional_db: None,
) -> Iterator[None]:
    """For tests of the live protocol: what their sockets run over."""
    with _led(request.param, servers, monkeypatch):
        yield


@pytest.fixture(params=HEARING)
def hearing(
    request: pytest.FixtureRequest,
    servers: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    transactional_db: None,
) -> Iterator[None]:
    """As `over`, for tests of what has to be heard within a second."""
    with _led(request.param, servers, monkeypatch):
        yield


@contextmanager
def _led(kind: str, servers: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if kind == "application":
        yield
        return
    monkeypatch.setattr(Socket, "server", servers[kind])
    yield
    wait_until_quiet()
