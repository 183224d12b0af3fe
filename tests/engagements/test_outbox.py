from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagements import outbox
from engagements.actions import registering
from engagements.models import OutgoingMail
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.conf import LazySettings
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

    from engagements.models import Engagement, User

pytestmark = pytest.mark.django_db


def page(response: Response) -> str:
    return response.content.decode()


def register(engagement: Engagement, email: str = "ana@example.org") -> OutgoingMail:
    registering.register(
        engagement, name="Ana", email=email, organization="", category=factories.category()
    )
    return OutgoingMail.objects.latest("pk")


def test_links_use_the_configured_origin_whatever_the_request_says(
    engagement: Engagement, settings: LazySettings
) -> None:
    settings.PUBLIC_URL = "https://floor.example"
    settings.ALLOWED_HOSTS = ["*"]
    Client().post(
        reverse("register", args=[engagement.slug]),
        {"name": "Ana", "email": "ana@example.org", "category": "attorney", "consent": "on"},
        headers={"host": "evil.example", "x-forwarded-host": "evil.example"},
    )
    mail = OutgoingMail.objects.get()
    assert "https://floor.example/join/" in mail.body
    assert "evil" not in mail.body
    assert outbox.absolute("/x/") == "https://floor.example/x/"


def test_the_outbox_shows_every_mail_with_a_link_that_can_be_used(
    engagement: Engagement, cora: User, sign_in: Callable[[User], Client]
) -> None:
    mail = register(engagement, '"<b>ana</b>"@example.org')
    client = sign_in(cora)
    listed = page(client.get(reverse("outbox")))
    assert "This demonstration keeps mail here; nothing is sent." in listed
    assert reverse("outbox-mail", args=[mail.pk]) in listed
    text = page(client.get(reverse("outbox-mail", args=[mail.pk])))
    token = engagement.registrations.get().token()
    assert f'href="{outbox.absolute(reverse("join", args=[token]))}"' in text
    assert "&quot;&lt;b&gt;ana&lt;/b&gt;&quot;@example.org" in text
    assert "<b>" not in text


def test_a_coordinator_reads_the_mail_of_the_own_engagements_alone(
    engagement: Engagement, cora: User, sign_in: Callable[[User], Client]
) -> None:
    own = register(engagement)
    foreign = register(factories.make_engagement("elsewhere"))
    of_accounts = OutgoingMail.objects.create(template="x", to="a@b.example", subject="Reset")
    client = sign_in(cora)

    assert list(client.get(reverse("outbox")).context["page"]) == [own]
    for mail in (foreign, of_accounts):
        assert client.get(reverse("outbox-mail", args=[mail.pk])).status_code == 404


@pytest.mark.parametrize(
    "secret", ["/join/abc.def", "/invitations/abc", "/accounts/password/reset/key/1-abc/"]
)
def test_where_mail_is_delivered_nobody_reads_a_secret_link(
    ada: User, sign_in: Callable[[User], Client], settings: LazySettings, secret: str
) -> None:
    mail = OutgoingMail.objects.create(
        template="x", to="a@b.example", subject="Hello", body=f"See {outbox.absolute(secret)} now"
    )
    address = reverse("outbox-mail", args=[mail.pk])
    assert "abc" in page(sign_in(ada).get(address))

    settings.MAIL_DELIVERY = True

    text = page(sign_in(ada).get(address))
    assert "abc" not in text
    assert "now" in text


def test_the_outbox_is_filtered_by_state(
    engagement: Engagement, ada: User, sign_in: Callable[[User], Client]
) -> None:
    register(engagement)
    sent = register(engagement, "ben@example.org")
    OutgoingMail.objects.filter(pk=sent.pk).update(state="sent", engagement=None)
    client = sign_in(ada)
    shown = {
        state: [mail.pk for mail in client.get(reverse("outbox"), {"state": state}).context["page"]]
        for state in ("", "waiting", "sent", "failed", "nonsense")
    }
    first = OutgoingMail.objects.earliest("pk").pk
    assert shown == {
        "": [sent.pk, first],
        "waiting": [first],
        "sent": [sent.pk],
        "failed": [],
        "nonsense": [sent.pk, first],
    }
    assert "No mail" in page(client.get(reverse("outbox"), {"state": "failed"}))


def test_pages_of_the_outbox_keep_the_filter(
    engagement: Engagement, ada: User, sign_in: Callable[[User], Client]
) -> None:
    for number in range(31):
        register(engagement, f"p{number}@example.org")
    text = page(sign_in(ada).get(reverse("outbox"), {"state": "waiting"}))
    assert 'href="?state=waiting&amp;page=2"' in text


def test_the_outbox_asks_as_much_for_three_as_for_one(
    engagement: Engagement, ada: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(ada)
    counts = []
    for number in range(3):
        register(engagement, f"p{number}@example.org")
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("outbox"))
        counts.append(len(queries))
    assert counts == [counts[0]] * 3


def test_a_number_that_no_database_holds_is_unknown(
    ada: User, sign_in: Callable[[User], Client]
) -> None:
    assert sign_in(ada).get(reverse("outbox-mail", args=[10**30])).status_code == 404
