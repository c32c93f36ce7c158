"""The list of all customers: in order, filtered, page by page, and never more than the reader may see."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from carnet.base.scopes import open_organisation
from carnet.customers.actions import NewCustomer, create_customer, edit_customer
from carnet.customers.listing import customers_listed
from carnet.customers.models import Customer
from carnet.organisations.actions import set_field_rights
from carnet.organisations.models import Profile
from tests.cast import Business
from tests.laid_out import add_fields, choice, text


@pytest.fixture
def desk(open_salon: Business, client: Client) -> Client:
    client.force_login(open_salon.user("bea"))
    return client


def names(desk: Client, business: Business, query: str = "") -> list[str]:
    page = desk.get(business.url(f"customers/list{query}"))
    assert page.status_code == 200
    return [line.customer.name for line in page.context["lines"]]


def filled(business: Business) -> tuple[str, str, str]:
    with open_organisation(business.organisation):
        wash, doors, plate = add_fields(
            business,
            choice("Wash", "With water", "Without water"),
            {"type": "number", "label": {"en": "Doors"}},
            text("Plate", shows=["form", "list"]),
        )
        for name, custom in (
            ("Zoé", {wash: 1, doors: 5, plate: "AB-1"}),
            ("Émile", {wash: 2, doors: 3, plate: "CD-2"}),
            ("anaïs", {wash: 1, doors: 2}),
            ("Bob", {}),
        ):
            create_customer(business.access("bea"), NewCustomer(name, custom=custom))
    return wash, doors, plate


def own(found: list[str]) -> list[str]:
    return [name for name in found if name in ("Zoé", "Émile", "anaïs", "Bob")]


def test_names_stand_in_the_order_of_people_whatever_their_accents(desk: Client, open_salon: Business) -> None:
    """(T1)"""
    filled(open_salon)
    assert own(names(desk, open_salon)) == ["anaïs", "Bob", "Émile", "Zoé"]
    assert own(names(desk, open_salon, "?sort=-name")) == ["Zoé", "Émile", "Bob", "anaïs"]
    with open_organisation(open_salon.organisation):
        bob = Customer.objects.get(name="Bob")
        edit_customer(open_salon.access("bea"), bob, NewCustomer("Zyl"))
    assert [name for name in names(desk, open_salon) if name in ("Zoé", "Zyl")] == ["Zoé", "Zyl"]


def test_a_list_is_filtered_and_put_in_order_by_own_fields(desk: Client, open_salon: Business) -> None:
    wash, doors, plate = filled(open_salon)
    assert names(desk, open_salon, f"?{wash}=1&sort={doors}") == ["anaïs", "Zoé"]
    assert names(desk, open_salon, f"?{wash}=1&sort=-{doors}") == ["Zoé", "anaïs"]
    assert names(desk, open_salon, f"?{doors}-more=2&{doors}-less=5") == ["Émile"]
    assert names(desk, open_salon, f"?{plate}=ab") == ["Zoé"]
    assert names(desk, open_salon, f"?{wash}=1&{doors}-more=9") == []
    page = desk.get(open_salon.url(f"customers/list?{wash}=2")).content.decode()
    assert "CD-2" in page


def test_pages_follow_each_other_without_gap_or_repetition(
    desk: Client, open_salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(customers_listed, "__defaults__", (2,))
    _wash, doors, _plate = filled(open_salon)
    for sort in ("name", "-name", "newest", "-newest", doors, f"-{doors}"):
        seen: list[str] = []
        address: str | None = open_salon.url(f"customers/list?sort={sort}")
        while address:
            page = desk.get(address)
            seen += [str(line.customer.public_id) for line in page.context["lines"]]
            address = page.context["next"]
        with open_organisation(open_salon.organisation):
            assert sorted(seen) == sorted(map(str, Customer.objects.values_list("public_id", flat=True))), sort


@pytest.mark.parametrize(
    "query", ["?sort=f999", "?f999=1", "?after=nobody", "?sort=%00", "?language=xx", "?sort=-", "?after=&sort=name"]
)
def test_what_cannot_be_asked_is_left_aside(desk: Client, open_salon: Business, query: str) -> None:
    """(G1)"""
    assert desk.get(open_salon.url(f"customers/list{query}")).status_code == 200


def test_a_value_that_a_field_cannot_hold_is_told_by_its_field(desk: Client, open_salon: Business) -> None:
    _wash, doors, _plate = filled(open_salon)
    page = desk.get(open_salon.url(f"customers/list?{doors}-more=many")).content.decode()
    assert "This must be a number." in page
    assert not re.search(r"<tbody>", page)


def test_a_hidden_field_is_no_column_no_filter_and_no_order(desk: Client, open_salon: Business) -> None:
    """(I3)"""
    wash, doors, plate = filled(open_salon)
    rights: dict[Any, str] = {("customers", key): "hidden" for key in (wash, doors, plate)}
    with open_organisation(open_salon.organisation):
        bea = Profile.objects.get(key="front_desk")
        set_field_rights(
            open_salon.access("alice"), bea, {**rights, ("customers", "phone"): "hidden"}, seen=bea.version
        )
    page = desk.get(open_salon.url(f"customers/list?{wash}=1&sort={doors}"))
    assert own([line.customer.name for line in page.context["lines"]]) == ["anaïs", "Bob", "Émile", "Zoé"]
    told = page.content.decode()
    assert "With water" not in told
    assert "AB-1" not in told
    assert "06 12" not in told


def test_only_what_one_may_see_is_listed(desk: Client, open_salon: Business) -> None:
    """(I1)"""
    wash, doors, _plate = filled(open_salon)
    with open_organisation(open_salon.organisation):
        Profile.objects.filter(key="front_desk").update(reach=Profile.Reach.OWN)
        Customer.objects.update(owner=open_salon.members["alice"])
        Customer.objects.filter(name="anaïs").update(owner=open_salon.members["bea"])
    for query in ("", "?sort=-name", "?sort=newest", f"?sort={doors}", f"?{wash}=1"):
        assert names(desk, open_salon, query) == ["anaïs"], query
