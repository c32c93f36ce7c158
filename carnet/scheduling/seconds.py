"""Instants as whole epoch seconds, for where thousands of them are compared."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


def floor_seconds(at: datetime) -> int:
    """Return the last whole second at or before `at`."""
    return (at - _EPOCH) // _SECOND


def ceil_seconds(at: datetime) -> int:
    """Return the first whole second at or after `at`."""
    return -((_EPOCH - at) // _SECOND)


def at_seconds(seconds: int) -> datetime:
    """Return the instant, in UTC, that is `seconds` after the epoch."""
    return _EPOCH + seconds * _SECOND
