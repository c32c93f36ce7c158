"""Writing down a service as typed: its columns, and the rows that hang on it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from carnet.base.errors import Invalid
from carnet.base.locking import locked
from carnet.base.typed_text import clean
from carnet.catalogue.details import ServiceDetails
from carnet.catalogue.models import (
    AddOn,
    Category,
    LengthPrice,
    Service,
    ServiceHours,
    ServiceMember,
    ServiceResource,
    ServiceTag,
    ServiceTax,
    Tag,
)
from carnet.customisation.models import Layout, Module
from carnet.organisations.access import Access
from carnet.organisations.activity import record


def written(access: Access, details: ServiceDetails, before: Service | None = None) -> dict[str, Any]:
    """Return the columns of a service as typed, all but its owner; a category that is only named is made.

    `before` is the service as it was; raises Invalid for a job sheet layout that was taken away since it was chosen.
    """
    shortest, longest = details.range
    return {
        "name": clean(details.name),
        "category": _category(access, details.category),
        "description": clean(details.description),
        "hue": details.hue,
        "shortest": shortest,
        "usual": details.usual,
        "longest": longest,
        "before": details.before,
        "after": details.after,
        "place": details.place,
        "price": details.price,
        "hourly": details.hourly,
        "in_use": details.in_use,
        "offered_from": details.offered_from,
        "offered_until": details.offered_until,
        "asks_job_sheet": details.asks_job_sheet,
        "job_sheet_layout": _offered(details.job_sheet_layout, before),
    }


def _offered(layout: Layout | None, before: Service | None) -> Layout | None:
    """Return the layout as it is now: one that was taken away stays where it was, and is not chosen anew."""
    if layout is None or (before is not None and layout.pk == before.job_sheet_layout_id):
        return layout
    layout = locked(Layout.objects.filter(module=Module.Key.JOB_SHEETS), pk=layout.pk)
    if layout.archived:
        raise Invalid(job_sheet_layout=_("This layout is no longer there. Choose another."))
    return layout


def _category(access: Access, category: Category | str | None) -> Category | None:
    if not isinstance(category, str):
        return category
    name = clean(" ".join(category.split()))
    if not name:
        return None
    known = Category.objects.filter(name__iexact=name).first()
    if known is None:
        known = Category.objects.create(organisation=access.organisation, name=name, position=Category.objects.count())
        record(access, "category.added", known, changes={"name": [None, name]})
    return known


def write_parts(service: Service, details: ServiceDetails) -> None:
    """Write members, taxes, tags, hours, prices and add-ons of a service that has none yet."""
    own = {"organisation": service.organisation, "service": service}
    ServiceMember.objects.bulk_create(
        ServiceMember(member=member, price=details.member_prices.get(member.pk), **own) for member in details.members
    )
    ServiceTax.objects.bulk_create(ServiceTax(tax=tax, **own) for tax in details.taxes)
    ServiceTag.objects.bulk_create(ServiceTag(tag=tag, **own) for tag in _tags(service, details))
    ServiceResource.objects.bulk_create(ServiceResource(resource=resource, **own) for resource in details.needs)
    LengthPrice.objects.bulk_create(
        LengthPrice(minutes=minutes, price=price, **own) for minutes, price in sorted(details.length_prices.items())
    )
    AddOn.objects.bulk_create(
        AddOn(
            name=clean(add_on.name),
            minutes=add_on.minutes,
            price=add_on.price,
            position=position,
            **({"public_id": add_on.public_id} if add_on.public_id else {}),
            **own,
        )
        for position, add_on in enumerate(details.add_ons)
    )
    ServiceHours.objects.bulk_create(
        [
            ServiceHours(weekday=weekday, opens=opens, closes=closes, **own)
            for weekday, windows in details.hours.items()
            for opens, closes in windows
        ]
        + [
            ServiceHours(on=on, opens=opens, closes=closes, **own)
            for on, windows in details.dates.items()
            for opens, closes in windows
        ]
    )


def erase_parts(service: Service) -> None:
    """Take away what `write_parts` writes, to be written anew in the same unit of work."""
    for rows in (
        service.service_members,
        service.service_taxes,
        service.service_tags,
        service.service_resources,
        service.length_prices,
        service.add_ons,
        service.hours,
    ):
        rows.all().delete()


def _tags(service: Service, details: ServiceDetails) -> list[Tag]:
    """Return the tags by name, those that are new made; two ways to write one tag are one."""
    names = list(dict.fromkeys(name for name in (clean(" ".join(tag.split())) for tag in details.tags) if name))
    known = {tag.name.casefold(): tag for tag in Tag.objects.all()} if names else {}
    for name in names:
        if name.casefold() not in known:
            known[name.casefold()] = Tag.objects.create(organisation=service.organisation, name=name)
    return list(dict.fromkeys(known[name.casefold()] for name in names))
