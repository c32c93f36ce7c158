"""Who owns a customer or an appointment: seen on the record, and given to somebody whose records one sees."""

from __future__ import annotations

import pytest
from django.test import Client

from carnet.appointments.actions.owner import give_appointment
from carnet.base.errors import Invalid, NotPermitted, StaleVersion
from carnet.base.scopes import open_organisation
from carnet.customers.actions.owner import give_customer
from carnet.customers.models import Customer
from carnet.organisations.access import Access
from carnet.organisations.actions import add_role
from carnet.organisations.models import Activity, Member, Profile, Role
from carnet.organisations.permissions import PERMISSIONS
from tests.cast import Business
from tests.desk.test_members import signed_in
from tests.desk.test_roles import words
from tests.doors.world import unchanged


@pytest.fixture
def lea(salon: Business) -> Access:
    """Lea, above Max and beside Bea, who may do everything with what she reaches; Véra is hers."""
    chief = Profile.objects.create(
        organisation=salon.organisation, name="Chief", permissions=list(PERMISSIONS), reach=Profile.Reach.ROLE
    )
    upper = add_role(salon.system, "Upper")
    lower = add_role(salon.system, "Lower", parent=upper)
    Member.objects.filter(name="Lea").update(profile=chief, role=upper)
    Member.objects.filter(name="Max").update(role=lower)
    Customer.objects.filter(pk=salon.customers["vera"].pk).update(owner=salon.members["lea"])
    return salon.access("lea")


def test_a_record_is_given_within_what_one_sees_and_that_is_written_down(salon: Business, lea: Access) -> None:
    vera, visit = salon.customers["vera"], salon.book("haircut")
    given = give_customer(lea, vera, salon.members["max"], version=vera.version)
    assert given.owner == salon.members["max"]
    assert give_customer(lea, vera, None).owner is None
    assert give_appointment(lea, visit, salon.members["max"], version=visit.version).owner == salon.members["max"]
    told = Activity.objects.filter(kind="customer.owner_changed").order_by("pk").values_list("changes", flat=True)
    assert list(told) == [{"owned_by": ["Lea", "Max"]}, {"owned_by": ["Max", None]}]
    for name in ("bea", "alice"):
        with unchanged(), pytest.raises(Invalid):
            give_customer(lea, vera, salon.members[name])
        with unchanged(), pytest.raises(Invalid):
            give_appointment(lea, visit, salon.members[name])
    with unchanged(), pytest.raises(Invalid):
        give_appointment(lea, visit, None)


def test_a_record_is_given_to_nobody_who_has_left_or_belongs_elsewhere(
    salon: Business, garage: Business, lea: Access
) -> None:
    """(I1)"""
    vera = salon.customers["vera"]
    Member.objects.filter(name="Max").update(active=False)
    for owner in (salon.members["max"], garage.members["max"]):
        with unchanged(), pytest.raises(Invalid):
            give_customer(lea, vera, owner)


@pytest.mark.guard("access_require")
def test_a_record_is_given_by_who_may_change_it_on_the_version_that_was_seen(salon: Business, lea: Access) -> None:
    """(D1)"""
    vera, visit = salon.customers["vera"], salon.book("haircut")
    Member.objects.filter(name="Max").update(profile=Profile.objects.get(key="provider"))
    with unchanged(), pytest.raises(NotPermitted):
        give_customer(salon.access("max"), vera, salon.members["max"])
    with unchanged(), pytest.raises(NotPermitted):
        give_appointment(salon.access("max"), visit, salon.members["max"])
    with unchanged(), pytest.raises(StaleVersion):
        give_customer(lea, vera, salon.members["max"], version=vera.version + 1)
    with unchanged(), pytest.raises(StaleVersion):
        give_appointment(lea, visit, salon.members["max"], version=visit.version + 1)


@pytest.mark.guard("visible")
def test_what_is_out_of_sight_is_taken_from_nobody(salon: Business, lea: Access) -> None:
    """(I12)"""
    omar = salon.customers["omar"]
    Customer.objects.filter(pk=omar.pk).update(owner=salon.members["alice"])
    with pytest.raises(Customer.DoesNotExist):
        give_customer(lea, omar, salon.members["lea"])


def test_the_owner_stands_on_the_sheet_and_is_changed_beside_it(open_salon: Business) -> None:
    with open_organisation(open_salon.organisation):
        visit = open_salon.book("haircut")
    alice: Client = signed_in(open_salon, "alice")
    lea = str(open_salon.members["lea"].public_id)
    for where in (f"customers/{open_salon.customers['vera'].public_id}/", f"appointments/{visit.public_id}/"):
        sheet = alice.get(open_salon.url(where)).content.decode()
        assert open_salon.url(f"{where}owner") in sheet
        sent = {"owner": lea, "version": "1"}
        assert alice.post(open_salon.url(f"{where}owner"), sent).status_code == 303
        assert "Owner: Lea" in words(alice.get(open_salon.url(where)))
        stale = alice.post(open_salon.url(f"{where}owner"), {"owner": "", "version": "1"})
        assert stale.status_code == 412
        assert "Someone else changed this" in words(stale)
        assert alice.post(open_salon.url(f"{where}owner"), {"owner": "nobody", "version": "2"}).status_code == 422


def test_peers_who_see_each_other_give_each_other_their_customers(open_salon: Business) -> None:
    with open_organisation(open_salon.organisation):
        vera = open_salon.customers["vera"]
        Customer.objects.filter(pk=vera.pk).update(owner=open_salon.members["lea"])
        chief = Profile.objects.create(
            organisation=open_salon.organisation, name="Chief", permissions=list(PERMISSIONS), reach=Profile.Reach.ROLE
        )
        Member.objects.filter(name="Lea").update(profile=chief)
        Role.objects.update(shares_with_peers=True)
    lea = signed_in(open_salon, "lea")
    where = open_salon.url(f"customers/{vera.public_id}/")
    sent = {"owner": str(open_salon.members["max"].public_id), "version": "1"}
    assert lea.post(f"{where}owner", sent).headers["Location"] == where
    with open_organisation(open_salon.organisation):
        assert Customer.objects.get(pk=vera.pk).owner == open_salon.members["max"]
