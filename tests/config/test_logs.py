from __future__ import annotations

import logging
from typing import Any

import pytest
from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from config import logs


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("/join/abc:1x-_y/", "/join/[token]"),
        ("Not Found: /join/abc/extra?next=1", "Not Found: /join/[token]?next=1"),
        ("//JOIN/abc", "//JOIN/[token]"),
        ("No route found for path 'join/abc.def/'.", "No route found for path 'join/[token]'."),
        ("/demo/enter/abc/", "/demo/enter/[token]"),
        ("/invitations/abc/", "/invitations/[token]"),
        ("/confirm/abc.def/", "/confirm/[token]"),
        ("/invited/abc.def/decline/", "/invited/[token]"),
        ("/news/abc.def/", "/news/[token]"),
        ("/engagements/a/registration/confirm/", "/engagements/a/registration/confirm/"),
        ("/accounts/password/reset/key/1-abc/", "/accounts/password/reset/key/[token]"),
        ("/accounts/confirm-email/MQ:abc/", "/accounts/confirm-email/[token]"),
        ("/screen/0wQb-3k_TqV9mXyZ1aBcDeFgHiJk/", "/screen/[token]"),
        ("/survey/abcdef0123456789abcdef:1x-_y/", "/survey/[token]"),
        ("/office/engagements/a/survey/open/", "/office/engagements/a/survey/open/"),
        ("/engagements/a/screen/ticket/", "/engagements/a/screen/ticket/"),
        (
            "/live/v1/screen/a-name-that-is-rather-long/",
            "/live/v1/screen/a-name-that-is-rather-long/",
        ),
        ("/engagements/contact-center/", "/engagements/contact-center/"),
    ],
)
def test_no_personal_token_is_written(written: str, kept: str) -> None:
    assert logs.without_tokens(written) == kept


def test_what_a_client_sent_stays_one_record() -> None:
    hostile = "/a\r\n2026 fake\x1b[31m\x9b\u2028\u202eb"

    assert logs.safe(None, "info", {"path": hostile, "status": 404, "exception": "a\n  b\x1b"}) == {
        "path": "/a\\r\\n2026 fake\\x1b[31m\\x9b\\u2028\\u202eb",
        "status": 404,
        "exception": "a\n  b\\x1b",
    }


def test_a_value_of_any_type_is_made_safe() -> None:
    assert logs.safe(None, "info", {"paths": ["/join/abc/"], "none": None, "yes": True}) == {
        "paths": "['/join/[token]']",
        "none": None,
        "yes": True,
    }


@pytest.mark.django_db
@pytest.mark.parametrize("level", ["DEBUG", "INFO", "ERROR"])
def test_at_no_level_is_it_told_what_people_typed(
    level: str, capsys: pytest.CaptureFixture[str]
) -> None:
    root = logging.getLogger()
    before, handlers = logging.getLevelName(root.level), root.handlers[:]
    logs.configure(level=level, as_json=False)
    try:
        Template("{{ form.missing }}").render(Context({"form": {"name": "zqtyped"}}))
        with CaptureQueriesContext(connection), connection.cursor() as cursor:
            cursor.execute("SELECT %s", ["zqtyped"])
        levels = [
            logging.getLogger(name).level for name in ("django.template", "django.db.backends")
        ]
        logging.getLogger("openfloor.test").debug("zqtold")
    finally:
        logs.configure(level=before, as_json=False)
        root.handlers[:] = handlers
    told = capsys.readouterr().err
    assert ("zqtyped" in told, "zqtold" in told) == (False, level == "DEBUG")
    assert levels == [max(logging.INFO, logging.getLevelName(level))] * 2


def test_no_address_with_a_token_is_written_out() -> None:
    """Whatever takes one: nobody has to remember the list."""
    token = "wJalrXUtnFEMI7K3MDENGbPxRfiCYEXAMPLEKEY0"
    found: Any = get_resolver().reverse_dict  # name -> [(path, names of its parts)] and more
    takers = {
        name
        for name, (patterns, *_rest) in found.items()
        if isinstance(name, str) and any("token" in names for _path, names in patterns)
    }
    assert {"join", "late-link", "survey-link", "view-link"} <= takers
    for name in takers:
        path = reverse(name, kwargs={"token": token})
        assert token not in logs.without_tokens(path), name
