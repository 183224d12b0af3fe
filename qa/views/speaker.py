"""The speaker's view, beside the microphone: the own questions first, and messages backstage.

It opens for a device that has opened a speaker's link, and for nobody else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from engagements.access import refusals_told
from engagements.forms.fields import sentences
from qa import projection, queries
from qa.access import device_of, keep_device, ticket
from qa.actions import backstage
from qa.forms import NumberForm, staged
from qa.forms.stage import LONGEST_MESSAGE, SayForm
from qa.pace import check_pace, of_device

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.forms import Form
    from django.http import HttpRequest, HttpResponse

    from qa.models import BackstageMessage, ViewLink


@require_safe
@never_cache
def speaker_view(request: HttpRequest, slug: str) -> HttpResponse:
    device = _device(request, slug)
    floor = queries.floor_of(device.floor.engagement)
    context: dict[str, Any] = {
        "engagement": floor.engagement,
        "floor": floor,
        "speaker": device.speaker,
        "LONGEST_MESSAGE": LONGEST_MESSAGE,
    } | _questions(device)
    return keep_device(render(request, "qa/stage/speaker.html", context), device)


@require_GET
@never_cache
def speaker_ticket(request: HttpRequest, slug: str) -> JsonResponse:
    device = _device(request, slug)
    return JsonResponse({"ticket": ticket(device.floor, projection.SCREEN, device=device)})


@require_POST
@never_cache
def speaker_say(request: HttpRequest, slug: str) -> HttpResponse:
    return _act(request, slug, SayForm, backstage.say, done=_("Everybody backstage reads it now."))


@require_POST
@never_cache
def speaker_acknowledge(request: HttpRequest, slug: str) -> HttpResponse:
    return _act(request, slug, NumberForm, backstage.acknowledge, done=_("Acknowledged."))


def _act(
    request: HttpRequest,
    slug: str,
    form_class: type[Form],
    action: Callable[..., BackstageMessage],
    *,
    done: str,
) -> HttpResponse:
    device = _device(request, slug)
    form = form_class(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(sentences(form)))
        return redirect("speaker-view", slug)
    with refusals_told(request):
        check_pace(of_device(device.pk))
        action(device.floor, by=device, **form.cleaned_data)
        messages.success(request, done)
    return redirect("speaker-view", slug)


def _device(request: HttpRequest, slug: str) -> ViewLink:
    device = device_of(request, slug, is_speaker=True)
    if device is None:
        raise Http404
    return device


def _questions(device: ViewLink) -> dict[str, Any]:
    """Shown questions alone: what is being answered, the own ones, the others."""
    answering, coming = staged(queries.snapshot(device.floor_id, projection.SCREEN))
    return {
        "answering": answering,
        "own": [q for q in coming if q["speaker_id"] == device.speaker_id],
        "others": [q for q in coming if q["speaker_id"] != device.speaker_id],
    }
