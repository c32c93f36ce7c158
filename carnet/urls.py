"""Addresses outside organisations; those inside lie under /o/<organisation>/: see `urls_organisation`."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path, re_path

from carnet.api import api
from carnet.api.doors import nothing_here
from carnet.base import health
from carnet.organisations import views

urlpatterns = [
    path("", views.home, name="home"),
    path("accounts/", include("carnet.organisations.urls_accounts")),
    path("", include("carnet.desk.urls.guide")),
    path("api/v1/", api.urls),
    re_path("^api/", nothing_here),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
]

if settings.DEMO:
    urlpatterns.append(path("demo/", include("carnet.demo.urls")))
if settings.DEBUG:
    urlpatterns.append(path("dev/", include("carnet.base.urls_dev")))

handler400 = "carnet.base.errors.bad_request"
handler403 = "carnet.base.errors.forbidden"
handler404 = "carnet.base.errors.not_found"
handler500 = "carnet.base.errors.broken"
