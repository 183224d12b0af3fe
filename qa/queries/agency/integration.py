"""An agency's tokens and webhooks, for its own pages and the office's."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count, OuterRef, Q, Subquery

from engagements import clock
from qa.models import ApiToken, Delivery, Webhook

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from engagements.models import Agency


class ShownToken(NamedTuple):
    token: ApiToken
    scopes: list[str]
    """In words."""
    is_open: bool


class ShownHook(NamedTuple):
    hook: Webhook
    events: list[str]
    """In words."""
    waiting: int
    last_state: str
    """Of the newest delivery that was tried; empty for none."""


def tokens(agency: Agency | None = None) -> list[ShownToken]:
    """Of one agency, or of all: those that open something first, then the newest."""
    found = ApiToken.objects.select_related("agency", "made_by", "revoked_by")
    if agency is not None:
        found = found.filter(agency=agency)
    now = clock.now()
    labels = dict(ApiToken.Scope.choices)
    shown = [
        ShownToken(
            one,
            [str(labels[scope]) for scope in one.scopes if scope in labels],
            one.revoked_at is None and one.expires_at > now,
        )
        for one in found
    ]
    return sorted(shown, key=lambda one: not one.is_open)


def hooks(agency: Agency | None = None) -> list[ShownHook]:
    """Of one agency, or of all: those that are told something first."""
    tried = Delivery.objects.filter(webhook=OuterRef("pk"), attempts__gt=0).order_by("-pk")
    found = (
        Webhook.objects.select_related("agency", "made_by")
        .annotate(
            waiting=Count("deliveries", filter=Q(deliveries__state=Delivery.State.WAITING)),
            last=Subquery(tried.values("state")[:1]),
        )
        .order_by("stopped_at", "pk")
    )
    if agency is not None:
        found = found.filter(agency=agency)
    labels = dict(Webhook.Event.choices)
    states = dict(Delivery.State.choices)
    shown = [
        ShownHook(
            one,
            [str(labels[event]) for event in one.events if event in labels],
            one.waiting,
            str(states.get(one.last, "")),
        )
        for one in found
    ]
    return sorted(shown, key=lambda one: one.hook.stopped_at is not None)


def deliveries(hook: Webhook) -> QuerySet[Delivery]:
    """Newest first."""
    return hook.deliveries.order_by("-pk")
