from __future__ import annotations

from django.urls import path, register_converter

from carnet.base.converters import DateConverter
from carnet.desk.views import day

register_converter(DateConverter, "date")

urlpatterns = [
    path("", day.home, name="home"),
    path("day/<date:on>/", day.day, name="day"),
    path("day/<date:on>/list/", day.day_list, name="day_list"),
]
