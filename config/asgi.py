"""The one entrance: pages and live sockets."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
http = get_asgi_application()

# These need the settings that the line above has read.
from channels.routing import ProtocolTypeRouter  # noqa: E402

from config.bodies import LimitedBodies  # noqa: E402
from config.origins import OwnOriginsOnly  # noqa: E402
from qa import detection  # noqa: E402
from qa.events import server_loop  # noqa: E402
from qa.live.routing import application as live  # noqa: E402

if TYPE_CHECKING:
    from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, Scope

detection.warm()
_routed = ProtocolTypeRouter({"http": LimitedBodies(http), "websocket": OwnOriginsOnly(live)})


async def application(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """Whatever comes in announces its changes through this loop."""
    server_loop.set(asyncio.get_running_loop())
    await _routed(scope, receive, send)
