"""Customers over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from carnet.base.scopes import open_organisation
from carnet.customisation.actions import save_layout
from carnet.customisation.queries import current_layout, draft_of
from tests.api.conftest import Program, customers_of, problem_of, read

NOBODY = "00000000-0000-4000-8000-000000000000"


def test_a_customer_is_created_read_and_edited(desk: Program) -> None:
    new = {
        "name": "Zoé  Œuvrard",
        "phones": ["06 11 22 33 44"],
        "emails": ["zoe@mail.example"],
        "addresses": [{"street": "1 rue Neuve", "city": "Paris", "access_note": "2e étage"}],
    }
    created = desk.post("customers", new)
    assert created.status_code == 201
    told = read(created)
    assert told["name"] == "Zoé Œuvrard"
    assert told["addresses"][0]["access_note"] == "2e étage"
    path = f"customers/{told['id']}"
    assert read(desk.get(path)) == told

    edit = {"name": "Zoé Durand", "phones": [], "emails": ["zoe@mail.example"]}
    assert problem_of(desk.put(path, edit)) == (428, "version_missing")
    edited = desk.put(path, edit, If_Match=created.headers["ETag"])
    assert edited.status_code == 200
    assert (read(edited)["name"], read(edited)["phones"]) == ("Zoé Durand", [])
    assert problem_of(desk.put(path, edit, If_Match=created.headers["ETag"])) == (412, "stale_version")
    assert [found["id"] for found in read(desk.get("customers", {"q": "durand"}))["customers"]] == [told["id"]]


def test_nobody_is_merged_by_a_shared_number(desk: Program) -> None:
    """(T7)"""
    before = customers_of(desk.business)
    assert desk.post("customers", {"name": "Léo Élan", "phones": ["06 12 34 56 78"]}).status_code == 201
    assert customers_of(desk.business) == before + 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": "A", "version": 3}, "version"),
        ({"name": "A", "owner": NOBODY}, "owner"),
        ({"name": "A", "custom": {"f1": "x"}}, "f1"),
        ({"name": "x" * 301}, "name"),
        ({"name": "A", "phones": ["12"]}, "phone"),
        ({"name": "A", "phones": "0612345678"}, "phones"),
        ({"name": "A", "phones": [612345678]}, "phones.0"),
        ({"name": "A", "phones": ["0612345678"] * 21}, "phones"),
        ({"name": "A", "emails": ["nobody"]}, "email"),
        ({"name": "A", "emails": ["a@b.example\r\nBcc: c@d.example"]}, "email"),
        ({"name": "A", "addresses": [{"city": "Paris"}]}, "addresses.0.street"),
        ({"name": "A\x00B"}, "name"),
        ({"name": "A", "language": "xx"}, "language"),
    ],
)
def test_a_customer_that_cannot_be_taken_is_refused_beside_the_field(
    desk: Program, body: dict[str, Any], field: str
) -> None:
    """(G3, G5)"""
    before = customers_of(desk.business)
    answer = desk.post("customers", body)
    assert problem_of(answer) == (422, "invalid")
    assert field in read(answer)["errors"]
    assert customers_of(desk.business) == before


def test_texts_come_back_as_they_were_typed(desk: Program) -> None:
    """(T1, T3)"""
    for name in ("👩‍🔧 Fée", "محمد", "<script>alert(1)</script>", "{{ x }}", "李", "a" * 300):
        told = read(desk.post("customers", {"name": name}))
        assert read(desk.get(f"customers/{told['id']}"))["name"] == name


def test_a_search_for_a_character_nobody_can_type_is_refused(desk: Program) -> None:
    """(G5)"""
    assert problem_of(desk.get("customers?q=a%00b")) == (422, "invalid")
    assert read(desk.get("customers?q=%ff%fe"))["customers"] == []


def test_an_id_in_use_is_not_taken_twice(desk: Program) -> None:
    chosen = str(uuid4())
    assert read(desk.post("customers", {"name": "A", "id": chosen}))["id"] == chosen
    assert problem_of(desk.post("customers", {"name": "B", "id": chosen})) == (409, "id_taken")


def test_a_form_can_be_built_from_the_layout_and_its_values_come_back(desk: Program) -> None:
    salon = desk.business
    with open_organisation(salon.organisation):
        access = salon.access("alice")
        draft = draft_of(access, current_layout(access, "customers").document)
        sizes = [{"label": {"en": "Small"}}, {"label": {"en": "Large"}}]
        draft["sections"][0]["fields"] += [
            {"type": "number", "label": {"fr": "Portes", "en": "Doors"}, "decimals": 1, "required": True},
            {"type": "choices", "label": {"en": "Sizes"}, "choices": sizes, "shows": ["card"]},
        ]
        save_layout(access, "customers", "standard", draft, version=0)
    told = read(desk.get("layouts/customers"))
    doors, several = told["sections"][0]["fields"][-2:]
    assert (told["version"], doors["label"]["fr"], doors["required"]) == (1, "Portes", True)
    assert doors["value"] == {"type": "number", "multipleOf": 0.1}
    assert several["value"]["items"] == {"type": "integer", "enum": [1, 2]}
    refused = desk.post("customers", {"name": "Zoé"})
    assert (refused.status_code, list(read(refused)["errors"])) == (422, [doors["field"]])
    custom = {doors["field"]: 4.5, several["field"]: [2, 1]}
    made = read(desk.post("customers", {"name": "Zoé", "custom": custom}))
    assert made["custom"] == {doors["field"]: 4.5, several["field"]: [1, 2]}
    assert read(desk.get("layouts/appointments"))["name"] == "create"
    assert desk.get("layouts/appointments", {"name": "standard"}).status_code == 404
    assert desk.get("layouts/rockets").status_code in (404, 422)
