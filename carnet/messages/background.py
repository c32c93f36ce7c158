"""What the worker does for messages."""

from __future__ import annotations

from carnet.base.ticks import every
from carnet.messages.actions import deliver_due, has_due
from carnet.organisations.background import open_as_system
from carnet.organisations.models import Organisation


@every(seconds=5)
def deliver() -> None:
    """Send what is due, organisation by organisation."""
    for organisation_id in Organisation.objects.order_by("pk").values_list("pk", flat=True):
        with open_as_system(organisation_id, "deliver messages") as access:
            if has_due(access):
                deliver_due(access)
