"""What leaves the house of a service, field by field."""

from __future__ import annotations

from typing import Any

from carnet.base.money import Price
from carnet.catalogue.models import Service
from carnet.catalogue.prices import price_of
from carnet.catalogue.queries import standing
from carnet.organisations.access import Access


def price_output(price: Price) -> dict[str, Any]:
    return {
        "net": price.net,
        "taxes": [{"name": tax.name, "rate": tax.rate, "amount": tax.amount} for tax in price.taxes],
        "total": price.total,
        "currency": price.currency,
    }


def service_output(access: Access, service: Service) -> dict[str, Any]:
    """Return a service as `access` may see it; reads prefetched outages, taxes and members."""
    now = standing(access, service)
    members = sorted((row.member for row in service.service_members.all()), key=lambda m: (m.position, m.pk))
    return {
        "id": service.public_id,
        "version": service.version,
        "name": service.name,
        "category": service.category.name if service.category else None,
        "description": service.description,
        "status": now.status.value,
        "unavailable_until": now.until,
        "offered_from": service.offered_from,
        "offered_until": service.offered_until,
        "duration": {"shortest": service.shortest, "usual": service.usual, "longest": service.longest},
        "place": service.place,
        "price": price_output(price_of(access.organisation, service)),
        "asks_job_sheet": service.asks_job_sheet,
        "members": [{"id": member.public_id, "name": member.name} for member in members if member.active],
    }
