"""Shape of requiring a second step of who holds a profile."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from carnet.organisations.models import Profile


class SecondStepForm(forms.Form):
    second_step = forms.BooleanField(
        label=_("A second step is required at sign-in"),
        required=False,
        help_text=_("Whoever holds this profile sees nothing here before a passkey or codes of an app are set up."),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, profile: Profile, data: Any = None) -> None:
        initial = {"second_step": profile.second_step, "version": profile.version}
        # Its fields stand on one page with those of the profile.
        super().__init__(data, auto_id="step_%s", initial=initial)
