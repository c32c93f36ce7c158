"""What can be had for now: outages, and services taken out of use."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from carnet.base.errors import Invalid
from carnet.base.locking import locked
from carnet.base.typed_text import clean
from carnet.base.unit_of_work import unit_of_work
from carnet.catalogue.details import check, details_of
from carnet.catalogue.models import Outage, Service
from carnet.organisations.access import Access
from carnet.organisations.activity import record
from carnet.resources.models import Resource
from carnet.resources.timetable import change_timetable


def change_offer(access: Access, service: Service) -> None:
    """Take the locks that whoever books this service takes first, and void what was read of the timetable."""
    change_timetable(access, Resource.objects.filter(member__service_members__service=service))


def checked_period(access: Access, starts_at: datetime, ends_at: datetime, reason: str = "") -> None:
    """Raise Invalid beside what of an outage cannot be taken."""
    if ends_at <= starts_at:
        raise Invalid(ends_at=_("The end lies before the beginning."))
    if ends_at <= access.now and not access.quiet:
        raise Invalid(ends_at=_("This moment has passed."))
    if len(reason) > 120:
        raise Invalid(reason=_("This is longer than %(limit)d characters.") % {"limit": 120})


def add_outage(access: Access, service: Service, starts_at: datetime, ends_at: datetime, *, reason: str = "") -> Outage:
    """Mark the service as temporarily unavailable for a period; visits that stand in it stand."""
    access.require("catalogue.edit")
    checked_period(access, starts_at, ends_at, reason)
    with unit_of_work():
        change_offer(access, service)
        outage = Outage.objects.create(
            organisation=access.organisation,
            service=service,
            starts_at=starts_at,
            ends_at=ends_at,
            reason=clean(reason),
        )
        period = [starts_at.isoformat(), ends_at.isoformat()]
        record(access, "service.unavailable", service, changes={"outage": [None, period]})
    return outage


def end_outage(access: Access, outage: Outage) -> None:
    """End an outage now; one that has not begun is taken back, one that is over stays in the history as it was."""
    access.require("catalogue.edit")
    with unit_of_work():
        change_offer(access, outage.service)
        outage = locked(Outage.objects.all(), pk=outage.pk)
        if outage.ends_at <= access.now:
            return
        period = [outage.starts_at.isoformat(), outage.ends_at.isoformat()]
        if outage.starts_at >= access.now:
            outage.delete()
            after = None
        else:
            outage.ends_at = access.now
            outage.version += 1
            outage.save(update_fields=["ends_at", "version"])
            after = [period[0], access.now.isoformat()]
        record(access, "service.available", outage.service, changes={"outage": [period, after]})


def mark_not_in_use(access: Access, service: Service) -> Service:
    """Take the service out of use: no longer listed when booking, still in the catalogue."""
    access.require("catalogue.edit")
    with unit_of_work():
        change_offer(access, service)
        service = locked(Service.objects.all(), pk=service.pk)
        if service.in_use:
            service.in_use = False
            service.version += 1
            service.save(update_fields=["in_use", "version"])
            record(access, "service.not_in_use", service, changes={"in_use": [True, False]})
    return service


def mark_available(access: Access, service: Service) -> Service:
    """Put the service back in use, and end an outage that covers now.

    What a service in use must have is asked for now: raises Invalid beside members or hours.
    """
    access.require("catalogue.edit")
    with unit_of_work():
        change_offer(access, service)
        service = locked(Service.objects.all(), pk=service.pk)
        before = service.in_use
        service.in_use = True
        details = details_of(service)
        check(access, details, frozenset(member.pk for member in details.members))
        for outage in Outage.objects.filter(service=service, starts_at__lte=access.now, ends_at__gt=access.now):
            end_outage(access, outage)
        service.version += 1
        service.save(update_fields=["in_use", "version"])
        record(access, "service.available", service, changes={"in_use": [before, True]})
    return service
