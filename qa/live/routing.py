"""Addresses of the live sockets. The version is that of the protocol."""

from __future__ import annotations

from channels.routing import URLRouter
from django.urls import path

from qa import projection
from qa.live.consumers import LiveSocket

addresses = [
    path("live/v1/room/<slug:slug>/", LiveSocket(projection.ROOM), name="live-room"),  # type: ignore[arg-type]  # ASGI application, not a view
    path("live/v1/desk/<slug:slug>/", LiveSocket(projection.DESK), name="live-desk"),  # type: ignore[arg-type]
]
application = URLRouter(addresses)
