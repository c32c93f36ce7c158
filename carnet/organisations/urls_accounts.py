"""Signing in and out, passwords, and one's own preferences; nothing else of the library's pages is reachable."""

from __future__ import annotations

from allauth.account import views as allauth
from django.urls import path

from carnet.organisations import views
from carnet.organisations.forms import SignInForm

urlpatterns = [
    path("login/", allauth.LoginView.as_view(form_class=SignInForm), name="account_login"),
    path("logout/", allauth.logout, name="account_logout"),
    path("password/", views.PasswordChange.as_view(), name="password_change"),
    path("password/forgotten/", views.password_forgotten, name="password_forgotten"),
    path("password/forgotten/sent/", views.password_sent, name="password_sent"),
    path("password/new/<uidb64>/<token>/", views.PasswordNew.as_view(), name="password_new"),
    path("invitations/<str:secret>/", views.invitation, name="invitation"),
    path("organisations/", views.my_organisations, name="my_organisations"),
    path("preferences/", views.preferences, name="preferences"),
]
