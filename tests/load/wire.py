"""As much of RFC 6455 as a benchmark needs: a handshake, and frames in one piece."""

from __future__ import annotations

import base64
import hashlib
from typing import Final

TEXT: Final = 0x1
CLOSE: Final = 0x8
PING: Final = 0x9
PONG: Final = 0xA

_GUID: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_KEY: Final = base64.b64encode(b"openfloor--bench")


def handshake(port: int, path: str, cookie: str) -> bytes:
    """What a client opens with. The origin is the server's own, as it demands."""
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"Origin: http://127.0.0.1:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {_KEY.decode()}",
        "Sec-WebSocket-Version: 13",
    ]
    if cookie:
        lines.append(f"Cookie: {cookie}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def acceptance(request: bytes) -> bytes:
    """What a server answers to a handshake."""
    headers = dict(line.split(b":", 1) for line in request.split(b"\r\n")[1:] if b":" in line)
    key = next(value for name, value in headers.items() if name.lower() == b"sec-websocket-key")
    accept = base64.b64encode(hashlib.sha1(key.strip() + _GUID).digest())
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
    )


def server_frame(payload: bytes, opcode: int = TEXT) -> bytes:
    return bytes([0x80 | opcode]) + _length(len(payload), 0) + payload


def client_frame(payload: bytes, opcode: int = TEXT) -> bytes:
    """Masked with zeros: valid, and the client spends no time on it."""
    return bytes([0x80 | opcode]) + _length(len(payload), 0x80) + bytes(4) + payload


def _length(size: int, mask_bit: int) -> bytes:
    if size < 126:
        return bytes([mask_bit | size])
    if size < 65536:
        return bytes([mask_bit | 126]) + size.to_bytes(2, "big")
    return bytes([mask_bit | 127]) + size.to_bytes(8, "big")


def next_frame(data: bytes, position: int) -> tuple[int, int, int] | None:
    """Opcode, start and end of the payload of the frame at `position`, if all of it is there."""
    if len(data) < position + 2:
        return None
    second = data[position + 1]
    start = position + 2
    size = second & 0x7F
    if size >= 126:
        width = 2 if size == 126 else 8
        size = int.from_bytes(data[start : start + width], "big")
        start += width
    start += 4 if second & 0x80 else 0
    if len(data) < start + size:
        return None
    return data[position] & 0x0F, start, start + size


def unmasked(data: bytes, start: int, end: int) -> bytes:
    """The payload of a client's frame. The mask stands before it."""
    key, payload = data[start - 4 : start], data[start:end]
    if key == b"\0\0\0\0":
        return payload
    size = len(payload)
    stream = (key * (size // 4 + 1))[:size]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(stream, "big")).to_bytes(size, "big")
