"""An agency's program, as it calls the interface."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from django.test import Client

from qa.actions.agency import tokens
from qa.models import ApiToken

if TYPE_CHECKING:
    from django.http import HttpResponse

    from engagements.models import User

ANSWER: Final = {"status": "answered", "text": "At nine.", "publishable": True}


class Program:
    """An agency's program with a token."""

    def __init__(self, text: str) -> None:
        self.client = Client(raise_request_exception=True)
        self.text = text

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self._send("get", path, headers)

    def put(self, path: str, body: Any, **headers: str) -> HttpResponse:
        data = body if isinstance(body, str | bytes) else json.dumps(body)
        return self._send("put", path, headers, data=data, content_type="application/json")

    def _send(self, verb: str, path: str, headers: dict[str, str], **more: Any) -> HttpResponse:
        given = {"Authorization": f"Bearer {self.text}"} if self.text else {}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        send = getattr(self.client, verb)
        answer: HttpResponse = send(f"/api/v1{path}", headers=given | named, **more)
        return answer


def program(by: User, *scopes: str, days: int = 30) -> Program:
    made = tokens.make(by=by, name="Case system", scopes=scopes or ApiToken.Scope.values, days=days)
    return Program(made.text)


def told(response: Any) -> tuple[int, str]:
    assert response["Content-Type"] == "application/problem+json"
    body = json.loads(response.content)
    assert body["status"] == response.status_code
    return response.status_code, body["code"]


def body(response: HttpResponse) -> Any:
    assert response.status_code == 200, response.content
    assert "no-store" in response["Cache-Control"]
    return json.loads(response.content)
