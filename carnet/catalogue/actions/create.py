"""Adding to the catalogue."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.utils.translation import gettext as _

from carnet.base.errors import Invalid
from carnet.base.unit_of_work import unit_of_work
from carnet.catalogue.actions.edit import changed, told
from carnet.catalogue.actions.parts import write_parts, written
from carnet.catalogue.details import ServiceDetails, check, details_of
from carnet.catalogue.fields import NAMED_AT_CREATION, SERVICES, demanded_of, require_parts
from carnet.catalogue.models import Category, Picture, Service, Tax
from carnet.catalogue.pictures import Drawn
from carnet.customisation.actions.keeping import copy_values, judged, values_to_clone
from carnet.customisation.built_in import require_filled
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
    public_id: UUID | None = None,
    demanded: bool = True,
) -> Service:
    """Add a service to the catalogue; one not in use, or past, may be entered just for the record.

    A clone begins with the image of `cloned_from` and with its values in the organisation's own fields, but for those
    that are unique, unless others are given; nothing of it is shared, so the add-ons get ids of their own. One that is
    not typed by anybody may lack what only the layout demands: then it is not `demanded`. Raises Invalid, and
    IntegrityError for a `public_id` that is in use.
    """
    access.require("catalogue.create")
    original = told(details_of(cloned_from)) if cloned_from else told(ServiceDetails("", 0, 0))
    # What a service cannot be without is typed once, by whoever may add it; taxes and an owner come by themselves.
    require_parts(access, [name for name in changed(original, told(details)) if name in NAMED_AT_CREATION])
    if image is not None:
        require_parts(access, ["image"])
    check(access, details)
    if demanded:
        require_filled(access, SERVICES, demanded_of(access, details))
    custom = judged(
        access,
        SERVICES,
        details.custom or {},
        values_to_clone(access, SERVICES, cloned_from.custom) if cloned_from else None,
        demanded=demanded,
    )
    details = replace(details, add_ons=[replace(add_on, public_id=None) for add_on in details.add_ons])
    with unit_of_work():
        # First, as everybody who changes the timetable: two who add the same new tag take turns.
        change_timetable(access, Resource.objects.filter(member__in=list(details.members)))
        owner = details.owner or access.member or Member.objects.filter(profile__administrator=True)[0]
        service = Service(organisation=access.organisation, owner=owner, custom=custom, **written(access, details))
        if public_id is not None:
            service.public_id = public_id
        service.save(force_insert=True)
        copy_values(access, SERVICES, service.pk, {}, custom)
        write_parts(service, details)
        picture = image or (Drawn.of(cloned_from) if cloned_from else None)
        if picture is not None:
            Picture.objects.create(organisation=access.organisation, service=service, **picture.columns)
        changes: dict[str, list[object]] = {"name": [None, service.name]}
        if cloned_from is not None:
            changes["cloned_from"] = [None, cloned_from.name]
        record(access, "service.created", service, changes=changes)
    return service
