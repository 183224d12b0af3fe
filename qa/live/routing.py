"""Addresses of the live sockets. The version is that of the protocol."""

from __future__ import annotations

from typing import Any

from channels.routing import URLRouter
from django.urls import path, re_path

from qa import projection
from qa.live.consumers import LiveSocket, refuse

# Django's types know only views behind a path, and these are ASGI applications.
_room: Any = LiveSocket(projection.ROOM)
_nowhere: Any = refuse
_desk: Any = LiveSocket(projection.DESK)
_screen: Any = LiveSocket(projection.SCREEN)
addresses: list[Any] = [
    path("live/v1/room/<slug:slug>/", _room, name="live-room"),
    path("live/v1/desk/<slug:slug>/", _desk, name="live-desk"),
    path("live/v1/screen/<slug:slug>/", _screen, name="live-screen"),
]
application = URLRouter([*addresses, re_path("", _nowhere)])
