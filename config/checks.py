"""What `manage.py check --deploy` adds to Django's own checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Tags, register

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.apps import AppConfig


@register(Tags.security, deploy=True)
def made_for_production(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    if settings.OPENFLOOR_ENV == "production":
        return []
    return [
        checks.Warning(
            "These are the settings of the demonstration.",
            hint="Set OPENFLOOR_ENV=production and what it asks for.",
            id="openfloor.W001",
        )
    ]


@register(Tags.database, deploy=True)
def database_for_workers(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    engine = settings.DATABASES["default"]["ENGINE"]
    if settings.WORKERS == 1 or not engine.endswith("sqlite3"):
        return []
    return [
        checks.Warning(
            f"{settings.WORKERS} workers share one SQLite file and will wait for each other.",
            hint="Use PostgreSQL (DATABASE_URL), or one worker.",
            id="openfloor.W002",
        )
    ]


@register(Tags.security, deploy=True)
def second_factor(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if settings.MFA_REQUIRED:
        return []
    return [
        checks.Warning(
            "Staff and liaisons may sign in without a second factor.",
            hint="Leave MFA_REQUIRED out, or set it to true.",
            id="openfloor.W003",
        )
    ]
