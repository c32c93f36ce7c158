"""What can be had for now: outages, and services taken out of use."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from carnet.base.errors import Invalid
from carnet.base.locking import locked
from carnet.base.unit_of_work import unit_of_work
from carnet.catalogue.models import Outage, Service
from carnet.organisations.access import Access
from carnet.organisations.activity import record
from carnet.resources.models import Resource
from carnet.resources.timetable import change_timetable


def change_offer(access: Access, service: Service) -> None:
    """Take the locks that whoever books this service takes first, and void what was read of the timetable."""
    change_timetable(access, Resource.objects.filter(member__service_members__service=service))


def add_outage(access: Access, service: Service, starts_at: datetime, ends_at: datetime, *, reason: str = "") -> Outage:
    """Mark the service as temporarily unavailable for a period; visits that stand in it stand."""
    access.require("catalogue.edit")
    if ends_at <= starts_at:
        raise Invalid(ends_at=_("The end lies before the beginning."))
    with unit_of_work():
        change_offer(access, service)
        outage = Outage.objects.create(
            organisation=access.organisation, service=service, starts_at=starts_at, ends_at=ends_at, reason=reason
        )
        period = [starts_at.isoformat(), ends_at.isoformat()]
        record(access, "service.unavailable", service, changes={"outage": [None, period]})
    return outage


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
    """Put the service back in use, and end an outage that covers now."""
    access.require("catalogue.edit")
    with unit_of_work():
        change_offer(access, service)
        service = locked(Service.objects.all(), pk=service.pk)
        if not service.service_members.exists():
            raise Invalid(members=_("Choose who provides this service: 1 to 100 members."))
        before = service.in_use
        Outage.objects.filter(service=service, starts_at__lt=access.now, ends_at__gt=access.now).update(
            ends_at=access.now
        )
        service.in_use = True
        service.version += 1
        service.save(update_fields=["in_use", "version"])
        record(access, "service.available", service, changes={"in_use": [before, True]})
    return service
