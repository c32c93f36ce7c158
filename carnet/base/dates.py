"""Dates as they are written."""

from __future__ import annotations

import re
from datetime import date

from django.utils.formats import date_format, get_format
from django.utils.translation import get_language

#: The day of the month, unless it is text.
_DAY = re.compile(r"(?<!\\)j")


def written_date(on: date, pattern: str) -> str:
    """Return a date by one of Django's patterns, or formats by name; French writes « 1er », not « 1 »."""
    if on.day == 1 and (get_language() or "").startswith("fr"):
        pattern = _DAY.sub(r"j\\e\\r", get_format(pattern))
    return date_format(on, pattern)
