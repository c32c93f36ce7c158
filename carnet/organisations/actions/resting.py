"""Suspending an organisation: everything in it rests, nothing is lost, and it goes on where it stood."""

from __future__ import annotations

from carnet.base.locking import locked
from carnet.base.unit_of_work import unit_of_work
from carnet.organisations.access import Access
from carnet.organisations.activity import record
from carnet.organisations.models import Organisation


def suspend_organisation(access: Access) -> Organisation:
    """Let everything here rest: only who may resume it gets in, keys to the API open nothing, no letter leaves."""
    return _set(access, rests=True)


def resume_organisation(access: Access) -> Organisation:
    """Go on where everything stood; letters that waited leave now, if they still make sense."""
    return _set(access, rests=False)


def _set(access: Access, *, rests: bool) -> Organisation:
    access.require("organisation.manage")
    with unit_of_work():
        organisation = locked(Organisation.objects.all(), pk=access.organisation.pk)
        before = organisation.suspended_at
        if rests != (before is not None):
            organisation.suspended_at = access.now if rests else None
            organisation.version += 1
            organisation.save(update_fields=["suspended_at", "version"])
            kind = "organisation.suspended" if rests else "organisation.resumed"
            record(access, kind, organisation)
    access.organisation.suspended_at = organisation.suspended_at
    return organisation
