"""A hundred megabytes, as a server passes them on: refused in words, and never held in memory."""

from __future__ import annotations

import asyncio
import re
import tracemalloc
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from django.urls import reverse

from config import asgi
from qa.files.agency.returned import MOST_BYTES
from qa.models import AnswerUpload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.test import Client

    from engagements.models import User
    from qa.models import Forwarding

pytestmark = pytest.mark.django_db(transaction=True)

MEGABYTE = 1024 * 1024
HELD = 8 * MEGABYTE
PIECE = bytes(MEGABYTE)
BEGIN = (
    b'--edge\r\nContent-Disposition: form-data; name="file"; filename="answers.xlsx"\r\n'
    b"Content-Type: application/octet-stream\r\n\r\n"
)
END = b"\r\n--edge--\r\n"


class Answer(NamedTuple):
    status: int
    page: str
    peak: int
    """Bytes that were held at once, beyond what was held before."""


class Sender:
    """A browser of a liaison who has the upload page open."""

    def __init__(self, client: Client, sent: Forwarding) -> None:
        self.path = reverse("agency-uploads", args=[sent.pk])
        page = client.get(self.path).content.decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token is not None
        cookies = "; ".join(f"{one.key}={one.value}" for one in client.cookies.values())
        self.headers = {
            "host": "127.0.0.1:8000",
            "content-type": "multipart/form-data; boundary=edge",
            "cookie": cookies,
            "x-csrftoken": token[1],
        }

    async def bring(self, size: int, *, is_declared: bool = True) -> Answer:
        """A file of that size, in pieces; `status` is 0 where nothing is answered."""
        headers = dict(self.headers)
        if is_declared:
            headers["content-length"] = str(len(BEGIN) + size + len(END))
        scope = {
            "type": "http", "http_version": "1.1", "method": "POST", "path": self.path,
            "raw_path": self.path.encode(), "query_string": b"", "scheme": "http",
            "root_path": "", "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8000),
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }  # fmt: skip
        pieces = _pieces(size)
        answered: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            body = next(pieces, None)
            if body is None:
                # The browser waits for the answer.
                await asyncio.get_running_loop().create_future()
            return {"type": "http.request", "body": body, "more_body": body is not END}

        async def send(event: Any) -> None:
            answered.append(event)

        tracemalloc.start()
        try:
            application: Any = asgi.application
            await application(scope, receive, send)
            _now, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        page = b"".join(event.get("body", b"") for event in answered).decode()
        return Answer(answered[0]["status"] if answered else 0, page, peak)


def _pieces(size: int) -> Iterator[bytes]:
    yield BEGIN
    for _number in range(size // MEGABYTE):
        yield PIECE
    yield END


@pytest.fixture
def sender(sent: Forwarding, uma: User, sign_in: Callable[[User], Client]) -> Sender:
    return Sender(sign_in(uma), sent)


async def test_a_hundred_megabytes_are_refused_before_they_are_kept(sender: Sender) -> None:
    fits = await sender.bring(MEGABYTE)
    declared = await sender.bring(100 * MEGABYTE)
    streamed = await sender.bring(100 * MEGABYTE, is_declared=False)

    assert (fits.status, 'id="id_file"' in fits.page) == (400, True)
    assert declared.status == 413
    assert "Nothing was changed." in declared.page
    assert (streamed.status, streamed.page) == (0, "")
    assert max(declared.peak, streamed.peak) < HELD
    assert await AnswerUpload.objects.acount() == 0


async def test_a_file_that_is_a_little_too_large_waits_on_disk(sender: Sender) -> None:
    answer = await sender.bring(MOST_BYTES + MEGABYTE)

    assert answer.status == 400
    assert "This file is larger than 25 MB." in answer.page
    assert answer.peak < HELD + MEGABYTE
    assert await AnswerUpload.objects.acount() == 0
