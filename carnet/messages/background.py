"""What the worker does for messages."""

from __future__ import annotations

from carnet.base.ticks import every
from carnet.messages.actions import deliver_due, has_due
from carnet.organisations.background import ids_at_work, open_as_system


@every(seconds=5)
def deliver() -> None:
    """Send what is due, organisation by organisation."""
    for organisation_id in ids_at_work():
        with open_as_system(organisation_id, "deliver messages") as access:
            if has_due(access):
                deliver_due(access)
