from __future__ import annotations

from django.urls import path

from carnet.demo import sign_in

urlpatterns = [path("sign-in/<str:token>", sign_in.sign_in, name="demo_sign_in")]
