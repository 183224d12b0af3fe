from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from config import checks

if TYPE_CHECKING:
    from pytest_django import Settings


def test_the_settings_of_the_demonstration_are_not_for_the_public(
    settings: Settings,
) -> None:
    assert [found.id for found in checks.made_for_production(None)] == ["openfloor.W001"]

    settings.OPENFLOOR_ENV = "production"
    assert checks.made_for_production(None) == []


def test_several_workers_want_a_database_server(settings: Settings) -> None:
    assert checks.database_for_workers(None) == []

    settings.WORKERS = 2
    expected = ["openfloor.W002"] if connection.vendor == "sqlite" else []
    assert [found.id for found in checks.database_for_workers(None)] == expected


def test_staff_without_a_second_factor_are_noticed(settings: Settings) -> None:
    settings.MFA_REQUIRED = False
    assert [found.id for found in checks.second_factor(None)] == ["openfloor.W003"]

    settings.MFA_REQUIRED = True
    assert checks.second_factor(None) == []
