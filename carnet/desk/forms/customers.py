"""Shape of what is typed about a customer."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class CustomerForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=300, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    email = forms.CharField(label=_("E-mail address"), max_length=254, required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class NoteForm(forms.Form):
    text = forms.CharField(label=_("Note"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    pinned = forms.BooleanField(label=_("Keep on top"), required=False)


class AddressForm(forms.Form):
    label = forms.CharField(label=_("Name of the address"), max_length=60, required=False)
    street = forms.CharField(label=_("Street and number"), max_length=200)
    postcode = forms.CharField(label=_("Postcode"), max_length=20, required=False)
    city = forms.CharField(label=_("Town"), max_length=100, required=False)
    access_note = forms.CharField(label=_("How to get in"), max_length=300, required=False)
