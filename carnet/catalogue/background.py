"""What the worker does for the catalogue."""

from __future__ import annotations

from carnet.base.ticks import every
from carnet.catalogue.actions import empty_bin
from carnet.organisations.background import ids_at_work, open_as_system

A_DAY = 24 * 60 * 60


@every(seconds=A_DAY)
def empty_bins() -> None:
    """Throw away for good what has lain in the bin for sixty days, organisation by organisation."""
    for organisation_id in ids_at_work():
        with open_as_system(organisation_id, "empty the bin") as access:
            # Where the module is switched off, nothing is lost.
            if access.may("catalogue.delete"):
                empty_bin(access)
