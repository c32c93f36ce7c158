"""The customers as a list: by name or by own fields, a page at a time, nothing hidden told."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from carnet.base.scopes import open_organisation
from carnet.customers.actions import NewCustomer, create_customer
from carnet.organisations.actions import set_field_rights
from carnet.organisations.fields import HIDDEN
from carnet.organisations.models import Profile
from tests.cast import Business
from tests.laid_out import add_fields, choice

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def desk(open_salon: Business, client: Client) -> Client:
    client.force_login(open_salon.user("bea"))
    return client


def names(client: Client, business: Business, query: str = "") -> list[str]:
    page = client.get(business.url(f"customers/{query}"), headers=HTMX).content.decode()
    return [unescape(one) for one in re.findall(r"<li><a class=\"answer\".*?<bdi>(.*?)</bdi>", page, re.DOTALL)]


def made(business: Business, name: str, **custom: Any) -> None:
    with open_organisation(business.organisation):
        create_customer(business.access("bea"), NewCustomer(name, custom=custom))


def fields(business: Business) -> list[str]:
    with open_organisation(business.organisation):
        return add_fields(
            business,
            choice("Size", "Small", "Large", shows=["form", "list"]),
            {"type": "number", "label": {"en": "Visits a year"}, "shows": ["form", "list"]},
        )


def test_everybody_is_listed_by_name_until_something_is_typed(desk: Client, open_salon: Business) -> None:
    assert [one for one in names(desk, open_salon) if one[:1] in "OV"] == ["Omar Özgür", "Véra Élan"]
    assert names(desk, open_salon, "?q=vera") == ["Véra Élan"]


def test_own_fields_narrow_and_order_the_list_and_stand_in_it(desk: Client, open_salon: Business) -> None:
    size, visits = fields(open_salon)
    made(open_salon, "A", **{size: 1, visits: 30})
    made(open_salon, "B", **{size: 2, visits: 4})
    made(open_salon, "C", **{size: 2, visits: 12})
    assert names(desk, open_salon, f"?own={size}:2") == ["B", "C"]
    assert names(desk, open_salon, f"?sort={visits}")[:3] == ["B", "C", "A"]
    assert names(desk, open_salon, f"?sort=-{visits}&own={size}:2") == ["C", "B"]
    assert names(desk, open_salon, f"?own={size}:99&sort=f999&after=x") == names(desk, open_salon)
    page = desk.get(open_salon.url(f"customers/?own={size}:2"), headers=HTMX).content.decode()
    assert re.search(r"Visits a year</span> <bdi>12<", page)


def test_pages_follow_each_other_without_a_gap(
    desk: Client, open_salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    size, visits = fields(open_salon)
    for number in range(7):
        made(open_salon, "Same" if number % 2 else f"N{number}", **{visits: number % 3, size: 1})
    for query in ("", f"sort={visits}", f"sort=-{visits}&own={size}:1"):
        monkeypatch.setattr("carnet.desk.queries.customer_list.LISTED", 50)
        whole = names(desk, open_salon, f"?{query}")
        monkeypatch.setattr("carnet.desk.queries.customer_list.LISTED", 3)
        seen, address = [], f"?{query}"
        while address:
            seen += names(desk, open_salon, address)
            page = desk.get(open_salon.url(f"customers/{address}"), headers=HTMX).content.decode()
            following = re.search(r'id="customers-next" href="[^"]*(\?[^"]*)"', page)
            address = unescape(following[1]) if following else ""
        assert seen == whole


def test_a_hidden_field_is_not_told_and_asks_nothing(desk: Client, open_salon: Business) -> None:
    """(T3)"""
    size, visits = fields(open_salon)
    made(open_salon, "A", **{size: 1, visits: 30})
    with open_organisation(open_salon.organisation):
        rights = {("customers", size): HIDDEN, ("customers", visits): HIDDEN}
        set_field_rights(open_salon.access("alice"), Profile.objects.get(key="front_desk"), rights)
    for query in (f"?own={size}:2", f"?sort={visits}", ""):
        assert "A" in names(desk, open_salon, query)
        page = desk.get(open_salon.url(f"customers/{query}"), headers=HTMX).content.decode()
        assert "Small" not in page
        assert "Visits a year" not in page
