"""Who may open a socket: pages of exactly our own origins, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from qa.live.frames import CLOSE_NOT_ALLOWED

if TYPE_CHECKING:
    from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, Scope


class OwnOriginsOnly:
    """Refuses a handshake whose Origin header is foreign, absent, null or given twice.

    The header is compared as text, byte by byte: scheme, host and port must all be ours, and a
    malformed one is never parsed.
    """

    def __init__(self, application: ASGI3Application) -> None:
        self.application = application

    async def __call__(
        self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        origins = [value for name, value in scope["headers"] if name == b"origin"]  # type: ignore[typeddict-item]  # sockets only
        if len(origins) == 1 and origins[0] in _own_origins():
            await self.application(scope, receive, send)
            return
        await receive()
        await send({"type": "websocket.close", "code": CLOSE_NOT_ALLOWED, "reason": None})


def _own_origins() -> set[bytes]:
    return {origin.encode() for origin in settings.SOCKET_ORIGINS}
