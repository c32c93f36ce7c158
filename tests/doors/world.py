"""The world that the doors are tried in: a salon and a garage at work this very morning.

Every try happens in a transaction that is rolled back, so the world stays as it was built and a try costs milliseconds.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4
from zoneinfo import ZoneInfo

import django_scopes
import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from carnet.appointments.actions import cancel_appointment, deactivate_member, rearrange
from carnet.appointments.actions.changes import BusinessHoursSet, OutageAdded
from carnet.appointments.actions.changes_of_time import AbsenceAdded
from carnet.appointments.actions.deactivate import heritage_of
from carnet.appointments.actions.delete_service import delete_service
from carnet.appointments.models import Appointment
from carnet.base.scopes import open_organisation
from carnet.catalogue.actions import add_outage, create_service
from carnet.catalogue.details import ServiceDetails
from carnet.catalogue.models import Category, Picture, Service, Tag, Tax
from carnet.catalogue.pictures import drawn
from carnet.customers.actions import add_membership, add_note
from carnet.customers.models import Address, Customer
from carnet.customisation.actions import save_layout
from carnet.customisation.models import Field, StoredFile
from carnet.customisation.queries import current_layout, draft_of, fields_of, key_of
from carnet.jobsheets.actions import add_sheet_layout
from carnet.jobsheets.queries import kept_or_blank
from carnet.organisations.access import Access
from carnet.organisations.actions import add_role, invite_member
from carnet.organisations.actions.export import ask_export
from carnet.organisations.export import write_some
from carnet.organisations.invitations import secret_of
from carnet.organisations.models import Export, Member, Profile, Role, Token, User
from carnet.organisations.permissions import PERMISSIONS
from carnet.resources.actions import add_closures, add_time_off, employ_member, set_business_hours, set_resource_hours
from tests.cast import Business, open_business
from tests.doors.matrix import Row
from tests.doors.routes import API, INSIDE
from tests.laid_out import hold
from tests.morning import zone_at_opening
from tests.pictures import picture

#: What may differ before and after a refused request: who is signed in, and how often somebody has tried.
NOT_COUNTED = {"organisations_signin", "organisations_tries", "cache", "django_migrations"}
#: Columns that tell when somebody, or a program, came in last.
NOTED_IN_PASSING = {"last_login", "last_used_at"}
EVERY_DAY = dict.fromkeys(range(7), ((9 * 60, 18 * 60),))
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "sheet"}


@dataclass
class World:
    """A salon whose doors are tried, and the people who try them."""

    salon: Business
    garage: Business
    #: Tess of the salon, whose profile is what a try makes of it.
    tess: Member
    #: What rows name: ids of the salon's records, its days and times.
    names: dict[str, str]
    clients: dict[str, Client] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    #: The same of another business, where a test has two of the kind.
    theirs: dict[str, str] = field(default_factory=dict)

    def nothing(self) -> dict[str, str]:
        """Return the names with ids that nobody has in place of those of records."""
        return {name: _like(value) for name, value in self.names.items()}

    def send(
        self,
        row: Row,
        who: str = "tess",
        *,
        organisation: str = "salon",
        names: Mapping[str, str] | None = None,
        **more: Any,
    ) -> HttpResponse:
        """Send what the row says as `who` ("" for nobody), to `organisation`, with `names` filled in."""
        address, body = self.request(row, organisation, names or self.names)
        if row.route.door == API:
            headers = {"If-Match": "*", "Accept-Language": "en"}
            if who:
                headers["Authorization"] = f"Bearer {self.tokens[who]}"
            data = b"" if body is None else json.dumps(body).encode()
            return self.clients["nobody"].generic(
                row.route.verb,
                address,
                data,
                content_type="application/json",
                headers=headers | more.pop("headers", {}),
            )
        # A client of its own each time: what an answer does to its cookies, a sign-out say, does not touch the next.
        client = more.pop("client", None) or Client(raise_request_exception=False)
        client.cookies.update(self.clients[who or "nobody"].cookies)
        if row.json:
            return client.generic("POST", address, json.dumps(body), content_type="application/json", **more)
        data = urlencode(body or {}, doseq=True)
        return client.generic(row.route.verb, address, data, content_type="application/x-www-form-urlencoded", **more)

    def request(self, row: Row, organisation: str, names: Mapping[str, str]) -> tuple[str, Any]:
        """Return the address and body of a row."""
        names = {**names, "organisation": organisation}
        path = re.sub(
            r"<(?:\w+:)?(\w+)>|{(\w+)}", lambda found: names[row.at.get(_name(found), _name(found))], row.route.path
        )
        prefix = {API: "/api/v1/", INSIDE: f"/o/{organisation}/"}.get(row.route.door, "/")
        query = urlencode(filled(row.query, names), doseq=True)
        body = None if row.body is None else filled(row.body, names)
        return f"{prefix}{path}{'?' + query if query else ''}", body

    def may(self, *permissions: str, reach: str = Profile.Reach.EVERYTHING) -> None:
        """Let Tess hold these permissions and no other, until the end of the try."""
        Profile._base_manager.filter(pk=self.tess.profile_id).update(permissions=list(permissions), reach=reach)


def _name(found: re.Match[str]) -> str:
    return found[1] or found[2]


def filled(value: Any, names: Mapping[str, str]) -> Any:
    """Return `value` with each {name} in its keys and texts replaced."""
    if isinstance(value, dict):
        return {key.format(**names): filled(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, names) for inner in value]
    return value.format(**names) if isinstance(value, str) else value


def _like(value: str) -> str:
    """Return an id of the same kind that no record has; anything else as it is."""
    if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value):
        return str(uuid4())
    if re.fullmatch(r"f?\d{1,9}", value):
        return re.sub(r"\d+", "987654321", value)
    return value


def words(response: HttpResponse) -> str:
    """Return an answer without the token that each page makes anew."""
    text = response.content.decode()
    return re.sub(r'content="\w{64}"|value="\w{64}"|hx-headers=\'[^\']*\'', "", text)


def digest() -> dict[str, str]:
    """Return what every table holds, as one checksum each."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) - NOT_COUNTED):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            columns = [column.name if hasattr(column, "name") else column[0] for column in cursor.description]
            kept = [n for n, column in enumerate(columns) if column not in NOTED_IN_PASSING]
            rows = sorted(repr([row[n] for n in kept]) for row in cursor.fetchall())
            found[table] = f"{len(rows)} {hashlib.blake2b(''.join(rows).encode()).hexdigest()}"
    return found


