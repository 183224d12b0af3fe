"""The interface as a whole: what answers at /api/v1/, and what describes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.http import JsonResponse
from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from ninja import NinjaAPI

from qa.api.forwardings import router
from qa.api.strict import StrictParser, refuse_in_words

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

ROOT: Final = "api/v1/"

api = NinjaAPI(
    title="Openfloor for agencies",
    version="1",
    description="Lists of questions that were forwarded to your agency, and your answers.",
    urls_namespace="api",
    openapi_url=None,
    docs_url=None,
    parser=StrictParser(),
)
refuse_in_words(api)
api.add_router("", router)


@require_safe
def schema(_request: HttpRequest) -> HttpResponse:
    """The description by OpenAPI. It tells nothing of anybody, so it is open to all."""
    return JsonResponse(api.get_openapi_schema(path_prefix=f"/{ROOT}"))


def _addresses() -> list[URLPattern]:
    """Without ninja's own root, and with the names of our other addresses."""
    found = [one for one in api.urls[0] if isinstance(one, URLPattern)]
    return [
        path(f"{ROOT}{one.pattern}", never_cache(one.callback), name=one.name)
        for one in found
        if one.name != "api-root"
    ]


urlpatterns = [path(f"{ROOT}openapi.json", schema, name="api-schema"), *_addresses()]
