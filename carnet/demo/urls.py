"""Addresses of the demo; they exist only when it is one."""

from __future__ import annotations

from django.urls import path

from carnet.demo import views

urlpatterns = [
    path("sign-in/<str:token>/", views.sign_in, name="demo_sign_in"),
    path("progress/", views.progress_bar, name="demo_progress"),
]
