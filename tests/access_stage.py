"""Screens, speakers and what is said backstage: rows, situations, and the devices of the cast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.test import Client
from django.urls import reverse

from engagements.models import Engagement
from qa.actions import backstage, linking
from tests.access_situation import Situation

if TYPE_CHECKING:
    from http.cookies import SimpleCookie

    from engagements.models import User

ROWS = """
# a letter to whoever stands at the device; what it opens: DEVICES
  view-link                            +                 x
  view-link: a speaker's               +                 x
  view-link: revoked                   -                 x
# AD looks on, and lets nobody in
  view-links                           sssss ++-- ---    sssss ++-- ---
  view-link-revoke                     x                 sssss ++-- ---
  backstage-say                        x                 sssss ++-- ---
  backstage-acknowledge                x                 sssss ++-- ---
# for the device that has opened a speaker's link, whoever is signed in there
  speaker-view                         -                 x
  speaker-ticket                       -                 x
  speaker-say                          x                 -
  speaker-acknowledge                  x                 -
"""

SOCKET = """
  say                                  n-nnn --n- nnn    nnnnn ++n- nnn    nnnnn --n- nnn
  acknowledge                          n-nnn --n- nnn    nnnnn ++n- nnn    nnnnn --n- nnn
"""

DEVICES: dict[str, set[tuple[str, str]]] = {
    "screen": {("screen", "GET"), ("screen-ticket", "GET")},
    "speaker": {
        ("speaker-view", "GET"),
        ("speaker-ticket", "GET"),
        ("speaker-say", "POST"),
        ("speaker-acknowledge", "POST"),
    },
    "screen elsewhere": set(),
    "revoked screen": set(),
    "revoked speaker": set(),
}
"""What a device may do besides all that is open to anybody."""

_SAID = Situation(
    sent={"text": "Two minutes left."},
    wrote=("backstage.said",),
    changes={"qa.backstagemessage", "qa.floor"},
)
_ACKNOWLEDGED = Situation(
    sent={"number": "@said"},
    wrote=("backstage.acknowledged",),
    changes={"qa.acknowledgement", "qa.floor"},
)

ADDRESSES = {
    "view-link": Situation(at={"token": "@screen-token"}, lands="/engagements/now/screen/"),
    "view-link: a speaker's": Situation(
        at={"token": "@speaker-token"}, lands="/engagements/now/speaker/"
    ),
    "view-link: revoked": Situation(at={"token": "@revoked-token"}),
    "view-links": Situation(
        sent={"name": "hall"}, wrote=("device.linked",), changes={"qa.viewlink"}
    ),
    "view-link-revoke": Situation(
        at={"pk": "@view-link"}, wrote=("device.revoked",), changes={"qa.viewlink"}
    ),
    "backstage-say": _SAID,
    "backstage-acknowledge": _ACKNOWLEDGED,
    "speaker-say": _SAID,
    "speaker-acknowledge": _ACKNOWLEDGED,
}
COMMANDS = {"say": _SAID, "acknowledge": _ACKNOWLEDGED}


def lay(now: Engagement, by: User) -> dict[str, Any]:
    """Links of each kind, and a message of another speaker."""
    speaker = now.speakers.create(name="Ines")
    screen, screen_token = linking.make(now.floor, by=by, name="hall")
    _, speaker_token = linking.make(now.floor, by=by, name="tablet", speaker=speaker)
    leo = now.speakers.create(name="Leo")
    other, _ = linking.make(now.floor, by=by, name="phone", speaker=leo)
    revoked, revoked_token = linking.make(now.floor, by=by, name="lost")
    linking.revoke(revoked, by=by)
    return {
        "view-link": screen.pk,
        "screen-token": screen_token,
        "speaker-token": speaker_token,
        "revoked-token": revoked_token,
        "said": backstage.say(now.floor, by=other, text="Ready.").pk,
    }


def cookies(by: User, elsewhere: User) -> dict[str, SimpleCookie]:
    """What the browser of each device holds."""
    now, other = (Engagement.objects.get(slug=slug) for slug in ("now", "elsewhere"))
    speaker = now.speakers.get(name="Ines")
    found = {
        "screen": _opened(now, by),
        "speaker": _opened(now, by, speaker=speaker),
        "screen elsewhere": _opened(other, elsewhere),
        "revoked screen": _opened(now, by),
        "revoked speaker": _opened(now, by, speaker=speaker),
    }
    for link in now.floor.view_links.order_by("-pk")[:2]:
        linking.revoke(link, by=by)
    return found


def _opened(engagement: Engagement, by: User, **more: Any) -> SimpleCookie:
    browser = Client()
    _, token = linking.make(engagement.floor, by=by, name="a device", **more)
    browser.get(reverse("view-link", args=[token]))
    return browser.cookies