@contextmanager
def tried() -> Iterator[None]:
    """Take back whatever happens inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def unchanged(what: object = "") -> Iterator[None]:
    """Expect that nothing changes inside, in any table (I10)."""
    before = digest()
    yield
    after = digest()
    assert {name for name in after if after[name] != before.get(name)} == set(), what


@contextmanager
def fence_up() -> Iterator[None]:
    """Build with the scopes in place, in a run that takes that guard away too: only what is tried goes without."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(django_scopes, "get_scope", django_scopes.state.get_scope)
        yield


def build_world() -> World:
    """Build both businesses where it is some minutes past nine, open every day, with visits in each state."""
    now = datetime.now(UTC)
    zone = zone_at_opening(now)
    today = now.astimezone(ZoneInfo(zone)).date()
    salon = open_business("salon", zone=zone, now=now, day=today)
    garage = open_business("garage", zone=zone, now=now, day=today)
    tess, names = furnish(salon)
    world = World(salon, garage, tess, names)
    people = {"tess": (salon, "tess"), "alice": (salon, "alice"), "stranger": (garage, "alice")}
    world.clients["nobody"] = Client(raise_request_exception=False)
    for who, (business, name) in people.items():
        world.clients[who] = Client(raise_request_exception=False)
        world.clients[who].force_login(business.user(name))
        world.tokens[who] = token_of(business, name)
    return world


