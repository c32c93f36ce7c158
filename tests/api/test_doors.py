"""The doors themselves: who gets in, what is refused at the threshold, and the one shape of every error."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.urls import URLPattern

from carnet.api import api
from carnet.api.__main__ import SNAPSHOT
from carnet.api.doors import PREFIX, document_text
from carnet.base.scopes import open_organisation, open_organisation_id
from carnet.organisations.models import Token
from tests.api.conftest import Program, deactivate, problem_of, read, token_for

#: Every operation, with a body that its shape accepts.
OPERATIONS: list[tuple[str, str, object]] = [
    ("GET", "services", None),
    ("POST", "services", {"name": "A", "duration": {"usual": 30}, "amount": 100}),
    ("GET", "layouts/customers", None),
    ("GET", "job-sheet-layouts", None),
    ("POST", "files?field=f1", None),
    ("GET", "files/{file}", None),
    ("GET", "services/bin", None),
    ("POST", "services/bulk", {"services": ["{service}"], "not_in_use": True}),
    ("GET", "services/{service}", None),
    ("PUT", "services/{service}", {"name": "A"}),
    ("DELETE", "services/{service}", None),
    ("POST", "services/{service}/clone", {"name": "A"}),
    ("POST", "services/{service}/restoration", None),
    ("GET", "services/{service}/outages", None),
    ("POST", "services/{service}/outages", {"until": "tomorrow"}),
    ("DELETE", "services/{service}/outages/{outage}", None),
    ("POST", "services/{service}/not-in-use", None),
    ("POST", "services/{service}/available", None),
    ("GET", "services/{service}/image", None),
    ("PUT", "services/{service}/image", None),
    ("DELETE", "services/{service}/image", None),
    ("GET", "categories", None),
    ("GET", "tags", None),
    ("GET", "taxes", None),
    ("GET", "customers?q=x", None),
    ("POST", "customers", {"name": "A"}),
    ("GET", "customers/{customer}", None),
    ("PUT", "customers/{customer}", {"name": "A", "phones": [], "emails": []}),
    ("GET", "availability?service={service}&from={day}&to={day}", None),
    ("GET", "availability/refusals?service={service}&start={day}T10:00Z", None),
    ("POST", "appointments", {"service": "{service}", "start": "{day}T10:00Z"}),
    ("GET", "appointments?from={day}&to={day}", None),
    ("GET", "appointments/{appointment}", None),
    ("PUT", "appointments/{appointment}/schedule", {"start": "{day}T10:00Z", "reason": "team"}),
    ("PUT", "appointments/{appointment}/details", {"note": "A"}),
    ("POST", "appointments/{appointment}/cancellation", {"reason": "team"}),
    ("POST", "appointments/{appointment}/no-show", None),
    ("POST", "appointments/{appointment}/start", None),
    ("POST", "appointments/{appointment}/completion", None),
    ("POST", "appointments/{appointment}/undo", None),
    ("POST", "appointments/{appointment}/reopening", {"reason": "x"}),
    ("GET", "appointments/{appointment}/job-sheet", None),
    ("PUT", "appointments/{appointment}/job-sheet", {"values": {}}),
]


def filled(value: object, names: dict[str, str]) -> object:
    if isinstance(value, dict):
        return {key: filled(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, names) for inner in value]
    return value.format(**names) if isinstance(value, str) else value


@pytest.mark.parametrize(("method", "path", "body"), OPERATIONS)
def test_nobody_gets_in_without_a_living_token(method: str, path: str, body: object, desk: Program) -> None:
    names = names_of(desk)
    stranger = Program(desk.business, "carnet_nonsense")
    for token in ("carnet_nonsense", "", "é" * 10):
        stranger.token = token
        answer = stranger.send(method, str(filled(path, names)), filled(body, names))
        assert problem_of(answer) == (401, "not_signed_in")
        assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(("method", "path", "body"), OPERATIONS)
def test_another_organisation_is_one_that_does_not_exist(
    method: str, path: str, body: object, desk: Program, neighbour: Program
) -> None:
    """(I1)"""
    booked = desk.book("10:00")
    names = names_of(desk, booked["id"])
    path, body = str(filled(path, names)), filled(body, names)
    theirs = neighbour.send(method, desk.path(path), body, If_Match="*")
    nowhere = neighbour.send(method, f"/api/v1/o/nowhere/{path}", body, If_Match="*")
    assert problem_of(theirs) == (404, "not_found")
    assert theirs.content == nowhere.content
    assert read(desk.get(f"appointments/{booked['id']}")) == booked


@pytest.mark.parametrize(
    ("method", "path", "body"), [one for one in OPERATIONS if re.search(r"/{(appointment|customer|service)}", one[1])]
)
def test_a_record_of_another_organisation_is_one_that_does_not_exist(
    method: str, path: str, body: object, desk: Program, neighbour: Program
) -> None:
    """(I1, I2)"""
    booked = desk.book("10:00")
    own = {name: value for name, value in names_of(neighbour).items() if name in ("service", "day", "outage")}
    there = {"appointment": booked["id"], "customer": desk.customer("vera"), "service": desk.service("haircut")}
    nobody = {name: str(uuid4()) for name in there}
    foreign = neighbour.send(method, path.format(**{**own, **there}), filled(body, own), If_Match="*")
    missing = neighbour.send(method, path.format(**{**own, **nobody}), filled(body, own), If_Match="*")
    assert problem_of(foreign) == (404, "not_found")
    assert foreign.content == missing.content
    assert read(desk.get(f"appointments/{booked['id']}")) == booked


def names_of(program: Program, appointment: str = "") -> dict[str, str]:
    return {
        "customer": program.customer("vera"),
        "service": program.service("haircut"),
        "day": program.business.day.isoformat(),
        "appointment": appointment or str(uuid4()),
        "outage": str(uuid4()),
        "file": str(uuid4()),
    }


def test_every_operation_of_the_document_is_tried_above() -> None:
    tried = {(method, path.split("?")[0]) for method, path, _body in OPERATIONS}
    promised = set()
    for path, operations in read_document()["paths"].items():
        path = path.removeprefix("/api/v1/o/{organisation}/").replace("_id}", "}").replace("{module}", "customers")
        promised |= {(method.upper(), path) for method in operations}
    assert tried == promised


def read_document() -> dict[str, dict[str, dict[str, dict[str, object]]]]:
    import json

    found: dict[str, dict[str, dict[str, dict[str, object]]]] = json.loads(document_text())
    return found


def test_the_document_tells_every_address_and_no_other() -> None:
    """(G8)"""
    addresses = set()
    verbs = set()
    for router in api._get_bound_routers():
        for pattern in router.urls_paths(router.prefix):
            addresses.add(pattern.pattern._route)
    for pattern in api.urls[0]:
        assert isinstance(pattern, URLPattern)
        if pattern.name != "openapi-json" and getattr(pattern.pattern, "_route", None):
            verbs.add(pattern.pattern._route)
    plain = {PREFIX + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route) for route in addresses}
    assert verbs == addresses
    assert plain == set(read_document()["paths"])


def test_the_committed_document_is_what_the_api_promises_now() -> None:
    assert SNAPSHOT.read_bytes() == document_text(), "python -m carnet.api --write"


def test_the_document_is_open_to_everyone(desk: Program) -> None:
    desk.token = ""
    answer = desk.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.content == document_text()


def test_a_revoked_token_and_one_of_a_former_member_are_dead_at_once(desk: Program, admin: Program) -> None:
    """(C5, I13)"""
    assert desk.get("services").status_code == 200
    with open_organisation(desk.business.organisation):
        Token.objects.filter(hash=Token.hash_of(desk.token)).update(revoked_at=datetime.now(UTC))
    assert problem_of(desk.get("services")) == (401, "not_signed_in")
    deactivate(admin.business, "alice")
    assert problem_of(admin.get("services")) == (401, "not_signed_in")


@pytest.mark.guard("access_require")
def test_a_token_may_do_less_than_its_member_and_never_more(desk: Program, provider: Program) -> None:
    """(J6)"""
    narrow = Program(desk.business, token_for(desk.business, "bea", permissions=("catalogue.see", "set_up.edit")))
    assert narrow.get("services").status_code == 200
    assert problem_of(narrow.get("customers?q=x")) == (403, "not_permitted")
    assert problem_of(narrow.post("appointments", narrow.booking("10:00"))) == (403, "not_permitted")
    wide = Program(desk.business, token_for(desk.business, "lea", permissions=("appointments.book",)))
    assert problem_of(wide.post("appointments", wide.booking("10:00"))) == (403, "not_permitted")


@pytest.mark.guard("visible")
def test_a_provider_finds_own_visits_and_their_customers_only(desk: Program, provider: Program) -> None:
    """(I12)"""
    own = desk.book("10:00", member=desk.member("lea"))
    other = desk.book("10:00", member=desk.member("max"), customer=desk.customer("omar"))
    assert provider.get(f"appointments/{own['id']}").status_code == 200
    assert problem_of(provider.get(f"appointments/{other['id']}")) == (404, "not_found")
    day = desk.business.day.isoformat()
    listed = read(provider.get("appointments", {"from": day, "to": day}))["appointments"]
    assert [one["id"] for one in listed] == [own["id"]]
    assert provider.get(f"customers/{desk.customer('vera')}").status_code == 200
    assert problem_of(provider.get(f"customers/{desk.customer('omar')}")) == (404, "not_found")
    assert read(provider.get("customers", {"q": "omar"}))["customers"] == []
    cancelled = provider.post(f"appointments/{other['id']}/cancellation", {"reason": "team"})
    assert problem_of(cancelled) == (404, "not_found")


def test_with_the_module_off_nothing_can_be_booked(desk: Program) -> None:
    from carnet.customisation.actions import switch_module

    with open_organisation(desk.business.organisation):
        switch_module(desk.business.system, "services", False)
    assert problem_of(desk.get("services")) == (404, "not_found")
    assert problem_of(desk.post("appointments", desk.booking("10:00"))) == (403, "module_off")


DEEP = b"[" * 10_000 + b"]" * 10_000


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"NaN",
        b'{"start": NaN}',
        b'{"start": Infinity}',
        b'{"duration": 1e400}',
        b'{"duration": -1e400}',
        b'{"duration": ' + b"9" * 5000 + b"}",
        b'{"note": "a", "note": "b"}',
        b'{"note": "\\ud800"}',
        b'{"note": "\xff"}',
        b'{"note": "\xc0\x80"}',
        b'{"note": "a\x00b"}',
        b'{"note": "a\\u0000b"}',
        b'{"note\\u0000": "b"}',
        b"{'note': 'a'}",
        b'{"note": "a"} x',
        DEEP,
        b'{"note": ' + DEEP + b"}",
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
        b"\xef\xbb\xbf{}",
    ],
    ids=range(24),
)
def test_what_is_no_proper_json_is_refused_and_changes_nothing(desk: Program, body: bytes) -> None:
    """(G1, G5)"""
    for path in ("appointments", "customers"):
        status, code = problem_of(desk.post(path, body))
        assert (status, code) in ((400, "malformed"), (422, "invalid"))


def test_a_body_of_another_kind_is_refused(desk: Program) -> None:
    """(J4)"""
    answer = desk.client.post(
        desk.path("customers"), b'{"name": "A"}', content_type="text/plain",
        headers={"Authorization": f"Bearer {desk.token}"},
    )  # fmt: skip
    assert problem_of(answer) == (415, "not_json")


def test_a_body_that_is_too_large_is_refused(desk: Program) -> None:
    """(G2)"""
    body = b'{"name": "' + b"x" * (3 * 1024 * 1024) + b'"}'
    assert problem_of(desk.post("customers", body)) == (413, "too_large")


@pytest.mark.parametrize(
    "path",
    [
        "/api/",
        "/api/v2/o/salon/services",
        "/api/v1/",
        "/api/v1/nothing",
        "/api/v1/o/salon/nothing",
        "/api/v1/o/salon/services/",
        "/api/v1/o/salon/customers/7",
        "/api/v1/o/salon/customers/99999999999999999999999",
        "/api/v1/o/salon/customers/-1",
        "/api/v1/o/salon/appointments/not-an-id/schedule",
        "/api/v1/o/sal%00on/services",
        "/api/v1/o/salon/customers/..%2f..%2f",
    ],
)
def test_an_address_that_is_none_is_a_problem_too(desk: Program, path: str) -> None:
    """(G5, G6)"""
    assert problem_of(desk.get(path)) == (404, "not_found")


@pytest.mark.parametrize("method", ["DELETE", "PATCH", "PUT", "HEAD", "OPTIONS", "TRACE"])
def test_a_verb_that_an_address_does_not_know_is_refused(desk: Program, method: str) -> None:
    """(G8)"""
    answer = desk.send(method, "customers")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "POST"}
    if method != "HEAD":
        assert problem_of(answer) == (405, "method_not_allowed")


def test_answers_are_kept_by_no_cache_and_leave_no_scope_open(desk: Program) -> None:
    """(I4)"""
    for answer in (desk.get("services"), desk.get("nothing"), desk.get("customers")):
        if answer.status_code != 404:
            assert answer.headers["Cache-Control"] == "private, no-store"
        assert open_organisation_id() is None


def test_a_fault_of_ours_is_told_without_its_inside(desk: Program, caplog: pytest.LogCaptureFixture) -> None:
    """A layout that is gone is a fault nobody outside can mend: 500, and nothing of it in the answer."""
    from carnet.customisation.models import LayoutVersion

    booked = desk.book("10:00")
    with open_organisation(desk.business.organisation):
        LayoutVersion.objects.all().delete()
    answer = desk.get(f"appointments/{booked['id']}/job-sheet")
    assert problem_of(answer) == (500, "fault")
    assert b"LayoutVersion" not in answer.content
    assert "LayoutVersion" in caplog.text
