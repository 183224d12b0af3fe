"""The outbox: what was laid down to be sent. In the demonstration it is where mail is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from engagements import access, queries, rules
from engagements.models import OutgoingMail
from engagements.outbox import readable

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

MAILS_ON_A_PAGE = 30


@require_safe
@access.office_page(rules.may_see_outbox)
def outbox(request: HttpRequest) -> HttpResponse:
    wanted = request.GET.get("state", "")
    state = wanted if wanted in OutgoingMail.State.values else ""
    mails = queries.outgoing_mail(access.account(request), state)
    page = Paginator(mails, MAILS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "state": state, "states": OutgoingMail.State.choices}
    return render(request, "engagements/staff/outbox.html", context)


@require_safe
@access.office_page(rules.may_see_outbox)
def outbox_mail(request: HttpRequest, pk: int) -> HttpResponse:
    mail = get_object_or_404(queries.outgoing_mail(access.account(request)), pk=pk)
    context = {"mail": mail, "body": readable(mail)}
    return render(request, "engagements/staff/outbox_mail.html", context)
