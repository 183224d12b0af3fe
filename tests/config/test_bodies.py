"""What is too large to be read is answered in words, and kept nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import override_settings

from config.bodies import DRAINED, LimitedBodies

if TYPE_CHECKING:
    from collections.abc import Iterator

LIMIT = 1000


@pytest.fixture(autouse=True)
def _limit() -> Iterator[None]:
    with override_settings(MOST_BYTES_SENT=LIMIT):
        yield


async def echo_size(_scope: Any, receive: Any, send: Any) -> None:
    """An application that says how much it was given, or that the sender hung up."""
    size = 0
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            await send({"type": "hung up", "size": size})
            return
        size += len(event["body"])
        if not event.get("more_body"):
            await send({"type": "given", "size": size})
            return


async def visit(*parts: int, declared: str | None = None) -> dict[str, Any]:
    """What is answered to a body in parts of so many bytes."""
    length = str(sum(parts)) if declared is None else declared
    headers = [(b"content-length", length.encode())] if length else []
    scope = {"type": "http", "method": "POST", "path": "/", "headers": headers}
    bodies = iter(
        {"type": "http.request", "body": bytes(size), "more_body": number < len(parts)}
        for number, size in enumerate(parts, start=1)
    )
    answers = await call(LimitedBodies(echo_size), scope, bodies)
    return {name: value for answer in answers for name, value in answer.items()}


async def call(application: Any, scope: Any, events: Iterator[Any]) -> list[dict[str, Any]]:
    answers: list[dict[str, Any]] = []

    async def receive() -> Any:
        return next(events)

    async def send(event: dict[str, Any]) -> None:
        answers.append(event)

    await application(scope, receive, send)
    return answers


@pytest.mark.parametrize("parts", [(0,), (LIMIT,), (LIMIT // 2, LIMIT // 2)])
async def test_what_fits_goes_through(parts: tuple[int, ...]) -> None:
    assert await visit(*parts) == {"type": "given", "size": sum(parts)}


@pytest.mark.parametrize("parts", [(LIMIT + 1,), (LIMIT, 1), (LIMIT,) * (DRAINED + 5)])
async def test_what_is_too_large_is_answered_in_words(parts: tuple[int, ...]) -> None:
    answer = await visit(*parts)
    assert answer["status"] == 413
    assert b"Nothing was changed." in answer["body"]
    assert (b"connection", b"close") in answer["headers"]


@pytest.mark.parametrize("declared", ["", "10", "-5", "many"])
async def test_who_sends_more_than_was_said_is_cut_off(declared: str) -> None:
    answer = await visit(LIMIT, 1, declared=declared)
    assert answer == {"type": "hung up", "size": LIMIT}
    assert await visit(LIMIT, declared=declared) == {"type": "given", "size": LIMIT}


async def test_sockets_are_let_through() -> None:
    async def close(scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": f"{scope['type']}.close"})

    scope = {"type": "websocket", "headers": []}
    assert await call(LimitedBodies(close), scope, iter(())) == [{"type": "websocket.close"}]
