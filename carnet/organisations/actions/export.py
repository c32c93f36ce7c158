"""Asking for everything an organisation holds, and the file that comes of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from carnet.base.errors import NotPermitted
from carnet.base.locking import locked
from carnet.base.unit_of_work import unit_of_work
from carnet.organisations.access import Access
from carnet.organisations.activity import record
from carnet.organisations.export import count_rows, write_export
from carnet.organisations.fields import HIDDEN
from carnet.organisations.models import Export, Organisation

#: How long a file can be fetched.
KEPT: Final = timedelta(days=7)


def require_export(access: Access) -> None:
    """Raise unless the actor may export everything: the right to it, and no record or field that is out of sight."""
    access.require("organisation.export")
    if not sees_everything(access):
        raise NotPermitted("organisation.export")


def may_export(access: Access) -> bool:
    """Return whether `require_export` would pass."""
    return access.may("organisation.export") and sees_everything(access)


def sees_everything(access: Access) -> bool:
    """Return whether nothing is hidden from the actor that the file holds, which is all there is."""
    return access.reaches_everything and HIDDEN not in access.field_rights.values()


def ask_export(access: Access) -> Export:
    """Have everything written into a file that can be fetched for a week; one that is being written is returned."""
    require_export(access)
    with unit_of_work():
        locked(Organisation.objects.all(), pk=access.organisation.pk)
        export = Export.objects.filter(finished_at=None, expires_at__gt=access.now).first()
        if export is None:
            export = Export.objects.create(
                organisation=access.organisation,
                member=access.member,
                created_at=access.now,
                of_rows=count_rows(),
                expires_at=access.now + KEPT,
            )
            record(access, "organisation.exported", access.organisation)
            write_export.enqueue(access.organisation.pk, export.pk)
    return export
