"""Tokens and webhooks of agencies, for the access matrix.

At the addresses of the interface nobody's session opens anything: a token does, and what it opens
is in tests/qa/agency/test_interface.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa.actions.agency import hooks, tokens
from qa.models import ApiToken, Delivery, Webhook

if TYPE_CHECKING:
    from engagements.models import User

ROWS = """
# of an agency's own liaisons; administrators see and end all, and make none
  agency-integration                   sssss ---- -++    x
  agency-token-new                     sssss ---- -++    sssss ---- -++
  agency-token-revoke                  x                 sssss ---- -+-
  agency-hook-new                      sssss ---- -++    sssss ---- -++
  agency-hook                          sssss ---- -+-    x
  agency-hook-stop                     x                 sssss ---- -+-
  agency-hook-try                      x                 sssss ---- -+-
  agency-delivery-again                x                 sssss ---- -+-
  integrations                         sssss ---+ ---    x
  integration-token-revoke             x                 sssss ---+ ---
  integration-hook-stop                x                 sssss ---+ ---
# no session opens the interface, and to post is no way in
  api-schema                           +                 x
  api-forwardings                      r                 x
  api-forwarding                       r                 x
  api-questions                        r                 x
  api-file                             r                 x
  api-answers                          r                 x
  api-answer                           r                 x
"""

TOKEN, HOOK, DELIVERY = "qa.apitoken", "qa.webhook", "qa.delivery"
A_LIST = {"pk": "@forwarding"}

SITUATIONS: dict[str, dict[str, Any]] = {
    "agency-token-new": {
        "sent": {"name": "Case system", "scopes": [ApiToken.Scope.LIST], "days": "90"},
        "wrote": ("token.made",),
        "changes": {TOKEN},
    },
    "agency-token-revoke": {
        "at": {"pk": "@api-token"},
        "wrote": ("token.revoked",),
        "changes": {TOKEN},
    },
    "agency-hook-new": {
        "sent": {"url": "https://hooks.agency.example/new", "events": [Webhook.Event.SENT]},
        "wrote": ("webhook.added",),
        "changes": {HOOK},
    },
    "agency-hook": {"at": {"pk": "@hook"}},
    "agency-hook-stop": {"at": {"pk": "@hook"}, "wrote": ("webhook.stopped",), "changes": {HOOK}},
    "agency-hook-try": {
        "at": {"pk": "@hook"},
        "wrote": ("webhook.tried",),
        "changes": {DELIVERY},
    },
    "agency-delivery-again": {
        "at": {"pk": "@delivery"},
        "wrote": ("webhook.sent_again",),
        "changes": {DELIVERY},
    },
    "integration-token-revoke": {
        "at": {"pk": "@api-token"},
        "wrote": ("token.revoked",),
        "changes": {TOKEN},
    },
    "integration-hook-stop": {
        "at": {"pk": "@hook"},
        "wrote": ("webhook.stopped",),
        "changes": {HOOK},
    },
    "api-forwarding": {"at": A_LIST},
    "api-questions": {"at": A_LIST},
    "api-file": {"at": A_LIST | {"kind": "xlsx"}},
    "api-answers": {"at": A_LIST},
    "api-answer": {"at": A_LIST | {"number": 1}},
}


def lay(liaison: User) -> dict[str, Any]:
    """A token, a webhook, and a delivery that was given up."""
    token = tokens.make(by=liaison, name="Old system", scopes=[ApiToken.Scope.LIST], days=30).token
    hook = hooks.add(by=liaison, url="https://hooks.agency.example/", events=Webhook.Event.values)
    delivery = hooks.ping(hook, by=liaison)
    Delivery.objects.filter(pk=delivery.pk).update(state=Delivery.State.FAILED, attempts=1)
    return {"api-token": token.pk, "hook": hook.pk, "delivery": delivery.pk}
