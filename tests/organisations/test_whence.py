"""From where a change came: by which door, and from which network address."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client

from carnet.base.scopes import open_organisation
from carnet.organisations.doors import address_of
from carnet.organisations.models import Activity, Token
from tests.cast import Business


def request(nearest: str, forwarded: str = "") -> HttpRequest:
    made = HttpRequest()
    made.META = {"REMOTE_ADDR": nearest, "HTTP_X_FORWARDED_FOR": forwarded}
    return made


@pytest.mark.parametrize(
    ("nearest", "forwarded", "told"),
    [
        ("198.51.100.7", "203.0.113.5", "198.51.100.7"),
        ("10.0.0.1", "203.0.113.5", "203.0.113.5"),
        ("10.0.0.1", "1.2.3.4, 203.0.113.5", "203.0.113.5"),
        ("10.0.0.1", "203.0.113.5, 10.0.0.2", "203.0.113.5"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "<script>", "10.0.0.1"),
        ("::1", "203.0.113.5", "::1"),
        ("", "203.0.113.5", ""),
        ("unix:", "203.0.113.5", ""),
    ],
)
def test_a_header_is_believed_of_a_trusted_proxy_only(nearest: str, forwarded: str, told: str, settings: Any) -> None:
    """Anybody can write X-Forwarded-For: the last address that no proxy of ours wrote is the one that counts."""
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    assert address_of(request(nearest, forwarded)) == told


def test_without_a_proxy_no_header_is_believed() -> None:
    assert address_of(request("198.51.100.7", "203.0.113.5")) == "198.51.100.7"


def test_the_history_keeps_the_door_of_a_page_of_a_token_and_of_the_product_itself(open_salon: Business) -> None:
    client = Client(REMOTE_ADDR="198.51.100.7")
    client.force_login(open_salon.user("bea"))
    with open_organisation(open_salon.organisation):
        secret = Token.new_secret()
        Token.objects.create(
            organisation=open_salon.organisation,
            member=open_salon.members["bea"],
            name="Caisse",
            hash=Token.hash_of(secret),
            created_at=open_salon.now,
        )
    client.post(open_salon.url("customers/new"), {"name": "Zoé"})
    client.post(
        "/api/v1/o/salon/customers",
        json.dumps({"name": "Zacharie"}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )
    with open_organisation(open_salon.organisation):
        by_page, by_api = Activity.objects.filter(kind="customer.created").order_by("id")[3:]
        assert (by_page.door, by_page.address) == ("page", "198.51.100.7")
        assert (by_api.door, by_api.address) == ("api:Caisse", "198.51.100.7")


def test_the_activity_shows_filters_and_exports_from_where_a_change_came(open_salon: Business) -> None:
    client = Client(REMOTE_ADDR="198.51.100.7")
    client.force_login(open_salon.user("alice"))
    client.post(open_salon.url("customers/new"), {"name": "Zoé"})
    with open_organisation(open_salon.organisation):
        Activity.objects.filter(kind="customer.created").exclude(door="page").update(door="api:Caisse")
    page = client.get(open_salon.url("set-up/activity/"), {"door": "page"}).content.decode()
    assert "Zoé" in page
    assert "Page, 198.51.100.7" in page
    assert "Omar" not in page
    page = client.get(open_salon.url("set-up/activity/"), {"door": "api:"}).content.decode()
    assert "API, token Caisse" in page
    assert "Zoé" not in page
    table = client.post(open_salon.url("set-up/activity/export"), {"door": "page"})
    text = b"".join(table.streaming_content).decode()  # type: ignore[attr-defined]
    assert "Page" in text
    assert "198.51.100.7" in text


def test_the_history_of_a_record_tells_the_door_and_its_network_address_to_the_set_up_only(
    open_salon: Business,
) -> None:
    alice, bea = Client(REMOTE_ADDR="198.51.100.7"), Client()
    alice.force_login(open_salon.user("alice"))
    bea.force_login(open_salon.user("bea"))
    vera = open_salon.url(f"customers/{open_salon.customers['vera'].public_id}/")
    alice.post(f"{vera}edit", {"name": "Véra Nouvelle", "phone": "06 12 34 56 78", "email": "", "version": "1"})
    seen = alice.get(vera).content.decode()
    assert "Véra Élan" in seen
    assert "Page, 198.51.100.7" in seen
    seen = bea.get(vera).content.decode()
    assert "Véra Élan" in seen
    assert "198.51.100.7" not in seen
