from __future__ import annotations

from django.urls import path

from carnet.desk.views import set_up

urlpatterns = [
    path("set-up/", set_up.set_up, name="set_up"),
    path("set-up/services/", set_up.module, name="set_up_module"),
    path("set-up/members/new", set_up.member_new, name="member_new"),
    path("set-up/business", set_up.business, name="set_up_business"),
    path("set-up/hours", set_up.hours, name="set_up_hours"),
]
