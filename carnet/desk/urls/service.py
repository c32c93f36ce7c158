from __future__ import annotations

from django.urls import path

from carnet.desk.views import service

ONE = "services/<uuid:service_id>/"

urlpatterns = [
    path("services/new", service.new, name="service_new"),
    path("services/price", service.price, name="service_price"),
    path("services/bin/", service.services_bin, name="services_bin"),
    path(ONE, service.service, name="service"),
    path(f"{ONE}edit", service.edit, name="service_edit"),
    path(f"{ONE}clone", service.clone, name="service_clone"),
    path(f"{ONE}outages/new", service.outage, name="service_outage"),
    path(f"{ONE}outages/<uuid:outage_id>/end", service.outage_end, name="service_outage_end"),
    path(f"{ONE}not-in-use", service.not_in_use, name="service_not_in_use"),
    path(f"{ONE}availability", service.available, name="service_available"),
    path(f"{ONE}deletion", service.deletion, name="service_deletion"),
    path(f"{ONE}restoration", service.restoration, name="service_restoration"),
    path(f"{ONE}pictures/<uuid:picture_id>/<slug:size>", service.picture, name="service_picture"),
]
