from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db.migrations.recorder import MigrationRecorder

from tests import machine

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import Settings


def test_a_living_process_says_so_without_a_database(client: Client) -> None:
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")
    assert client.post("/healthz").status_code == 405


@pytest.mark.django_db
def test_ready_when_all_parts_answer(client: Client) -> None:
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {"database": "ok", "migrations": "ok", "channel_layer": "ok"}


@pytest.mark.django_db
def test_not_ready_before_the_migrations(client: Client) -> None:
    MigrationRecorder.Migration.objects.filter(app="readouts").delete()

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {"database": "ok", "migrations": "failing", "channel_layer": "ok"}


@pytest.mark.django_db
def test_not_ready_without_the_channel_layer(client: Client, settings: Settings) -> None:
    nowhere = f"redis://127.0.0.1:{machine.free_port()}/0"
    settings.CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [nowhere]},
        }
    }

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {"database": "ok", "migrations": "ok", "channel_layer": "failing"}
