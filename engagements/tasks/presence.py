"""Presence that a killed server left open is closed."""

from __future__ import annotations

from engagements.actions import attending


def close_lost_presence() -> int:
    return attending.close_silent()
