"""A service of the catalogue: its record, the way on to the booking, and adding one."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from carnet.base.scopes import open_organisation
from carnet.catalogue.models import Service
from tests.cast import Business

HTMX = {"HX-Request": "true", "HX-Target": "sheet", "HX-Request-Type": "partial"}


@pytest.fixture
def office(open_salon: Business, client: Client) -> Client:
    client.force_login(open_salon.user("alice"))
    return client


def typed(business: Business, **more: Any) -> dict[str, Any]:
    fields = {
        "name": "Balayage",
        "usual": "90",
        "members": [str(business.members["lea"].public_id)],
        "place": "business",
        "price": "72,50",
    }
    return {**fields, **more}


def services(business: Business) -> list[str]:
    with open_organisation(business.organisation):
        return list(Service.objects.values_list("name", flat=True))


def test_the_price_is_told_in_detail(office: Client, open_salon: Business) -> None:
    text = office.get(open_salon.url(f"services/{open_salon.services['haircut'].public_id}/")).content.decode()
    for part in ("€29.17", "€5.83", "€35.00", "TVA"):
        assert part in text


def test_the_customer_on_the_phone_is_kept_from_service_to_booking(office: Client, open_salon: Business) -> None:
    kept = f"customer={open_salon.customers['vera'].public_id}"
    service = open_salon.services["haircut"].public_id
    text = office.get(open_salon.url(f"services/{service}/?{kept}"), headers=HTMX).content.decode()
    assert f"booking/?service={service}&amp;{kept}" in text


def test_a_service_is_added_with_its_category_price_and_members(office: Client, open_salon: Business) -> None:
    answer = office.post(open_salon.url("services/new"), typed(open_salon, category="Couleurs"))
    assert answer.status_code == 303
    with open_organisation(open_salon.organisation):
        made = Service.objects.select_related("category").get(name="Balayage")
        assert (made.usual, made.price, str(made.category.name if made.category else "")) == (90, 7250, "Couleurs")
        assert [row.member for row in made.service_members.all()] == [open_salon.members["lea"]]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"usual": "4"}, "usual"),
        ({"usual": "1441"}, "usual"),
        ({"price": "-1"}, "price"),
        ({"members": []}, "members"),
        ({"members": ["nobody"]}, "members"),
        ({"place": "moon"}, "place"),
    ],
)
def test_what_does_not_hold_is_said_beside_its_field(
    office: Client, open_salon: Business, change: dict[str, Any], field: str
) -> None:
    before = services(open_salon)
    answer = office.post(open_salon.url("services/new"), typed(open_salon, **change), headers=HTMX)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert services(open_salon) == before


def test_only_who_may_adds_services(open_salon: Business, client: Client) -> None:
    client.force_login(open_salon.user("lea"))
    assert client.get(open_salon.url("services/new")).status_code == 403
    assert client.post(open_salon.url("services/new"), typed(open_salon)).status_code == 403
    assert "Balayage" not in services(open_salon)


def test_a_service_of_another_business_is_not_there(
    office: Client, open_salon: Business, open_garage: Business
) -> None:
    foreign = open_garage.services["haircut"].public_id
    assert office.get(open_salon.url(f"services/{foreign}/")).status_code == 404
