"""The office decides about mail before it goes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagements.actions import reviewing, sending, telling
from engagements.models import AuditEntry, OutgoingMail
from engagements.queries.mail import MailFilter, outgoing_mail
from engagements.refusals import Refused
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.conf import LazySettings
    from django.test import Client

    from engagements.models import Engagement, User

pytestmark = pytest.mark.django_db

HOSTILE = "<img src=x onerror=alert(1)>{{7*7}}"


def confirm(engagement: Engagement, name: str = "Ana") -> OutgoingMail:
    telling.registered(factories.make_registration(engagement, name))
    return OutgoingMail.objects.latest("pk")


def state(mail: OutgoingMail) -> str:
    mail.refresh_from_db()
    return mail.state


def decide(client: Client, mail: OutgoingMail, move: str) -> int:
    return client.post(reverse("outbox-decide", args=[mail.pk, move])).status_code


def test_a_mail_is_held_released_and_discarded(
    engagement: Engagement, cora: User, sign_in: Callable[[User], Client]
) -> None:
    mail = confirm(engagement)
    client = sign_in(cora)
    seen = [state(mail)]
    for move in ("hold", "release", "hold", "discard", "release", "hold"):
        assert decide(client, mail, move) == 302
        seen.append(state(mail))
    assert seen == ["waiting", "held", "waiting", "held", "discarded", "discarded", "discarded"]
    assert list(
        AuditEntry.objects.filter(action__startswith="mail.")
        .order_by("pk")
        .values_list("action", flat=True)
    ) == ["mail.held", "mail.released", "mail.held", "mail.discarded"]
    assert decide(client, mail, "burn") == 404


def test_a_failed_mail_is_tried_again_by_hand(engagement: Engagement, cora: User) -> None:
    mail = confirm(engagement)
    OutgoingMail.objects.update(state="failed", attempts=10, last_error="no")
    reviewing.decide(mail, by=cora, move="send")
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == ("waiting", 0)
    assert sending.due(5) == [mail.pk]


def test_what_the_worker_has_in_hand_is_not_held(engagement: Engagement, cora: User) -> None:
    mail = confirm(engagement)
    sending.take(mail.pk)
    for move in ("hold", "discard", "send"):
        with pytest.raises(Refused, match="being sent at this moment"):
            reviewing.decide(mail, by=cora, move=move)
    assert state(mail) == "sending"


def test_a_held_mail_is_not_taken(engagement: Engagement, cora: User) -> None:
    mail = confirm(engagement)
    known = sending.due(5)
    reviewing.decide(mail, by=cora, move="hold")
    assert sending.take(known[0]) is None


@pytest.mark.django_db(transaction=True)
def test_of_the_worker_and_somebody_who_discards_one_is_first(
    engagement: Engagement, cora: User
) -> None:
    mails = [confirm(engagement, f"P{number}") for number in range(10)]

    def take(mail: OutgoingMail) -> bool:
        try:
            return sending.take(mail.pk) is not None
        finally:
            connections.close_all()

    def discard(mail: OutgoingMail) -> bool:
        try:
            reviewing.decide(mail, by=cora, move="discard")
        except Refused:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(4) as pool:
        taken = [pool.submit(take, mail) for mail in mails]
        discarded = [pool.submit(discard, mail) for mail in mails]
        pairs = [
            (one.result(), other.result()) for one, other in zip(taken, discarded, strict=True)
        ]
    assert all(one != other for one, other in pairs)
    assert [state(mail) for mail in mails] == [
        "sending" if was_taken else "discarded" for was_taken, _other in pairs
    ]


def form(mail: OutgoingMail, **fields: Any) -> dict[str, Any]:
    return {"subject": "Another subject", "body": mail.body, "seen": mail.revision} | fields


def test_an_edited_text_is_in_both_parts_and_keeps_the_personal_link(
    engagement: Engagement,
    cora: User,
    sign_in: Callable[[User], Client],
    settings: LazySettings,
) -> None:
    settings.MAIL_DELIVERY = True
    mail = confirm(engagement)
    token = engagement.registrations.get().token()
    client = sign_in(cora)
    address = reverse("outbox-edit", args=[mail.pk])
    shown = client.get(address).context["form"].initial["body"]
    assert token not in shown
    assert "/join/[…]" in shown

    response = client.post(
        address, form(mail, body=f"Dear you,\n\n{HOSTILE} {{x.__init__}}\n\n{shown}")
    )

    assert response.status_code == 302
    mail.refresh_from_db()
    assert (mail.subject, mail.revision, mail.state) == ("Another subject", 2, "waiting")
    assert mail.body.startswith(f"Dear you,\n\n{HOSTILE} {{x.__init__}}\n")
    assert f"/join/{token}" in mail.body
    assert f"/join/{token}" in mail.html
    assert "[…]" not in mail.html
    assert "<img" not in mail.html
    assert "&lt;img src=x onerror=alert(1)&gt;{{7*7}} {x.__init__}" in mail.html
    entry = AuditEntry.objects.get(action="mail.edited")
    assert set(entry.detail) == {"digest"}


@pytest.mark.parametrize("ending", ["\r", "\n", "\r\nBcc: x@y.example", "\x0b", "\x85"])
def test_a_subject_is_one_line(
    engagement: Engagement, cora: User, sign_in: Callable[[User], Client], ending: str
) -> None:
    mail = confirm(engagement)
    address = reverse("outbox-edit", args=[mail.pk])
    response = sign_in(cora).post(address, form(mail, subject=f"Hello{ending}you"))
    assert response.status_code == 400
    assert "This must be one line" in response.content.decode()
    mail.refresh_from_db()
    assert mail.subject == "Your link: The USCIS Contact Center"


def test_of_two_who_edit_the_second_is_told_and_keeps_the_words(
    engagement: Engagement, cora: User, sign_in: Callable[[User], Client]
) -> None:
    mail = confirm(engagement)
    client = sign_in(cora)
    address = reverse("outbox-edit", args=[mail.pk])
    assert client.post(address, form(mail, subject="First")).status_code == 302
    second = client.post(address, form(mail, subject="Second"))
    assert second.status_code == 409
    assert "Somebody else has edited this mail" in second.content.decode()
    assert 'value="Second"' in second.content.decode()

    OutgoingMail.objects.update(state="sent")
    late = client.post(address, form(mail, body="My long words", seen=2))
    assert late.status_code == 409
    assert "This mail has been sent already." in late.content.decode()
    assert "My long words" in late.content.decode()
    mail.refresh_from_db()
    assert mail.subject == "First"


def test_the_html_part_is_shown_in_a_frame_that_can_do_nothing(
    engagement: Engagement,
    cora: User,
    sign_in: Callable[[User], Client],
    settings: LazySettings,
) -> None:
    settings.MAIL_DELIVERY = True
    mail = confirm(engagement)
    token = engagement.registrations.get().token()
    client = sign_in(cora)
    around = client.get(reverse("outbox-mail", args=[mail.pk]))
    frames = around.headers["Content-Security-Policy"].partition("frame-src ")[2].split("; ")[0]
    assert "'self'" in frames.split()
    assert "sandbox></iframe>" in around.content.decode()

    inside = client.get(reverse("outbox-page", args=[mail.pk]))
    policy = inside.headers["Content-Security-Policy"]
    assert set(policy.split("; ")) == {
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "frame-ancestors 'self'",
        "sandbox",
    }
    assert inside.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert token not in inside.content.decode()
    assert "/join/[…]" in inside.content.decode()

    OutgoingMail.objects.update(html="")
    assert client.get(reverse("outbox-page", args=[mail.pk])).status_code == 404


def many(engagement: Engagement) -> dict[str, OutgoingMail]:
    elsewhere = factories.make_engagement("elsewhere", title="Elsewhere")
    mails = {
        name: confirm(engagement, name) for name in ("waiting", "held", "failed", "sent", "sending")
    }
    for name, mail in mails.items():
        OutgoingMail.objects.filter(pk=mail.pk).update(state=name)
    return mails | {"foreign": confirm(elsewhere, "foreign")}


@pytest.mark.parametrize(
    ("move", "changed"),
    [
        ("hold", {"waiting": "held"}),
        ("release", {"held": "waiting"}),
        ("send", {"held": "waiting", "failed": "waiting"}),
        ("discard", {"waiting": "discarded", "held": "discarded", "failed": "discarded"}),
    ],
)
def test_one_decision_about_everything_that_is_shown(
    engagement: Engagement,
    cora: User,
    sign_in: Callable[[User], Client],
    move: str,
    changed: dict[str, str],
) -> None:
    mails = many(engagement)
    before = {name: state(mail) for name, mail in mails.items()}

    response = sign_in(cora).post(
        reverse("outbox-all"), {"engagement": engagement.slug, "move": move}
    )

    assert response.headers["Location"] == f"{reverse('outbox')}?engagement={engagement.slug}"
    assert {name: state(mail) for name, mail in mails.items()} == before | changed
    entry = AuditEntry.objects.get(action=reviewing.DONE[move])
    assert entry.engagement == engagement
    assert entry.detail["mails"] >= len(changed)


def test_mail_that_came_after_the_page_was_shown_is_left_alone(
    engagement: Engagement, cora: User
) -> None:
    seen = confirm(engagement)
    later = confirm(engagement, "Ben")
    assert reviewing.decide_all(MailFilter(newest=seen.pk), by=cora, move="discard") == 1
    assert (state(seen), state(later)) == ("discarded", "waiting")


def test_the_outbox_counts_and_filters(
    engagement: Engagement, cora: User, sign_in: Callable[[User], Client]
) -> None:
    many(engagement)
    telling.withdrawn(factories.make_registration(engagement, "Zoe"))
    client = sign_in(cora)

    def shown(**asked: str) -> list[str]:
        page = client.get(reverse("outbox"), asked).context["page"]
        return sorted(mail.to.partition("@")[0] for mail in page)

    assert shown() == ["failed", "held", "sending", "sent", "waiting", "zoe"]
    assert shown(state="held") == ["held"]
    assert shown(template="engagements/withdrawn") == ["zoe"]
    assert shown(to="ENT@pub") == ["sent"]
    assert shown(engagement="elsewhere") == shown()  # not theirs, so as if it did not exist
    assert shown(state="sent", to="held") == []
    response = client.get(reverse("outbox"), {"state": "held"})
    assert {name: count for name, _label, count in response.context["counts"]} == {
        "waiting": 2,
        "held": 1,
        "sending": 1,
        "sent": 1,
        "failed": 1,
        "discarded": 0,
    }


def test_the_outbox_asks_the_database_as_often_for_a_long_list(
    engagement: Engagement,
    cora: User,
    sign_in: Callable[[User], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("engagements.views.outbox.MAILS_ON_A_PAGE", 4)
    client = sign_in(cora)
    asked = []
    for name in ("Ana", "Ben", "Cem"):
        confirm(engagement, name)
        with CaptureQueriesContext(connection) as captured:
            page = client.get(reverse("outbox")).context
        assert page["newest"] == OutgoingMail.objects.latest("pk").pk
        asked.append(len(captured))
    assert len(set(asked)) == 1
    assert asked[0] < 10

    many(engagement)
    second = client.get(reverse("outbox"), {"page": "2"}).context
    assert (second["page"].paginator.count, len(second["page"])) == (8, 4)
    assert second["newest"] == outgoing_mail(cora).latest("pk").pk


@pytest.mark.parametrize("asked", ["newest=x", "newest=-1", "to=%0d%0a", "state=%00", "page=x"])
def test_an_odd_filter_shows_a_page(
    engagement: Engagement, cora: User, sign_in: Callable[[User], Client], asked: str
) -> None:
    confirm(engagement)
    assert sign_in(cora).get(f"{reverse('outbox')}?{asked}").status_code == 200


def test_holding_all_mail_of_an_engagement(
    engagement: Engagement, cora: User, sign_in: Callable[[User], Client]
) -> None:
    before = confirm(engagement)
    client = sign_in(cora)
    address = reverse("letters-hold", args=[engagement.slug])
    client.post(address, {"hold": "yes"})
    engagement.refresh_from_db()
    during = confirm(engagement, "Ben")
    client.post(address, {"hold": "yes"})
    client.post(address, {"hold": "no"})
    engagement.refresh_from_db()
    after = confirm(engagement, "Cay")
    assert [state(before), state(during), state(after)] == ["held", "held", "waiting"]
    actions = AuditEntry.objects.filter(action__startswith="engagement.mail").order_by("pk")
    assert [(entry.action, entry.detail) for entry in actions] == [
        ("engagement.mail_held", {"mails": 1}),
        ("engagement.mail_flows", {"mails": 0}),
    ]
