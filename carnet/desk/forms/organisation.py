"""Shape of what is asked before an organisation is deleted."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class DeletionForm(forms.Form):
    name = forms.CharField(
        label=_("The name of the organisation"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    password = forms.CharField(
        label=_("Your password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
