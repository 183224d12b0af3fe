"""Addresses in a text that somebody wrote as plain text."""

from __future__ import annotations

import pytest

from engagements.templatetags.links import pieces


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("No address here", []),
        ("https://a.example", ["https://a.example"]),
        ("Read https://a.example/x, please.", ["https://a.example/x"]),
        ("(https://a.example/x?y=1#z)!", ["https://a.example/x?y=1#z"]),
        ("https://a.example\nhttps://b.example", ["https://a.example", "https://b.example"]),
        ("http://a.example javascript:alert(1) data:x", []),
        ("https://", []),
        ("https://...", []),
        ('https://a.example/"onclick=alert(1)', ["https://a.example/"]),
        ("https://a.example/<b>", ["https://a.example/"]),
        ("https://a.example/\u202egpj.exe", ["https://a.example/"]),
        ("https://a.example/" + "." * 5_000, ["https://a.example/"]),
    ],
)
def test_what_becomes_a_link(text: str, links: list[str]) -> None:
    found = pieces(text)
    assert "".join(piece.text for piece in found) == text
    assert [piece.text for piece in found if piece.is_link] == links
