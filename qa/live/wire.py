"""What ASGI does not tell: how much of what was sent the other side has not taken yet.

uvicorn's send waits when the transport is full, so little is ever unsent there. daphne's takes
everything into a buffer without bound; the transport behind its send is asked how much it holds.
An unknown server counts as one whose send waits. Both are asked by duck typing, because neither
has an interface for it; `tests/qa/test_servers.py` holds them to it.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asgiref.typing import ASGISendCallable


def unsent(send: ASGISendCallable) -> int:
    """Bytes that the server holds for this socket beyond what its send would wait for."""
    transport = _twisted_transport(send)
    if transport is None:
        return 0
    return len(transport.dataBuffer) - transport.offset + transport._tempDataLen  # type: ignore[no-any-return]


def abort(send: ASGISendCallable) -> None:
    """End the connection at once: who takes nothing would not take a goodbye either."""
    transport = _twisted_transport(send)
    if transport is not None:
        transport.abortConnection()
        return
    protocol: Any = getattr(send, "__self__", None)
    with suppress(AttributeError):
        protocol.transport.abort()


def _twisted_transport(send: ASGISendCallable) -> Any:
    """daphne hands out `partial(handle_reply, protocol)`."""
    if isinstance(send, partial) and send.args:
        transport = getattr(send.args[0], "transport", None)
        if hasattr(transport, "_tempDataLen"):
            return transport
    return None
