"""Somebody with a browser, in front of the real ASGI application: cookies, forms, sockets."""

from __future__ import annotations

import html
import json
import re
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from channels.testing import WebsocketCommunicator
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from config.asgi import application
from config.demo_entrance import BACKEND

if TYPE_CHECKING:
    from engagements.models import User

HOST = "127.0.0.1:8000"
ORIGIN = f"http://{HOST}"
FORM = "application/x-www-form-urlencoded"


class Page:
    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def text(self) -> str:
        """The body's words, tags left out."""
        words = re.sub(r"<[^>]+>", " ", self.body.decode())
        return " ".join(html.unescape(words).split())

    def field(self, name: str) -> str:
        """The value of the first form field of this name."""
        tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', self.body.decode())
        assert tag is not None, f"there is no field {name}"
        value = re.search(r'value="([^"]*)"', tag[0])
        return html.unescape(value[1]) if value else ""


class Visitor:
    def __init__(self) -> None:
        self._cookies: SimpleCookie = SimpleCookie()

    async def sign_in(self, user: User) -> Visitor:
        """As if the password had been given: signing in has tests of its own."""
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = BACKEND
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        await sync_to_async(session.save)()
        self._cookies["openfloor_session"] = session.session_key or ""
        return self

    async def get(self, address: str) -> Page:
        """The page, after any redirects."""
        page = await self._request("GET", address, b"")
        while page.status in {301, 302}:
            page = await self._request("GET", urlsplit(page.headers["location"]).path, b"")
        return page

    async def post(self, address: str, page: Page, **fields: Any) -> Page:
        """Send a form of a page that was read before; gives the page that it leads to."""
        fields["csrfmiddlewaretoken"] = page.field("csrfmiddlewaretoken")
        answer = await self._request("POST", address, urlencode(fields, doseq=True).encode())
        if answer.status in {301, 302}:
            return await self.get(urlsplit(answer.headers["location"]).path)
        return answer

    async def open_socket(self, page_address: str, audience: str, slug: str) -> Socket:
        ticket = json.loads((await self.get(f"{page_address}ticket/")).body)["ticket"]
        socket = Socket(f"/live/v1/{audience}/{slug}/")
        await socket.enter(ticket)
        return socket

    async def _request(self, method: str, path: str, body: bytes) -> Page:
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in self._cookies.items())
        headers = {"host": HOST, "origin": ORIGIN, "cookie": cookies, "content-type": FORM}
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "client": ("127.0.0.1", 50_000),
            "query_string": b"",
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }
        wire: Any = ApplicationCommunicator(application, scope)  # type: ignore[no-untyped-call]  # asgiref has no types here
        await wire.send_input({"type": "http.request", "body": body})
        start = await wire.receive_output(timeout=20)
        received = b""
        while True:
            part = await wire.receive_output(timeout=20)
            received += part.get("body", b"")
            if not part.get("more_body"):
                break
        await wire.wait(timeout=20)
        answered: dict[str, str] = {}
        for name, value in start["headers"]:
            if name.lower() == b"set-cookie":
                self._cookies.load(value.decode())
            answered[name.decode().lower()] = value.decode()
        return Page(start["status"], answered, received)


class Socket:
    def __init__(self, path: str) -> None:
        headers = [(b"origin", ORIGIN.encode())]
        self._wire = WebsocketCommunicator(application, path, headers=headers)
        self._id = 0
        self.news: list[dict[str, Any]] = []

    async def enter(self, ticket: str) -> None:
        connected, _ = await self._wire.connect(timeout=10)
        assert connected
        await self.call("enter", ticket=ticket)

    async def call(self, do: str, **fields: Any) -> Any:
        """Send a command; gives what its reply says was done."""
        self._id += 1
        await self._wire.send_to(text_data=json.dumps({"id": self._id, "do": do, **fields}))
        while True:
            message = json.loads(await self._wire.receive_from(timeout=10))
            if message.get("re") == self._id:
                return message["ok"]
            self.news.append(message)

    async def told(self) -> dict[str, Any]:
        """The next message that is no reply."""
        if self.news:
            return self.news.pop(0)
        return json.loads(await self._wire.receive_from(timeout=10))  # type: ignore[no-any-return]

    async def leave(self) -> None:
        await self._wire.disconnect(timeout=10)
