"""Amounts as people type them: « 35 », « 35,50 € », “1,250.00”."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from carnet.base.money import minor_units

#: Digits with their signs; the currency may stand before or after, as a sign or a code.
_TYPED = re.compile(r"(?:[A-Z]{3}|[A-Z]{0,2}[$€£¥])?\s*(\d[\d.,'’\s\u00a0\u202f]*?)\s*(?:[A-Z]{3}|[$€£¥])?")
_AMOUNT = re.compile(r"(\d{1,10})(?:[.,](\d{1,3}))?")
_GROUPS = re.compile(r"(?<=\d)[\s\u00a0\u202f'’](?=\d{3})")


def amount_of(text: str, currency: str) -> int:
    """Return a typed amount in the minor units of `currency`; raises ValidationError rather than round."""
    decimals = minor_units(currency)
    typed = _TYPED.fullmatch(text.strip().upper())
    digits = _GROUPS.sub("", typed[1]) if typed else ""
    if re.fullmatch(r"\d{1,3}(,\d{3})+\.\d+", digits):
        digits = digits.replace(",", "")
    elif re.fullmatch(r"\d{1,3}(\.\d{3})+,\d+", digits):
        digits = digits.replace(".", "")
    found = _AMOUNT.fullmatch(digits)
    if found is None or len(found[2] or "") > decimals:
        raise forms.ValidationError(
            _("Type an amount as %(example)s."), params={"example": amount_text(3550, currency)}, code="amount"
        )
    return int(Decimal(f"{found[1]}.{found[2] or 0}").scaleb(decimals))


def amount_text(amount: int, currency: str) -> str:
    """Return minor units as they are typed, without the currency."""
    decimals = minor_units(currency)
    return f"{Decimal(amount).scaleb(-decimals):.{decimals}f}".replace(".", ",")


class AmountField(forms.CharField):
    """A line with an amount; cleans to minor units of `currency`, which the form sets."""

    currency = "EUR"

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(max_length=24, widget=widget, **options)

    def clean(self, value: Any) -> int:
        return amount_of(super().clean(value), self.currency)
