"""The table of contents of all addresses."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from config import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("accounts/", include("allauth.urls")),
    path("", include("readouts.urls")),
    path("", include("qa.urls")),
    path("", include("engagements.urls")),
]
if settings.OPENFLOOR_ENV == "demo":
    urlpatterns.append(path("", include("config.demo_entrance")))
