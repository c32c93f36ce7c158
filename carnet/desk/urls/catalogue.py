from __future__ import annotations

from django.urls import path

from carnet.desk.views import catalogue, examples, price_list, selection

urlpatterns = [
    path("services/", price_list.services, name="services"),
    path("services/selection", selection.selection, name="services_selection"),
    path("services/examples", examples.choose_example, name="service_examples"),
    path("services/new", catalogue.service_new, name="service_new"),
    path("services/<uuid:service_id>/", catalogue.service, name="service"),
]
