from __future__ import annotations

from django.apps import AppConfig

from config import checks

__all__ = ["ConfigConfig", "checks"]


class ConfigConfig(AppConfig):
    """Makes config an app, so that its static files and commands are found; brings its checks."""

    name = "config"
