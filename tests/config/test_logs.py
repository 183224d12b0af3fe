from __future__ import annotations

import pytest

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
