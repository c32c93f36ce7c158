"""Look-ups in forms: what fits is suggested as it is typed, and what was taken is what is meant."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from carnet.base.scopes import open_organisation
from carnet.catalogue.models import Service
from carnet.customers.actions import NewCustomer, create_customer
from carnet.customers.models import Customer
from tests.cast import Business
from tests.desk.service_pages import HTMX, text
from tests.laid_out import add_fields
from tests.organisations.test_field_rights import hide

FRIEND: dict[str, Any] = {"type": "customer", "label": {"en": "Brought by"}}


@pytest.fixture
def desk(open_salon: Business, client: Client) -> Client:
    client.force_login(open_salon.user("bea"))
    return client


def added(business: Business, *fields: dict[str, Any]) -> list[str]:
    with open_organisation(business.organisation):
        return add_fields(business, *fields)


def made(business: Business, name: str, phone: str) -> Customer:
    with open_organisation(business.organisation):
        return create_customer(business.access("bea"), NewCustomer(name, phones=(phone,)))


def suggested(client: Client, business: Business, **asked: str) -> list[str]:
    answer = client.get(business.url("layouts/customers/standard/suggestions"), asked)
    assert answer.status_code == 200
    return re.findall(r'data-name="([^"]*)"', answer.content.decode())


def kept(business: Business, name: str) -> dict[str, Any]:
    with open_organisation(business.organisation):
        found: dict[str, Any] = Customer.objects.get(name=name).custom
    return found


def test_customers_are_suggested_by_name_and_number_to_whoever_sees_them(desk: Client, open_salon: Business) -> None:
    (friend,) = added(open_salon, FRIEND)
    assert suggested(desk, open_salon, field=friend, q="ver") == ["Véra Élan"]
    assert suggested(desk, open_salon, field=friend, q="0612345")[:1] == ["Véra Élan"]
    for asked in ({"field": friend, "q": ""}, {"field": "f999999", "q": "ver"}, {"q": "ver"}, {"field": friend}):
        assert suggested(desk, open_salon, **asked) == []
    with open_organisation(open_salon.organisation):
        hide(open_salon, ("customers", friend))
    assert suggested(desk, open_salon, field=friend, q="ver") == [], "of a hidden field nothing is told"


def test_of_two_with_one_name_the_one_that_was_taken_is_meant(desk: Client, open_salon: Business) -> None:
    (friend,) = added(open_salon, FRIEND)
    first, second = made(open_salon, "Anne Petit", "06 11 22 33 01"), made(open_salon, "Anne Petit", "06 11 22 33 02")
    new = open_salon.url("customers/new")
    typed = {"name": "Zoé", "own": [friend], friend: "Anne Petit"}
    assert desk.post(new, typed, headers=HTMX).status_code == 422, "the name alone could be either"
    answer = desk.post(new, typed | {f"{friend}.id": str(second.public_id)}, headers=HTMX)
    assert answer.status_code == 200
    assert kept(open_salon, "Zoé") == {friend: second.pk}
    # What was typed since counts, and not what was taken before.
    stale = {"name": "Yves", "own": [friend], friend: "06 11 22 33 01", f"{friend}.id": str(second.public_id)}
    assert desk.post(new, stale, headers=HTMX).status_code == 200
    assert kept(open_salon, "Yves") == {friend: first.pk}


def test_what_was_taken_stands_in_a_form_that_comes_back_and_in_the_next_one(
    desk: Client, open_salon: Business
) -> None:
    friend, doors = added(open_salon, FRIEND, {"type": "number", "label": {"en": "Doors"}})
    anne = made(open_salon, "Anne Petit", "06 11 22 33 01")
    made(open_salon, "Anne Petit", "06 11 22 33 02")
    new = open_salon.url("customers/new")
    typed = {"name": "Zoé", "own": [friend, doors], friend: "Anne Petit", f"{friend}.id": str(anne.public_id)}
    refused = desk.post(new, typed | {doors: "seven"}, headers=HTMX)
    assert refused.status_code == 422
    for page in (refused.content.decode(), desk.post(new, typed, headers=HTMX).content.decode()):
        assert f'name="{friend}.id" value="{anne.public_id}"' in page
        assert 'value="Anne Petit"' in page


def test_a_few_services_are_a_list_and_many_are_typed(desk: Client, open_salon: Business) -> None:
    (usual,) = added(open_salon, {"type": "service", "label": {"en": "Usual"}})
    new = open_salon.url("customers/new")
    assert f'<select name="{usual}"' in text(desk, new)
    with open_organisation(open_salon.organisation):
        cut = open_salon.services["haircut"]
        many = [
            Service(organisation=cut.organisation, owner=cut.owner, name=f"Soin {n:02}", usual=30, price=0)
            for n in range(60)
        ]
        for one in many:
            one.shortest = one.longest = 30
        Service.objects.bulk_create(many)
    page = text(desk, new)
    assert f'<select name="{usual}"' not in page
    assert "data-look-up" in page
    assert suggested(desk, open_salon, field=usual, q="soin 07") == ["Soin 07"]
    assert len(suggested(desk, open_salon, field=usual, q="soin")) == 8
    assert desk.post(new, {"name": "Zoé", "own": [usual], usual: "soin 07"}, headers=HTMX).status_code == 200
    with open_organisation(open_salon.organisation):
        assert kept(open_salon, "Zoé") == {usual: Service.objects.get(name="Soin 07").pk}
    assert desk.post(new, {"name": "Yves", "own": [usual], usual: "soin"}, headers=HTMX).status_code == 422
