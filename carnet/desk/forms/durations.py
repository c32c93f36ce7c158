"""Durations as people type them: « 45 », « 1 h 30 », « 1:30 », « 3 h »."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _

_HOURS = re.compile(r"(\d{1,2})\s*(?:h|:)\s*(\d{1,2})?\s*(?:min|m|mn)?")
_MINUTES = re.compile(r"(\d{1,4})\s*(?:min|m|mn)?")


def minutes_of(text: str) -> int:
    """Return a typed duration in minutes; raises ValidationError. A bare number counts minutes."""
    typed = text.strip().lower()
    if found := _MINUTES.fullmatch(typed):
        return int(found[1])
    if (found := _HOURS.fullmatch(typed)) and int(found[2] or 0) < 60:
        return int(found[1]) * 60 + int(found[2] or 0)
    raise forms.ValidationError(_("Type a duration as 45 min or 1 h 30."), code="duration")


def duration_text(minutes: int) -> str:
    """Return a duration as it is typed."""
    hours, rest = divmod(minutes, 60)
    return f"{rest} min" if not hours else f"{hours} h {rest:02}" if rest else f"{hours} h"


class DurationField(forms.CharField):
    """A line with a duration; cleans to minutes, None when it is empty."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"}), **options)

    def clean(self, value: Any) -> int | None:
        typed = super().clean(value)
        return minutes_of(typed) if typed else None
