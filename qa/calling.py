"""Call an address that somebody has typed: sign the message, send it, and reach nothing inside.

The address may be hostile. Its name is resolved here, once, and the connection goes to the number
that was looked at, so that a name which answers differently a moment later leads nowhere. No
redirect is followed, and of the answer nothing but the status is read.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import ipaddress
import re
import secrets
import socket
import ssl
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

SECONDS: Final = 5.0
"""For all of a call, whatever the other side does with them."""

MOST_HEAD: Final = 16 * 1024
SECRET_BYTES: Final = 32
SECRET_PREFIX: Final = "whsec_"  # noqa: S105 - what every secret begins with
AGENT: Final = "Openfloor-Webhooks/1"

NEVER: Final = tuple(
    ipaddress.ip_network(network)
    for network in (
        "168.63.129.16/32",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",
        "3fff::/20",
        "5f00::/16",
        "fec0::/10",
    )
)
"""What not every version of Python counts among the special networks of the IANA, IPv4 within IPv6,
and what one cloud serves its hosts."""

_STATUS: Final = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})(?: [^\r\n]*)?\r\n")
_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?|[0-9a-f:.]+", re.IGNORECASE)


class NotCalled(Exception):
    """There was no answer. `code` says why, and repeats nothing that was read."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Target:
    """What an address says; `path` is as it goes on the wire."""

    host: str
    port: int
    path: str
    is_https: bool

    @property
    def named(self) -> str:
        """As the header Host has it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.is_https else 80) else f"{host}:{self.port}"


def target(url: str, *, may_stay_here: bool = False) -> Target:
    """The parts of an https address. Raises NotCalled for anything else.

    `may_stay_here` lets http to a loopback address through, for tests and the demonstration.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode() if parts.hostname else ""
        port = parts.port
    except (ValueError, UnicodeError) as error:
        raise NotCalled("address") from error
    is_https = parts.scheme == "https"
    if not is_https and not (may_stay_here and parts.scheme == "http"):
        raise NotCalled("not_https")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise NotCalled("parts")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not _HOST.fullmatch(host) or not _goes_on_a_line(path) or port == 0:
        raise NotCalled("address")
    return Target(host, port or (443 if is_https else 80), path, is_https)


def is_outside(address: Address) -> bool:
    """Whether an address is of the public internet, also where it wraps another."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is not None:
            return is_outside(inner)
        if address.teredo is not None:
            return False
    if any(address in network for network in NEVER):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def new_secret() -> str:
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signature(secret: str, *, key: str, timestamp: int, body: str) -> str:
    """As Standard Webhooks has it: HMAC-SHA256 of key, Unix time and body, as `v1,<base64>`."""
    signed = f"{key}.{timestamp}.{body}".encode()
    made = hmac.new(_key_bytes(secret), signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(made).decode()}"


def post(url: str, *, body: str, headers: Mapping[str, str], may_stay_here: bool = False) -> int:
    """The status of the answer to this JSON. Raises NotCalled when there was none in time."""
    until = time.monotonic() + SECONDS
    to = target(url, may_stay_here=may_stay_here)
    try:
        with _connected(to, until, may_stay_here=may_stay_here) as connection:
            connection.settimeout(_left(until))
            connection.sendall(_request(to, body.encode(), headers))
            return _status(connection, until)
    except TimeoutError as error:
        raise NotCalled("late") from error
    except ssl.SSLCertVerificationError as error:
        raise NotCalled("certificate") from error
    except (OSError, ssl.SSLError) as error:
        raise NotCalled("failed") from error


def _connected(to: Target, until: float, *, may_stay_here: bool) -> socket.socket:
    address = _looked_up(to, may_stay_here=may_stay_here)
    plain = socket.create_connection((str(address), to.port), timeout=_left(until))
    if not to.is_https:
        return plain
    try:
        plain.settimeout(_left(until))
        return ssl.create_default_context().wrap_socket(plain, server_hostname=to.host)
    except BaseException:
        plain.close()
        raise


def _looked_up(to: Target, *, may_stay_here: bool) -> Address:
    """One address of the host, if all of them are ones that may be called."""
    try:
        found = socket.getaddrinfo(to.host, to.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotCalled("unknown") from error
    addresses = [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]
    for address in addresses:
        is_here = may_stay_here and address.is_loopback
        if not is_here and not (to.is_https and is_outside(address)):
            raise NotCalled("inside")
    if not addresses:
        raise NotCalled("unknown")
    return addresses[0]


def _request(to: Target, body: bytes, headers: Mapping[str, str]) -> bytes:
    lines = {
        "Host": to.named,
        "User-Agent": AGENT,
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "Connection": "close",
        **headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"POST {to.path} HTTP/1.1\r\n{head}\r\n".encode("ascii") + body


def _status(connection: socket.socket, until: float) -> int:
    head = b""
    while b"\r\n" not in head and len(head) < MOST_HEAD:
        connection.settimeout(_left(until))
        more = connection.recv(4096)
        if not more:
            break
        head += more
    found = _STATUS.match(head)
    if found is None:
        raise NotCalled("not_http")
    return int(found[1])


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _goes_on_a_line(path: str) -> bool:
    return path.isascii() and path.isprintable() and " " not in path


def _key_bytes(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("not a secret of a webhook") from error
