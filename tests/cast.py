"""The cast of the tests: a salon and a garage, made by the product's own actions, in a world with a fixed clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from carnet.appointments.actions import Booking, book_appointment
from carnet.appointments.availability import Ask
from carnet.appointments.models import Appointment
from carnet.base import clock
from carnet.base.scopes import open_organisation
from carnet.catalogue.actions import add_tax, create_service
from carnet.catalogue.details import ServiceDetails
from carnet.catalogue.models import Service
from carnet.customers.actions import NewAddress, NewCustomer, create_customer
from carnet.customers.models import Customer
from carnet.organisations.access import Access
from carnet.organisations.actions import create_organisation
from carnet.organisations.models import Member, Organisation, Profile, Role, User
from carnet.resources.actions import employ_member, set_business_hours
from carnet.resources.models import Resource

#: A Tuesday; the tests' day is the Wednesday of the week after.
NOW = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
DAY = date(2026, 3, 11)
WEEK = dict.fromkeys(range(6), ((9 * 60, 18 * 60),))


@dataclass
class Business:
    """A business of the tests, with shortcuts that read like sentences."""

    organisation: Organisation
    system: Access
    now: datetime
    day: date
    members: dict[str, Member] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    customers: dict[str, Customer] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.organisation.zone)

    def access(self, name: str, now: datetime | None = None) -> Access:
        """Return the access of the member called `name` (alice administers, bea is at the front desk)."""
        member = Member.objects.select_related("organisation", "profile", "role").get(pk=self.members[name].pk)
        return Access.for_member(member, now or self.now)

    def at(self, clock: str, day: date | None = None) -> datetime:
        """Return the instant of a local wall time on the tests' day."""
        return datetime.combine(day or self.day, time.fromisoformat(clock), tzinfo=self.zone).astimezone(UTC)

    def user(self, name: str) -> User:
        user = self.members[name].user
        assert user is not None
        return user

    def resource(self, name: str) -> Resource:
        return Resource.objects.get(member=self.members[name])

    def book(
        self,
        service: str = "haircut",
        at: str = "10:00",
        *,
        member: str | None = "lea",
        by: str = "bea",
        customer: str | None = "vera",
        day: date | None = None,
        now: datetime | None = None,
        **more: Any,
    ) -> Appointment:
        """Book through the product's own action."""
        ask = Ask(self.services[service], more.pop("minutes", None), self.members[member] if member else None)
        who = self.customers[customer] if customer else None
        booking = Booking(asks=(ask,), start=self.at(at, day), customer=who, **more)
        return book_appointment(self.access(by, now), booking)

    def url(self, path: str = "") -> str:
        return f"/o/{self.organisation.slug}/{path}"


def open_business(slug: str, *, zone: str = "Europe/Paris", now: datetime = NOW, day: date = DAY) -> Business:
    """Found a business with four members, four services and three customers; its scope must be opened by the caller."""
    from carnet.customisation.actions import set_up_customisation

    system = create_organisation(
        name=slug.title(),
        slug=slug,
        country="FR",
        zone=zone,
        currency="EUR",
        language="fr",
        languages=("fr", "en"),
        street="12 rue de la Paix",
        postcode="75002",
        city="Paris",
        phone="+33 1 42 00 00 00",
        now=now - timedelta(days=30),
    )
    system.now = now
    business = Business(system.organisation, system, now, day)
    with open_organisation(system.organisation):
        set_up_customisation(system, services_on=True)
        set_business_hours(system, WEEK)
        profiles = {profile.key: profile for profile in Profile.objects.all()}
        role = Role.objects.get()
        people = (("alice", "administrator"), ("bea", "front_desk"), ("lea", "provider"), ("max", "provider"))
        for name, key in people:
            user = User.objects.create_user(f"{name}@{slug}.example", "a long password", language="en")
            add = employ_member(
                system,
                name.title(),
                profile=profiles[key],
                role=role,
                user=user,
                hours=dict.fromkeys(range(6), ((9 * 60, 13 * 60), (14 * 60, 18 * 60))),
            )
            business.members[name] = add
        tax = add_tax(system, "TVA 20 %", 20_000)
        providers = [business.members["lea"], business.members["max"]]
        services = {
            "haircut": ServiceDetails("Coupe", 45, 3500, members=providers, taxes=[tax]),
            "colour": ServiceDetails(
                "Couleur", 90, 8000, members=providers, taxes=[tax], asks_job_sheet=True, after=15
            ),
            "garden": ServiceDetails(
                "Jardin", 240, 30000, shortest=180, longest=360, members=providers, taxes=[tax], place="customer"
            ),
            "both": ServiceDetails("Coiffage", 30, 4000, members=[providers[0]], taxes=[tax], place="both"),
        }
        for key, new in services.items():
            business.services[key] = create_service(system, replace(new, owner=business.members["alice"]))
        home = NewAddress("3 rue des Lilas", "75019", "Paris", "Maison", "Code 4521")
        business.customers = {
            "vera": create_customer(
                system, NewCustomer("Véra Élan", ("06 12 34 56 78",), ("vera@mail.example",), (home,), "fr")
            ),
            "omar": create_customer(system, NewCustomer("Omar Özgür", ("+33 6 98 76 54 32",))),
            "nobody": create_customer(system, NewCustomer(phones=("07 00 00 00 01",))),
        }
    return business


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Return a function that stops the product's clock at an instant."""

    def stop_at(instant: datetime) -> None:
        monkeypatch.setattr(clock, "timezone", SimpleNamespace(now=lambda: instant))

    return stop_at


@pytest.fixture
def salon(db: None) -> Iterator[Business]:
    """A hair salon in Paris on a fixed Tuesday in March 2026, its scope open."""
    business = open_business("salon")
    with open_organisation(business.organisation):
        yield business


@pytest.fixture
def garage(db: None) -> Business:
    """Another organisation, to whom the salon's records must not exist."""
    return open_business("garage")


def coming_day(after: int = 7) -> date:
    """Return a working day at least `after` days ahead of the real clock, for tests through pages and the API."""
    day = datetime.now(UTC).date() + timedelta(days=after)
    return day + timedelta(days=1) if day.weekday() == 6 else day


@pytest.fixture
def open_salon(db: None) -> Business:
    """The salon at the real clock, its scope closed: for tests through pages and the API."""
    return open_business("salon", now=datetime.now(UTC), day=coming_day())


@pytest.fixture
def open_garage(db: None) -> Business:
    return open_business("garage", now=datetime.now(UTC), day=coming_day())
