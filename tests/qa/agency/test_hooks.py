from __future__ import annotations

import json
import socket
import threading
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction
from django.urls import reverse

from engagements import clock
from engagements.models import AuditEntry, OutgoingMail, User
from engagements.refusals import NotAllowed, Refused
from qa import calling, states, tasks
from qa.actions.agency import delivering, hooks, writing
from qa.actions.agency.writing import Content
from qa.models import AgencyAnswer, Delivery, Forwarding, Webhook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse

    from engagements.models import Agency

pytestmark = pytest.mark.django_db

SENT = Webhook.Event.SENT


class Receiver:
    """An agency's system on this machine: keeps what it was sent, and answers with a status."""

    def __init__(self) -> None:
        self.status = 200
        self.requests: list[tuple[dict[str, str], str]] = []
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listening.getsockname()[1]}/hook"
        threading.Thread(target=self._serve, daemon=True).start()

    def go_away(self) -> None:
        # To close it alone would leave it to the thread that waits in it.
        with suppress(OSError):
            self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _address = self.listening.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as stream:
                stream.readline()
                headers = {}
                while (line := stream.readline().decode().strip()) != "":
                    name, _colon, value = line.partition(": ")
                    headers[name.lower()] = value
                body = stream.read(int(headers["content-length"])).decode()
                self.requests.append((headers, body))
                connection.sendall(f"HTTP/1.1 {self.status} Done\r\n\r\n".encode())


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.go_away()


@pytest.fixture
def hook(uma: User, receiver: Receiver) -> Webhook:
    return hooks.add(by=uma, url=receiver.url, events=Webhook.Event.values)


def state(delivery: Delivery) -> tuple[str, int, int | None, str]:
    delivery.refresh_from_db()
    return delivery.state, delivery.attempts, delivery.last_status, delivery.last_error


def make_due(delivery: Delivery) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(due_at=clock.now() - timedelta(seconds=1))


def test_an_event_is_laid_down_for_who_wants_it_and_tells_no_words(
    sent: Forwarding, uma: User, otto: User, hook: Webhook, agency: Agency
) -> None:
    hooks.add(by=uma, url="https://else.agency.example/", events=[Webhook.Event.RETURNED])
    hooks.add(by=otto, url="https://other.example/", events=Webhook.Event.values)
    stopped = hooks.add(by=uma, url="https://old.agency.example/", events=[SENT])
    hooks.stop(stopped, by=uma)

    assert hooks.lay(agency, SENT, forwarding=sent) == 1

    delivery = Delivery.objects.get()
    assert (delivery.webhook, delivery.event, delivery.state) == (hook, SENT, "waiting")
    told = json.loads(delivery.body)
    assert told["type"] == "forwarding.sent"
    assert told["data"] == {
        "engagement": sent.engagement.slug,
        "forwarding": {
            "id": sent.pk,
            "number": 1,
            "state": "sent",
            "questions": sent.question_count,
            "due_on": None,
            "digest": sent.digest,
            "page": told["data"]["forwarding"]["page"],
        },
    }
    assert told["data"]["forwarding"]["page"].endswith(reverse("agency-forwarding", args=[sent.pk]))
    assert "Question" not in delivery.body


def test_answers_are_told_by_number(
    sent: Forwarding, uma: User, hook: Webhook, agency: Agency
) -> None:
    content = Content(status=states.ANSWERED, text="At nine.", is_publishable=True)
    writing.write_all(sent, contents={2: content, 1: content}, by=uma, via="page")

    hooks.lay(agency, Webhook.Event.RETURNED, forwarding=sent, answers=AgencyAnswer.objects.all())

    told = json.loads(Delivery.objects.get().body)["data"]
    assert (told["count"], told["engagement"]) == (2, sent.engagement.slug)
    assert told["answers"] == [
        {"number": number, "state": "draft", "version": None} for number in (1, 2)
    ]
    assert "nine" not in Delivery.objects.get().body


def test_what_is_undone_is_not_told(sent: Forwarding, hook: Webhook, agency: Agency) -> None:
    with transaction.atomic():
        hooks.lay(agency, SENT, forwarding=sent)
        transaction.set_rollback(True)
    assert not Delivery.objects.exists()


