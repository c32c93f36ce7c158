"""A zone in which it is morning whenever the tests run."""

from __future__ import annotations

from datetime import datetime

OPENING_HOUR = 9


def zone_at_opening(now: datetime) -> str:
    """Return the name of a zone where it is some minutes past nine at this moment of UTC.

    Etc/GMT-2 is two hours *ahead*; those zones go from twelve hours behind to fourteen ahead, so each hour has one.
    """
    ahead = (OPENING_HOUR - now.hour + 12) % 24 - 12
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"
