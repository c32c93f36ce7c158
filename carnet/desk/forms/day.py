"""The day to go to, as people write it."""

from __future__ import annotations

import datetime
import re
from datetime import date

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

_NUMBERS = re.compile(r"\d+")


def date_typed(text: str, *, near: date) -> date | None:
    """Return the day meant by "24/11/2026", "24.11.26", "24/11" (in the year of `near`) or "2026-11-24", else None."""
    parts = _NUMBERS.findall(text)
    if _NUMBERS.sub("", text).strip(" ./-") or not 2 <= len(parts) <= 3:
        return None
    numbers = [int(part) for part in parts]
    if len(parts[0]) == 4 and len(parts) == 3:
        year, month, day = numbers
    else:
        day, month, year = (*numbers, near.year)[:3]
        year += 2000 if len(parts) == 3 and len(parts[2]) == 2 else 0
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if 1970 <= found.year <= 2199 else None


def date_text(day: date) -> str:
    """Return a day as the date field shows it in the active language."""
    return day.strftime("%d/%m/%Y") if get_language() == "fr" else day.isoformat()


class DateForm(forms.Form):
    """Go to a day; `day` is the one the reader stands on."""

    date = forms.CharField(max_length=20, label=_("Go to a day"))
    day = forms.DateField(required=False, input_formats=["%Y-%m-%d"], widget=forms.HiddenInput)

    def __init__(self, *args: object, near: datetime.date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.near = near

    def clean_date(self) -> datetime.date:
        found = date_typed(self.cleaned_data["date"], near=self.near)
        if found is None:
            example = date_text(self.near)
            raise forms.ValidationError(
                _("This is not a date. Type it as %(example)s."), params={"example": example}, code="date"
            )
        return found
