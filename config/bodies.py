"""How much anybody may send in one request, whatever the address. What is more is never kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.template.loader import render_to_string

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from asgiref.typing import (
        ASGIReceiveCallable,
        ASGIReceiveEvent,
        ASGISendCallable,
        HTTPScope,
        Scope,
    )

DRAINED: Final = 8
"""So many times the limit is read and thrown away, because a browser shows an answer only after it
has sent everything. Who sends more is cut off."""

HEADERS: Final = [
    (b"content-type", b"text/html; charset=utf-8"),
    (b"content-security-policy", b"default-src 'self'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
    (b"connection", b"close"),
]


class LimitedBodies:
    """Answers 413, in words, to a request whose body is declared larger than `MOST_BYTES_SENT`.

    One that turns out larger than it said is treated as if its sender had hung up.
    """

    def __init__(self, application: Callable[..., Awaitable[None]]) -> None:
        self.application = application

    async def __call__(
        self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        if scope["type"] != "http":
            await self.application(scope, receive, send)
        elif _declared(scope) > settings.MOST_BYTES_SENT:
            await _drain(receive)
            await _refuse(send)
        else:
            await self.application(scope, _counted(receive), send)


def _declared(scope: HTTPScope) -> int:
    given = [value for name, value in scope["headers"] if name == b"content-length"]
    return max((int(value) for value in given if value.isdigit()), default=0)


def _counted(receive: ASGIReceiveCallable) -> ASGIReceiveCallable:
    count = 0

    async def receive_counted() -> ASGIReceiveEvent:
        nonlocal count
        event = await receive()
        if event["type"] == "http.request":
            count += len(event.get("body", b""))
            if count > settings.MOST_BYTES_SENT:
                return {"type": "http.disconnect"}
        return event

    return receive_counted


async def _drain(receive: ASGIReceiveCallable) -> None:
    count = 0
    while count < DRAINED * settings.MOST_BYTES_SENT:
        event = await receive()
        if event["type"] != "http.request" or not event.get("more_body"):
            return
        count += len(event["body"])


async def _refuse(send: ASGISendCallable) -> None:
    page = render_to_string("413.html").encode()
    length = (b"content-length", str(len(page)).encode())
    await send(
        {
            "type": "http.response.start",
            "status": 413,
            "headers": [*HEADERS, length],
            "trailers": False,
        }
    )
    await send({"type": "http.response.body", "body": page, "more_body": False})
