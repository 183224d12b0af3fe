"""A real SMTP server in a thread, which keeps what it gets."""

from __future__ import annotations

import asyncio
import email
from contextlib import contextmanager
from email import policy
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller

from tests import machine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage

    from django.conf import LazySettings


class Mailbox:
    """What came in, in its order. `delay`: seconds that each mail takes."""

    def __init__(self, *, delay: float = 0.0) -> None:
        self.raw: list[bytes] = []
        self.to: list[str] = []
        self.delay = delay

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        await asyncio.sleep(self.delay)
        self.raw.append(envelope.content)
        self.to += envelope.rcpt_tos
        return "250 OK"

    # No property: aiosmtpd looks at each of those whenever somebody connects.
    def messages(self) -> list[EmailMessage]:
        return [email.message_from_bytes(each, policy=policy.default) for each in self.raw]


@contextmanager
def listening(mailbox: Mailbox, port: int | None = None) -> Iterator[int]:
    """Gives the port."""
    chosen = port or machine.free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=chosen)
    controller.start()
    try:
        yield chosen
    finally:
        controller.stop()


def deliver_to(settings: LazySettings, port: int) -> None:
    """Mail of this process goes to the mailbox."""
    settings.MAIL_DELIVERY = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_TIMEOUT = 5
    settings.PUBLIC_URL = "https://floor.example"
    settings.DEFAULT_FROM_EMAIL = "no-reply@floor.example"
