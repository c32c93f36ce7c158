"""« Qui peut voir ceci ? »: the answer is what the doors do, and the rules that are told lead to it."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as some

from carnet.appointments.models import Appointment, SegmentMember
from carnet.base.scopes import open_organisation
from carnet.catalogue.models import Service
from carnet.customers.models import Customer
from carnet.customisation.models import Module
from carnet.desk.queries.why import SORTS, why
from carnet.organisations.access import Access
from carnet.organisations.actions import add_role, edit_role
from carnet.organisations.models import Member, Profile, Role
from tests.cast import Business
from tests.desk.test_members import signed_in
from tests.desk.test_roles import words

PEOPLE = ("alice", "bea", "lea", "max")
PERMISSIONS = ("appointments.see", "catalogue.see", "customers.see", "job_sheets.see")

#: For each of four people: a role of four, a reach, rights, active or not, administrator or not.
persons = some.tuples(
    some.integers(0, 3),
    some.sampled_from(Profile.Reach.values),
    some.sets(some.sampled_from(PERMISSIONS), min_size=2),
    some.integers(0, 9).map(bool),
    some.integers(0, 9).map(lambda number: number == 0),
)
worlds = some.fixed_dictionaries(
    {
        "people": some.tuples(persons, persons, persons, persons),
        # The role above each: none, or one that comes before it, so that there is no circle.
        "parents": some.tuples(*(some.integers(-1, number - 1) for number in range(4))),
        "shares": some.tuples(*[some.booleans()] * 4),
        "owners": some.tuples(*[some.integers(-1, 3)] * 2),
        "provider": some.integers(0, 3),
        "modules": some.tuples(*[some.integers(0, 4).map(bool)] * 2),
    }
)


@pytest.fixture
def visited(salon: Business) -> Business:
    """One visit of Vera’s; and four roles for what comes."""
    salon.book("haircut")
    for name in ("Second", "Third", "Fourth"):
        add_role(salon.system, name)
    return salon


def build(business: Business, world: dict[str, Any]) -> None:
    roles = list(Role.objects.order_by("pk"))
    for role, parent, shares in zip(roles, world["parents"], world["shares"], strict=True):
        role.parent, role.shares_with_peers = roles[parent] if parent >= 0 else None, shares
        role.save()
    members = [business.members[name] for name in PEOPLE]
    for member, (role, reach, permissions, active, administrator) in zip(members, world["people"], strict=True):
        profile = Profile.objects.create(
            organisation=business.organisation,
            name=f"Of {member.name}",
            reach=reach,
            permissions=sorted(permissions),
            administrator=administrator,
        )
        Member.objects.filter(pk=member.pk).update(role=roles[role], profile=profile, active=active)
    visit, customer = (members[one] if one >= 0 else None for one in world["owners"])
    Appointment.objects.update(owner=visit)
    Customer.objects.update(owner=customer)
    SegmentMember.objects.update(member=members[world["provider"]])
    for key, on in zip((Module.Key.SERVICES, Module.Key.JOB_SHEETS), world["modules"], strict=True):
        Module.objects.filter(key=key).update(on=on)


@pytest.mark.guard("visible")
def test_the_verdict_is_what_the_doors_give_and_follows_from_the_rules(visited: Business) -> None:
    """For any tree, profiles and owners: it equals `may` and `visible`, and the rules told lead to it."""

    @given(worlds)
    def hold(world: dict[str, Any]) -> None:
        with transaction.atomic():
            build(visited, world)
            # What was read of the records before is what somebody looks at now.
            records = {
                "customer": Customer.objects.get(pk=visited.customers["vera"].pk),
                "appointment": Appointment.objects.get(),
                "service": Service.objects.get(pk=visited.services["haircut"].pk),
                "job-sheet": Appointment.objects.get(),
            }
            for name in PEOPLE:
                member = visited.access(name).member
                assert member is not None
                for sort, record in records.items():
                    asked = SORTS[sort]
                    answer = why(visited.system, member, asked, record)
                    access = Access.for_member(member, visited.now)
                    seen = access.visible(asked.model._default_manager.filter(pk=record.pk)).exists()
                    assert answer.sees == (seen and all(access.may(one) for one in asked.permissions))
                    assert answer.follows == answer.sees, (name, sort, answer.rules)
            transaction.set_rollback(True)

    hold()


@pytest.fixture
def alice(open_salon: Business) -> Client:
    return signed_in(open_salon, "alice")


def asked_of(client: Client, business: Business, sort: str, record: Any, name: str) -> Any:
    where = business.url(f"set-up/why/{sort}/{record.public_id}/")
    return client.get(where, {"member": str(business.members[name].public_id)})


def test_an_administrator_asks_and_gets_the_verdict_with_its_rules(alice: Client, open_salon: Business) -> None:
    with open_organisation(open_salon.organisation):
        team = Role.objects.get()
        lower = add_role(open_salon.system, "Apprentices", parent=team)
        open_salon.book("haircut", member="max")
        stylist = Profile.objects.create(
            organisation=open_salon.organisation,
            name="Stylist",
            permissions=["customers.see", "appointments.see"],
            reach=Profile.Reach.ROLE,
        )
        people = {name: open_salon.members[name].pk for name in ("lea", "max")}
        Member.objects.filter(pk__in=people.values()).update(profile=stylist)
        Member.objects.filter(pk=people["max"]).update(role=lower)
        visit = Appointment.objects.get()
        Appointment.objects.update(owner=open_salon.members["alice"])
    seen = words(asked_of(alice, open_salon, "appointment", visit, "lea"))
    assert "Lea can see this." in seen
    assert "Lea (Équipe) is above Max (Apprentices)." in seen
    assert "The profile Stylist holds the right “Appointments: see”." in seen
    with open_organisation(open_salon.organisation):
        edit_role(open_salon.system, team, name="Équipe", shares_with_peers=False)
        SegmentMember.objects.update(member=open_salon.members["bea"])
    hidden = words(asked_of(alice, open_salon, "appointment", visit, "lea"))
    assert "Lea cannot see this." in hidden
    assert "in which peers do not see each other" in hidden
    sheet = words(asked_of(alice, open_salon, "job-sheet", visit, "max"))
    assert "The profile Stylist lacks the right “Job sheets: see”." in sheet
    service = asked_of(alice, open_salon, "service", open_salon.services["haircut"], "bea")
    assert "Bea can see this." in words(service)
    assert "reaches everybody’s records" in words(
        asked_of(alice, open_salon, "customer", open_salon.customers["vera"], "bea")
    )


def test_the_way_to_it_stands_on_each_record_for_who_manages_members(alice: Client, open_salon: Business) -> None:
    with open_organisation(open_salon.organisation):
        visit = open_salon.book("colour")
    bea = signed_in(open_salon, "bea")
    vera, colour = open_salon.customers["vera"], open_salon.services["colour"]
    for address, sort, record in (
        (f"customers/{vera.public_id}/", "customer", vera),
        (f"appointments/{visit.public_id}/", "appointment", visit),
        (f"appointments/{visit.public_id}/job-sheet/", "job-sheet", visit),
        (f"services/{colour.public_id}/", "service", colour),
    ):
        way = open_salon.url(f"set-up/why/{sort}/{record.public_id}/")
        assert way in unescape(alice.get(open_salon.url(address)).content.decode()), sort
        assert "set-up/why/" not in bea.get(open_salon.url(address)).content.decode()
        assert bea.get(way).status_code == 404


def test_what_the_asker_does_not_see_does_not_exist(open_salon: Business) -> None:
    """(I12)"""
    own = Profile._base_manager.create(
        organisation=open_salon.organisation,
        name="Own",
        permissions=["profiles.edit", "customers.see"],
        reach=Profile.Reach.OWN,
    )
    Member._base_manager.filter(pk=open_salon.members["lea"].pk).update(profile=own)
    lea = signed_in(open_salon, "lea")
    vera = open_salon.customers["vera"]
    assert asked_of(lea, open_salon, "customer", vera, "bea").status_code == 404
    assert lea.get(open_salon.url(f"set-up/why/nonsense/{vera.public_id}/")).status_code == 404
    assert asked_of(signed_in(open_salon, "alice"), open_salon, "customer", vera, "bea").status_code == 200
    nobody = signed_in(open_salon, "alice").get(
        open_salon.url(f"set-up/why/customer/{vera.public_id}/"), {"member": "me"}
    )
    assert nobody.status_code == 422
