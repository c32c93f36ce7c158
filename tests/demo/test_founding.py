"""What the four businesses are."""

from __future__ import annotations

import pytest

from carnet.base.scopes import open_organisation
from carnet.catalogue.models import Service
from carnet.catalogue.queries import ServiceStatus, standing
from carnet.customers.models import Address, Contact, Customer, Membership, Note
from carnet.demo.content import PLANS
from carnet.demo.crew import Crew
from carnet.demo.founding import found
from carnet.demo.writing import write_customers
from carnet.organisations.access import Access
from carnet.organisations.middleware import organisations_of
from carnet.organisations.models import Member, Organisation, User
from carnet.resources.models import Closure
from carnet.scheduling.hours import local
from tests.demo.conftest import paris

NOW = paris("2026-11-24 10:30")
pytestmark = pytest.mark.django_db


def opened() -> dict[str, Organisation]:
    return {plan.slug: found(plan, NOW) for plan in PLANS}


def test_each_business_is_founded_once() -> None:
    first = opened()
    assert opened() == first
    assert Organisation.objects.count() == 4


def test_the_four_businesses_have_people_services_and_holidays() -> None:
    for organisation in opened().values():
        with open_organisation(organisation):
            assert 4 <= Member.objects.count() <= 8
            assert Closure.objects.filter(on__year=2026, holiday=True).exists()
            assert Closure.objects.filter(on__year=2027, holiday=True).exists()
            booked = organisation.slug != "lavage-eclair"
            assert (8 <= Service.objects.count() <= 12) if booked else not Service.objects.exists()


def test_services_are_in_every_state() -> None:
    """One unavailable until some day of next week, one not in use, one seasonal, one that starts next month."""
    found_here = {}
    for organisation in opened().values():
        with open_organisation(organisation):
            access = Access.for_system(organisation, "test", NOW)
            for service in Service.objects.prefetch_related("outages"):
                found_here[service.name] = standing(access, service), service
    stands, _service = found_here["Lissage"]
    assert stands.status == ServiceStatus.UNAVAILABLE
    assert stands.until is not None
    assert 7 <= (local(stands.until, "Europe/Paris").date - NOW.date()).days <= 14
    assert found_here["Entretien des pelouses"][0].status == ServiceStatus.NOT_IN_USE
    seasonal = found_here["Fermeture de terrain"]
    assert seasonal[0].status == ServiceStatus.AVAILABLE
    assert seasonal[1].offered_from
    assert seasonal[1].offered_until
    upcoming = found_here["Rituel du cuir chevelu"][0]
    assert upcoming.status == ServiceStatus.UPCOMING
    assert str(upcoming.day) == "2026-12-01"


def test_one_person_works_in_two_businesses_with_one_sign_in() -> None:
    opened()
    shared = [user for user in User.objects.all() if len(organisations_of(user)) == 2]
    assert [user.email for user in shared] == ["camille.aubry@salon-lumiere.example"]


def test_nobody_of_the_demo_has_a_password() -> None:
    opened()
    assert User.objects.exists()
    assert not any(user.has_usable_password() for user in User.objects.all())


def test_the_car_wash_has_not_switched_services_on() -> None:
    organisation = opened()["lavage-eclair"]
    with open_organisation(organisation):
        write_customers(Crew(PLANS[3], organisation), NOW)
        assert Customer.objects.count() == 5
        assert not Access.for_system(organisation, "test", NOW).module_is_on("services")


def test_customers_are_as_people_write_them_down() -> None:
    """Numbers in many spellings, two addresses, notes, memberships of which some have run out (T3)."""
    organisation = opened()["maison-nette"]
    with open_organisation(organisation):
        write_customers(Crew(PLANS[1], organisation), NOW)
        assert Customer.objects.count() >= 300
        phones = list(Contact.objects.filter(kind=Contact.Kind.PHONE))
        assert all(phone.normal.startswith("+33") for phone in phones), "messy, but valid"
        assert len({"".join("9" if sign.isdigit() else sign for sign in phone.value) for phone in phones}) >= 8
        assert Address.objects.filter(position=1).exists()
        assert Address.objects.exclude(access_note="").exists()
        assert Note.objects.filter(pinned=True).exists()
        today = NOW.date()
        assert Membership.objects.filter(valid_until__lt=today).exists()
        assert Membership.objects.filter(valid_until__gt=today).exists()
