"""What a profile hides is missing from answers, and the OpenAPI document promises none of it."""

from __future__ import annotations

from typing import Any

import pytest

from carnet.base.scopes import open_organisation
from carnet.organisations.fields import HIDDEN, modules
from carnet.organisations.models import FieldRight
from tests.api.conftest import Program, document, read

ORGANISATION = "/api/v1/o/{organisation}"


def unkept(value: Any, schema: dict[str, Any], place: str = "") -> list[str]:
    """Return the places at which `value` lacks what `schema` says is always there."""
    if "$ref" in schema:
        schema = document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        return min((unkept(value, one, place) for one in schema["anyOf"] if value is not None), key=len, default=[])
    if isinstance(value, list):
        return [found for one in value for found in unkept(one, schema["items"], f"{place}[]")]
    if not isinstance(value, dict) or "properties" not in schema:
        return []
    missing = [f"{place}.{name}" for name in schema.get("required", []) if name not in value]
    known = [(name, one) for name, one in value.items() if name in schema["properties"]]
    return missing + [
        found for name, one in known for found in unkept(one, schema["properties"][name], f"{place}.{name}")
    ]


@pytest.fixture
def answers(desk: Program) -> dict[str, Any]:
    """What a program reads from which everything is hidden that can be, by the address of the document."""
    business, booked = desk.business, desk.book("10:00")
    with open_organisation(business.organisation):
        profile = business.members["bea"].profile
        FieldRight.objects.bulk_create(
            FieldRight(
                organisation=business.organisation, profile=profile, module=one.key, field=field.key, right=HIDDEN
            )
            for one in modules()
            for field in one.fields
            if field.may_hide
        )
    asked = {
        "/services": "services",
        "/services/{service_id}": f"services/{desk.service('haircut')}",
        "/customers": "customers?q=elan",
        "/customers/{customer_id}": f"customers/{desk.customer('vera')}",
        "/appointments": f"appointments?from={business.day}&to={business.day}",
        "/appointments/{appointment_id}": f"appointments/{booked['id']}",
    }
    headers = {"Authorization": f"Bearer {desk.token}"}
    return {route: read(desk.client.get(desk.path(path), headers=headers)) for route, path in asked.items()}


def test_nothing_is_promised_that_is_left_out(answers: dict[str, Any]) -> None:
    for route, value in answers.items():
        told = document()["paths"][ORGANISATION + route]["get"]["responses"]["200"]
        assert unkept(value, told["content"]["application/json"]["schema"]) == [], route


def test_what_is_hidden_is_left_out_and_what_names_a_record_stays(answers: dict[str, Any]) -> None:
    assert answers["/services"]["services"][0].keys() & {"name", "price", "amount", "description"} == {"name"}
    assert answers["/customers/{customer_id}"].keys() & {"name", "phones", "emails", "addresses"} == {"name"}
    assert answers["/appointments"]["appointments"][0].keys() & {"start", "total", "note"} == {"start"}


def test_what_nobody_can_hide_is_promised() -> None:
    schemas = document()["components"]["schemas"]
    for name, field in (("CustomerOut", "name"), ("ServiceOut", "duration"), ("AppointmentOut", "start")):
        assert field in schemas[name]["required"]
        assert schemas[name]["required"] != list(schemas[name]["properties"])
