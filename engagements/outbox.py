"""Lay a mail down as a row. It leaves the house later, by `engagements.tasks`, and once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin

from django.conf import settings
from django.template import TemplateDoesNotExist
from django.template.loader import get_template, render_to_string
from django.utils.translation import override

from engagements.models import Office, OutgoingMail

if TYPE_CHECKING:
    from engagements.models import Engagement, Mailing, Registration

_SECRET_LINK: Final = re.compile(
    r"(https?://\S+?/(?:join|invited|news|invitations|accounts)/)[^\s\"'<>]+"
)


def post(
    template: str,
    *,
    to: str,
    engagement: Engagement | None = None,
    registration: Registration | None = None,
    mailing: Mailing | None = None,
    language: str = settings.LANGUAGE_CODE,
    calendar: str = "",
    unsubscribe: str = "",
    **context: Any,
) -> OutgoingMail:
    """See `compose`. Mail of an engagement that holds its mail waits for somebody's release."""
    mail = compose(
        template,
        to=to,
        engagement=engagement,
        registration=registration,
        mailing=mailing,
        language=language,
        calendar=calendar,
        unsubscribe=unsubscribe,
        **context,
    )
    mail.save()
    return mail


def compose(
    template: str,
    *,
    to: str,
    engagement: Engagement | None = None,
    registration: Registration | None = None,
    mailing: Mailing | None = None,
    language: str = settings.LANGUAGE_CODE,
    calendar: str = "",
    unsubscribe: str = "",
    **context: Any,
) -> OutgoingMail:
    """A row that is not stored yet, in the language of its reader.

    `template` names its files: mail/<template>.subject.txt, .txt and, if it has one, .html.
    """
    context |= {"office": Office.current(), "engagement": engagement, "registration": registration}
    with override(language):
        return OutgoingMail(
            template=template,
            to=to,
            language=language,
            subject=" ".join(render_to_string(f"mail/{template}.subject.txt", context).split())[
                :300
            ],
            body=render_to_string(f"mail/{template}.txt", context).strip() + "\n",
            html=_html(template, context),
            calendar=calendar,
            unsubscribe=unsubscribe,
            engagement=engagement,
            registration=registration,
            mailing=mailing,
            state=_first_state(engagement, mailing),
        )


def _html(template: str, context: dict[str, Any]) -> str:
    try:
        return get_template(f"mail/{template}.html").render(context).strip() + "\n"
    except TemplateDoesNotExist:
        return ""


def _first_state(engagement: Engagement | None, mailing: Mailing | None) -> str:
    is_held = (engagement and engagement.holds_mail) or (mailing and mailing.is_held)
    return OutgoingMail.State.HELD if is_held else OutgoingMail.State.WAITING


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
