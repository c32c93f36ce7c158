"""Fills the product's database with workload W: `python -m benchmarks.filling FIRST_DAY SIZES` prints what was made.

The business is founded by the product's own actions; its visits and customers are written in bulk.
`python -m benchmarks.filling lengthen FROM TO` gives it pasts FROM to TO, each as long as the coming visits.
`python -m benchmarks.filling catalogue COUNT` gives it as many services as COUNT in all.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.workload import BLOCK, HALVES, SERVICE_MINUTES, ZONE, Sizes, visits

SLUG = "w"


@dataclass(frozen=True)
class Filled:
    """What the load generator must know of the business."""

    token: str
    session: str
    service: str
    #: By their number in the workload.
    members: list[str]
    customers: list[str]


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "carnet.settings"
    import django

    django.setup()
    if sys.argv[1] == "lengthen":
        lengthen(int(sys.argv[2]), int(sys.argv[3]))
    elif sys.argv[1] == "catalogue":
        fill_catalogue(int(sys.argv[2]))
    else:
        print(json.dumps(vars(fill(date.fromisoformat(sys.argv[1]), Sizes(**json.loads(sys.argv[2]))))))


def fill(first: date, sizes: Sizes) -> Filled:
    from carnet.base import clock
    from carnet.base.scopes import open_organisation
    from carnet.catalogue.actions import add_tax, create_service
    from carnet.catalogue.details import ServiceDetails
    from carnet.customisation.actions import set_up_customisation
    from carnet.organisations.actions import add_member, create_organisation, issue_token
    from carnet.organisations.models import Profile, Role, User
    from carnet.organisations.permissions import ADMINISTRATOR, FRONT_DESK, PROVIDER
    from carnet.resources.actions import employ_member, set_business_hours
    from carnet.running.migrating import migrate

    migrate()
    access = create_organisation(
        name="W", slug=SLUG, country="FR", zone=ZONE, currency="EUR", language="fr", now=clock.now()
    )
    with open_organisation(access.organisation):
        set_up_customisation(access, services_on=True)
        set_business_hours(access, dict.fromkeys(range(6), ((HALVES[0][0], HALVES[-1][1]),)))
        profiles = {profile.key: profile for profile in Profile.objects.all()}
        role = Role.objects.get()
        members = [
            employ_member(
                access,
                f"Member {number + 1}",
                profile=profiles[PROVIDER],
                role=role,
                hours=dict.fromkeys(range(6), HALVES),
            )
            for number in range(sizes.members)
        ]
        user = User.objects.create_user("desk@w.example", language="fr")
        desk = add_member(access, "Desk", profile=profiles[FRONT_DESK], role=role, user=user)
        add_member(access, "Owner", profile=profiles[ADMINISTRATOR], role=role)
        tax = add_tax(access, "TVA 20 %", 20_000)
        services = [
            create_service(
                access, ServiceDetails(f"Service {number}", SERVICE_MINUTES, 3_000, members=members, taxes=[tax])
            )
            for number in range(sizes.services)
        ]
        customers = write_customers(access, sizes.customers)
        write_visits(access, first, sizes, members, services, customers)
        token = issue_token(access, desk)
        if sizes.past:
            lengthen(1, sizes.past)
    return Filled(
        token=token,
        session=signed_in(user),
        service=str(services[0].public_id),
        members=[str(member.public_id) for member in members],
        customers=[str(customer.public_id) for customer in customers[:50]],
    )


def fill_catalogue(count: int) -> None:
    """Add services until there are `count`: of all lengths, in twelve categories, each by all members.

    Some have hours or buffers of their own, some are temporarily unavailable, not in use, or only to come.
    """
    from carnet.base.scopes import open_organisation, scopes_disabled
    from carnet.base.unit_of_work import unit_of_work
    from carnet.catalogue.actions import add_outage, create_service
    from carnet.catalogue.details import ServiceDetails
    from carnet.catalogue.models import Service, Tax
    from carnet.organisations.access import Access
    from carnet.organisations.models import Member

    with scopes_disabled():
        owner = Member.objects.select_related("organisation", "profile", "role").get(name="Owner")
    access = Access.for_member(owner)
    with open_organisation(owner.organisation), unit_of_work():
        members = list(Member.objects.filter(name__startswith="Member "))
        taxes = list(Tax.objects.all())
        for number in range(Service.objects.count(), count):
            details = ServiceDetails(
                f"Service {number} for the benchmark",
                15 + number * 7 % 22 * 5,
                1_000 + number * 37 % 9_000,
                members=members,
                taxes=taxes,
                category=f"Category {number % 12 + 1}",
                tags=[f"Tag {number % 5}"] if number % 2 else [],
                place=("business", "customer", "both")[number % 3],
                description="A few words that tell what is done, how, and with what. " * 3,
                hue=number % 8,
                before=10 if number % 6 == 1 else 0,
                after=15 if number % 6 == 2 else 0,
                hours={number % 6: [HALVES[0]], (number + 2) % 6: [HALVES[1]]} if number % 10 == 3 else {},
                offered_from=(access.now + timedelta(days=number % 40)).date() if number % 20 == 4 else None,
                in_use=number % 20 != 5,
            )
            service = create_service(access, details)
            if number % 20 == 6:
                add_outage(access, service, access.now, access.now + timedelta(days=number % 25 + 1), reason="Repair")
    analyse()


def signed_in(user: Any) -> str:
    """Return the key of a session of `user`, as signing in leaves it."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from carnet.organisations.sessions import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


