"""Shape of what is typed about a customer."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from carnet.customers.fields import CUSTOMERS
from carnet.desk.forms.field_rights import drop_disabled, leave_editable
from carnet.organisations.access import Access

#: What is typed under a name -> the field that it is of.
OF_CUSTOMER: Final = {"name": "name", "phone": "phone", "email": "email"}
OF_ADDRESS: Final = {
    **dict.fromkeys(("label", "street", "postcode", "city"), "address"),
    "access_note": "access_note",
}
OF_NOTE: Final = {"text": "notes", "pinned": "notes"}


class CustomerForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=300, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    email = forms.CharField(label=_("E-mail address"), max_length=254, required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, access: Access, *args: Any, adding: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        leave_editable(access, CUSTOMERS, self, {"phone": "phone", "email": "email"} if adding else OF_CUSTOMER)
        if adding:
            # There is nothing yet to be read.
            drop_disabled(self)


class NoteForm(forms.Form):
    text = forms.CharField(label=_("Note"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    pinned = forms.BooleanField(label=_("Keep on top"), required=False)


class AddressForm(forms.Form):
    label = forms.CharField(label=_("Name of the address"), max_length=60, required=False)
    street = forms.CharField(label=_("Street and number"), max_length=200)
    postcode = forms.CharField(label=_("Postcode"), max_length=20, required=False)
    city = forms.CharField(label=_("Town"), max_length=100, required=False)
    access_note = forms.CharField(label=_("How to get in"), max_length=300, required=False)

    def __init__(self, access: Access, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        leave_editable(access, CUSTOMERS, self, OF_ADDRESS)
        drop_disabled(self)
