"""docs/agency-interface.md says what is so: its commands are run, and its Python checks a call."""

from __future__ import annotations

import json
import re
import shlex
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from qa import calling
from qa.actions.agency import delivering, tokens
from qa.api.site import api
from qa.models import AgencyAnswer, ApiToken, Webhook
from tests.factories import forward_list, make_question

if TYPE_CHECKING:
    from engagements.models import Engagement, User

DOCUMENT = Path(settings.BASE_DIR) / "docs" / "agency-interface.md"
TEXT = DOCUMENT.read_text()
BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)


def blocks(kind: str) -> str:
    return "\n".join(code for name, code in BLOCK.findall(TEXT) if name == kind)


def sent_as_curl_would(line: str, names: dict[str, str]) -> tuple[str, Any]:
    """The method, and the answer, of one command of the document."""
    words = iter(shlex.split(line)[1:])
    method, headers, data, address = "GET", {}, None, ""
    for word in words:
        if word == "-X":
            method = next(words)
        elif word == "-H":
            name, _colon, value = next(words).partition(": ")
            headers[name] = value
        elif word == "-d":
            data = next(words)
        elif word == "-o":
            next(words)
        else:
            address = word
    for name, value in names.items():
        address = address.replace(f"${name}", value)
        headers = {key: one.replace(f"${name}", value) for key, one in headers.items()}
    content_type = headers.pop("Content-Type", "application/octet-stream")
    client = Client()
    return method, client.generic(
        method, address, data or b"", content_type=content_type, headers=headers
    )


@pytest.mark.django_db
def test_each_command_works_in_its_order(
    live_engagement: Engagement, edna: User, uma: User
) -> None:
    cache.clear()
    for _number in range(3):
        make_question(live_engagement.floor)
    live_engagement.state = "ended"
    live_engagement.save()
    sent = forward_list(live_engagement, by=edna)
    made = tokens.make(by=uma, name="Case system", scopes=ApiToken.Scope.values, days=30)
    names = {"TOKEN": made.text, "SITE": "", "LIST": str(sent.pk)}

    commands = blocks("sh").replace("\\\n", " ").splitlines()
    answers = [sent_as_curl_would(command, names) for command in commands if command]

    assert [(method, answer.status_code) for method, answer in answers] == [
        ("GET", 200),
        ("GET", 200),
        ("GET", 200),
        ("PUT", 200),
        ("PUT", 200),
    ]
    assert json.loads(answers[1][1].content)["count"] == 3
    assert list(AgencyAnswer.objects.values_list("question__number", "status", "same_as")) == [
        (1, "answered", None),
        (2, "same_as", 1),
    ]


def test_the_check_knows_our_calls_from_others() -> None:
    code: dict[str, Any] = {}
    exec(blocks("python"), code)
    secret, body, now = calling.new_secret(), '{"type":"ping","data":{}}', int(time.time())

    def is_ours(*, timestamp: int = now, text: str = body, signer: str = secret) -> bool:
        headers = {
            "webhook-id": "msg_1",
            "webhook-timestamp": str(timestamp),
            "webhook-signature": calling.signature(
                signer, key="msg_1", timestamp=timestamp, body=body
            ),
        }
        return bool(code["is_ours"](secret, headers, text.encode()))

    assert is_ours()
    assert not is_ours(text=body + " ")
    assert not is_ours(timestamp=now - 301)
    assert not is_ours(signer=calling.new_secret())


def test_the_document_names_all_there_is() -> None:
    paths = api.get_openapi_schema(path_prefix="/")["paths"]
    for path, methods in paths.items():
        shown = path.replace("{pk}", "{id}").replace("{kind}", "{format}")
        for method in methods:
            assert f"`{method.upper()} {shown}`" in TEXT, (method, shown)
    for name in (*Webhook.Event.values, *ApiToken.Scope.values, "ping"):
        assert f"`{name}`" in TEXT
    waits = [int(wait.total_seconds()) for wait in delivering.WAITS]
    assert waits == [5, 300, 1800, *(hours * 3600 for hours in (2, 5, 10, 14, 20, 24))]
