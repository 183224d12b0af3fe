"""How uvicorn serves Openfloor. Measured: docs/scaling.md says what each choice is worth."""

from __future__ import annotations

from typing import Any, Final

OPTIONS: Final[dict[str, Any]] = {
    "ws": "websockets-sansio",
    "loop": "uvloop",
    # A thousand pages come back at once after a restart.
    "backlog": 4096,
    # Compression costs 46 KB a connection; frames are small instead.
    "ws_per_message_deflate": False,
    # A larger frame ends the connection before it is kept; ours refuse more than 16 KiB in words.
    "ws_max_size": 64 * 1024,
    "lifespan": "off",
    # The request record is ours, and has no personal links.
    "access_log": False,
    "log_config": None,
    "log_level": "warning",
    "server_header": False,
    "timeout_graceful_shutdown": 10,
}
