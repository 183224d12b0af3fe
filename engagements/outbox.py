"""Lay a mail down as a row. It leaves the house later, by `engagements.tasks`, and once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin

from django.conf import settings
from django.template.loader import render_to_string

from engagements.models import Office, OutgoingMail

if TYPE_CHECKING:
    from engagements.models import Engagement

_SECRET_LINK: Final = re.compile(r"(https?://\S+?/(?:join|invitations|accounts)/)\S+")


def post(
    template: str, *, to: str, engagement: Engagement | None = None, **context: Any
) -> OutgoingMail:
    """`template` names two files: mail/<template>.subject.txt and mail/<template>.txt."""
    context |= {"office": Office.current(), "engagement": engagement}
    return OutgoingMail.objects.create(
        template=template,
        to=to,
        subject=" ".join(render_to_string(f"mail/{template}.subject.txt", context).split())[:300],
        body=render_to_string(f"mail/{template}.txt", context).strip() + "\n",
        engagement=engagement,
    )


def readable(mail: OutgoingMail) -> str:
    """The text as the office may read it. Who could read a secret link could use it.

    Where mail is not delivered, in the demonstration, the page takes the mailbox's place and shows
    the links.
    """
    if not settings.MAIL_DELIVERY:
        return mail.body
    return _SECRET_LINK.sub(r"\1[…]", mail.body)


def absolute(path: str) -> str:
    """A link for use outside the site. Its host is configured, never taken from a request."""
    return urljoin(settings.PUBLIC_URL, path)
