"""Adding to the catalogue."""

from __future__ import annotations

from django.utils.translation import gettext as _

from carnet.base.errors import Invalid
from carnet.base.unit_of_work import unit_of_work
from carnet.catalogue.actions.parts import write_parts, written
from carnet.catalogue.details import ServiceDetails, check
from carnet.catalogue.models import Category, Picture, Service, Tax
from carnet.catalogue.pictures import Drawn
from carnet.organisations.access import Access
from carnet.organisations.activity import record
from carnet.organisations.models import Member
from carnet.resources.models import Resource
from carnet.resources.timetable import change_timetable


def add_category(access: Access, name: str) -> Category:
    """Add a category at the end of the list."""
    access.require("catalogue.edit")
    with unit_of_work():
        category = Category.objects.create(
            organisation=access.organisation, name=name, position=Category.objects.count()
        )
        record(access, "category.added", category, changes={"name": [None, name]})
    return category


def add_tax(access: Access, name: str, rate: int) -> Tax:
    """Add a tax; `rate` in thousandths of a percent."""
    access.require("set_up.edit")
    if not 0 <= rate <= 100_000:
        raise Invalid(rate=_("A rate lies between 0 and 100 %."))
    with unit_of_work():
        tax = Tax.objects.create(organisation=access.organisation, name=name, rate=rate, position=Tax.objects.count())
        record(access, "tax.added", tax, changes={"rate": [None, rate]})
    return tax


def create_service(
    access: Access,
    details: ServiceDetails,
    *,
    image: Drawn | None = None,
    cloned_from: Service | None = None,
) -> Service:
    """Add a service to the catalogue; one not in use, or past, may be entered just for the record.

    A clone begins with the image of `cloned_from` unless another is given; nothing of it is shared. Raises Invalid.
    """
    access.require("catalogue.create")
    check(access, details)
    with unit_of_work():
        owner = details.owner or access.member or Member.objects.filter(profile__administrator=True)[0]
        service = Service(organisation=access.organisation, owner=owner, **written(access, details))
        service.save(force_insert=True)
        write_parts(service, details)
        picture = image or (Drawn.of(cloned_from) if cloned_from else None)
        if picture is not None:
            Picture.objects.create(organisation=access.organisation, service=service, **picture.columns)
        change_timetable(access, Resource.objects.filter(member__in=list(details.members)))
        changes: dict[str, list[object]] = {"name": [None, service.name]}
        if cloned_from is not None:
            changes["cloned_from"] = [None, cloned_from.name]
        record(access, "service.created", service, changes=changes)
    return service
