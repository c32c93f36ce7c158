from __future__ import annotations

from django.urls import path

from carnet.desk.views import first_run

urlpatterns = [path("<str:secret>/", first_run.first_run, name="first_run")]