def furnish(salon: Business) -> tuple[Member, dict[str, str]]:
    """Fill a business with a record of each kind; return who is tried as, and what rows name."""
    now, today, zone = salon.now, salon.day, salon.organisation.zone
    with open_organisation(salon.organisation):
        set_business_hours(salon.system, EVERY_DAY)
        for name in ("lea", "max"):
            set_resource_hours(salon.system, salon.resource(name), EVERY_DAY)
        # An administrator’s profile knows no bounds: what it lacks cannot be tried.
        profile = Profile.objects.create(organisation=salon.organisation, name="Tried", permissions=sorted(PERMISSIONS))
        profile.reach = Profile.Reach.EVERYTHING
        profile.save()
        user = User.objects.create_user(f"tess@{salon.organisation.slug}.example", "a long password", language="en")
        tess = employ_member(salon.system, "Tess", profile=profile, role=Role.objects.get(), user=user)
        salon.members["tess"] = tess
        bare, held = (
            Profile.objects.create(organisation=salon.organisation, name=name, reach=Profile.Reach.OWN)
            for name in ("Bare", "Held")
        )
        for name in ("nina", "otto", "pia"):
            salon.members[name] = employ_member(salon.system, name.title(), profile=held, role=Role.objects.get())
        deactivate_member(salon.system, salon.members["otto"])
        invited = invite_member(salon.system, salon.members["pia"], f"pia@{salon.organisation.slug}.mail.example")
        early = now - timedelta(hours=2)
        coming = salon.book("haircut", at="15:00")
        passed = salon.book("haircut", at="09:00", member="max", customer="omar", now=early)
        sheeted = salon.book("colour", at="09:00", now=early)
        ended = salon.book("haircut", at="16:30")
        cancel_appointment(Access.for_member(Member.objects.get(pk=tess.pk)), ended, reason="customer")
        add_note(salon.system, salon.customers["vera"], "Allergic to ammonia", pinned=True)
        add_membership(salon.system, salon.customers["vera"], "Carte fidélité", number="A 12")
        by_tess = Access.for_member(Member.objects.get(pk=tess.pk))
        much_later = now + timedelta(days=200)
        break_down = OutageAdded(salon.services["both"], much_later, much_later + timedelta(days=1))
        holidays = AbsenceAdded(salon.resource("lea"), much_later, much_later + timedelta(days=9))
        changes = (break_down, BusinessHoursSet(EVERY_DAY), holidays)
        made = [rearrange(by_tess, change, []) for change in changes]
        closed = {today + timedelta(days=160): "Inventory"}
        add_closures(salon.system, closed)
        later = now + timedelta(days=100)
        absence = add_time_off(salon.system, salon.resource("lea"), later, later + timedelta(days=1), reason="Dentist")
        soon = now + timedelta(days=20)
        both = salon.services["both"]
        outage = add_outage(salon.system, both, soon, soon + timedelta(days=1), reason="Works on the pipes")
        salon.services["binned"] = create_service(salon.system, ServiceDetails("Défrisage", 60, 5000, members=[tess]))
        delete_service(salon.system, salon.services["binned"])
        one = {"organisation": salon.organisation, "service": salon.services["haircut"]}
        # Its address is asked for, not its looks.
        shown = Picture.objects.create(**one, small=b"s", medium=b"m", large=b"l", width=3, height=2)
        system = salon.system
        kept = ServiceDetails("Beauté", 30, 2500, members=[salon.members["lea"]], owner=salon.members["alice"])
        paused = create_service(system, replace(kept, category="Douceurs", tags=["Calme"]), image=drawn(picture()))
        salon.services["paused"] = paused
        paused_outage = add_outage(salon.system, paused, now + timedelta(days=300), now + timedelta(days=301))
        one = {"organisation": salon.organisation, "member": tess, "created_at": now}
        token = Token.objects.create(
            **one, name="Caisse", hash=Token.hash_of(f"nobody knows that of {salon.organisation.slug}")
        )
        drafted = draft_of(salon.system, current_layout(salon.system, "appointments", "cancel").document)
        save_layout(salon.system, "appointments", "cancel", drafted, version=0)
        add_sheet_layout(salon.system, "Repair")
        car = hold(salon, Customer, "Clio", module="customers", searched=True)
        hold(salon, Service, "With care", module="services")
        hold(salon, Appointment, "By bicycle", module="appointments", name="create")
        # Of fields that stand in no layout: who sees the record is asked for, not where they show.
        fields = {
            name: Field.objects.create(organisation=salon.organisation, module=module, type=name)
            for name, module in (("image", "customers"), ("signature", "job_sheets"))
        }
        photo = StoredFile.objects.create(
            organisation=salon.organisation,
            field=fields["image"],
            record=salon.customers["vera"].pk,
            name="front.jpg",
            content_type="image/webp",
            size=1,
            data=b"d",
            small=b"s",
            sent_at=now,
        )
        key = key_of(next(iter(fields_of(kept_or_blank(salon.system, sheeted).layout_version.document))))
        names = {
            "coming": str(coming.public_id),
            "passed": str(passed.public_id),
            "sheeted": str(sheeted.public_id),
            "ended": str(ended.public_id),
            "address": str(Address.objects.get(customer=salon.customers["vera"]).public_id),
            "outage_made": str(made[0].public_id),
            "hours_made": str(made[1].public_id),
            "absence_made": str(made[2].public_id),
            "absence": str(absence.public_id),
            "closed": min(closed).isoformat(),
            "later": (today + timedelta(days=150)).isoformat(),
            "outage": str(outage.public_id),
            "picture": str(shown.public_id),
            "size": "large",
            "sort": "customer",
            "secret": secret_of(invited.public_id),
            "tess_seen": heritage_of(salon.system, tess).digest,
            "export": str(exported(salon).public_id),
            "nina_seen": heritage_of(salon.system, salon.members["nina"]).digest,
            "customers_module": "customers",
            "standard": "standard",
            "car": car,
            "tax": str(Tax.objects.get().public_id),
            "profile": str(profile.public_id),
            "bare": str(bare.public_id),
            "key": str(token.public_id),
            "team": str(tess.role.public_id),
            "shop": str(add_role(salon.system, "Shop").public_id),
            "provider": str(Profile.objects.get(key="provider").public_id),
            "front_desk": str(Profile.objects.get(key="front_desk").public_id),
            "category": str(Category.objects.get().public_id),
            "tag": str(Tag.objects.get().public_id),
            "paused_outage": str(paused_outage.public_id),
            "field": key,
            "signature": f"f{fields['signature'].pk}",
            "held_file": str(photo.public_id),
            "day": today.isoformat(),
            "laid_out": "customers",
            "appointments": "appointments",
            "cancel": "cancel",
            "repair": "repair",
            "first_version": "1",
            "free": salon.at("12:00").astimezone(ZoneInfo(zone)).isoformat(),
            "new": str(uuid4()),
            # Nobody has a passkey: adding one takes a browser.
            "passkey_id": str(uuid4()),
        }
    names |= {name: str(one.public_id) for name, one in salon.customers.items()}
    names |= {name: str(one.public_id) for name, one in salon.services.items()}
    names |= {name: str(one.public_id) for name, one in salon.members.items()}
    return tess, names


def exported(business: Business) -> Export:
    """Return an export of everything that is ready to be fetched."""
    export = ask_export(business.system)
    while write_some(business.system, export.pk):
        pass
    export.refresh_from_db()
    return export


def token_of(business: Business, name: str) -> str:
    secret = Token.new_secret()
    with open_organisation(business.organisation):
        Token.objects.create(
            organisation=business.organisation,
            member=business.members[name],
            hash=Token.hash_of(secret),
            created_at=business.now,
        )
    return secret
