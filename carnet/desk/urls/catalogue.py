from __future__ import annotations

from django.urls import path

from carnet.desk.views import catalogue
from carnet.desk.views.set_up_modules import offers_the_switch

urlpatterns = [
    path("services/", offers_the_switch(catalogue.services), name="services"),
    path("services/<uuid:service_id>/next", catalogue.service_next, name="service_next"),
]
