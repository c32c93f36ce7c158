"""What the worker does for customisation."""

from __future__ import annotations

from carnet.base.ticks import every
from carnet.customisation.actions.files import sweep_files
from carnet.organisations.background import ids_at_work, open_as_system


@every(seconds=3600)
def sweep_all_files() -> None:
    """Throw away the files that nobody holds, organisation by organisation."""
    for organisation_id in ids_at_work():
        with open_as_system(organisation_id, "sweep files") as access:
            sweep_files(access)
