"""The door of the interface: a token of an agency, and no session."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from engagements import pace as pace_of_addresses
from engagements.refusals import Refused
from qa import pace
from qa.actions.agency import tokens
from qa.models import ApiToken

REFUSED_A_MINUTE = 60
"""Requests of one network address without a token that opens anything."""


class Call(HttpRequest):
    """A request that has come through the door."""

    auth: ApiToken


class TokenDoor(HttpBearer):
    """Lets a token through that may do at least one of these."""

    def __init__(self, *scopes: str) -> None:
        super().__init__()
        self.scopes = frozenset(scopes)

    def __call__(self, request: HttpRequest) -> Any:
        token = super().__call__(request)
        if token is None:
            _count_refused(request)
            return None
        pace.check_pace(f"token:{token.pk}", is_account=True)
        if self.scopes.isdisjoint(token.scopes):
            raise Refused("scope", _("This token may not do that."))
        return token

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        return tokens.use(token)


def _count_refused(request: HttpRequest) -> None:
    wait = pace_of_addresses.seconds_to_wait(request, "api", a_minute=REFUSED_A_MINUTE)
    if wait:
        raise Refused("too_fast", _("Too many requests. Please wait."), retry_after=wait)
