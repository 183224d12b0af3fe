"""Secrets of mailed links: each opens its own door, and none can be guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from engagements import access
from engagements.actions import subscribing
from engagements.models import Invitee, Registration, Series, Subscription
from tests import factories

if TYPE_CHECKING:
    from engagements.models import Engagement

pytestmark = pytest.mark.django_db

DOORS = {
    "registration": ("join", "confirm-address"),
    "invitee": ("invited",),
    "subscription": ("news",),
}


def secrets_of(engagement: Engagement) -> dict[str, str]:
    """Of one of each kind; their random ids are the same, so only the kind tells them apart."""
    registration = factories.make_registration(engagement, "Ana")
    invitee = factories.make_invitee(engagement, "Ana", public_id=registration.public_id)
    series = Series.objects.create(name="Evenings")
    subscription = subscribing.subscribe(
        series, email="ana@public.example", language="en", by="public"
    )
    Subscription.objects.update(public_id=registration.public_id)
    subscription.refresh_from_db()
    return {
        "registration": registration.token(),
        "invitee": invitee.token(),
        "subscription": subscription.token(),
    }


def test_the_secret_of_one_kind_opens_no_other_door(engagement: Engagement) -> None:
    for kind, token in secrets_of(engagement).items():
        for other, doors in DOORS.items():
            for door in doors:
                client = Client()
                status = client.get(reverse(door, args=[token])).status_code
                assert (status == 404) == (kind != other), (kind, door)
                assert (access.SESSION_KEY in client.session) == (kind == other == "registration")
    assert Invitee.objects.get().state == Invitee.State.PENDING
    assert Registration.objects.get().state == Registration.State.REGISTERED


def test_a_secret_has_far_more_than_128_bits(engagement: Engagement) -> None:
    for token in secrets_of(engagement).values():
        number, signature = token.split(".")
        # A random UUID (RFC 9562), and HMAC-SHA-256 in base 64.
        assert (len(number), len(signature)) == (32, 43)
