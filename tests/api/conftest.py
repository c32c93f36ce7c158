"""Programs at the doors: a client with a token, in the organisation of the cast at the real clock."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve
from pydantic import TypeAdapter

from carnet.api import api
from carnet.api.doors import PREFIX, document_text
from carnet.base.scopes import open_organisation
from carnet.customers.models import Customer
from carnet.organisations.models import Member, Token
from carnet.resources.actions import set_business_hours, set_resource_hours
from tests.cast import Business, open_business
from tests.morning import zone_at_opening


def token_for(business: Business, name: str, *, permissions: tuple[str, ...] = ()) -> str:
    """Return the secret of a new token of the member called `name`."""
    secret = Token.new_secret()
    with open_organisation(business.organisation):
        Token.objects.create(
            organisation=business.organisation,
            member=business.members[name],
            hash=Token.hash_of(secret),
            permissions=list(permissions),
            created_at=datetime.now(UTC),
        )
    return secret


def as_promised(method: str, path: str, response: HttpResponse) -> None:
    """Check that the OpenAPI document tells this status of this operation, and the shape of its answer."""
    route = getattr(resolve(path), "route", "").removeprefix("api/v1/")
    for router in api._get_bound_routers():
        for pattern, view in zip(router.urls_paths(router.prefix), views_of(router), strict=True):
            if pattern.pattern._route == route and (operation := view._find_operation(RequestOf(method))):
                told = document()["paths"][f"{PREFIX}{as_told(route)}"][method.lower()]["responses"]
                assert str(response.status_code) in told or response.status_code in (405, 500), response.content
                model = operation.response_models.get(response.status_code)
                if response.status_code < 400 and model is None:
                    # Nothing, or an image.
                    assert response.status_code == 204 or "content" in told[str(response.status_code)]
                elif response.status_code < 400:
                    shape = model.model_fields["response"].annotation
                    read_back = TypeAdapter(shape).validate_json(response.content).model_dump(mode="json")
                    assert keys_of(read_back) == keys_of(json.loads(response.content))
                return


@dataclass
class RequestOf:
    method: str


def views_of(router: Any) -> list[Any]:
    """Return the view of each address, as often as it has verbs: so does the router list its addresses."""
    return [view for view in router.path_operations.values() for _operation in view.operations]


def as_told(route: str) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)


@cache
def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(document_text())
    return found


def keys_of(value: Any, path: str = "") -> set[str]:
    """Return the path of every field in a JSON value."""
    if isinstance(value, dict):
        return {f"{path}.{key}" for key in value}.union(
            *(keys_of(inner, f"{path}.{key}") for key, inner in value.items())
        )
    if isinstance(value, list):
        return set().union(*(keys_of(inner, f"{path}[]") for inner in value))
    return set()


@dataclass
class Program:
    """A program that holds one token; every answer is checked against what the OpenAPI document promises."""

    business: Business
    token: str
    language: str = "en"
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def path(self, path: str) -> str:
        return f"/api/v1/o/{self.business.organisation.slug}/{path}"

    def send(
        self, method: str, path: str, body: Any = None, *, kind: str = "application/json", **headers: str
    ) -> HttpResponse:
        """Send a request; `body` is JSON, or bytes of some `kind`; underscores in header names are hyphens."""
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        sent = {"Authorization": f"Bearer {self.token}", "Accept-Language": self.language}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        address = path if path.startswith("/") else self.path(path)
        response = self.client.generic(method, address, data, content_type=kind, headers=sent)
        as_promised(method, address.split("?")[0], response)
        return response

    def get(self, path: str, query: dict[str, Any] | None = None, **headers: str) -> HttpResponse:
        return self.send("GET", f"{path}?{urlencode(query, doseq=True)}" if query else path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.send("POST", path, body, **headers)

    def put(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.send("PUT", path, body, **headers)

    def delete(self, path: str, **headers: str) -> HttpResponse:
        return self.send("DELETE", path, **headers)

    def service(self, name: str) -> str:
        return str(self.business.services[name].public_id)

    def member(self, name: str) -> str:
        return str(self.business.members[name].public_id)

    def customer(self, name: str) -> str:
        return str(self.business.customers[name].public_id)

    def at(self, clock: str) -> str:
        """Return the local wall time on the tests' day, with its offset."""
        return self.business.at(clock).astimezone(self.business.zone).isoformat()

    def booking(self, at: str = "10:00", **more: Any) -> dict[str, Any]:
        return {
            "customer": self.customer("vera"),
            "service": self.service("haircut"),
            "start": self.at(at),
            "member": self.member("lea"),
            **more,
        }

    def book(self, at: str = "10:00", **more: Any) -> dict[str, Any]:
        """Book and return the appointment as answered."""
        answer = self.post("appointments", self.booking(at, **more))
        assert answer.status_code == 201, answer.content
        return read(answer)


def read(response: HttpResponse) -> Any:
    return json.loads(response.content)


def problem_of(response: HttpResponse) -> tuple[int, str]:
    """Return the status and code of a problem, having checked that it has the shape of one."""
    assert response.headers["Content-Type"] == "application/problem+json", response.content
    told = read(response)
    assert told["status"] == response.status_code
    assert told["type"]
    assert told["title"]
    assert told["detail"]
    return told["status"], told["code"]


@pytest.fixture
def desk(open_salon: Business) -> Program:
    """A program of Bea at the front desk of the salon."""
    return Program(open_salon, token_for(open_salon, "bea"))


@pytest.fixture
def admin(open_salon: Business) -> Program:
    return Program(open_salon, token_for(open_salon, "alice"))


@pytest.fixture
def provider(open_salon: Business) -> Program:
    """A program of Léa, who provides and sees her own visits only."""
    return Program(open_salon, token_for(open_salon, "lea"))


@pytest.fixture
def neighbour(open_garage: Business) -> Program:
    """A program of the garage's administrator, to whom the salon does not exist."""
    return Program(open_garage, token_for(open_garage, "alice"))


def deactivate(business: Business, name: str) -> None:
    with open_organisation(business.organisation):
        Member.objects.filter(pk=business.members[name].pk).update(active=False)


def customers_of(business: Business) -> int:
    with open_organisation(business.organisation):
        return Customer.objects.count()


@pytest.fixture
def working_now(db: None) -> Program:
    """A program of the administrator of a salon where it is some minutes past nine, open today, whatever day it is."""
    now = datetime.now(UTC)
    zone = zone_at_opening(now)
    business = open_business("salon", zone=zone, now=now, day=now.astimezone(ZoneInfo(zone)).date())
    every_day = dict.fromkeys(range(7), ((9 * 60, 18 * 60),))
    with open_organisation(business.organisation):
        set_business_hours(business.system, every_day)
        for name in ("lea", "max"):
            set_resource_hours(business.system, business.resource(name), every_day)
    return Program(business, token_for(business, "alice"))


def next_quarter(program: Program) -> str:
    """Return the start of the next quarter of an hour but one, local: surely not past when the request arrives."""
    now = datetime.now(UTC)
    quarter = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0) + timedelta(minutes=30)
    return quarter.astimezone(program.business.zone).isoformat()
