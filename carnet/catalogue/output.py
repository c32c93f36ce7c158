"""What leaves the house of a service, field by field; moments in the organisation's zone."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.db.models import Prefetch, QuerySet

from carnet.base.money import Price
from carnet.catalogue.fields import SERVICES, may_read_prices
from carnet.catalogue.models import Outage, Picture, Service
from carnet.catalogue.pictures import SIZES
from carnet.catalogue.prices import add_on_price, price_of
from carnet.catalogue.queries import ServiceStatus, Standing, standing
from carnet.catalogue.returning import back_at
from carnet.customisation.predefined import STANDARD
from carnet.customisation.queries import custom_output
from carnet.organisations.access import Access
from carnet.organisations.fields import without_hidden
from carnet.organisations.models import Organisation
from carnet.scheduling import hours as wall

#: What leaves the house under a name -> the field without which it does not.
HIDDEN_WITH: Final = {
    "owner": "owner",
    "category": "category",
    "tags": "tags",
    "description": "description",
    "image": "image",
    **dict.fromkeys(("amount", "hourly", "price", "taxes", "length_prices"), "price"),
}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def with_output(access: Access, services: QuerySet[Service]) -> QuerySet[Service]:
    """Return the query that reads all of what `service_output` tells, `with_parts` being there already."""
    # The images themselves are large, and asked for apart.
    pictures = Picture.objects.defer(*SIZES)
    return services.select_related("job_sheet_layout").prefetch_related(
        "add_ons", "hours", Prefetch("picture", pictures)
    )


def price_output(price: Price) -> dict[str, Any]:
    return {
        "net": price.net,
        "taxes": [{"name": tax.name, "rate": tax.rate, "amount": tax.amount} for tax in price.taxes],
        "total": price.total,
        "currency": price.currency,
    }


def service_output(access: Access, service: Service) -> dict[str, Any]:
    """Return a service as `access` may see it; reads what `with_output` prefetches."""
    organisation = access.organisation
    now = standing(access, service)
    taxes = sorted((row.tax for row in service.service_taxes.all()), key=lambda tax: (tax.position, tax.pk))
    weekdays, dates = _windows(service)
    told = {
        "id": service.public_id,
        "version": service.version,
        "name": service.name,
        "owner": _named(service.owner),
        "category": _named(service.category) if service.category else None,
        "tags": [_named(tag) for tag in service.tags.all()],
        "description": service.description,
        "hue": service.hue,
        "status": now.status.value,
        "unavailable_until": _local(organisation, now.until),
        "back_at": _local(organisation, _back_at(access, service, now)),
        "in_use": service.in_use,
        "offered_from": service.offered_from,
        "offered_until": service.offered_until,
        "hours": weekdays,
        "dates": dates,
        "outages": [
            outage_output(organisation, outage) for outage in service.outages.all() if outage.ends_at > access.now
        ],
        "duration": {"shortest": service.shortest, "usual": service.usual, "longest": service.longest},
        "before": service.before,
        "after": service.after,
        "place": service.place,
        "amount": service.price,
        "hourly": service.hourly,
        "price": price_output(price_of(organisation, service)),
        "taxes": [{"id": tax.public_id, "name": tax.name, "rate": tax.rate} for tax in taxes],
        "members": _members(organisation, service),
        "length_prices": [
            {
                "minutes": row.minutes,
                "amount": row.price,
                "price": price_output(price_of(organisation, service, row.minutes)),
            }
            for row in service.length_prices.all()
        ],
        "add_ons": [
            {
                "id": add_on.public_id,
                "name": add_on.name,
                "minutes": add_on.minutes,
                "amount": add_on.price,
                "price": price_output(add_on_price(organisation, service, add_on.price)),
            }
            for add_on in service.add_ons.all()
        ],
        "asks_job_sheet": service.asks_job_sheet,
        "job_sheet_layout": service.job_sheet_layout.name if service.job_sheet_layout else STANDARD,
        "image": _image(organisation, service),
        "custom": custom_output(access, SERVICES, service.custom),
    }
    if not may_read_prices(access):
        told |= {"members": _without_amounts(told["members"]), "add_ons": _without_amounts(told["add_ons"])}
    return without_hidden(access, SERVICES, told, HIDDEN_WITH)


def _without_amounts(rows: Any) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name not in ("amount", "price")} for row in rows]


def outage_output(organisation: Organisation, outage: Outage) -> dict[str, Any]:
    return {
        "id": outage.public_id,
        "starts_at": _local(organisation, outage.starts_at),
        "ends_at": _local(organisation, outage.ends_at),
        "reason": outage.reason,
    }


def _named(record: Any) -> dict[str, Any]:
    return {"id": record.public_id, "name": record.name}


def _local(organisation: Organisation, at: datetime | None) -> datetime | None:
    return wall.to_zone(at, organisation.zone) if at is not None else None


def _back_at(access: Access, service: Service, now: Standing) -> datetime | None:
    if now.status == ServiceStatus.UNAVAILABLE and now.until is not None:
        return back_at(access, service, now.until)
    if now.status == ServiceStatus.UPCOMING:
        return back_at(access, service, access.now)
    return None


def _windows(service: Service) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    weekdays: list[dict[str, Any]] = []
    dates: list[dict[str, Any]] = []
    for row in service.hours.all():
        clocks = {"opens": _clock(row.opens), "closes": _clock(row.closes)}
        if row.on is not None:
            dates.append({"on": row.on, **clocks})
        elif row.weekday is not None:
            weekdays.append({"weekday": WEEKDAYS[row.weekday], **clocks})
    return weekdays, dates


def _clock(minutes: int) -> str:
    minutes = minutes if minutes == 1440 else minutes % 1440
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _members(organisation: Organisation, service: Service) -> list[dict[str, Any]]:
    rows = sorted(service.service_members.all(), key=lambda row: (row.member.position, row.member.pk))
    return [
        {
            **_named(row.member),
            "amount": row.price,
            "price": price_output(price_of(organisation, service, member=row.member)),
        }
        for row in rows
        if row.member.active
    ]


def _image(organisation: Organisation, service: Service) -> dict[str, Any] | None:
    picture: Picture | None = getattr(service, "picture", None)
    if picture is None:
        return None
    address = f"/api/v1/o/{organisation.slug}/services/{service.public_id}/image"
    return {
        "width": picture.width,
        "height": picture.height,
        "addresses": {size: f"{address}?size={size}" for size in SIZES},
    }
