from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


def test_a_foreign_host_is_refused_with_a_page(client: Client) -> None:
    assert client.get("/").status_code == 200

    assert client.get("/", headers={"host": "evil.example"}).status_code == 400
