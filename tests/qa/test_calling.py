from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import socket
import threading
from typing import TYPE_CHECKING, Any

import pytest

from qa import calling

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def answered() -> Iterator[Callable[[bytes], tuple[str, list[bytes]]]]:
    """A server on this machine that reads a request and answers these bytes; all that it read."""
    opened: list[socket.socket] = []

    def serve(answer: bytes) -> tuple[str, list[bytes]]:
        listening = socket.create_server(("127.0.0.1", 0))
        opened.append(listening)
        read: list[bytes] = []

        def work() -> None:
            try:
                connection, _address = listening.accept()
            except OSError:
                return
            with connection:
                read.append(connection.recv(65536))
                connection.sendall(answer)

        threading.Thread(target=work, daemon=True).start()
        return f"http://127.0.0.1:{listening.getsockname()[1]}/hook?a=1", read

    yield serve
    for one in opened:
        one.close()


def called(url: str, **options: Any) -> str | int:
    try:
        return calling.post(url, body='{"a":1}', headers={"webhook-id": "msg_1"}, **options)
    except calling.NotCalled as error:
        return error.code


def test_a_call_carries_what_was_given_and_brings_the_status(answered: Any) -> None:
    url, read = answered(b"HTTP/1.1 204 No Content\r\n\r\n")

    assert called(url, may_stay_here=True) == 204

    head, _empty, body = read[0].partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    port = url.split(":")[2].split("/")[0]
    assert lines == [
        "POST /hook?a=1 HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"User-Agent: {calling.AGENT}",
        "Content-Type: application/json",
        "Content-Length: 7",
        "Connection: close",
        "webhook-id: msg_1",
    ]
    assert body == b'{"a":1}'


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/inside\r\n\r\n", 302),
        (b"HTTP/1.0 500 \r\n\r\n", 500),
        (b"SSH-2.0-OpenSSH\r\n", "not_http"),
        (b"HTTP/1.1 200", "not_http"),
        (b"x" * 40_000, "not_http"),
        (b"", "not_http"),
    ],
)
def test_an_answer_is_a_status_and_nothing_more(
    answered: Any, answer: bytes, result: str | int
) -> None:
    url, _read = answered(answer)
    assert called(url, may_stay_here=True) in {result, "failed"}


@pytest.mark.parametrize(
    "url",
    [
        "http://agency.example/hook",
        "ftp://agency.example/",
        "file:///etc/passwd",
        "https://",
        "https://user:secret@agency.example/",
        "https://agency.example/a b",
        "https://agency.example/\r\nHost: x",
        "https://agency.example:99999/",
        "https://agency.example/#part",
        "https://[::1",
        "https://exa mple.com/",
        "//agency.example/",
        "",
    ],
)
def test_what_is_no_https_address_is_not_called(url: str) -> None:
    assert called(url) in {"not_https", "address", "parts"}


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "127.1",
        "0x7f.1",
        "2130706433",
        "0.0.0.0",
        "10.0.0.5",
        "172.16.3.4",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "168.63.129.16",
        "192.0.0.192",
        "224.0.0.1",
        "255.255.255.255",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:169.254.169.254]",
        "[fd00:ec2::254]",
        "[fe80::1]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b:1::1]",
        "[100::1]",
        "[3fff::1]",
        "[fec0::1]",
        "[2001:db8::1]",
        "[2002:7f00:1::]",
        "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
    ],
)
def test_nothing_inside_is_called(host: str) -> None:
    assert called(f"https://{host}/") == "inside"


def test_only_this_machine_is_called_without_https_and_only_where_that_is_allowed() -> None:
    assert called("http://10.0.0.5/", may_stay_here=True) == "inside"
    assert called("http://127.0.0.1:9/", may_stay_here=False) == "not_https"
    assert called("http://127.0.0.1:9/", may_stay_here=True) == "failed"


def test_public_addresses_are_outside() -> None:
    for address in ("8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8"):
        assert calling.is_outside(ipaddress.ip_address(address))


def test_a_name_with_one_address_inside_is_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(*_args: Any, **_options: Any) -> list[Any]:
        family = socket.AF_INET, socket.SOCK_STREAM, 6, ""
        return [(*family, ("8.8.8.8", 443)), (*family, ("10.0.0.1", 443))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    assert called("https://agency.example/") == "inside"


def test_the_name_is_resolved_once_and_its_number_is_called(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name that leads outside when it is looked at, and inside a moment later."""
    asked: list[str] = []
    reached: list[tuple[str, int]] = []

    def resolve(host: str, *_args: Any, **_options: Any) -> list[Any]:
        asked.append(host)
        address = "8.8.8.8" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))]

    def connect(address: tuple[str, int], **_options: Any) -> socket.socket:
        reached.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connect)
    assert called("https://agency.example/") == "failed"
    assert (asked, reached) == (["agency.example"], [("8.8.8.8", 443)])


def test_who_answers_slowly_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert called(f"http://127.0.0.1:{silent.getsockname()[1]}/", may_stay_here=True) == "late"


def test_a_server_without_a_trusted_certificate_is_not_told(answered: Any) -> None:
    url, read = answered(b"HTTP/1.1 200 OK\r\n\r\n")
    assert called(url.replace("http://", "https://"), may_stay_here=True) in {"failed", "late"}
    assert b"msg_1" not in b"".join(read)


def test_a_signature_is_that_of_standard_webhooks() -> None:
    """The example of the specification's own libraries."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    made = calling.signature(
        secret,
        key="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body='{"test": 2432232314}',
    )
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_new_secret_signs() -> None:
    secret = calling.new_secret()
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, b"msg_1.5.{}", hashlib.sha256).digest()).decode()

    assert len(key) == calling.SECRET_BYTES
    assert calling.new_secret() != secret
    assert calling.signature(secret, key="msg_1", timestamp=5, body="{}") == f"v1,{expected}"
