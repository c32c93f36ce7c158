"""Shape of what is asked about a selection of services."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from carnet.organisations.models import Member


class AddMemberForm(forms.Form):
    member = forms.ChoiceField(label=_("Member"), error_messages={"required": _("Choose a member.")})

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.known = {one.public_id_text: one for one in Member.objects.filter(active=True)}
        field = self.fields["member"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "–"), *((key, one.name) for key, one in self.known.items())]

    def clean_member(self) -> Member:
        return self.known[self.cleaned_data["member"]]


class PricesForm(forms.Form):
    """A percentage as people type it: « 5 », « +5 % », “-10”."""

    percent = forms.CharField(
        label=_("By how many percent"),
        max_length=10,
        help_text=_("For example 5 to raise them, −5 to lower them. Visits already booked keep their prices."),
        widget=forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"}),
    )

    def clean_percent(self) -> int:
        typed = re.fullmatch(r"([+−–-]?)\s*(\d{1,4})\s*%?", self.cleaned_data["percent"].strip())
        if typed is None:
            raise forms.ValidationError(_("Type a whole number of percent."))
        return int(typed[2]) * (1 if typed[1] in ("", "+") else -1)
