"""Lay a mail down as a row. It leaves the house later, by `engagements.tasks`, and once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from engagements.files.mail_page import styled
from engagements.models import Office, OutgoingMail

if TYPE_CHECKING:
    from engagements.models import Engagement, Mailing, Registration

LONGEST_SUBJECT: Final = 300

TELLING_WHO_ASKED: Final = frozenset({"qa/answered"})
"""Mails that give their reader's own question. Who asked what is looked up at the desk, where each
look is on record, and not read here on the way."""

_START: Final = (
    r"(https?://\S+?/(?:join|late|confirm|invited|news|invitations|accounts|answer-mails)/)"
)
_SECRET_LINK: Final = re.compile(_START + r"[^\s\"'<>]+")
_MASKED_LINK: Final = re.compile(_START + r"\[…\]")
_GAP: Final = re.compile(r"\n{3,}")


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

    `template` names its files: mail/<template>.subject.txt, .txt and .html. Whoever writes to many
    gives the `office` with the context, so that it is not asked for again and again.
    """
    context |= {
        "engagement": engagement,
        "registration": registration,
        "calendar": calendar,
        "unsubscribe_link": unsubscribe,
    }
    if "office" not in context:
        context["office"] = Office.current()
    with override(language):
        subject = _one_line(render_to_string(f"mail/{template}.subject.txt", context))
        return OutgoingMail(
            template=template,
            to=to,
            language=language,
            subject=subject,
            body=_tidy(render_to_string(f"mail/{template}.txt", context)),
            html=styled(render_to_string(f"mail/{template}.html", context | {"subject": subject})),
            calendar=calendar,
            unsubscribe=unsubscribe,
            engagement=engagement,
            registration=registration,
            mailing=mailing,
            state=_first_state(engagement, mailing),
        )


def page_of(mail: OutgoingMail, *, subject: str, body: str) -> str:
    """The HTML part for a text that somebody of the office has written over."""
    context = {"subject": subject, "body": body, "office": Office.current()}
    with override(mail.language):
        return styled(render_to_string("mail/edited.html", context))


def readable(mail: OutgoingMail) -> str:
    """The text as the office may read it. Who could read a secret link could use it.

    Where mail is not delivered, in the demonstration, the page takes the mailbox's place and shows
    the links.
    """
    return (
        _("The words of this mail are its reader's alone.")
        if is_sealed(mail)
        else _masked(mail.body)
    )


def readable_page(mail: OutgoingMail) -> str:
    """The HTML part as the office may read it; "" when there is none."""
    if is_sealed(mail):
        return page_of(mail, subject=mail.subject, body=readable(mail))
    return _masked(mail.html)


def is_sealed(mail: OutgoingMail) -> bool:
    """The office may hold and discard it, and neither read nor change its words."""
    return settings.MAIL_DELIVERY and mail.template in TELLING_WHO_ASKED


def unmasked(mail: OutgoingMail, typed: str) -> str:
    """What somebody made of the readable text, with the mail's own links in their places."""
    links: dict[str, str] = {}
    for link in _SECRET_LINK.finditer(mail.body):
        links.setdefault(link[1], link[0])
    return _MASKED_LINK.sub(lambda masked: links.get(masked[1], masked[0]), typed)


def absolute(path: str) -> str:
    """A link for use outside the site. Its host is configured, never taken from a request."""
    return urljoin(settings.PUBLIC_URL, path)


def _masked(text: str) -> str:
    return _SECRET_LINK.sub(r"\1[…]", text) if settings.MAIL_DELIVERY else text


def _one_line(text: str) -> str:
    return " ".join(text.split())[:LONGEST_SUBJECT]


def _tidy(text: str) -> str:
    return _GAP.sub("\n\n", text).strip() + "\n"


def _first_state(engagement: Engagement | None, mailing: Mailing | None) -> str:
    is_held = (engagement and engagement.holds_mail) or (mailing and mailing.is_held)
    return OutgoingMail.State.HELD if is_held else OutgoingMail.State.WAITING
