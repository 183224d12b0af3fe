from __future__ import annotations

import pytest

from qa.templatetags.video import embedded, host_of

TUBE = "https://www.youtube-nocookie.com/embed"


@pytest.mark.parametrize(
    ("link", "player"),
    [
        ("https://www.youtube.com/watch?v=abcDEF12345&t=9", f"{TUBE}/abcDEF12345"),
        ("https://youtu.be/abcDEF12345?si=x", f"{TUBE}/abcDEF12345"),
        ("https://www.youtube.com/live/abcDEF12345", f"{TUBE}/abcDEF12345"),
        ("https://vimeo.com/123456789", "https://player.vimeo.com/video/123456789?dnt=1"),
        (
            "https://vimeo.com/123456789/abcdef0123",
            "https://player.vimeo.com/video/123456789?dnt=1&h=abcdef0123",
        ),
        ("https://player.vimeo.com/video/1?h=2", "https://player.vimeo.com/video/1?h=2"),
        ('https://www.youtube.com/watch?v="><script>', ""),
        ("https://www.youtube.com/", ""),
        ("https://player.vimeo.com.evil.example/video/1", ""),
        ("https://user@player.vimeo.com/video/1", ""),
        ("http://player.vimeo.com/video/1", ""),
        ("javascript:alert(1)", ""),
        ("https://[::1", ""),
        ("", ""),
    ],
)
def test_only_players_of_the_hosts_that_are_set(link: str, player: str) -> None:
    assert embedded(link) == player


def test_a_host_as_people_know_it() -> None:
    assert host_of("https://player.vimeo.com/video/1") == "vimeo.com"
