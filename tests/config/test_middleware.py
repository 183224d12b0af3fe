from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from config import logs, middleware

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.test import Client


def answer(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello", status=404 if request.path.startswith("/join/") else 200)


def records(path: str, capfd: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    """What one request leaves in the log of a production server."""
    former = logging.root.handlers[:]
    logs.configure(level="INFO", as_json=True)
    try:
        middleware.request_record(answer)(RequestFactory().get(path, REMOTE_ADDR="203.0.113.77"))
    finally:
        logs.configure(level="INFO", as_json=False)
        logging.root.handlers = former
    return [json.loads(line) for line in capfd.readouterr().err.splitlines()]


def test_a_request_leaves_one_record_without_name_query_or_full_address(
    capfd: pytest.CaptureFixture[str],
) -> None:
    (record,) = records("/engagements/?q=ana@example.org", capfd)

    assert record["path"] == "/engagements/"
    assert record["status"] == 200
    assert record["address"] == "203.0.113.0"
    assert "ana@example.org" not in json.dumps(record)


@pytest.mark.parametrize("path", ["/join/s3cret/", "/join/s3cret%0d%0aX: 1%1b[31m"])
def test_a_personal_link_leaves_one_record_without_its_token(
    path: str, capfd: pytest.CaptureFixture[str]
) -> None:
    (record,) = records(path, capfd)

    assert "s3cret" not in json.dumps(record)
    assert str(record["path"]).startswith("/join/[token]")


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("203.0.113.77", "203.0.113.0"),
        ("2001:db8:1:2::77", "2001:db8:1::"),
        ("", ""),
        ("unix:\r\n", ""),
    ],
)
def test_an_address_is_shortened(address: str, kept: str) -> None:
    assert middleware.shortened(address) == kept


@pytest.mark.django_db
def test_every_page_carries_the_headers(client: Client) -> None:
    response = client.get("/accounts/login/")

    assert response.status_code == 200
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Permissions-Policy"] == middleware.PERMISSIONS_POLICY
    assert len(response["X-Request-ID"]) == 32
    assert "no-store" in response["Cache-Control"]
    policy = dict(
        directive.strip().partition(" ")[::2]
        for directive in response["Content-Security-Policy"].split(";")
    )
    assert policy == {
        "default-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": "'self' ws://127.0.0.1:8000",
        "frame-src": "https://www.youtube-nocookie.com https://player.vimeo.com",
        "frame-ancestors": "'none'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "object-src": "'none'",
    }


def test_a_static_file_arrives_whole(client: Client) -> None:
    response = client.get("/static/uswds/img/us_flag_small.png")

    assert response.status_code == 200
    assert response["Content-Type"] == "image/png"
    assert not response.streaming
    assert len(response.content) == int(response["Content-Length"])


def test_a_static_file_that_has_not_changed_is_not_sent_again(client: Client) -> None:
    first = client.get("/static/uswds/img/sprite.svg")
    again = client.get(
        "/static/uswds/img/sprite.svg", headers={"If-Modified-Since": first["Last-Modified"]}
    )

    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/static/uswds/scss/", "/static/../manage.py", "/static/"])
@pytest.mark.django_db
def test_nothing_else_is_served_as_a_static_file(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404
