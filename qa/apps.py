from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class QaConfig(AppConfig):
    name = "qa"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("qa.receivers")
