"""When a token was used last: good enough to find those that nobody needs any more, and hardly ever a write."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import DatabaseError
from django.db.models import Q

from carnet.base.unit_of_work import is_passing, unit_of_work
from carnet.organisations.models import Token

#: A use is noted if none was noted for that long.
BETWEEN = timedelta(hours=1)


def note_use(token: Token, now: datetime) -> None:
    """Note that `token` was used, in a transaction of its own, unless that was noted within the hour."""
    if token.last_used_at is not None and now - token.last_used_at < BETWEEN:
        return
    due = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - BETWEEN)
    try:
        with unit_of_work():
            Token.objects.filter(due, pk=token.pk).update(last_used_at=now.replace(second=0, microsecond=0))
    except DatabaseError as error:
        # Nobody is refused because a use could not be noted; the next request tries again.
        if not is_passing(error):
            raise
