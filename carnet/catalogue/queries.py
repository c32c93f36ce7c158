"""Reading the catalogue: services, their status, their price in detail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db.models import Prefetch, Q, QuerySet

from carnet.catalogue.fields import SERVICES
from carnet.catalogue.models import Category, Service, ServiceMember, Tag, Tax
from carnet.organisations.access import Access
from carnet.organisations.models import Organisation
from carnet.scheduling.hours import local

#: How long a deleted service can be brought back.
KEPT = timedelta(days=60)


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
    return with_parts(found)


def categories_seen(access: Access) -> QuerySet[Category]:
    """Return the categories: none for whoever may not see under which one a service is filed."""
    found = access.visible(Category.objects.all())
    return found if access.may_read_field(SERVICES, "category") else found.none()


def tags_seen(access: Access) -> QuerySet[Tag]:
    found = access.visible(Tag.objects.all())
    return found if access.may_read_field(SERVICES, "tags") else found.none()


def services_in_bin(access: Access) -> QuerySet[Service]:
    """Return what was deleted and can still be restored, last deleted first."""
    access.require("catalogue.delete")
    found = access.visible(Service.objects.filter(deleted_at__gt=access.now - KEPT))
    return with_parts(found).order_by("-deleted_at", "-pk")


def with_parts(services: QuerySet[Service]) -> QuerySet[Service]:
    """Return the query that reads what status, price and lists need, in a number of statements that does not grow."""
    return services.select_related("category", "owner").prefetch_related(
        "outages",
        "service_taxes__tax",
        "length_prices",
        "tags",
        Prefetch("service_members", ServiceMember.objects.select_related("member")),
    )


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
    until = unavailable_until(access, service)
    if until is not None:
        return Standing(ServiceStatus.UNAVAILABLE, until=until)
    if service.offered_from and service.offered_from > today:
        return Standing(ServiceStatus.UPCOMING, day=service.offered_from)
    return Standing(ServiceStatus.AVAILABLE)


def unavailable_until(access: Access, service: Service) -> datetime | None:
    """Return when the outage that covers now ends, those that follow without a gap included; None if none does."""
    until: datetime | None = None
    for outage in sorted(service.outages.all(), key=lambda row: row.starts_at):
        if outage.starts_at <= (until or access.now) and outage.ends_at > (until or access.now):
            until = outage.ends_at
    return until


def usual_taxes(organisation: Organisation) -> list[Tax]:
    """Return what a new service is taxed with: the first tax where prices include it, all of them where it is added."""
    taxes = list(Tax.objects.all())
    return taxes[:1] if organisation.prices_include_tax else taxes
