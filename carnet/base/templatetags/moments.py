"""Instants as local dates and times: {{ visit.starts_at|local_time:organisation.zone }}."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.utils.formats import time_format
from django.utils.translation import get_language

from carnet.base.dates import written_date
from carnet.scheduling import hours as wall

register = template.Library()


@register.filter
def local_time(at: datetime | None, zone: str) -> str:
    """Return the wall time of an instant: « 14:30 », with the offset where the hour happens twice."""
    if at is None:
        return ""
    local = wall.to_zone(at, zone)
    text = time_format(local, "G:i")
    return f"{text} ({local:%z})" if wall.is_ambiguous(at, zone) else text


@register.filter
def written(on: date | None, pattern: str) -> str:
    """Return a date by one of Django's patterns, as it is written."""
    return written_date(on, pattern) if on else ""


@register.filter
def local_day(at: datetime | None, zone: str) -> str:
    """Return the local day of an instant with its weekday: « mar. 24 nov. 2026 »."""
    if at is None:
        return ""
    french = (get_language() or "").startswith("fr")
    return written_date(wall.to_zone(at, zone), r"D\. j N Y" if french else "D, M j, Y")


@register.filter
def local_datetime(at: datetime | None, zone: str) -> str:
    """Return local day and time of an instant."""
    return f"{local_day(at, zone)} {local_time(at, zone)}".strip()
