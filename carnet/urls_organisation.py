"""Addresses inside an organisation; the middleware has taken /o/<organisation> off the path."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("carnet.desk.urls.day")),
    path("", include("carnet.desk.urls.customers")),
    path("", include("carnet.desk.urls.booking")),
    path("", include("carnet.desk.urls.appointments")),
    path("", include("carnet.desk.urls.catalogue")),
    path("", include("carnet.desk.urls.files")),
    path("", include("carnet.desk.urls.impact")),
    path("", include("carnet.desk.urls.service")),
    path("", include("carnet.desk.urls.set_up")),
    path("", include("carnet.desk.urls.times")),
    path("", include("carnet.desk.urls.rights")),
    path("", include("carnet.desk.urls.roles")),
]

handler400 = "carnet.base.errors.bad_request"
handler403 = "carnet.base.errors.forbidden"
handler404 = "carnet.base.errors.not_found"
handler500 = "carnet.base.errors.broken"
