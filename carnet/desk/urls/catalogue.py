from __future__ import annotations

from django.urls import path

from carnet.desk.views import catalogue

urlpatterns = [
    path("services/", catalogue.services, name="services"),
    path("services/<uuid:service_id>/next", catalogue.service_next, name="service_next"),
]