FIRST_NAMES = ("Anaïs", "Benoît", "Chloé", "Dörte", "Émile", "Françoise", "Gaëlle", "Hélène", "Inès", "Jérôme", "Zoë")
LAST_NAMES = ("Bernard", "Caron", "Dubois", "Élan", "Faure", "Garnier", "Hébert", "Lœb", "Marchand", "Noël", "Perrin")


def name_of(number: int) -> str:
    """Return the name of a customer; the number in it makes one in ten thousand alike."""
    first = FIRST_NAMES[number % len(FIRST_NAMES)]
    last = LAST_NAMES[number // len(FIRST_NAMES) % len(LAST_NAMES)]
    return f"{first} {last}-{'aeioubcdfg'[number // 7 % 10]}{'ktmnrs'[number // 70 % 6]}{number // 420 % 97}"


def phone_of(number: int) -> str:
    return f"06 {number // 1_000_000 % 100:02} {number // 10_000 % 100:02} {number // 100 % 100:02} {number % 100:02}"


def write_customers(access: Any, count: int) -> list[Any]:
    """Write customers as `create_customer` leaves them: two contacts each, one address, what is looked up."""
    from carnet.customers.lookup import fold
    from carnet.customers.models import Address, Contact, Customer, LookupText

    own = {"organisation": access.organisation}
    names = [name_of(number) for number in range(count)]
    customers = [
        Customer(name=name, sorted_as=fold(name), language="fr", created_at=access.now, **own) for name in names
    ]
    Customer.objects.bulk_create(customers, batch_size=2_000)
    contacts, addresses, texts = [], [], []
    for number, customer in enumerate(customers):
        phone, email = phone_of(number), f"customer{number}@mail.example"
        home = phone.replace(" ", "")
        street, postcode, city = f"{number % 300 + 1} rue des Lilas", f"{75_000 + number % 20}", "Paris"
        contacts += [
            Contact(customer=customer, kind="phone", value=phone, normal=f"+33{home[1:]}", **own),
            Contact(customer=customer, kind="email", value=email, normal=email, **own),
        ]
        addresses.append(Address(customer=customer, street=street, postcode=postcode, city=city, country="FR", **own))
        parts = [fold(customer.name), home, f"33{home[1:]}", email, fold(f"{street} {postcode} {city}")]
        texts.append(LookupText(customer=customer, text=" | ".join(parts), **own))
    Contact.objects.bulk_create(contacts, batch_size=2_000)
    Address.objects.bulk_create(addresses, batch_size=2_000)
    LookupText.objects.bulk_create(texts, batch_size=2_000)
    return customers


def write_visits(
    access: Any, first: date, sizes: Sizes, members: list[Any], services: list[Any], customers: list[Any]
) -> None:
    from carnet.appointments.models import Appointment, Claim, Segment, SegmentMember
    from carnet.resources.models import Resource

    own = {"organisation": access.organisation}
    resources = dict(Resource.objects.values_list("member_id", "id"))
    planned = visits(sizes, first)
    appointments, segments = [], []
    for number, visit in enumerate(planned):
        at = {"starts_at": visit.start, "ends_at": visit.end, "zone": ZONE}
        appointment = Appointment(
            customer=customers[number % len(customers)],
            place="business",
            currency="EUR",
            total=3_000,
            created_at=access.now,
            **at,
            **own,
        )
        wall = visit.start.astimezone(ZoneInfo(ZONE))
        service = services[number % len(services)]
        appointments.append(appointment)
        segments.append(
            Segment(
                appointment=appointment,
                position=0,
                service=service,
                service_name=service.name,
                local_date=wall.date(),
                local_time=wall.time(),
                minutes=visit.length,
                net=2_500,
                taxes=[{"name": "TVA 20 %", "rate": 20_000, "amount": 500}],
                total=3_000,
                **at,
                **own,
            )
        )
    Appointment.objects.bulk_create(appointments, batch_size=2_000)
    Segment.objects.bulk_create(segments, batch_size=2_000)
    both = list(zip(segments, planned, strict=True))
    SegmentMember.objects.bulk_create(
        [SegmentMember(segment=segment, member=members[visit.member], **own) for segment, visit in both],
        batch_size=2_000,
    )
    Claim.objects.bulk_create(
        [
            Claim(
                segment=segment,
                resource_id=resources[members[visit.member].pk],
                starts_at=segment.starts_at,
                ends_at=segment.ends_at,
                **own,
            )
            for segment, visit in both
        ],
        batch_size=2_000,
    )


def lengthen(since: int, until: int) -> None:
    """Copy the coming visits into pasts `since` to `until`, each 13 weeks before the next, as completed ones."""
    from django.db import connection, transaction

    from carnet.appointments.models import Appointment, Claim, Segment, SegmentMember

    models: list[Any] = [Appointment, Segment, SegmentMember, Claim]
    with transaction.atomic(), connection.cursor() as cursor:
        for past in range(since, until + 1):
            for model in models:
                _copy(cursor, model, past)
        for model in models:
            if connection.vendor == "postgresql":
                table = model._meta.db_table
                cursor.execute(f"SELECT setval(pg_get_serial_sequence(%s, 'id'), max(id)) FROM {table}", [table])
    analyse()


#: Copies get ids of their own, out of reach of the originals and of each other.
_APART = 10_000_000


def _copy(cursor: Any, model: Any, past: int) -> None:
    columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
    values = ", ".join(copied_column(field, past) for field in model._meta.concrete_fields)
    table = model._meta.db_table
    cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} WHERE id < {_APART}")


