"""Suspending an organisation: everything in it rests, nothing is lost, and it goes on where it stood."""

from __future__ import annotations

from datetime import datetime

from carnet.base.locking import locked
from carnet.base.unit_of_work import unit_of_work
from carnet.organisations.access import Access
from carnet.organisations.activity import record
from carnet.organisations.models import Organisation


def suspend_organisation(access: Access) -> Organisation:
    """Let everything here rest: only who may resume it gets in, keys to the API open nothing, no letter leaves."""
    access.require("organisation.manage")
    with unit_of_work():
        organisation = locked(Organisation.objects.all(), pk=access.organisation.pk)
        if organisation.suspended_at is None:
            _note(organisation, access.now)
            record(access, "organisation.suspended", organisation)
    access.organisation.suspended_at = organisation.suspended_at
    return organisation


def resume_organisation(access: Access) -> Organisation:
    """Go on where everything stood; letters that waited leave now, if they still make sense."""
    access.require("organisation.manage")
    with unit_of_work():
        organisation = locked(Organisation.objects.all(), pk=access.organisation.pk)
        if organisation.suspended_at is not None:
            _note(organisation, None)
            record(access, "organisation.resumed", organisation)
    access.organisation.suspended_at = organisation.suspended_at
    return organisation


def _note(organisation: Organisation, since: datetime | None) -> None:
    organisation.suspended_at = since
    organisation.version += 1
    organisation.save(update_fields=["suspended_at", "version"])
