"""Hours as people type them: « 9:00–12:30, 14:00–18:00 », an empty line for a closed day."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Window = tuple[int, int]
_WINDOW = re.compile(r"^\s*(\d{1,2})(?:[:hH.](\d{2})?)?\s*(?:-|–|—|à|to|bis)\s*(\d{1,2})(?:[:hH.](\d{2})?)?\s*$")


def windows_of(text: str) -> list[Window]:
    """Return typed hours as wall minutes; raises ValidationError. An end before its start lies on the next day."""
    windows: list[Window] = []
    for part in re.split(r"[,;/]|\bet\b|\band\b", text):
        if not part.strip():
            continue
        found = _WINDOW.match(part)
        if not found:
            raise forms.ValidationError(_("Type hours as 9:00–12:30, 14:00–18:00."))
        first, first_minutes, last, last_minutes = (int(group or 0) for group in found.groups())
        opens, closes = first * 60 + first_minutes, last * 60 + last_minutes
        if opens >= 1440 or closes > 1440 or first_minutes > 59 or last_minutes > 59 or opens % 5 or closes % 5:
            raise forms.ValidationError(_("A day has 24 hours; type times in steps of five minutes."))
        if closes <= opens:
            closes += 1440
        windows.append((opens, closes))
    windows.sort()
    if any(later[0] < earlier[1] for earlier, later in pairwise(windows)):
        raise forms.ValidationError(_("These hours overlap."))
    return windows


class HoursField(forms.CharField):
    """A line of hours; cleans to windows in wall minutes."""

    def __init__(self, **options: Any) -> None:
        attributes = {"placeholder": gettext_lazy("closed"), "autocomplete": "off", "spellcheck": "false"}
        super().__init__(required=False, max_length=120, widget=forms.TextInput(attrs=attributes), **options)

    def clean(self, value: object) -> list[Window]:
        return windows_of(str(super().clean(value)))


def weekday_fields() -> dict[str, HoursField]:
    """Return a line of hours for each day of the week, Monday first, named hours_0 … hours_6."""
    return {f"hours_{day}": HoursField(label=name) for day, name in WEEKDAYS.items()}
