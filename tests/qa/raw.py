"""A WebSocket written by hand, which keeps no rules: frames of any kind, and no reading."""

from __future__ import annotations

import base64
import json
import socket
from typing import TYPE_CHECKING

from qa import projection
from qa.access import ticket
from tests.qa.sockets import ORIGIN

if TYPE_CHECKING:
    from engagements.models import Registration
    from qa.models import Floor

TEXT, CONTINUATION, PING = 0x1, 0x0, 0x9


class RawSocket:
    """Entered into the room of a floor, if it is somebody's. `window` is how little the kernel may
    take for us."""

    def __init__(
        self, server: str, floor: Floor, who: Registration | None, *, window: int = 0
    ) -> None:
        host, port = server.split(":")
        self._socket = socket.socket()
        if window:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        self._socket.settimeout(20)
        self._socket.connect((host, int(port)))
        self._socket.sendall(
            f"GET /live/v1/room/{floor.engagement.slug}/ HTTP/1.1\r\nHost: {server}\r\n"
            f"Origin: {ORIGIN.decode()}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {base64.b64encode(bytes(16)).decode()}\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        assert b"101" in self._socket.recv(64)
        if who is not None:
            pass_ = ticket(floor, projection.ROOM, registration=who)
            self.send(json.dumps({"id": 1, "do": "enter", "ticket": pass_}).encode())

    def send(self, data: bytes, *, kind: int = TEXT, is_last: bool = True) -> None:
        first = bytes([(0x80 if is_last else 0) | kind])
        if len(data) < 126:
            size = bytes([0x80 | len(data)])
        elif len(data) < 65_536:
            size = b"\xfe" + len(data).to_bytes(2)
        else:
            size = b"\xff" + len(data).to_bytes(8)
        # Masked with zeros: the bytes stay as they are.
        self._socket.sendall(first + size + bytes(4) + data)

    def send_many(self, data: bytes, times: int, *, kind: int) -> None:
        """The same short frame many times in one write."""
        frame = bytes([0x80 | kind, 0x80 | len(data)]) + bytes(4) + data
        self._socket.sendall(frame * times)

    def is_ended(self) -> bool:
        """Whether the other side ends the connection before long, whatever it says till then."""
        try:
            while self._socket.recv(65_536):
                pass
        except TimeoutError:
            return False
        except OSError:
            return True
        return True

    def close(self) -> None:
        self._socket.close()
