"""Somebody without an account at one worker: keeps cookies, reads forms, sends them."""

from __future__ import annotations

import http.client
import re
import time
from http.cookies import SimpleCookie
from typing import Final, NamedTuple
from urllib.parse import urlencode

HOST: Final = "127.0.0.1"
FORM_TOKEN: Final = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
SECONDS: Final = 60


class Answer(NamedTuple):
    status: int
    location: str
    text: str
    sent_at: float
    came_at: float


class Visitor:
    def __init__(self, port: int) -> None:
        self.port = port
        self._cookies: dict[str, str] = {}
        self._form_token = ""

    def get(self, path: str) -> Answer:
        answer = self._ask("GET", path, None)
        found = FORM_TOKEN.search(answer.text)
        self._form_token = found[1] if found else self._form_token
        return answer

    def post(self, path: str, **values: str) -> Answer:
        return self._ask("POST", path, values | {"csrfmiddlewaretoken": self._form_token})

    def _ask(self, method: str, path: str, values: dict[str, str] | None) -> Answer:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=SECONDS)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if values is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        sent_at = time.monotonic()
        try:
            connection.request(method, path, urlencode(values) if values else None, headers)
            response = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        for header in response.headers.get_all("Set-Cookie", []):
            self._cookies |= {name: one.value for name, one in SimpleCookie(header).items()}
        return Answer(
            response.status,
            response.headers.get("Location", ""),
            text,
            sent_at,
            time.monotonic(),
        )
