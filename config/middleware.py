"""What every answer carries and every request leaves in the log."""

from __future__ import annotations

import ipaddress
import time
import uuid
from contextlib import nullcontext
from typing import TYPE_CHECKING, Final

import structlog
from django.http import HttpResponse
from django.utils.cache import add_never_cache_headers
from whitenoise.middleware import WhiteNoiseMiddleware

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from whitenoise.responders import StaticFile

    Handler = Callable[[HttpRequest], HttpResponse]

PERMISSIONS_POLICY: Final = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)
QUIET: Final = ("/static/", "/healthz", "/readyz")

log = structlog.stdlib.get_logger("openfloor.requests")


def request_record(get_response: Handler) -> Handler:
    """Number each request, on its records and in its answer, and write one record of it.

    The record holds no query, no name and only a shortened address.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        number = uuid.uuid4().hex
        started = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request=number):
            response = get_response(request)
            response["X-Request-ID"] = number
            write = log.debug if request.path.startswith(QUIET) else log.info
            write(
                "request",
                method=request.method,
                path=request.path,
                status=response.status_code,
                milliseconds=round((time.perf_counter() - started) * 1000, 1),
                address=shortened(request.META.get("REMOTE_ADDR", "")),
            )
        return response

    return middleware


def page_headers(get_response: Handler) -> Handler:
    """No device for any page, and no copy of a page that was made for one person."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        session = getattr(request, "session", None)
        if session is not None and session.accessed and "Cache-Control" not in response:
            add_never_cache_headers(response)
        return response

    return middleware


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]  # has no types
    """Hands over each file whole: an ASGI server would read the stream at once, with a warning."""

    @staticmethod
    def serve(static_file: StaticFile, request: HttpRequest) -> HttpResponse:
        found = static_file.get_response(request.method, request.META)
        with found.file or nullcontext() as file:
            content = file.read() if file else b""
        whole = HttpResponse(content, status=int(found.status))
        del whole["Content-Type"]
        for name, value in found.headers:
            whole[name] = value
        return whole


def shortened(address: str) -> str:
    """An address without the part that tells one household from the next; empty when unknown."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return ""
    kept = 24 if ip.version == 4 else 48
    return str(ipaddress.ip_network((ip, kept), strict=False).network_address)
