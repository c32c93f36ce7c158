"""Programs find and order records by own fields, and never by what is hidden from them."""

from __future__ import annotations

from typing import Any

import pytest

from carnet.base.scopes import open_organisation
from carnet.catalogue.models import Service
from carnet.customers.actions import NewCustomer, create_customer
from carnet.customisation.actions import save_layout
from carnet.customisation.queries import current_layout, draft_of
from carnet.organisations.actions import set_field_rights
from carnet.organisations.fields import HIDDEN
from carnet.organisations.models import Profile
from tests.api.conftest import Program, problem_of, read
from tests.laid_out import add_fields, choice, hold, text


def names(desk: Program, query: dict[str, Any]) -> list[str]:
    return [one["name"] for one in read(desk.get("customers", query))["customers"]]


def garage(desk: Program) -> tuple[str, str]:
    with open_organisation(desk.business.organisation):
        wash, doors = add_fields(
            desk.business, choice("Wash", "Wet", "Dry"), {"type": "number", "label": {"en": "Doors"}}
        )
        for name, custom in (("A", {wash: 1, doors: 5}), ("B", {wash: 2, doors: 3}), ("C", {wash: 1, doors: 2})):
            create_customer(desk.business.access("bea"), NewCustomer(f"Own {name}", custom=custom))
    return wash, doors


def test_customers_are_filtered_and_ordered_by_own_fields(desk: Program) -> None:
    wash, doors = garage(desk)
    assert names(desk, {"where": [f"{wash}:is:1", f"{doors}:more:2"]}) == ["Own A"]
    assert names(desk, {"where": f"{doors}:filled", "order": doors}) == ["Own C", "Own B", "Own A"]
    assert names(desk, {"where": f"{wash}:is:1", "order": f"-{doors}"}) == ["Own A", "Own C"]


def test_a_list_goes_on_where_the_page_before_ended(desk: Program) -> None:
    _wash, doors = garage(desk)
    query: dict[str, Any] = {"where": f"{doors}:filled", "order": doors, "limit": 2}
    first = read(desk.get("customers", query))
    assert [one["name"] for one in first["customers"]] == ["Own C", "Own B"]
    second = read(desk.get("customers", query | {"after": first["next"]}))
    assert [one["name"] for one in second["customers"]] == ["Own A"]
    assert second["next"] is None


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"where": "f0:is:1"}, "f0"),
        ({"where": "name:is:A"}, "where"),
        ({"where": "self"}, "where"),
        ({"where": "f1"}, "where"),
        ({"where": "f1:filled:1"}, "where"),
        ({"order": "f0"}, "f0"),
        ({"order": "phone"}, "order"),
        ({"q": "a", "order": "newest"}, "q"),
        ({"where": [f"f{at}:filled" for at in range(11)]}, "where"),
        ({"after": "00000000-0000-4000-8000-000000000000"}, "after"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_its_name(desk: Program, query: dict[str, Any], field: str) -> None:
    answer = desk.get("customers", query)
    assert answer.status_code == 422
    assert field in read(answer)["errors"]


def test_a_value_that_a_field_never_holds_is_refused(desk: Program) -> None:
    wash, doors = garage(desk)
    for where in (f"{wash}:is:9", f"{doors}:more:many", f"{doors}:contains:1"):
        assert problem_of(desk.get("customers", {"where": where})) == (422, "invalid")


def test_a_removed_field_is_refused_like_one_that_never_was(desk: Program) -> None:
    """(C7)"""
    wash, doors = garage(desk)
    with open_organisation(desk.business.organisation):
        access = desk.business.access("alice")
        current = current_layout(access, "customers")
        draft = draft_of(access, current.document)
        draft["sections"][0]["fields"] = [one for one in draft["sections"][0]["fields"] if f"f{one.get('id')}" != doors]
        save_layout(access, "customers", "standard", draft, version=current.number)
    for query in ({"where": f"{doors}:filled"}, {"order": doors}):
        answer = desk.get("customers", query)
        assert answer.status_code == 422
        assert list(read(answer)["errors"]) == [doors]
    assert names(desk, {"where": f"{wash}:is:2"}) == ["Own B"]


@pytest.mark.parametrize("module", ["customers", "services", "appointments"])
def test_a_hidden_field_is_found_out_neither_by_filter_nor_by_order(desk: Program, module: str) -> None:
    """Refused exactly as a field that does not exist."""
    with open_organisation(desk.business.organisation):
        name = "create" if module == "appointments" else "standard"
        key = add_fields(desk.business, text("Secret"), module=module, name=name)[-1]
        profile = Profile.objects.get(key="front_desk")
        set_field_rights(desk.business.access("alice"), profile, {(module, key): HIDDEN})
    days = {"from": "2026-03-11", "to": "2026-03-12"} if module == "appointments" else {}
    for asked in ({"where": f"{key}:filled"}, {"where": f"{key}:is:x"}, {"order": key}, {"order": f"-{key}"}):
        hidden, missing = (
            desk.get(module, asked | days),
            desk.get(module, {k: v.replace(key, "f0") for k, v in asked.items()} | days),
        )
        assert hidden.status_code == missing.status_code == 422
        assert read(hidden)["errors"][key] == read(missing)["errors"]["f0"]


def test_services_are_filtered_and_ordered_by_own_fields(desk: Program) -> None:
    with open_organisation(desk.business.organisation):
        key = hold(desk.business, Service, "careful", module="services")
    everything = read(desk.get("services"))["services"]
    assert len(read(desk.get("services", {"where": f"{key}:begins:CARE"}))["services"]) == len(everything)
    assert read(desk.get("services", {"where": f"{key}:empty"}))["services"] == []
    page = read(desk.get("services", {"order": key, "limit": 1}))
    assert len(page["services"]) == 1
    rest = read(desk.get("services", {"order": key, "after": page["next"]}))
    assert len(rest["services"]) == len(everything) - 1


def test_visits_are_filtered_by_the_fields_of_each_of_their_layouts(desk: Program) -> None:
    with open_organisation(desk.business.organisation):
        car = add_fields(desk.business, text("Car"), module="appointments", name="create")[-1]
        why = add_fields(desk.business, text("Why"), module="appointments", name="cancel")[-1]
        visit = desk.business.book(custom={car: "Clio"})
        day = visit.starts_at.date().isoformat()
    days = {"from": day, "to": day}
    assert [
        one["id"] for one in read(desk.get("appointments", days | {"where": f"{car}:is:clio"}))["appointments"]
    ] == [str(visit.public_id)]
    assert read(desk.get("appointments", days | {"where": f"{car}:is:twingo"}))["appointments"] == []
    assert read(desk.get("appointments", days | {"where": f"{why}:filled"}))["appointments"] == []
    assert len(read(desk.get("appointments", days | {"order": car}))["appointments"]) == 1
