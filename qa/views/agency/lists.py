"""The agency's pages: the lists that were sent to it, and nothing else of the office."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from engagements.access import account, agency_page
from qa import queries, rules
from qa.access import forwarding_file
from qa.actions.agency import forwarding as actions

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from qa.models import Forwarding


@require_safe
@never_cache
@agency_page()
def home(request: HttpRequest) -> HttpResponse:
    liaison = account(request)
    context = {"agency": liaison.agency, "forwardings": queries.forwardings_for(liaison)}
    return render(request, "qa/agency/home.html", context)


@require_safe
@never_cache
@agency_page()
def forwarding(request: HttpRequest, pk: int) -> HttpResponse:
    sent = _sent_to(request, pk)
    context = {"forwarding": sent, "questions": sent.questions.all(), "file": sent.files.get()}
    return render(request, "qa/agency/forwarding.html", context)


@require_GET
@never_cache
@agency_page()
def file(request: HttpRequest, pk: int) -> HttpResponse:
    sent = _sent_to(request, pk)
    return forwarding_file(actions.download(sent, by=account(request)))


def _sent_to(request: HttpRequest, pk: int) -> Forwarding:
    """A list of the liaison's own agency; any other answers like one that never was."""
    liaison = account(request)
    sent = queries.forwardings_for(liaison).filter(pk=pk).first()
    if sent is None or not rules.may_open_as_liaison(liaison, sent):
        raise Http404
    return sent
