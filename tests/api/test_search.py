"""What can be booked, found over HTTP."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.conftest import Program, problem_of, read


def test_services_are_listed_with_their_price_in_detail_and_their_members(desk: Program) -> None:
    services = {service["name"]: service for service in read(desk.get("services", {"bookable": "true"}))["services"]}
    haircut = services["Coupe"]
    assert haircut["id"] == desk.service("haircut")
    assert haircut["price"] == {
        "net": 2917,
        "taxes": [{"name": "TVA 20 %", "rate": 20000, "amount": 583}],
        "total": 3500,
        "currency": "EUR",
    }
    assert haircut["duration"] == {"shortest": 45, "usual": 45, "longest": 45}
    assert [member["name"] for member in haircut["members"]] == ["Lea", "Max"]


def test_a_list_is_read_page_by_page_and_each_record_once(desk: Program) -> None:
    seen: list[str] = []
    query: dict[str, str | int] = {"limit": 3}
    while True:
        page = read(desk.get("services", query))
        seen += [service["name"] for service in page["services"]]
        if page["next"] is None:
            break
        query["after"] = page["next"]
    assert seen == ["Coiffage", "Couleur", "Coupe", "Jardin"]


def test_free_starts_are_local_and_name_the_members_who_can_take_them(desk: Program) -> None:
    day = desk.business.day.isoformat()
    desk.book("10:00", member=desk.member("lea"))
    slots = read(desk.get("availability", {"service": desk.service("haircut"), "from": day, "to": day}))["slots"]
    by_start = {slot["start"]: slot["members"] for slot in slots}
    assert by_start[desk.at("09:00")] == [desk.member("lea"), desk.member("max")]
    assert by_start[desk.at("10:15")] == [desk.member("max")]
    assert desk.at("13:00") not in by_start
    assert max(by_start) == desk.at("17:15")


def test_free_starts_of_one_member_are_hers_alone(desk: Program) -> None:
    day = desk.business.day.isoformat()
    query = {"service": desk.service("haircut"), "from": day, "to": day, "member": desk.member("max"), "duration": 45}
    slots = read(desk.get("availability", query))["slots"]
    assert slots
    assert {tuple(slot["members"]) for slot in slots} == {(desk.member("max"),)}


def test_whatever_is_offered_can_be_booked(desk: Program) -> None:
    """(B9)"""
    day = desk.business.day.isoformat()
    slots = read(desk.get("availability", {"service": desk.service("colour"), "from": day, "to": day}))["slots"]
    for slot in (slots[0], slots[-1]):
        start, member = slot["start"], slot["members"][0]
        assert desk.book(start=start, member=member, service=desk.service("colour"))["start"] == start


def test_a_refused_start_is_told_with_every_reason_and_free_starts_instead(desk: Program) -> None:
    desk.book("10:00")
    query = {"service": desk.service("haircut"), "start": desk.at("10:15"), "member": desk.member("lea")}
    told = read(desk.get("availability/refusals", query))
    assert told["bookable"] is False
    assert [refusal["rule"] for refusal in told["refusals"]] == ["nobody_busy"]
    assert told["refusals"][0]["sentence"].startswith("Lea is busy from")
    assert told["alternatives"][0]["start"] > desk.at("10:15")


def test_a_free_start_has_no_refusals(desk: Program) -> None:
    query = {"service": desk.service("haircut"), "start": desk.at("11:00")}
    assert read(desk.get("availability/refusals", query)) == {"bookable": True, "refusals": [], "alternatives": []}


def test_a_plus_sign_that_nobody_encoded_is_still_an_offset(desk: Program) -> None:
    path = f"availability/refusals?service={desk.service('haircut')}&start={desk.at('11:00')}"
    assert read(desk.get(path))["bookable"] is True


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"to": "2000-01-01"}, "to"),
        ({"from": "01/12/2026"}, "from"),
        ({"from": "0000-01-01"}, "from"),
        ({"to": "10000-01-01"}, "to"),
        ({"from": "1700000000"}, "from"),
        ({"service": "7"}, "service"),
        ({"service": "00000000-0000-4000-8000-000000000000"}, "service"),
        ({"member": "00000000-0000-4000-8000-000000000000"}, "member"),
        ({"duration": "0"}, "duration"),
        ({"duration": "99999999999999999999"}, "duration"),
        ({"memeber": "x"}, "memeber"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_beside_its_field(
    desk: Program, change: dict[str, str], field: str
) -> None:
    """(G1, G5, G6)"""
    day = desk.business.day.isoformat()
    response = desk.get("availability", {"service": desk.service("haircut"), "from": day, "to": day} | change)
    assert problem_of(response) == (422, "invalid")
    assert list(read(response)["errors"]) == [field]


def test_a_question_spans_two_months_at_most(desk: Program) -> None:
    first = desk.business.day
    query = {"service": desk.service("haircut"), "from": first.isoformat()}
    assert desk.get("availability", query | {"to": (first + timedelta(days=61)).isoformat()}).status_code == 200
    assert desk.get("availability", query | {"to": (first + timedelta(days=62)).isoformat()}).status_code == 422
    query = {"from": first.isoformat()}
    assert desk.get("appointments", query | {"to": (first + timedelta(days=62)).isoformat()}).status_code == 422


def test_a_search_reads_the_same_few_statements_for_a_day_and_for_a_month(desk: Program) -> None:
    first = desk.business.day
    counts = []
    for days in (0, 0, 30, 61):
        last = (first + timedelta(days=days)).isoformat()
        query = {"service": desk.service("haircut"), "from": first.isoformat(), "to": last}
        with CaptureQueriesContext(connection) as statements:
            assert desk.get("availability", query).status_code == 200
        counts.append(len(statements))
    # The token with its organisation and member, the modules, the service; then what the answer needs. What the
    # first search learnt may be remembered, so it is not compared.
    assert counts[1] == counts[2] == counts[3] <= 9


def test_customers_are_found_whatever_way_they_are_typed(desk: Program) -> None:
    for typed in ("vera", "ÉLAN", "06 12 34", "+33 6 12 34 56 78", "vera@mail"):
        found = read(desk.get("customers", {"q": typed}))["customers"]
        assert [customer["name"] for customer in found] == ["Véra Élan"], typed
    assert found[0]["phones"] == ["06 12 34 56 78"]
    assert found[0]["addresses"][0]["street"] == "3 rue des Lilas"
