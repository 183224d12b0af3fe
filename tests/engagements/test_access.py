"""The door of office and agency pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from pytest_django import Settings

    from engagements.models import User

pytestmark = pytest.mark.django_db


def test_an_account_without_a_second_factor_is_led_to_set_it_up(
    omar: User, sign_in: Callable[[User], Client], settings: Settings
) -> None:
    settings.MFA_REQUIRED = True
    browser = sign_in(omar)

    assert browser.get("/office/").headers["Location"] == "/accounts/2fa/totp/activate/"
    Authenticator.objects.create(user=omar, type=Authenticator.Type.TOTP, data={})
    assert browser.get("/office/").status_code == 200


def test_where_none_is_required_the_page_opens(
    omar: User, sign_in: Callable[[User], Client]
) -> None:
    assert sign_in(omar).get("/office/").status_code == 200
