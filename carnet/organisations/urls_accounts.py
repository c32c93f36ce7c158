"""Signing in and out, and one's own preferences; nothing else of the library's pages is reachable."""

from __future__ import annotations

from allauth.account import views as allauth
from django.urls import path

from carnet.organisations import views

urlpatterns = [
    path("login/", allauth.login, name="account_login"),
    path("logout/", allauth.logout, name="account_logout"),
    path("preferences/", views.preferences, name="preferences"),
]
