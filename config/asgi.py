"""The one entrance: pages and live sockets."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
http = get_asgi_application()

# These need the settings that the line above has read.
from channels.routing import ProtocolTypeRouter  # noqa: E402

from config.origins import OwnOriginsOnly  # noqa: E402
from qa.live.routing import application as live  # noqa: E402

application = ProtocolTypeRouter({"http": http, "websocket": OwnOriginsOnly(live)})
