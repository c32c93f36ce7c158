from __future__ import annotations

from django.urls import path

from carnet.desk.views import guide

urlpatterns = [
    path("first-run/<str:secret>/", guide.first_run, name="first_run"),
    path("organisations/new/", guide.new_organisation, name="organisation_new"),
]
