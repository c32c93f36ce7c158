"""Signing in and out, one's own account, and preferences; nothing else of the library's pages is reachable."""

from __future__ import annotations

from allauth.account import views as allauth
from django.urls import path

from carnet.organisations import views, views_account, views_second_step
from carnet.organisations.forms import SignInForm

urlpatterns = [
    path("", views_account.account, name="account"),
    path("login/", allauth.LoginView.as_view(form_class=SignInForm), name="account_login"),
    path("login/passkey/", views_second_step.passkey_sign_in, name="passkey_sign_in"),
    # The name by which the library finds it.
    path("login/second-step/", views_second_step.SecondStepView.as_view(), name="mfa_authenticate"),
    path("logout/", allauth.logout, name="account_logout"),
    path("confirmation/", views_second_step.confirmation, name="confirmation"),
    path("email/", views_account.email, name="email_change"),
    path("email/<str:secret>/", views_account.email_confirmation, name="email_confirmation"),
    path("password/", views.PasswordChange.as_view(), name="password_change"),
    path("password/forgotten/", views.password_forgotten, name="password_forgotten"),
    path("password/forgotten/sent/", views.password_sent, name="password_sent"),
    path("password/new/<uidb64>/<token>/", views.PasswordNew.as_view(), name="password_new"),
    path("app/", views_second_step.app, name="app"),
    path("app/removal/", views_second_step.app_removal, name="app_removal"),
    path("passkeys/new/", views_second_step.passkey, name="passkey"),
    path("passkeys/<uuid:passkey_id>/removal/", views_second_step.passkey_removal, name="passkey_removal"),
    path("recovery-codes/", views_second_step.recovery_codes, name="recovery_codes"),
    path("second-step/", views_second_step.needed, name="second_step_needed"),
    path("sessions/end/", views_account.end_session, name="session_end"),
    path("invitations/<str:secret>/", views.invitation, name="invitation"),
    path("organisations/", views.my_organisations, name="my_organisations"),
    path("preferences/", views.preferences, name="preferences"),
]
