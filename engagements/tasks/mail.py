"""Mailings become mails, and due mail leaves the house."""

from __future__ import annotations

import logging
import re
from contextlib import suppress
from email.mime.text import MIMEText
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from engagements.actions import mailing, sending
from engagements.files.addresses import as_delivered

if TYPE_CHECKING:
    from collections.abc import Callable

    from engagements.models import OutgoingMail

log = logging.getLogger(__name__)

ATTACHED_AS: Final = "engagement.ics"
METHOD: Final = re.compile(r"^METHOD:([A-Z]+)", re.MULTILINE)


def lay_mailings(*, stop: Callable[[], bool] = lambda: False) -> int:
    """What is due for many becomes a mail for each. Returns how many mails."""
    return mailing.lay_due(stop=stop)


def send_due_mail(limit: int = 50, *, stop: Callable[[], bool] = lambda: False) -> int:
    """Send what is due, each mail once, and return how many were tried.

    A failed mail is due again later. Without a mail server (`MAIL_DELIVERY` is off) it all stays.
    One connection serves all of them; a stop waits for no more than the mail in hand.
    """
    if not settings.MAIL_DELIVERY:
        return 0
    tried = 0
    connection = get_connection()
    try:
        for pk in sending.due(limit):
            if stop():
                break
            if (mail := sending.take(pk)) is not None:
                _send(mail, connection)
                tried += 1
    finally:
        _hang_up(connection)
    return tried


def take_over_mail() -> int:
    """What a killed worker had in hand is due again."""
    return sending.take_over_left_lying()


def message_of(mail: OutgoingMail) -> EmailMultiAlternatives:
    """Text, the same as HTML, and a calendar file both as a part to act on and to save."""
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[as_delivered(mail.to)],
        headers={"Message-ID": _message_id(mail), "Auto-Submitted": "auto-generated"},
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    if mail.calendar:
        found = METHOD.search(mail.calendar)
        method = found[1] if found else "PUBLISH"
        message.attach_alternative(mail.calendar, f"text/calendar; method={method}")
        message.attach(_file(mail.calendar, method))
    if mail.unsubscribe:
        # RFC 8058: the mail program ends the subscription with one POST.
        message.extra_headers["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
        message.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return message


def _file(calendar: str, method: str) -> MIMEText:
    part = MIMEText(calendar, "calendar", "utf-8")
    part.set_param("method", method)
    part.add_header("Content-Disposition", "attachment", filename=ATTACHED_AS)
    return part


def _send(mail: OutgoingMail, connection: Any) -> None:
    try:
        message = message_of(mail)
        # Kept open for the next mail; the backend alone would close it after each.
        connection.open()
        message.connection = connection
        message.send()
    except (OSError, ValueError) as error:
        # SMTP errors are OSErrors; a header that cannot be written is a ValueError. The text may
        # repeat the address, so it goes to the row and not to the log.
        sending.mark_failed(mail, error=f"{type(error).__name__}: {error}")
        log.warning("mail %s was not sent: %s", mail.pk, type(error).__name__)
        _hang_up(connection)
    else:
        sending.mark_sent(mail)


def _hang_up(connection: Any) -> None:
    # The server may have gone, and then says no goodbye.
    with suppress(OSError):
        connection.close()


def _message_id(mail: OutgoingMail) -> str:
    """The same at every attempt, so that mailboxes show a mail that was sent twice only once."""
    host = urlsplit(settings.PUBLIC_URL).hostname
    return f"<mail-{mail.pk}.{mail.created_at:%Y%m%d%H%M%S%f}@{host}>"
