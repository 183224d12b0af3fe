"""What every page knows: the office, and whether this is a demonstration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils.functional import SimpleLazyObject

from engagements import rules
from engagements.models import Office

if TYPE_CHECKING:
    from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    # A request that is refused early, for a foreign host for example, has no user yet.
    user = getattr(request, "user", AnonymousUser())
    return {
        "office": SimpleLazyObject(Office.current),
        "demo": settings.OPENFLOOR_ENV == "demo",
        "gov_banner": settings.GOV_BANNER,
        "is_office": rules.is_office(user),
        "is_liaison": rules.is_liaison(user),
        "is_administrator": rules.is_administrator(user),
        "may_see_outbox": rules.may_see_outbox(user),
    }
