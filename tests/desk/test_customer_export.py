"""The customers of the list as a table: the same ones, with what the reader may read, and without formulas."""

from __future__ import annotations

import csv
import re
from datetime import datetime
from io import StringIO
from typing import Any

import pytest
from django.test import Client

from carnet.base.scopes import open_organisation
from carnet.customers.actions import NewCustomer, create_customer
from carnet.customers.models import Customer
from carnet.organisations.actions import set_field_rights
from carnet.organisations.models import Activity, Profile
from tests.cast import Business
from tests.desk.test_customer_list import filled, names, own
from tests.doors.world import unchanged


@pytest.fixture
def desk(open_salon: Business, client: Client) -> Client:
    """Bea, whose profile exports customers beside what it does anyway."""
    found = Profile._base_manager.get(organisation=open_salon.organisation, key="front_desk")
    Profile._base_manager.filter(pk=found.pk).update(permissions=[*found.permissions, "customers.export"])
    client.force_login(open_salon.user("bea"))
    return client


def table(client: Client, business: Business, **asked: str) -> list[list[str]]:
    answer = client.post(business.url("customers/export"), asked)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.reader(StringIO(text)))


def test_the_export_holds_the_customers_of_the_list_in_its_order(desk: Client, open_salon: Business) -> None:
    wash, doors, _plate = filled(open_salon)
    page = desk.get(open_salon.url(f"customers/list?{wash}=1&sort=-{doors}")).content.decode()
    form = page[page.index("customers-export") :]
    sent = dict(re.findall(r'type="hidden" name="(f\d+|sort)" value="([^"]*)"', form[: form.index("</form>")]))
    assert sent == {wash: "1", "sort": f"-{doors}"}
    rows = table(desk, open_salon, **sent)
    assert rows[0] == ["Name", "Phone", "E-mail address", "Wash", "Doors", "Plate"]
    assert rows[1:] == [["Zoé", "", "", "With water", "5", "AB-1"], ["anaïs", "", "", "With water", "2", ""]]
    everybody = [row[0] for row in table(desk, open_salon)[1:]]
    assert own(everybody) == ["anaïs", "Bob", "Émile", "Zoé"]
    assert everybody == names(desk, open_salon)
    vera = next(row for row in table(desk, open_salon) if row[0] == "Véra Élan")
    assert "06 12 34 56 78" in vera[1]
    today = datetime.now(open_salon.zone).date()
    answer = desk.post(open_salon.url("customers/export"))
    assert answer.headers["Content-Disposition"] == f'attachment; filename="customers-{today:%Y-%m-%d}.csv"'


@pytest.mark.parametrize("sort", ["name", "-newest", "own"])
def test_an_export_longer_than_a_chunk_is_whole(
    desk: Client, open_salon: Business, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    monkeypatch.setattr("carnet.customers.table.CHUNK", 2)
    _wash, doors, _plate = filled(open_salon)
    rows = table(desk, open_salon, sort=doors if sort == "own" else sort)
    with open_organisation(open_salon.organisation):
        assert sorted(row[0] for row in rows[1:]) == sorted(Customer.objects.values_list("name", flat=True))


def test_who_gets_out_of_sight_while_it_is_written_ends_it_and_nobody_stands_there_twice(
    desk: Client, open_salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("carnet.customers.table.CHUNK", 2)
    filled(open_salon)
    chunks = iter(desk.post(open_salon.url("customers/export")).streaming_content)  # type: ignore[attr-defined]
    got = [next(chunks), next(chunks), next(chunks)]
    with open_organisation(open_salon.organisation):
        Profile.objects.filter(key="front_desk").update(reach=Profile.Reach.OWN)
        Customer.objects.filter(name="Bob").update(sorted_as="zzz")
    rows = list(csv.reader(StringIO(b"".join([*got, *chunks]).decode("utf-8-sig"))))
    told = [row[0] for row in rows if row and row[0]]
    assert len(told) == len(set(told))


def test_a_hidden_field_is_no_column(desk: Client, open_salon: Business) -> None:
    """(I9)"""
    wash, _doors, plate = filled(open_salon)
    with open_organisation(open_salon.organisation):
        bea = Profile.objects.get(key="front_desk")
        rights: dict[Any, str] = {("customers", key): "hidden" for key in (wash, plate, "phone")}
        set_field_rights(open_salon.access("alice"), bea, rights, seen=bea.version)
    rows = table(desk, open_salon)
    assert rows[0] == ["Name", "E-mail address", "Doors"]
    told = str(rows)
    assert not re.search("AB-1|With water|06 12", told)
    # Nor is anybody found by one.
    assert len(table(desk, open_salon, **{plate: "AB"})) == len(rows)


def test_only_what_one_may_see_is_exported(desk: Client, open_salon: Business) -> None:
    """(I2, I12)"""
    filled(open_salon)
    with open_organisation(open_salon.organisation):
        Profile.objects.filter(key="front_desk").update(reach=Profile.Reach.OWN)
        Customer.objects.update(owner=open_salon.members["alice"])
        Customer.objects.filter(name="anaïs").update(owner=open_salon.members["bea"])
    assert [row[0] for row in table(desk, open_salon)[1:]] == ["anaïs"]


def test_what_customers_are_called_is_no_formula(desk: Client, open_salon: Business) -> None:
    with open_organisation(open_salon.organisation):
        create_customer(open_salon.access("bea"), NewCustomer('=HYPERLINK("https://evil.example")'))
    cells = [cell for row in table(desk, open_salon) for cell in row]
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_the_activity_tells_of_it(desk: Client, open_salon: Business) -> None:
    table(desk, open_salon)
    with open_organisation(open_salon.organisation):
        assert Activity.objects.get(kind="customers.exported").actor == "Bea"


@pytest.mark.guard("access_require")
def test_only_who_may_export_finds_the_button_and_the_table(open_salon: Business, client: Client) -> None:
    client.force_login(open_salon.user("bea"))
    assert "customers-export" not in client.get(open_salon.url("customers/list")).content.decode()
    with unchanged():
        assert client.post(open_salon.url("customers/export")).status_code == 403


def test_a_value_that_a_field_cannot_hold_is_told_and_nothing_is_exported(desk: Client, open_salon: Business) -> None:
    _wash, doors, _plate = filled(open_salon)
    with unchanged():
        answer = desk.post(open_salon.url("customers/export"), {f"{doors}-more": "many"})
    assert answer.status_code == 422
    assert "This must be a number." in answer.content.decode()
