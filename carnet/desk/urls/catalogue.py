from __future__ import annotations

from django.urls import path

from carnet.desk.views import examples, price_list, selection
from carnet.desk.views.set_up_modules import offers_the_switch

urlpatterns = [
    path("services/", offers_the_switch(price_list.services), name="services"),
    path("services/selection", selection.selection, name="services_selection"),
    path("services/examples", examples.choose_example, name="service_examples"),
]
