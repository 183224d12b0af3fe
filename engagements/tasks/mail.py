"""Due mail leaves the house."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage

from engagements.actions import mailing

if TYPE_CHECKING:
    from engagements.models import OutgoingMail

log = logging.getLogger(__name__)


def send_due_mail(limit: int = 50) -> int:
    """Send what is due, each mail once, and return how many were tried.

    A failed mail is due again later. Without a mail server (`MAIL_DELIVERY` is off) it all stays.
    """
    if not settings.MAIL_DELIVERY:
        return 0
    mailing.take_over_left_lying()
    tried = 0
    while tried < limit and (mail := mailing.take_due()) is not None:
        _send(mail)
        tried += 1
    return tried


def _send(mail: OutgoingMail) -> None:
    message = EmailMessage(
        subject=mail.subject,
        body=mail.body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[mail.to],
        headers={"Message-ID": _message_id(mail), "Auto-Submitted": "auto-generated"},
    )
    try:
        message.send()
    except (OSError, ValueError) as error:
        # SMTP errors are OSErrors; a header that cannot be written is a ValueError. The text may
        # repeat the address, so it goes to the row and not to the log.
        mailing.mark_failed(mail, error=f"{type(error).__name__}: {error}")
        log.warning("mail %s was not sent: %s", mail.pk, type(error).__name__)
    else:
        mailing.mark_sent(mail)


def _message_id(mail: OutgoingMail) -> str:
    """The same at every attempt, so that mailboxes show a mail that was sent twice only once."""
    host = urlsplit(settings.PUBLIC_URL).hostname
    return f"<mail-{mail.pk}.{mail.created_at:%Y%m%d%H%M%S%f}@{host}>"
