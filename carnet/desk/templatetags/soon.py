"""Moments as they are said on the phone: “today 14:30”, “Fri. 27 at 9:00”."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from carnet.appointments.refusals import moment_text, time_text
from carnet.base import clock
from carnet.base.dates import written_date
from carnet.scheduling import hours as wall

register = template.Library()


@register.filter
def local_soon(at: datetime, zone: str) -> str:
    """Return the local day, as near as it is, and time of an aware instant."""
    day = wall.local(at, zone).date
    away = (day - wall.local(clock.now(), zone).date).days
    if away == 0:
        name = _("today")
    elif away == 1:
        name = _("tomorrow")
    else:
        french = (get_language() or "").startswith("fr")
        near, far = (r"D\. j", r"D\. j N") if french else ("D j", "D j M")
        name = written_date(day, near if away < 20 else far)
    return f"{name} {time_text(at, zone)}"


@register.filter
def local_near(at: datetime, zone: str) -> str:
    """Return the local day of an aware instant with its weekday, and its year only where it is not this one."""
    day = wall.local(at, zone).date
    french = (get_language() or "").startswith("fr")
    if day.year == wall.local(clock.now(), zone).date.year:
        return written_date(day, r"D\. j N" if french else "D, M j")
    return written_date(day, "j N Y" if french else "M j, Y")


@register.filter
def local_moment(at: datetime, zone: str) -> str:
    """Return the local weekday, day and time of an aware instant."""
    return moment_text(at, zone)
