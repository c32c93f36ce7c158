"""Adding to the catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from carnet.base.errors import Invalid
from carnet.base.typed_text import clean
from carnet.base.unit_of_work import unit_of_work
from carnet.catalogue.models import (
    Category,
    Place,
    Service,
    ServiceHours,
    ServiceMember,
    ServiceResource,
    ServiceTax,
    Tax,
)
from carnet.organisations.access import Access
from carnet.organisations.activity import record
from carnet.organisations.models import Member
from carnet.resources.models import Resource
from carnet.resources.queries import Windows, business_hours
from carnet.resources.timetable import change_timetable


@dataclass(frozen=True, slots=True)
class NewService:
    """A service as typed: minutes, price in minor units, windows in wall minutes of the weekday."""

    name: str
    usual: int
    price: int
    shortest: int | None = None
    longest: int | None = None
    members: Sequence[Member] = ()
    taxes: Sequence[Tax] = ()
    place: str = Place.BUSINESS
    category: Category | None = None
    description: str = ""
    hue: int = 0
    before: int = 0
    after: int = 0
    hours: Mapping[int, Sequence[tuple[int, int]]] = field(default_factory=dict)
    dates: Mapping[date, Sequence[tuple[int, int]]] = field(default_factory=dict)
    offered_from: date | None = None
    offered_until: date | None = None
    asks_job_sheet: bool = False
    in_use: bool = True
    needs: Sequence[Resource] = ()


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


def checked(new: NewService, business: Windows) -> None:
    """Raise Invalid naming the field that cannot be taken."""
    shortest, longest = new.shortest or new.usual, new.longest or new.usual
    if not clean(new.name) or len(new.name) > 120:
        raise Invalid(name=_("Type a name of at most 120 characters."))
    if not 5 <= shortest <= new.usual <= longest <= 1440 or any(n % 5 for n in (shortest, new.usual, longest)):
        raise Invalid(
            duration=_("A service lasts from 5 minutes to 24 hours, in steps of 5; the usual length lies in its range.")
        )
    if new.price < 0:
        raise Invalid(price=_("A price cannot be negative."))
    if new.offered_from and new.offered_until and new.offered_until < new.offered_from:
        raise Invalid(offered_until=_("The last day lies before the first."))
    if not new.in_use:
        return
    if not 1 <= len(new.members) <= 100:
        raise Invalid(members=_("Choose who provides this service: 1 to 100 members."))
    for weekday, windows in new.hours.items():
        for window in windows:
            if not any(opens <= window[0] and window[1] <= closes for opens, closes in business.get(weekday, ())):
                raise Invalid(hours=_beyond(weekday, window, business.get(weekday, ())))


def _beyond(weekday: int, window: tuple[int, int], business: Sequence[tuple[int, int]]) -> str:
    """Return why a window cannot be offered, with the day and both hours."""
    asked = {"day": str(WEEKDAYS[weekday]).capitalize(), "hours": _hours_text([window])}
    if not business:
        return _("%(day)s %(hours)s: your business is closed on that day.") % asked
    return _("%(day)s %(hours)s goes beyond your business hours (%(business)s).") % {
        **asked,
        "business": _hours_text(business),
    }


def _hours_text(windows: Sequence[tuple[int, int]]) -> str:
    return ", ".join(f"{_clock(opens)}–{_clock(closes)}" for opens, closes in windows)


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24}:{minutes % 60:02}"


def create_service(access: Access, new: NewService, *, owner: Member | None = None) -> Service:
    """Add a service to the catalogue; one not in use may be entered just for the record."""
    access.require("catalogue.create")
    checked(new, business_hours())
    with unit_of_work():
        service = Service.objects.create(
            organisation=access.organisation,
            name=clean(new.name),
            owner=owner or access.member or Member.objects.filter(profile__administrator=True)[0],
            category=new.category,
            description=clean(new.description),
            hue=new.hue,
            shortest=new.shortest or new.usual,
            usual=new.usual,
            longest=new.longest or new.usual,
            before=new.before,
            after=new.after,
            place=new.place,
            price=new.price,
            in_use=new.in_use,
            offered_from=new.offered_from,
            offered_until=new.offered_until,
            asks_job_sheet=new.asks_job_sheet,
        )
        own = {"organisation": access.organisation, "service": service}
        ServiceMember.objects.bulk_create(ServiceMember(member=member, **own) for member in new.members)
        ServiceTax.objects.bulk_create(ServiceTax(tax=tax, **own) for tax in new.taxes)
        ServiceResource.objects.bulk_create(ServiceResource(resource=resource, **own) for resource in new.needs)
        ServiceHours.objects.bulk_create(
            ServiceHours(weekday=weekday, opens=opens, closes=closes, **own)
            for weekday, windows in new.hours.items()
            for opens, closes in windows
        )
        ServiceHours.objects.bulk_create(
            ServiceHours(on=on, opens=opens, closes=closes, **own)
            for on, windows in new.dates.items()
            for opens, closes in windows
        )
        change_timetable(access, Resource.objects.filter(member__in=list(new.members)))
        record(access, "service.created", service, changes={"name": [None, service.name]})
    return service
