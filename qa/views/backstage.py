"""Messages backstage from the desk, by a plain form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from engagements.access import account, engagement_for, office_page, refusals_told
from engagements.forms.fields import sentences
from qa import queries, rules
from qa.actions import backstage
from qa.forms import NumberForm
from qa.forms.stage import SayForm

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.forms import Form
    from django.http import HttpRequest, HttpResponse

    from qa.models import BackstageMessage


@require_POST
@office_page()
def say(request: HttpRequest, slug: str) -> HttpResponse:
    return _act(request, slug, SayForm, backstage.say, done=_("Everybody backstage reads it now."))


@require_POST
@office_page()
def acknowledge(request: HttpRequest, slug: str) -> HttpResponse:
    return _act(request, slug, NumberForm, backstage.acknowledge, done=_("Acknowledged."))


def _act(
    request: HttpRequest,
    slug: str,
    form_class: type[Form],
    action: Callable[..., BackstageMessage],
    *,
    done: str,
) -> HttpResponse:
    engagement = engagement_for(request, slug, rules.may_moderate)
    form = form_class(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(sentences(form)))
        return redirect("desk", slug)
    with refusals_told(request):
        action(queries.floor_of(engagement), by=account(request), **form.cleaned_data)
        messages.success(request, done)
    return redirect("desk", slug)
