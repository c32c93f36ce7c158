"""The timetable: all that the rules of booking read besides claims, under one stamp.

Hours, time off, closures, outages, who provides what: they change seldom and are read with each search. Whatever
changes them goes through `change_timetable`, which locks first and gives the organisation a new stamp; what was read
under a stamp therefore holds as long as the stamp does, and may be kept in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import QuerySet

from carnet.base.locking import lock_in_order
from carnet.base.prepared import Prepared
from carnet.organisations.access import Access
from carnet.organisations.models import Organisation, new_stamp
from carnet.resources.models import Resource


def change_timetable(access: Access, resources: QuerySet[Resource]) -> None:
    """Lock, then look: hold the resources that the change concerns, and void what was read of the timetable.

    To be called inside the unit of work of the change, before anything is read that decides it.
    """
    lock_in_order(resources)
    access.organisation.timetable = new_stamp()
    Organisation.objects.filter(pk=access.organisation.pk).update(timetable=access.organisation.timetable)


@contextmanager
def timetable_as_before(access: Access) -> Iterator[None]:
    """Give the access its old stamp back if the block fails: nobody may read under one that was never committed."""
    stamp = access.organisation.timetable
    try:
        yield
    except BaseException:
        access.organisation.timetable = stamp
        raise


def timetable_now(organisation: Organisation) -> int:
    """Return the stamp as it is in the database now."""
    found = _stamp.values(organisation.pk)
    if found is None:
        raise Organisation.DoesNotExist
    return int(found["timetable"])


_stamp = Prepared(lambda pk: Organisation.objects.filter(pk=pk).only("timetable"), mark=-1)
