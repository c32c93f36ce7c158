"""Taxes as people write them, one a line: « TVA 5,5 % »."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

Tax = tuple[str, int]
_RATE = re.compile(r"(\d{1,3}(?:[.,]\d{1,3})?)\s*%")
MOST = 12


def taxes_of(text: str) -> list[Tax]:
    """Return typed taxes as their whole line and their rate in thousandths of a percent; raises ValidationError."""
    taxes: dict[str, int] = {}
    for line in text.splitlines():
        name = " ".join(line.split())
        if not name:
            continue
        found = _RATE.findall(name)
        if len(found) != 1:
            raise forms.ValidationError(
                _("“%(line)s” has no rate. Type one tax a line, each with its rate: %(example)s."),
                params={"line": name, "example": _("VAT 20%")},
                code="rate",
            )
        rate = int(Decimal(found[0].replace(",", ".")) * 1000)
        if rate > 100_000:
            raise forms.ValidationError(_("A rate lies between 0 and 100 %."), code="rate")
        if len(name) > 40:
            raise forms.ValidationError(
                _("“%(line)s” is too long: at most 40 characters."), params={"line": name}, code="long"
            )
        taxes[name] = rate
    if len(taxes) > MOST:
        raise forms.ValidationError(_("At most %(count)d taxes."), params={"count": MOST}, code="many")
    return list(taxes.items())


class TaxesField(forms.CharField):
    """Lines of taxes; cleans to names and rates."""

    def __init__(self, **options: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off"})
        super().__init__(required=False, max_length=1000, widget=widget, **options)

    def clean(self, value: object) -> list[Tax]:
        return taxes_of(str(super().clean(value)))
