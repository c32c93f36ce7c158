"""Founding the demo businesses: organisation, people, hours and catalogue, each by the product's own actions."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from carnet.base.scopes import open_organisation
from carnet.base.unit_of_work import unit_of_work
from carnet.catalogue.actions import add_category, add_outage, add_tax, create_service, mark_not_in_use
from carnet.catalogue.details import ServiceDetails
from carnet.catalogue.models import Tax
from carnet.customisation.actions import set_up_customisation
from carnet.demo.plans import COMING_DAYS, PAST_DAYS, Plan, Sold
from carnet.demo.sheets import add_layouts
from carnet.organisations.access import Access
from carnet.organisations.actions import create_organisation
from carnet.organisations.models import Member, Organisation, Profile, Role, User
from carnet.organisations.permissions import ADMINISTRATOR
from carnet.resources.actions import (
    add_holidays,
    add_resource,
    add_time_off,
    employ_member,
    set_business_hours,
)
from carnet.resources.models import Resource
from carnet.scheduling import hours as wall

#: How long the business had existed before the demo began.
AGE = timedelta(days=200)


def found(plan: Plan, now: datetime) -> Organisation:
    """Return the business of `plan`, founded whole if it is not there yet."""
    known = Organisation.objects.filter(slug=plan.slug).first()
    if known is not None:
        return known
    with unit_of_work():
        system = create_organisation(
            name=plan.name,
            slug=plan.slug,
            country=plan.country,
            region=plan.region,
            zone=plan.zone,
            currency=plan.currency,
            language=plan.languages[0],
            languages=plan.languages,
            first_weekday=plan.first_weekday,
            prices_include_tax=plan.prices_include_tax,
            street=plan.street,
            postcode=plan.postcode,
            city=plan.city,
            phone=plan.phone,
            now=now - AGE,
        )
        with open_organisation(system.organisation):
            set_up_customisation(
                system,
                services_on=plan.services_on,
                job_sheet_fields=plan.job_sheet_fields,
            )
            set_business_hours(system, plan.hours)
            first, last = now - timedelta(days=PAST_DAYS), now + timedelta(days=COMING_DAYS)
            add_holidays(system, range(first.year, max(now.year + 1, last.year) + 1))
            taxes = {name: add_tax(system, name, rate) for name, rate in plan.taxes}
            members = _employ(system, plan)
            boss = next(members[person.name] for person in plan.people if person.profile == ADMINISTRATOR)
            administrator = Access.for_member(boss, now - AGE)
            _write_catalogue(administrator, plan, members, taxes, now)
            _send_away(administrator, plan, members, now)
    return system.organisation


def _employ(system: Access, plan: Plan) -> dict[str, Member]:
    profiles = {profile.key: profile for profile in Profile.objects.all()}
    role = Role.objects.get(parent__isnull=True)
    members = {}
    for person in plan.people:
        user = User.objects.filter(email=person.email).first()
        if user is None:
            # Without a password: the demo's people sign in by the links on the terminal.
            user = User.objects.create_user(person.email, None, language=person.language)
        members[person.name] = employ_member(
            system,
            person.name,
            profile=profiles[person.profile],
            role=role,
            user=user,
            hours=person.hours,
            phone=person.phone,
        )
    return members


def _write_catalogue(
    administrator: Access, plan: Plan, members: dict[str, Member], taxes: dict[str, Tax], now: datetime
) -> None:
    organisation = administrator.organisation
    founded = wall.local(now, organisation.zone).date
    rooms = {name: add_resource(administrator, name, kind=Resource.Kind.ROOM) for name in plan.rooms}
    names = dict.fromkeys(sold.category for sold in plan.services)
    layouts = add_layouts(administrator, plan.sheet_layouts)
    categories = {name: add_category(administrator, name) for name in names}
    for sold in plan.services:
        first, last = sold.offered(founded)
        service = create_service(
            administrator,
            ServiceDetails(
                name=sold.name,
                usual=sold.usual,
                shortest=sold.shortest,
                longest=sold.longest,
                price=sold.price,
                members=[members[name] for name in sold.by],
                taxes=[taxes[name] for name in sold.taxes],
                place=sold.place,
                category=categories[sold.category],
                description=sold.description,
                hue=sold.hue,
                before=sold.before,
                after=sold.after,
                offered_from=first,
                offered_until=last,
                asks_job_sheet=sold.asks_job_sheet,
                job_sheet_layout=layouts.get(sold.sheet),
                tags=sold.tags,
                add_ons=sold.add_ons,
                hourly=sold.hourly,
                member_prices={members[name].pk: price for name, price in sold.with_whom.items()},
                length_prices=sold.by_length,
                needs=[rooms[name] for name in sold.needs],
            ),
        )
        if not sold.in_use:
            mark_not_in_use(administrator, service)
        if sold.outage:
            add_outage(administrator, service, *outage_of(sold, founded, organisation.zone), reason=sold.outage)
        if sold.planned_outage:
            after, until, reason = sold.planned_outage
            days = [wall.day_span(founded + timedelta(days=number), organisation.zone) for number in (after, until)]
            add_outage(administrator, service, days[0].start, days[1].end, reason=reason)


def outage_of(sold: Sold, founded: date, zone: str) -> tuple[datetime, datetime]:
    """Return the period of a service's outage: from the day before the demo to the end of a day of the week after."""
    until = founded + timedelta(days=7 + (3 - founded.weekday()) % 5)
    return wall.day_span(founded - timedelta(days=1), zone).start, wall.day_span(until, zone).end


def _send_away(administrator: Access, plan: Plan, members: dict[str, Member], now: datetime) -> None:
    zone = administrator.organisation.zone
    today = wall.local(now, zone).date
    for person in plan.people:
        if person.away is not None:
            first, last, reason = person.away
            resource = Resource.objects.get(member=members[person.name])
            add_time_off(
                administrator,
                resource,
                wall.day_span(today + timedelta(days=first), zone).start,
                wall.day_span(today + timedelta(days=last), zone).end,
                reason=reason,
            )
