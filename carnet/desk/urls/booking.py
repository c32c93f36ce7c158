from __future__ import annotations

from django.urls import path

from carnet.desk.views import booking

urlpatterns = [
    path("booking/", booking.panel, name="booking"),
    path("appointments/", booking.create, name="appointments"),
]
