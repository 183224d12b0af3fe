"""What ASGI does not tell: how much of what was sent the other side has not taken yet.

uvicorn's send waits when the transport is full, so no broadcast is ever held there; answers to
pings are. daphne's takes everything into a buffer without bound. The transport behind a send is
asked how much it holds. An unknown server counts as one whose send waits. All is found by duck
typing, because neither has an interface for it; `tests/qa/test_stalled.py` and `test_floods.py`
hold both to it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asgiref.typing import ASGISendCallable


class Wire:
    """The transport behind a send. `waits`: the send itself waits while the transport is full."""

    __slots__ = ("_transport", "_twisted", "waits")

    def __init__(self, send: ASGISendCallable) -> None:
        self._twisted = _twisted_transport(send)
        self._transport: Any = getattr(getattr(send, "__self__", None), "transport", None)
        self.waits = self._twisted is None

    def unsent(self) -> int:
        """Bytes that the server holds for this socket."""
        if self._twisted is not None:
            held = self._twisted
            return int(len(held.dataBuffer) - held.offset + held._tempDataLen)
        return int(self._transport.get_write_buffer_size()) if self._transport else 0

    def abort(self) -> None:
        """End the connection at once: who takes nothing would not take a goodbye either."""
        if self._twisted is not None:
            self._twisted.abortConnection()
        elif self._transport is not None:
            self._transport.abort()


def _twisted_transport(send: ASGISendCallable) -> Any:
    """daphne hands out `partial(handle_reply, protocol)`."""
    if isinstance(send, partial) and send.args:
        transport = getattr(send.args[0], "transport", None)
        if hasattr(transport, "_tempDataLen"):
            return transport
    return None
