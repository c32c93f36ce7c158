"""Reading the catalogue: services, their status, their price in detail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db.models import Q, QuerySet

from carnet.base.money import Price, priced
from carnet.catalogue.models import Service
from carnet.organisations.access import Access
from carnet.organisations.models import Organisation
from carnet.scheduling.hours import local


class ServiceStatus(StrEnum):
    """In the order in which they win."""

    NOT_IN_USE = "not_in_use"
    ENDED = "ended"
    UNAVAILABLE = "unavailable"
    UPCOMING = "upcoming"
    AVAILABLE = "available"


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a service can be had, and until or from when not."""

    status: ServiceStatus
    until: datetime | None = None
    day: date | None = None


def visible_services(access: Access) -> QuerySet[Service]:
    """Return the services that are not deleted, with what a list of them shows."""
    access.require("catalogue.see")
    found = access.visible(Service.objects.filter(deleted_at__isnull=True))
    return found.select_related("category", "owner").prefetch_related("outages", "service_taxes__tax")


def services_to_book(access: Access) -> QuerySet[Service]:
    """Return what may be chosen when booking: in use, not ended, with someone to provide it."""
    today = local(access.now, access.organisation.zone).date
    return (
        visible_services(access)
        .filter(
            Q(offered_until__isnull=True) | Q(offered_until__gte=today),
            in_use=True,
            service_members__member__active=True,
        )
        .distinct()
    )


def standing(access: Access, service: Service) -> Standing:
    """Return the service's status now, in the organisation's zone; reads prefetched outages."""
    today = local(access.now, access.organisation.zone).date
    if not service.in_use:
        return Standing(ServiceStatus.NOT_IN_USE)
    if service.offered_until and service.offered_until < today:
        return Standing(ServiceStatus.ENDED, day=service.offered_until)
    covering = [outage.ends_at for outage in service.outages.all() if outage.starts_at <= access.now < outage.ends_at]
    if covering:
        return Standing(ServiceStatus.UNAVAILABLE, until=max(covering))
    if service.offered_from and service.offered_from > today:
        return Standing(ServiceStatus.UPCOMING, day=service.offered_from)
    return Standing(ServiceStatus.AVAILABLE)


def price_of(organisation: Organisation, service: Service) -> Price:
    """Return the service's price in detail; reads prefetched taxes."""
    taxes = sorted((row.tax for row in service.service_taxes.all()), key=lambda tax: (tax.position, tax.pk))
    return priced(
        service.price,
        [(tax.name, tax.rate) for tax in taxes],
        currency=organisation.currency,
        included=organisation.prices_include_tax,
    )