def test_a_delivery_is_signed_and_arrives_once(
    sent: Forwarding, hook: Webhook, agency: Agency, receiver: Receiver
) -> None:
    hooks.lay(agency, SENT, forwarding=sent)
    delivery = Delivery.objects.get()

    assert (tasks.tell_webhooks(), tasks.tell_webhooks()) == (1, 0)

    [(headers, body)] = receiver.requests
    assert body == delivery.body
    assert headers["webhook-id"] == delivery.key
    assert abs(int(headers["webhook-timestamp"]) - clock.now().timestamp()) < 60
    assert headers["webhook-signature"] == calling.signature(
        hook.secret,
        key=delivery.key,
        timestamp=int(headers["webhook-timestamp"]),
        body=body,
    )
    assert state(delivery) == ("delivered", 1, 200, "")


def test_what_is_not_taken_is_sent_again_later_with_the_same_key(
    hook: Webhook, uma: User, receiver: Receiver
) -> None:
    delivery = hooks.ping(hook, by=uma)
    receiver.status = 500
    before = clock.now()
    tasks.tell_webhooks()
    assert state(delivery) == ("waiting", 1, 500, "status")
    assert delivery.due_at >= before + delivering.WAITS[0]
    assert tasks.tell_webhooks() == 0

    make_due(delivery)
    receiver.status = 200
    tasks.tell_webhooks()

    assert state(delivery) == ("delivered", 2, 200, "")
    keys = {headers["webhook-id"] for headers, _body in receiver.requests}
    assert keys == {delivery.key}


def test_an_address_that_never_answers_is_given_up_after_days_and_its_agency_told(
    hook: Webhook, uma: User, carl: User, receiver: Receiver
) -> None:
    delivery = hooks.ping(hook, by=uma)
    receiver.go_away()
    attempts = len(delivering.WAITS) + 1
    for _attempt in range(attempts):
        make_due(delivery)
        tasks.tell_webhooks()

    assert state(delivery) == ("failed", attempts, None, "failed")
    assert timedelta(days=3) <= sum(delivering.WAITS, timedelta()) <= timedelta(days=4)
    hook.refresh_from_db()
    assert hook.stopped_at is not None
    mail = OutgoingMail.objects.get(template="qa/webhook_stopped")
    assert mail.to == uma.email
    assert hook.url in mail.body
    assert "/agency/integration/" in mail.body
    assert AuditEntry.objects.get(action="webhook.gave_up").actor_label == "worker"


def test_an_address_that_took_other_messages_meanwhile_goes_on(
    hook: Webhook, uma: User, receiver: Receiver
) -> None:
    failing, fine = hooks.ping(hook, by=uma), hooks.ping(hook, by=uma)
    Delivery.objects.filter(pk=failing.pk).update(attempts=len(delivering.WAITS))
    Delivery.objects.filter(pk=fine.pk).update(delivered_at=clock.now(), state="delivered")
    receiver.status = 404

    tasks.tell_webhooks()

    assert state(failing)[0] == "failed"
    hook.refresh_from_db()
    assert (hook.stopped_at, OutgoingMail.objects.count()) == (None, 0)


def test_an_address_that_is_gone_is_stopped_at_once(
    hook: Webhook, uma: User, receiver: Receiver
) -> None:
    delivery = hooks.ping(hook, by=uma)
    receiver.status = 410
    tasks.tell_webhooks()
    assert state(delivery) == ("failed", 1, 410, "gone")
    hook.refresh_from_db()
    assert hook.stopped_at is not None


def test_a_killed_worker_leaves_nothing_lying(hook: Webhook, uma: User, receiver: Receiver) -> None:
    delivery = hooks.ping(hook, by=uma)
    taken = delivering.take(delivery.pk)
    assert taken is not None
    assert delivering.take(delivery.pk) is None
    assert tasks.take_over_deliveries() == 0

    Delivery.objects.update(taken_at=clock.now() - delivering.LEFT_LYING - timedelta(seconds=1))
    assert tasks.take_over_deliveries() == 1
    assert state(delivery) == ("waiting", 1, None, "stopped")
    # The worker was only slow. What it found out comes too late to count.
    delivering.settle(taken, status=200)
    assert state(delivery)[0] == "waiting"


def test_nothing_leaves_for_an_address_that_was_stopped(
    hook: Webhook, uma: User, receiver: Receiver
) -> None:
    delivery = hooks.ping(hook, by=uma)
    hooks.stop(hook, by=uma)
    assert tasks.tell_webhooks() == 0
    assert (receiver.requests, state(delivery)[0]) == ([], "waiting")
    with pytest.raises(Refused, match="stopped"):
        hooks.ping(hook, by=uma)


def test_an_address_inside_is_never_reached(uma: User) -> None:
    hook = hooks.add(by=uma, url="https://169.254.169.254/latest/", events=[SENT])
    delivery = hooks.ping(hook, by=uma)
    tasks.tell_webhooks()
    assert state(delivery) == ("waiting", 1, None, "inside")


