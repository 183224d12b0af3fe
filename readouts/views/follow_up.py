"""The follow-up questions and answers as the public reads them: only what was frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import condition, require_safe

from engagements.access import public_engagement
from readouts.access import as_file
from readouts.models import FollowUpEdition
from readouts.queries import follow_up as editions
from readouts.queries import version_in_force

if TYPE_CHECKING:
    from django.http import HttpRequest

    from engagements.models import Engagement

ON_A_PAGE: Final = 200


@require_safe
def follow_up(request: HttpRequest, slug: str) -> HttpResponse:
    return _page(request, _latest(public_engagement(slug)))


@require_safe
def follow_up_edition(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    return _page(request, _edition(slug, number))


@require_safe
def follow_up_question(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """To the place of one question, on whichever page of the latest edition it stands. To the top
    for a question that is not listed, about which this tells nothing."""
    document, _gone = editions.shown_document(_latest(public_engagement(slug)))
    numbers = [entry.number for entry in document.entries]
    address = reverse("follow-up", args=[slug])
    if number not in numbers:
        return redirect(address)
    page = 1 + numbers.index(number) // ON_A_PAGE
    query = f"?page={page}" if page > 1 else ""
    return redirect(f"{address}{query}#q{number}")


@require_safe
def follow_up_file(request: HttpRequest, slug: str, format: str) -> HttpResponse:  # noqa: A002
    """The latest edition in one of its formats, under an address that stays."""
    return _file(request, _latest(public_engagement(slug)), format)


@require_safe
def follow_up_edition_file(
    request: HttpRequest,
    slug: str,
    number: int,
    format: str,  # noqa: A002 - as it is called
) -> HttpResponse:
    return _file(request, _edition(slug, number), format)


def _latest(engagement: Engagement) -> FollowUpEdition:
    edition = editions.latest_edition(engagement)
    if edition is None:
        raise Http404
    edition.engagement = engagement
    return edition


def _edition(slug: str, number: int) -> FollowUpEdition:
    engagement = public_engagement(slug)
    edition = get_object_or_404(FollowUpEdition, engagement=engagement, number=number)
    edition.engagement = engagement
    return edition


def _page(request: HttpRequest, edition: FollowUpEdition) -> HttpResponse:
    document, gone = editions.shown_document(edition)
    sisters = editions.editions_of(edition.engagement)
    kind = "answered" if request.GET.get("show") == "answered" else ""
    chosen = [one for one in document.entries if one.is_answered or not kind]
    page = Paginator(chosen, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "engagement": edition.engagement,
        "edition": next(one for one in sisters if one.pk == edition.pk),
        "editions": sisters,
        "is_latest": sisters[0].pk == edition.pk,
        "document": document,
        "gone": sorted(gone),
        "kind": kind,
        "answered": sum(one.is_answered for one in document.entries),
        "page": page,
        "groups": editions.groups_on(document, page.object_list),
        "has_readout": version_in_force(edition.engagement) is not None,
    }
    response = render(request, "readouts/public/follow_up.html", context)
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _file(request: HttpRequest, edition: FollowUpEdition, name: str) -> HttpResponse:
    """410 once the file tells what is not public any more; the next edition tells the rest."""
    file = edition.files.defer("content").filter(format=name).first()
    if file is None:
        raise Http404
    if editions.no_more_public(edition):
        context = {"engagement": edition.engagement}
        return render(request, "readouts/public/follow_up_gone.html", context, status=410)

    @condition(etag_func=lambda _request: f'"{file.sha256}"')
    def answer(_request: HttpRequest) -> HttpResponse:
        # The bytes are read here, and not for a browser that has them.
        title = f"{edition.engagement.slug}-follow-up-edition-{edition.number}.{name}"
        return as_file(bytes(file.content), name, title)

    response = answer(request)
    response["Cache-Control"] = "public, no-cache"
    return response
