"""The outbox: what was laid down to be sent, and what the office decides about it.

In the demonstration it is where mail is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from csp.decorators import csp, csp_update
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engagements import access, outbox, queries, rules
from engagements.actions import reviewing
from engagements.forms.mail import OCCASIONS, MailForm, OutboxFilterForm
from engagements.models import OutgoingMail
from engagements.queries.mail import engagements_with_mail, mail_by_state
from engagements.refusals import NotAllowed, Refused

if TYPE_CHECKING:
    from typing import Any

    from django.core.paginator import Page
    from django.db.models import QuerySet
    from django.http import HttpRequest, QueryDict

    from engagements.queries.mail import MailFilter

MAILS_ON_A_PAGE: Final = 30

DONE: Final = {
    "hold": gettext_lazy("The mail is held."),
    "release": gettext_lazy("The mail is released. It goes with the next round."),
    "send": gettext_lazy("The mail goes with the next round."),
    "discard": gettext_lazy("The mail is discarded."),
}

INSIDE: Final = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "frame-ancestors": ["'self'"],
    "sandbox": True,
}
"""What the HTML part of a mail may do in its frame: be looked at."""


@require_safe
@access.office_page(rules.may_see_outbox)
def outbox_list(request: HttpRequest) -> HttpResponse:
    user = access.account(request)
    form, chosen = _filter(request, request.GET)
    mails = queries.outgoing_mail(user).filter(chosen.conditions())
    counts = mail_by_state(user, chosen)
    paginator = Paginator(mails, MAILS_ON_A_PAGE)
    paginator.count = counts[chosen.state] if chosen.state else sum(counts.values())
    page = paginator.get_page(request.GET.get("page"))
    asked = _asked(form)
    context = {
        "page": page,
        "rows": [(mail, OCCASIONS.get(mail.template, "")) for mail in page],
        "form": form,
        "asked": asked,
        "query": urlencode(asked),
        "counts": [(each, label, counts[each]) for each, label in OutgoingMail.State.choices],
        "bulk": _bulk(counts, chosen),
        "is_filtered": bool(asked),
        "newest": _newest(mails, page),
        "chosen": next((one for one in form.engagements if one.slug == chosen.engagement), None),
    }
    return render(request, "engagements/staff/outbox.html", context)


@require_POST
@access.office_page(rules.may_see_outbox)
def outbox_all(request: HttpRequest) -> HttpResponse:
    """One decision about everything that the filter shows."""
    move = request.POST.get("move", "")
    if move not in reviewing.MOVES:
        raise Http404
    form, chosen = _filter(request, request.POST)
    changed = reviewing.decide_all(chosen, by=access.account(request), move=move)
    told = ngettext("%(mails)d mail was changed.", "%(mails)d mails were changed.", changed)
    messages.success(request, told % {"mails": changed})
    query = urlencode(_asked(form))
    return redirect(f"{reverse('outbox')}?{query}" if query else reverse("outbox"))


@require_safe
@csp_update({"frame-src": ["'self'"]})  # type: ignore[arg-type]  # its types know no arguments
@access.office_page(rules.may_see_outbox)
def outbox_mail(request: HttpRequest, pk: int) -> HttpResponse:
    mail = _mail(request, pk)
    context = {
        "mail": mail,
        "body": outbox.readable(mail),
        "occasion": OCCASIONS.get(mail.template, ""),
        "moves": [
            move for move, (sources, _to) in reviewing.MOVES.items() if mail.state in sources
        ],
        "is_open": mail.state in reviewing.OPEN,
    }
    return render(request, "engagements/staff/outbox_mail.html", context)


@require_safe
@xframe_options_sameorigin
@csp(INSIDE)  # type: ignore[arg-type]  # its types know no arguments
@access.office_page(rules.may_see_outbox)
def outbox_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML part of a mail, for a frame that lets it do nothing."""
    mail = _mail(request, pk)
    if not mail.html:
        raise Http404
    return HttpResponse(outbox.readable_page(mail))


@require_http_methods(["GET", "HEAD", "POST"])
@access.office_page(rules.may_see_outbox)
def outbox_edit(request: HttpRequest, pk: int) -> HttpResponse:
    mail = _mail(request, pk)
    if request.method != "POST":
        initial = {"subject": mail.subject, "body": outbox.readable(mail), "seen": mail.revision}
        return _edit_page(request, mail, MailForm(initial=initial), 200)
    form = MailForm(request.POST)
    if not form.is_valid():
        return _edit_page(request, mail, form, 400)
    try:
        reviewing.edit(mail, by=access.account(request), **form.cleaned_data)
    except NotAllowed as refused:
        raise Http404 from refused
    except Refused as refused:
        form.add_error(None, str(refused))
        return _edit_page(request, mail, form, 409)
    messages.success(request, _("The mail is changed. Its HTML part has the same text now."))
    return redirect("outbox-mail", mail.pk)


@require_POST
@access.office_page(rules.may_see_outbox)
def outbox_decide(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    if move not in reviewing.MOVES:
        raise Http404
    mail = _mail(request, pk)
    with access.refusals_told(request):
        reviewing.decide(mail, by=access.account(request), move=move)
        messages.success(request, DONE[move])
    return redirect("outbox-mail", mail.pk)


def _mail(request: HttpRequest, pk: int) -> OutgoingMail:
    return get_object_or_404(queries.outgoing_mail(access.account(request)), pk=pk)


def _filter(request: HttpRequest, data: QueryDict) -> tuple[OutboxFilterForm, MailFilter]:
    form = OutboxFilterForm(data, engagements=engagements_with_mail(access.account(request)))
    return form, form.chosen()


def _asked(form: OutboxFilterForm) -> dict[str, Any]:
    """The filter as it stands in addresses and hidden fields."""
    given = form.cleaned_data
    return {name: value for name, value in given.items() if value and name != "newest"}


def _bulk(counts: dict[str, int], chosen: MailFilter) -> list[dict[str, Any]]:
    """Decisions about all that is shown, with how many mails each concerns."""
    found = []
    for move, (sources, _target) in reviewing.MOVES.items():
        wanted = [state for state in sources if chosen.state in {"", state}]
        mails = sum(counts[state] for state in wanted)
        if mails and move != "send":
            found.append({"move": move, "mails": mails})
    failed = counts[OutgoingMail.State.FAILED]
    if failed and chosen.state == OutgoingMail.State.FAILED:
        found.append({"move": "send", "mails": failed})
    return found


def _newest(mails: QuerySet[OutgoingMail], page: Page[OutgoingMail]) -> int | None:
    """Of all that the filter shows, so that a decision is about what was there to be seen."""
    if page.number == 1:
        return page[0].pk if page else None
    return mails.values_list("pk", flat=True).first()


def _edit_page(
    request: HttpRequest, mail: OutgoingMail, form: MailForm, status: int
) -> HttpResponse:
    context = {"mail": mail, "form": form, "is_open": mail.state in reviewing.OPEN}
    return render(request, "engagements/staff/outbox_edit.html", context, status=status)
