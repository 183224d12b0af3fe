"""The link that ends news of a series."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from engagements.actions import subscribing
from engagements.models import AuditEntry, OutgoingMail, Series, Subscription
from engagements.refusals import Refused
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db


@pytest.fixture
def subscription() -> Subscription:
    series = Series.objects.create(name="Evening <b>sessions</b>")
    return subscribing.subscribe(series, email="Ana@Public.example", language="en", by="public")


def address(subscription: Subscription) -> str:
    return reverse("news", args=[subscription.token()])


def is_on(subscription: Subscription) -> bool:
    subscription.refresh_from_db()
    return subscription.ended_at is None


def log() -> list[str]:
    found = AuditEntry.objects.filter(action__startswith="subscription").order_by("pk")
    return list(found.values_list("action", flat=True))


def test_one_subscription_per_address(subscription: Subscription) -> None:
    again = subscribing.subscribe(
        subscription.series, email=" ANA@public.EXAMPLE", language="en", by="public"
    )
    assert again == subscription
    assert Subscription.objects.get().email == "Ana@Public.example"
    with pytest.raises(Refused):
        subscribing.subscribe(
            subscription.series, email=f"{'a' * 300}@b.example", language="en", by="public"
        )
    assert log() == ["subscription.begun"]


def test_looking_at_the_page_ends_nothing(subscription: Subscription) -> None:
    client = Client()
    for method in (client.get, client.head):
        assert method(address(subscription)).status_code == 200
    assert is_on(subscription)


def test_a_button_ends_it_and_takes_that_back(subscription: Subscription) -> None:
    client = Client()
    response = client.post(address(subscription), follow=True)
    assert "You get no more mails" in response.content.decode()
    assert not is_on(subscription)
    client.post(address(subscription))
    response = client.post(address(subscription), {"resume": "yes"}, follow=True)
    assert "You get a mail when there is" in response.content.decode()
    assert is_on(subscription)
    assert log() == ["subscription.begun", "subscription.ended", "subscription.resumed"]


def test_a_mail_program_ends_it_with_one_post(subscription: Subscription) -> None:
    # Without cookies or a CSRF token, and it follows no redirect.
    response = Client(enforce_csrf_checks=True).post(
        address(subscription), {"List-Unsubscribe": "One-Click"}
    )
    assert (response.status_code, response.cookies) == (200, {})
    assert not is_on(subscription)


def test_the_page_says_which_series_and_nothing_else(subscription: Subscription) -> None:
    text = Client().get(address(subscription)).content.decode()
    assert "Evening &lt;b&gt;sessions&lt;/b&gt;" in text
    assert "ana" not in text.lower().replace("organa", "")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token: token[:-1],
        lambda token: token.replace(".", "-"),
        lambda _token: "x",
        lambda token: f"{token}a",
    ],
)
def test_another_token_is_unknown(subscription: Subscription, spoil: Callable[[str], str]) -> None:
    broken = reverse("news", args=[spoil(subscription.token())])
    for method in (Client().get, Client().post):
        assert method(broken).status_code == 404
    assert is_on(subscription)


def test_who_subscribes_again_is_back(subscription: Subscription) -> None:
    subscribing.end(subscription, by="subscriber")
    subscribing.subscribe(
        subscription.series, email="ana@public.example", language="en", by="public"
    )
    assert is_on(subscription)


def test_news_that_are_written_and_not_sent_end_too(subscription: Subscription) -> None:
    engagement = factories.make_engagement(series=subscription.series)
    other = subscribing.subscribe(
        subscription.series, email="ben@public.example", language="en", by="public"
    )
    elsewhere = factories.make_engagement("elsewhere", series=Series.objects.create(name="Other"))
    for about, reader, template in (
        (engagement, subscription, "news"),
        (engagement, other, "news"),
        (elsewhere, subscription, "news"),
        (engagement, subscription, "invitee"),
    ):
        OutgoingMail.objects.create(
            template=f"engagements/{template}",
            to=reader.email,
            subject="S",
            body="B",
            engagement=about,
        )
    Client().post(address(subscription), {"List-Unsubscribe": "One-Click"})
    states = OutgoingMail.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["discarded", "waiting", "waiting", "waiting"]
