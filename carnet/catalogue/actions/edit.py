"""Editing a service: the whole of it as typed, in place of what it was; visits keep what they were sold as."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from carnet.base.errors import StaleVersion
from carnet.base.locking import locked
from carnet.base.unit_of_work import unit_of_work
from carnet.catalogue.actions.parts import erase_parts, write_parts, written
from carnet.catalogue.details import ServiceDetails, check, details_of
from carnet.catalogue.fields import SERVICES, demanded_of, require_parts
from carnet.catalogue.models import Picture, Service, ServiceMember
from carnet.catalogue.pictures import Drawn
from carnet.customisation.actions.keeping import changed_values, copy_values, judged
from carnet.customisation.built_in import require_filled
from carnet.organisations.access import Access
from carnet.organisations.activity import record
from carnet.resources.models import Resource
from carnet.resources.timetable import change_timetable


def edit_service(
    access: Access,
    service: Service,
    details: ServiceDetails,
    *,
    version: int | None = None,
    image: Drawn | None = None,
    drop_image: bool = False,
    custom_back: Mapping[str, Any] | None = None,
) -> Service:
    """Replace the service by what is typed; a new `image` takes the place of the old one.

    What it holds in fields of the organisation's own stays unless it is typed; `custom_back` is all of what it held
    there once, put back by an undo without being judged anew.
    Raises Invalid beside a field, FieldRefused for one that may not be edited, StaleVersion if the service is no longer
    the `version` that was read, and Service.DoesNotExist for one that was deleted.
    """
    access.require("catalogue.edit")
    providing = ServiceMember.objects.filter(service=service).values_list("member_id", flat=True)
    check(access, details, frozenset(providing))
    with unit_of_work():
        # Whoever provides it before or after: bookings with either must not cross this change.
        concerned = Q(member__service_members__service=service) | Q(member__in=list(details.members))
        change_timetable(access, Resource.objects.filter(concerned))
        service = locked(access.visible(Service.objects.filter(deleted_at__isnull=True)), pk=service.pk)
        if version is not None and version != service.version:
            raise StaleVersion
        details_before, custom_before = details_of(service), service.custom
        before = told(details_before)
        for name, value in written(access, details, service).items():
            setattr(service, name, value)
        if details.owner is not None:
            service.owner = details.owner
        if custom_back is None:
            require_filled(access, SERVICES, demanded_of(access, details), demanded_of(access, details_before))
            service.custom = judged(access, SERVICES, details.custom, custom_before)
        else:
            access.require_fields(SERVICES, changed_values(custom_before, custom_back))
            service.custom = dict(custom_back)
        service.version += 1
        service.save()
        copy_values(access, SERVICES, service.pk, custom_before, service.custom)
        erase_parts(service)
        write_parts(service, details)
        changes = changed(before, told(details_of(service)))
        require_parts(access, [*changes, *(["image"] if image is not None or drop_image else [])])
        if image is not None or drop_image:
            Picture.objects.filter(service=service).delete()
            changes["image"] = [None, "changed" if image else None]
        if image is not None:
            Picture.objects.create(organisation=access.organisation, service=service, **image.columns)
        changes |= changed_values(custom_before, service.custom)
        record(access, "service.edited", service, changes=changes)
    return service


def told(details: ServiceDetails) -> dict[str, Any]:
    """Return a service in plain types and names, as its history keeps it."""
    names = {member.pk: member.name for member in details.members}
    return {
        "name": details.name,
        "owner": details.owner.name if details.owner else None,
        "duration": [*details.range, details.usual],
        "buffers": [details.before, details.after],
        "members": list(names.values()),
        "place": details.place,
        "category": str(details.category) if details.category else None,
        "tags": list(details.tags),
        "hours": {str(day): [list(window) for window in windows] for day, windows in sorted(details.hours.items())},
        "dates": {day.isoformat(): [list(w) for w in windows] for day, windows in sorted(details.dates.items())},
        "offered_from": details.offered_from.isoformat() if details.offered_from else None,
        "offered_until": details.offered_until.isoformat() if details.offered_until else None,
        "price": details.price,
        "hourly": details.hourly,
        "member_prices": {names[pk]: price for pk, price in details.member_prices.items() if pk in names},
        "length_prices": {str(minutes): price for minutes, price in sorted(details.length_prices.items())},
        "add_ons": [[add_on.name, add_on.minutes, add_on.price] for add_on in details.add_ons],
        "taxes": [tax.name for tax in details.taxes],
        "asks_job_sheet": details.asks_job_sheet,
        "job_sheet_layout": str(details.job_sheet_layout) if details.job_sheet_layout else None,
        "in_use": details.in_use,
        "description": details.description,
        "needs": [thing.name for thing in details.needs],
    }


def changed(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    return {name: [before[name], value] for name, value in after.items() if before[name] != value}