def test_in_production_only_https_is_taken(uma: User, settings: Any) -> None:
    settings.WEBHOOKS_MAY_STAY_HERE = False
    for url in ("http://127.0.0.1:9/", "http://agency.example/", "https://u:p@agency.example/"):
        with pytest.raises(Refused) as refusal:
            hooks.add(by=uma, url=url, events=[SENT])
        assert refusal.value.code == "url"
    hooks.add(by=uma, url="https://agency.example/", events=[SENT])
    with pytest.raises(Refused) as refusal:
        hooks.add(by=uma, url="https://agency.example/", events=[SENT])
    assert refusal.value.code == "known"
    assert Webhook.objects.count() == 1


def test_contributors_and_others_decide_about_no_webhook(
    hook: Webhook, carl: User, otto: User, edna: User, ada: User, uma: User
) -> None:
    delivery = hooks.ping(hook, by=uma)
    Delivery.objects.update(state="failed")
    for somebody in (carl, otto, edna):
        for act in (
            lambda who: hooks.stop(hook, by=who),
            lambda who: hooks.ping(hook, by=who),
            lambda who: hooks.send_again(delivery, by=who),
        ):
            with pytest.raises(NotAllowed):
                act(somebody)
    for somebody in (carl, edna, ada):
        with pytest.raises(NotAllowed):
            hooks.add(by=somebody, url="https://agency.example/", events=[SENT])
    assert (Webhook.objects.count(), Delivery.objects.count()) == (1, 1)
    assert hooks.stop(hook, by=ada).stopped_at is not None


def test_what_arrived_or_was_given_up_is_sent_again_on_request(
    hook: Webhook, uma: User, receiver: Receiver
) -> None:
    delivery = hooks.ping(hook, by=uma)
    with pytest.raises(Refused) as refusal:
        hooks.send_again(delivery, by=uma)
    assert refusal.value.code == "waiting"
    tasks.tell_webhooks()
    hooks.send_again(delivery, by=uma)
    tasks.tell_webhooks()
    assert len(receiver.requests) == 2
    assert state(delivery) == ("delivered", 1, 200, "")


def test_old_deliveries_are_forgotten(hook: Webhook, uma: User) -> None:
    old, new = hooks.ping(hook, by=uma), hooks.ping(hook, by=uma)
    made = clock.now() - delivering.KEPT - timedelta(minutes=1)
    Delivery.objects.filter(pk=old.pk).update(made_at=made)
    assert tasks.prune_deliveries() == 1
    assert list(Delivery.objects.all()) == [new]


def test_the_pages_show_a_token_and_a_secret_once(
    uma: User, sign_in: Any, receiver: Receiver
) -> None:
    browser = sign_in(uma)
    token_page = browser.post(
        reverse("agency-token-new"),
        {"name": "Case <system>", "scopes": ["forwardings:read"], "days": "30"},
    )
    shown = token_page.context["made"].text
    assert (
        f'<code id="made-token" class="once-secret">{shown}</code>' in token_page.content.decode()
    )
    assert "no-store" in token_page["Cache-Control"]
    added = browser.post(reverse("agency-hook-new"), {"url": receiver.url, "events": [SENT]})
    hook = Webhook.objects.get()
    assert hook.secret.replace("+", "&#x2B;") in added.content.decode() or (
        hook.secret in added.content.decode()
    )

    again: HttpResponse = browser.get(reverse("agency-integration"))
    page = again.content.decode()
    assert shown not in page
    assert hook.secret not in page
    assert (shown[:8] in page, "Case &lt;system&gt;" in page, receiver.url in page) == (True,) * 3
    deliveries = reverse("agency-hook", args=[hook.pk])
    assert browser.post(reverse("agency-hook-try", args=[hook.pk])).url == deliveries
    tasks.tell_webhooks()
    assert "delivered" in browser.get(deliveries).content.decode()
    assert hook.secret not in browser.get(deliveries).content.decode()


def test_a_form_that_is_refused_says_why(uma: User, sign_in: Any) -> None:
    browser = sign_in(uma)
    bad = browser.post(reverse("agency-hook-new"), {"url": "ftp://a.example", "events": [SENT]})
    none = browser.post(reverse("agency-token-new"), {"name": "", "days": "9999"})
    assert (bad.status_code, none.status_code) == (409, 400)
    assert "begins with https://" in bad.content.decode()
    assert not Webhook.objects.exists()