def copied_column(field: Any, past: int) -> str:
    """Return the SQL of a copy's column."""
    from django.db import connection

    postgresql = connection.vendor == "postgresql"
    column, days = f'"{field.column}"', past * BLOCK.days
    if field.primary_key or field.column in ("appointment_id", "segment_id"):
        return f"{column} + {past * _APART}"
    match field.get_internal_type():
        case "UUIDField":
            return "gen_random_uuid()" if postgresql else "lower(hex(randomblob(16)))"
        case "DateTimeField" if field.column in ("starts_at", "ends_at"):
            return f"{column} - interval '{days} days'" if postgresql else f"datetime({column}, '-{days} days')"
        case "DateField":
            return f"{column} - {days}" if postgresql else f"date({column}, '-{days} days')"
    return "'completed'" if field.column == "status" else column


def analyse() -> None:
    """Bring the planner's knowledge up to date, as PostgreSQL does by itself within minutes."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


@contextmanager
def open_w() -> Iterator[Any]:
    """Open the business; yield the access of its front desk."""
    from carnet.base.scopes import open_organisation, scopes_disabled
    from carnet.organisations.access import Access
    from carnet.organisations.models import Member

    with scopes_disabled():
        desk = Member.objects.select_related("organisation", "profile", "role").get(name="Desk")
    with open_organisation(desk.organisation):
        yield Access.for_member(desk)


def midnight(day: date) -> int:
    """Return when a day begins in the business's zone, in epoch seconds."""
    return int(datetime.combine(day, datetime.min.time(), tzinfo=ZoneInfo(ZONE)).timestamp())


if __name__ == "__main__":
    main()
