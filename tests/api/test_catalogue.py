"""The catalogue over HTTP: the seed document's procedures one by one, and what is refused."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image

from carnet.appointments.models import Appointment
from carnet.base.scopes import open_organisation
from carnet.catalogue.models import AddOn, Picture, Service, Tag
from tests.api.conftest import Program, problem_of, read, token_for
from tests.cast import coming_day
from tests.customisation.test_custom_values import PLATE, SIZE, add
from tests.pictures import picture

NOBODY = "00000000-0000-4000-8000-000000000000"
NEW = {"name": "Brushing", "duration": {"usual": 30}, "amount": 3000}


def services_of(program: Program) -> int:
    with open_organisation(program.business.organisation):
        return Service.objects.count()


def names(program: Program, query: dict[str, Any] | None = None) -> list[str]:
    answer = program.get("services", query)
    assert answer.status_code == 200, answer.content
    return [service["name"] for service in read(answer)["services"]]


def service(program: Program, name: str = "haircut") -> dict[str, Any]:
    answer = program.get(f"services/{program.service(name)}")
    assert answer.status_code == 200, answer.content
    told: dict[str, Any] = read(answer)
    assert answer.headers["ETag"] == f'"{told["version"]}"'
    return told


def edit(program: Program, which: str = "haircut", **changes: Any) -> dict[str, Any]:
    answer = program.put(f"services/{program.service(which)}", changes, If_Match="*")
    assert answer.status_code == 200, answer.content
    told: dict[str, Any] = read(answer)
    return told


def create(program: Program, **more: Any) -> dict[str, Any]:
    answer = program.post("services", NEW | more)
    assert answer.status_code == 201, answer.content
    told: dict[str, Any] = read(answer)
    return told


# Creating


def test_a_service_needs_a_name_a_length_and_a_price(admin: Program) -> None:
    told = create(admin)
    assert told["status"] == "available"
    assert told["duration"] == {"shortest": 30, "usual": 30, "longest": 30}
    assert told["owner"]["id"] == admin.member("alice")
    assert {member["name"] for member in told["members"]} == {"Alice", "Bea", "Lea", "Max"}
    assert [tax["name"] for tax in told["taxes"]] == ["TVA 20 %"]
    assert (told["place"], told["asks_job_sheet"], told["hours"], told["dates"]) == ("business", False, [], [])
    assert told["price"] == {
        "net": 2500,
        "taxes": [{"name": "TVA 20 %", "rate": 20000, "amount": 500}],
        "total": 3000,
        "currency": "EUR",
    }
    assert read(admin.get(f"services/{told['id']}")) == told


def test_all_of_a_service_is_told_as_it_was_sent(admin: Program) -> None:
    last = admin.business.day + timedelta(days=90)
    told = create(
        admin,
        duration={"usual": 60, "shortest": 30, "longest": 90},
        before=5,
        after=10,
        description="Shampooing compris.",
        new_category="Coiffage",
        new_tags=["Mariage", "mariage ", "Soir"],
        members=[{"id": admin.member("lea"), "amount": 3600}, {"id": admin.member("max")}],
        place="both",
        length_prices=[{"minutes": 90, "amount": 4200}],
        add_ons=[{"name": "Soin", "minutes": 15, "amount": 1200}],
        hours=[
            {"weekday": "tuesday", "opens": "14:00", "closes": "18:00"},
            {"weekday": "tuesday", "opens": "09:00", "closes": "12:00"},
        ],
        offered_from=admin.business.day.isoformat(),
        offered_until=last.isoformat(),
        asks_job_sheet=True,
    )
    assert told["category"]["name"] == "Coiffage"
    assert [tag["name"] for tag in told["tags"]] == ["Mariage", "Soir"]
    assert [(one["name"], one["amount"], one["price"]["total"]) for one in told["members"]] == [
        ("Lea", 3600, 3600),
        ("Max", None, 3000),
    ]
    assert [(one["minutes"], one["price"]["total"]) for one in told["length_prices"]] == [(90, 4200)]
    (add_on,) = told["add_ons"]
    assert (add_on["name"], add_on["minutes"], add_on["price"]["net"]) == ("Soin", 15, 1000)
    assert told["hours"] == [
        {"weekday": "tuesday", "opens": "09:00", "closes": "12:00"},
        {"weekday": "tuesday", "opens": "14:00", "closes": "18:00"},
    ]
    assert (told["offered_until"], told["status"]) == (last.isoformat(), "upcoming")
    back = datetime.fromisoformat(told["back_at"])
    assert back.date() >= admin.business.day
    assert back.weekday() == 1
    assert back.hour == 9
    assert told["image"] is None


def test_a_client_may_choose_the_id_and_send_again_with_one_effect(admin: Program, neighbour: Program) -> None:
    chosen = str(uuid4())
    first = admin.post("services", {**NEW, "id": chosen}, Idempotency_Key="s-1")
    again = admin.post("services", {**NEW, "id": chosen}, Idempotency_Key="s-1")
    assert (first.status_code, first.content) == (201, again.content)
    assert read(first)["id"] == chosen
    assert problem_of(admin.post("services", {**NEW, "id": chosen})) == (409, "id_taken")
    assert problem_of(neighbour.post("services", {**NEW, "id": chosen})) == (409, "id_taken")
    other = admin.post("services", {**NEW, "name": "Autre"}, Idempotency_Key="s-1")
    assert problem_of(other) == (422, "idempotency_key_reused")
    assert services_of(admin) == 5


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"colour": "red"}, "colour"),
        ({"version": 3}, "version"),
        ({"status": "available"}, "status"),
        ({"deleted_at": None}, "deleted_at"),
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"duration": {"usual": 3}}, "duration.usual"),
        ({"duration": {"usual": 44}}, "duration.usual"),
        ({"duration": {"usual": 1500}}, "duration.usual"),
        ({"duration": {"usual": 60, "shortest": 90, "longest": 30}}, "duration.longest"),
        ({"duration": {"usual": "30"}}, "duration.usual"),
        ({"amount": -1}, "amount"),
        ({"amount": 10**16}, "amount"),
        ({"amount": 10**12}, "amount"),
        ({"amount": 12.5}, "amount"),
        ({"members": []}, "members"),
        ({"place": "moon"}, "place"),
        ({"new_tags": ["x" * 41]}, "tags"),
        ({"length_prices": [{"minutes": 60, "amount": -1}]}, "length_prices"),
        ({"hourly": True, "length_prices": [{"minutes": 60, "amount": 1}]}, "length_prices"),
        ({"add_ons": [{"name": "Soin"}, {"name": "soin"}]}, "add_ons"),
        ({"hours": [{"weekday": "monday", "opens": "09:00", "closes": "20:00"}]}, "hours"),
        ({"hours": [{"weekday": "sunday", "opens": "09:00", "closes": "12:00"}]}, "hours"),
        ({"hours": [{"weekday": "monday", "opens": "09:00", "closes": "09:15"}]}, "hours"),
        ({"hours": [{"weekday": "monday", "opens": "9:00", "closes": "12:00"}]}, "hours.0.opens"),
        ({"hours": [{"weekday": "lundi", "opens": "09:00", "closes": "12:00"}]}, "hours.0.weekday"),
        (
            {"dates": [{"on": f"2030-01-{day:02}", "opens": "09:00", "closes": "12:00"} for day in range(1, 22)]},
            "dates",
        ),
        ({"offered_from": "2030-02-01", "offered_until": "2030-01-01"}, "offered_until"),
    ],
)
def test_what_cannot_be_taken_is_refused_beside_its_field(admin: Program, change: dict[str, Any], field: str) -> None:
    """(G3, K4)"""
    answer = admin.post("services", NEW | change)
    assert problem_of(answer) == (422, "invalid")
    assert field in read(answer)["errors"], answer.content
    assert services_of(admin) == 4


@pytest.mark.parametrize(
    "change",
    [
        {"owner": "{member}"},
        {"members": [{"id": "{member}"}]},
        {"taxes": ["{tax}"]},
        {"category": "{category}"},
        {"tags": ["{tag}"]},
        {"add_ons": [{"id": "{add_on}", "name": "Soin"}]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_belongs_to_others_is_refused_as_what_does_not_exist(
    admin: Program, neighbour: Program, change: dict[str, Any]
) -> None:
    """In creating, editing and cloning alike (G3, I1, I2, T5)."""
    theirs = create(neighbour, new_category="A", new_tags=["B"], add_ons=[{"name": "C"}])
    ids = {
        "member": theirs["members"][0]["id"],
        "tax": theirs["taxes"][0]["id"],
        "category": theirs["category"]["id"],
        "tag": theirs["tags"][0]["id"],
        "add_on": theirs["add_ons"][0]["id"],
    }
    here = f"services/{admin.service('haircut')}"
    for method, path, body in (("POST", "services", NEW), ("PUT", here, {}), ("POST", f"{here}/clone", {})):
        foreign = admin.send(method, path, {**body, **filled(change, ids)}, If_Match="*")
        missing = admin.send(method, path, {**body, **filled(change, dict.fromkeys(ids, NOBODY))}, If_Match="*")
        assert problem_of(foreign) == (422, "invalid")
        assert foreign.content == missing.content
    assert services_of(admin) == 4
    assert service(admin)["version"] == 1


def filled(value: Any, ids: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: filled(inner, ids) for key, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, ids) for inner in value]
    return value.format(**ids)


def test_a_service_that_is_no_longer_offered_is_entered_for_the_record(admin: Program) -> None:
    old = create(admin, name="Pelouses", in_use=False, members=[])
    past = create(admin, name="Gazon", members=[], offered_from="2019-01-01", offered_until="2019-12-31")
    assert (old["status"], past["status"]) == ("not_in_use", "ended")
    assert not {"Pelouses", "Gazon"} & set(names(admin, {"bookable": "true"}))


# Browsing


def test_services_are_found_by_status_category_tag_member_place_and_words(admin: Program) -> None:
    edit(admin, new_category="Cheveux", new_tags=["Été"], description="Fontaine d’eau")
    edit(admin, "colour", members=[{"id": admin.member("max")}])
    admin.post(f"services/{admin.service('both')}/not-in-use")
    create(admin, name="Plage", offered_from=(admin.business.day + timedelta(days=200)).isoformat())
    create(admin, name="Neige", offered_from="2019-01-01", offered_until="2019-12-31")
    admin.post(f"services/{admin.service('garden')}/outages", {"until": "tomorrow"})
    assert names(admin, {"status": "not_in_use"}) == ["Coiffage"]
    assert names(admin, {"status": "upcoming"}) == ["Plage"]
    assert names(admin, {"status": "ended"}) == ["Neige"]
    assert names(admin, {"status": "unavailable"}) == ["Jardin"]
    assert names(admin, {"status": "available"}) == ["Couleur", "Coupe"]
    told = service(admin)
    assert names(admin, {"category": told["category"]["id"]}) == ["Coupe"]
    assert names(admin, {"tag": told["tags"][0]["id"]}) == ["Coupe"]
    assert names(admin, {"member": admin.member("lea"), "status": "available"}) == ["Coupe"]
    assert names(admin, {"place": "customer"}) == ["Coiffage", "Jardin"]
    assert names(admin, {"q": "ETE"}) == names(admin, {"q": "cheveux d’eau"}) == ["Coupe"]
    assert names(admin, {"q": "coupe jardin"}) == []
    assert {one["name"] for one in read(admin.get("categories"))["categories"]} == {"Cheveux"}
    assert {one["name"] for one in read(admin.get("tags"))["tags"]} == {"Été"}
    assert [(one["name"], one["rate"]) for one in read(admin.get("taxes"))["taxes"]] == [("TVA 20 %", 20_000)]


def test_every_service_stands_where_the_filter_of_its_status_finds_it(admin: Program) -> None:
    admin.post(f"services/{admin.service('both')}/not-in-use")
    admin.post(f"services/{admin.service('garden')}/outages", {"until": "end_of_week"})
    create(admin, name="Neige", offered_from="2019-01-01", offered_until="2019-12-31")
    for told in read(admin.get("services"))["services"]:
        assert told["name"] in names(admin, {"status": told["status"]})


@pytest.mark.parametrize("field", ["category", "tag", "member"])
def test_a_filter_by_what_belongs_to_others_is_refused_as_by_what_does_not_exist(
    admin: Program, neighbour: Program, field: str
) -> None:
    """(I2)"""
    theirs = create(neighbour, new_category="A", new_tags=["B"])
    ids = {
        "category": theirs["category"]["id"],
        "tag": theirs["tags"][0]["id"],
        "member": theirs["members"][0]["id"],
    }
    foreign, missing = (admin.get("services", {field: one}) for one in (ids[field], NOBODY))
    assert problem_of(foreign) == (422, "invalid")
    assert foreign.content == missing.content
    assert "A" not in names_of_lists(admin)


def names_of_lists(program: Program) -> set[str]:
    return {one["name"] for kind in ("categories", "tags", "taxes") for one in read(program.get(kind))[kind]}


# Editing


def test_an_edit_says_which_version_it_was_made_on(admin: Program) -> None:
    here = f"services/{admin.service('haircut')}"
    assert problem_of(admin.put(here, {"amount": 4000})) == (428, "version_missing")
    assert problem_of(admin.put(here, {"amount": 4000}, If_Match='"7"')) == (412, "stale_version")
    assert service(admin)["amount"] == 3500
    answer = admin.put(here, {"amount": 4000}, If_Match='"1"')
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    assert problem_of(admin.put(here, {"amount": 9000}, If_Match='"1"')) == (412, "stale_version")


def test_what_an_edit_leaves_out_stays_as_it_was(admin: Program) -> None:
    before = edit(admin, new_tags=["Court"], add_ons=[{"name": "Soin", "minutes": 15, "amount": 1200}], after=10)
    after = edit(admin, amount=4000)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"version", "amount", "price", "members"}
    assert after["members"][0]["price"]["total"] == 4000


def test_an_add_on_that_is_edited_keeps_its_id(admin: Program) -> None:
    (soin,) = edit(admin, add_ons=[{"name": "Soin", "minutes": 15, "amount": 1200}])["add_ons"]
    told = edit(admin, add_ons=[{"name": "Masque"}, {"id": soin["id"], "name": "Soin", "minutes": 20}])["add_ons"]
    assert [(one["name"], one["minutes"]) for one in told] == [("Masque", 0), ("Soin", 20)]
    assert told[1]["id"] == soin["id"]


def test_who_may_only_see_changes_nothing(desk: Program, admin: Program) -> None:
    here = f"services/{desk.service('haircut')}"
    for method, path, body in (
        ("POST", "services", NEW),
        ("PUT", here, {"amount": 1}),
        ("POST", f"{here}/clone", None),
        ("POST", f"{here}/not-in-use", None),
        ("POST", f"{here}/outages", {"until": "tomorrow"}),
        ("DELETE", here, None),
        ("GET", "services/bin", None),
        ("POST", "services/bulk", {"services": [desk.service("haircut")], "price_percent": 5}),
    ):
        assert problem_of(desk.send(method, path, body, If_Match="*")) == (403, "not_permitted")
    assert service(admin)["version"] == 1
    assert services_of(admin) == 4


# Cloning


def test_a_clone_is_changed_and_the_original_is_not(admin: Program) -> None:
    """(C6)"""
    here = f"services/{admin.service('haircut')}"
    edit(
        admin,
        add_ons=[{"name": "Soin", "minutes": 15}],
        new_tags=["Court"],
        members=[{"id": admin.member("lea"), "amount": 3900}],
    )
    admin.put(f"{here}/image", picture(), kind="image/png")
    admin.post(f"{here}/outages", {"until": "tomorrow"})
    original = service(admin)
    answer = admin.post(f"{here}/clone", {"name": "Coupe longue", "amount": 5000})
    assert answer.status_code == 201
    clone = read(answer)
    assert (clone["name"], clone["amount"], clone["version"]) == ("Coupe longue", 5000, 1)
    assert (clone["status"], clone["outages"]) == ("available", [])
    assert [tag["name"] for tag in clone["tags"]] == ["Court"]
    assert clone["add_ons"][0]["name"] == "Soin"
    assert clone["add_ons"][0]["id"] != original["add_ons"][0]["id"]
    assert clone["members"][0]["amount"] == 3900
    assert clone["image"]["width"] == original["image"]["width"]
    changes = {"add_ons": [], "tags": [], "members": [{"id": admin.member("max")}], "description": "Autre"}
    assert admin.put(f"services/{clone['id']}", changes, If_Match='"1"').status_code == 200
    assert admin.delete(f"services/{clone['id']}/image").status_code == 204
    assert service(admin) == original


def test_own_fields_are_written_told_cloned_and_refused_beside_their_key(admin: Program) -> None:
    with open_organisation(admin.business.organisation):
        code, size = add(admin.business, {**PLATE, "searched": False}, SIZE, module="services")
    refused = admin.post("services", {**NEW, "custom": {code: "L-1"}})
    assert (problem_of(refused), list(read(refused)["errors"])) == ((422, "invalid"), [size])
    made = create(admin, custom={code: "L-1", size: 2})
    assert made["custom"] == {code: "L-1", size: 2}
    here = f"services/{made['id']}"
    assert read(admin.put(here, {"name": "Autre"}, If_Match="*"))["custom"] == made["custom"]
    assert read(admin.put(here, {"custom": {size: 1}}, If_Match="*"))["custom"] == {code: "L-1", size: 1}
    twice = admin.post("services", {**NEW, "custom": {code: "l 1", size: 1}})
    assert (problem_of(twice), list(read(twice)["errors"])) == ((422, "invalid"), [code])
    clone = admin.post(f"{here}/clone", {"name": "Double", "custom": {code: "L-2"}})
    assert read(clone)["custom"] == {code: "L-2", size: 1}


def test_a_clone_without_a_word_is_the_same_service_again(admin: Program) -> None:
    clone = read(admin.post(f"services/{admin.service('colour')}/clone"))
    original = service(admin, "colour")
    assert {name for name in clone if clone[name] != original[name]} == {"id"}


def test_a_clone_of_what_is_not_in_use_is_in_use(admin: Program) -> None:
    admin.post(f"services/{admin.service('haircut')}/not-in-use")
    assert read(admin.post(f"services/{admin.service('haircut')}/clone"))["status"] == "available"


# Temporarily unavailable


def test_a_service_marked_as_unavailable_refuses_the_period_and_takes_the_day_after(admin: Program) -> None:
    day = coming_day(10)
    after = coming_day(12)
    zone = admin.business.zone
    starts, ends = (datetime.combine(one, datetime.min.time(), tzinfo=zone) for one in (day, day + timedelta(days=1)))
    period = {"starts_at": starts.isoformat(), "ends_at": ends.isoformat(), "reason": "Travaux"}
    answer = admin.post(f"services/{admin.service('haircut')}/outages", period)
    assert answer.status_code == 201, answer.content
    at_ten = starts.replace(hour=10)
    refused = admin.post("appointments", admin.booking(start=at_ten.isoformat()))
    assert problem_of(refused) == (409, "not_bookable")
    assert [one["rule"] for one in read(refused)["refusals"]] == ["not_unavailable"]
    free = admin.get("availability", {"service": admin.service("haircut"), "from": day, "to": after})
    assert {one["start"][:10] for one in read(free)["slots"]} & {day.isoformat(), after.isoformat()} == {
        after.isoformat()
    }
    later = datetime.combine(after, at_ten.timetz())
    assert admin.post("appointments", admin.booking(start=later.isoformat())).status_code == 201
    told = service(admin)
    assert told["status"] == "available"
    assert [outage["reason"] for outage in told["outages"]] == ["Travaux"]


@pytest.mark.parametrize("until", ["rest_of_day", "tomorrow", "end_of_week", "end_of_month"])
def test_each_choice_says_until_when_and_from_when_on_again(admin: Program, until: str) -> None:
    here = f"services/{admin.service('haircut')}"
    choice = next(one for one in read(admin.get(f"{here}/outages"))["choices"] if one["until"] == until)
    answer = admin.post(f"{here}/outages", {"until": until})
    assert answer.status_code == 201
    assert read(answer)["ends_at"] == choice["ends_at"]
    told = service(admin)
    assert (told["status"], told["unavailable_until"], told["back_at"]) == (
        "unavailable",
        choice["ends_at"],
        choice["back_at"],
    )
    assert choice["back_at"] >= choice["ends_at"]


def test_until_a_date_includes_it_unless_an_hour_is_said(admin: Program) -> None:
    here = f"services/{admin.service('haircut')}"
    on = admin.business.day
    whole = read(admin.post(f"{here}/outages", {"until": "date", "on": on.isoformat()}))
    assert whole["ends_at"][:16] == f"{on + timedelta(days=1)}T00:00"
    hour = read(admin.post(f"{here}/outages", {"until": "date", "on": on.isoformat(), "at": "14:30"}))
    assert hour["ends_at"][:16] == f"{on}T14:30"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "until"),
        ({"until": "next_year"}, "until"),
        ({"until": "date"}, "on"),
        ({"until": "date", "on": "2019-01-01"}, "on"),
        ({"until": "tomorrow", "on": "2030-01-01"}, "on"),
        ({"until": "tomorrow", "starts_at": "2030-01-01T09:00Z"}, "until"),
        ({"starts_at": "2030-01-02T09:00Z", "ends_at": "2030-01-01T09:00Z"}, "ends_at"),
        ({"starts_at": "2019-01-01T09:00Z", "ends_at": "2019-01-02T09:00Z"}, "ends_at"),
        ({"until": "tomorrow", "reason": "x" * 121}, "reason"),
    ],
)
def test_a_period_that_makes_no_sense_is_refused(admin: Program, body: dict[str, Any], field: str) -> None:
    answer = admin.post(f"services/{admin.service('haircut')}/outages", body)
    assert problem_of(answer) == (422, "invalid")
    assert field in read(answer)["errors"], answer.content
    assert service(admin)["outages"] == []


def test_an_outage_is_ended_early_and_one_of_another_service_is_none(admin: Program) -> None:
    """(I2)"""
    here, there = (f"services/{admin.service(name)}" for name in ("haircut", "colour"))
    outage = read(admin.post(f"{here}/outages", {"until": "end_of_month"}))["id"]
    assert problem_of(admin.delete(f"{there}/outages/{outage}")) == (404, "not_found")
    assert service(admin)["status"] == "unavailable"
    assert admin.delete(f"{here}/outages/{outage}").status_code == 204
    assert service(admin)["status"] == "available"
    assert [one["id"] for one in read(admin.get(f"{here}/outages"))["outages"]] == [outage]


# Not in use


def test_a_service_not_in_use_is_absent_when_booking_and_present_in_the_catalogue(admin: Program) -> None:
    here = f"services/{admin.service('haircut')}"
    answer = admin.post(f"{here}/not-in-use", If_Match='"1"')
    assert (answer.status_code, read(answer)["status"]) == (200, "not_in_use")
    assert "Coupe" not in names(admin, {"bookable": "true"})
    assert "Coupe" in names(admin)
    refused = admin.post("appointments", admin.booking())
    assert problem_of(refused) == (409, "not_bookable")
    assert problem_of(admin.post(f"{here}/available", If_Match='"1"')) == (412, "stale_version")
    assert read(admin.post(f"{here}/available"))["status"] == "available"
    assert "Coupe" in names(admin, {"bookable": "true"})
    admin.book()


def test_members_are_asked_for_when_a_service_is_put_back_in_use(admin: Program) -> None:
    old = create(admin, in_use=False, members=[])
    answer = admin.post(f"services/{old['id']}/available")
    assert problem_of(answer) == (422, "invalid")
    assert "members" in read(answer)["errors"]
    assert read(admin.get(f"services/{old['id']}"))["status"] == "not_in_use"


# Deleting


def test_a_service_with_coming_visits_is_not_deleted(admin: Program) -> None:
    admin.book()
    answer = admin.delete(f"services/{admin.service('haircut')}")
    assert problem_of(answer) == (409, "still_booked")
    assert read(answer)["coming_visits"] == 1
    assert service(admin)["version"] == 1


def test_a_deleted_service_appears_nowhere_and_comes_back_as_it_was(admin: Program) -> None:
    here = f"services/{admin.service('haircut')}"
    before = service(admin)
    assert problem_of(admin.delete(here, If_Match='"7"')) == (412, "stale_version")
    assert admin.delete(here, If_Match='"1"').status_code == 204
    assert "Coupe" not in names(admin)
    for method, path, body in (
        ("GET", here, None),
        ("PUT", here, {"amount": 1}),
        ("POST", f"{here}/clone", None),
        ("POST", f"{here}/available", None),
        ("DELETE", here, None),
        ("GET", f"{here}/outages", None),
    ):
        assert problem_of(admin.send(method, path, body, If_Match="*")) == (404, "not_found")
    assert problem_of(admin.post("appointments", admin.booking())) == (422, "invalid")
    (binned,) = read(admin.get("services/bin"))["services"]
    assert (binned["id"], binned["name"]) == (before["id"], "Coupe")
    answer = admin.post(f"{here}/restoration")
    assert answer.status_code == 201
    assert read(answer) == {**before, "version": 3}
    assert read(admin.get("services/bin"))["services"] == []
    admin.book()


# Images


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_an_image_is_drawn_anew_in_three_sizes(admin: Program, kind: str) -> None:
    here = f"services/{admin.service('haircut')}/image"
    assert problem_of(admin.get(here)) == (404, "not_found")
    sent = picture(2000, 1000, kind=kind)
    answer = admin.put(here, sent, kind=f"image/{kind.lower()}")
    assert answer.status_code == 200, answer.content
    told = read(answer)["image"]
    assert (told["width"], told["height"]) == (1280, 640)
    for size, side in (("small", 96), ("medium", 480), ("large", 1280)):
        image = admin.get(told["addresses"][size])
        assert image.headers["Content-Type"] == "image/webp"
        assert image.headers["X-Content-Type-Options"] == "nosniff"
        assert image.content != sent
        with Image.open(io.BytesIO(image.content)) as read_back:
            assert (read_back.format, read_back.width) == ("WEBP", side)
    assert admin.delete(here).status_code == 204
    assert problem_of(admin.get(here)) == (404, "not_found")


def form(*files: tuple[str, bytes], **fields: str) -> tuple[bytes, str]:
    """Return a form with these files and fields, and its kind."""
    parts = [
        f'--sep\r\nContent-Disposition: form-data; name="{name}"; filename="../{"x" * 300}.html"\r\n\r\n'.encode()
        + data
        for name, data in files
    ]
    parts += [
        f'--sep\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode()
        for name, value in fields.items()
    ]
    return b"\r\n".join([*parts, b"--sep--\r\n"]), "multipart/form-data; boundary=sep"


def test_an_image_may_be_sent_as_the_file_of_a_form(admin: Program) -> None:
    here = f"services/{admin.service('haircut')}/image"
    body, kind = form(("image", picture()))
    assert admin.put(here, body, kind=kind).status_code == 200
    for wrong in (form(("photo", picture())), form(("image", picture()), name="x"), form(), (b"nonsense", kind)):
        answer = admin.put(here, wrong[0], kind=wrong[1])
        assert problem_of(answer) == (422, "invalid")
        assert "image" in read(answer)["errors"]


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html></html>",
        picture()[:40],
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 100,
    ],
    ids=["nothing", "svg", "html", "cut short", "empty png"],
)
def test_what_is_no_image_is_refused(admin: Program, sent: bytes) -> None:
    """(L4)"""
    here = f"services/{admin.service('haircut')}/image"
    answer = admin.put(here, sent, kind="image/png")
    assert problem_of(answer) == (422, "invalid")
    assert "image" in read(answer)["errors"]
    assert service(admin)["image"] is None


def test_an_image_of_too_many_bytes_or_pixels_is_refused(admin: Program) -> None:
    """(L4)"""
    here = f"services/{admin.service('haircut')}/image"
    for sent in (b"\x00" * (12 * 1024 * 1024 + 1), b"\x00" * (13 * 1024 * 1024), picture(50_000, 1_001)):
        answer = admin.put(here, sent, kind="image/png")
        assert problem_of(answer) == (422, "invalid")
        assert "image" in read(answer)["errors"]


def test_an_image_can_be_changed_on_a_service_that_no_longer_passes_every_rule(admin: Program) -> None:
    with open_organisation(admin.business.organisation):
        Service.objects.filter(public_id=admin.service("haircut")).get().service_members.all().delete()
    here = f"services/{admin.service('haircut')}/image"
    assert problem_of(admin.put(here, picture(), kind="image/png", If_Match='"9"')) == (412, "stale_version")
    assert admin.put(here, picture(), kind="image/png", If_Match='"1"').status_code == 200
    with open_organisation(admin.business.organisation):
        assert Picture.objects.count() == 1


# Several at once


def test_a_selection_is_changed_in_one_step(admin: Program) -> None:
    both = [admin.service("haircut"), admin.service("colour")]
    answer = admin.post("services/bulk", {"services": both, "price_percent": 10})
    assert (answer.status_code, read(answer)) == (200, {"changed": 2})
    assert (service(admin)["amount"], service(admin, "colour")["amount"]) == (3850, 8800)
    admin.post("services/bulk", {"services": both, "add_member": admin.member("bea")})
    assert "Bea" in {one["name"] for one in service(admin, "colour")["members"]}
    admin.post("services/bulk", {"services": [*both, both[0]], "not_in_use": True})
    assert {"Coupe", "Couleur"} == set(names(admin, {"status": "not_in_use"}))


def test_a_selection_of_which_one_cannot_be_changed_is_not_changed_at_all(admin: Program) -> None:
    """(D7)"""
    dear = create(admin, name="Or", amount=9 * 10**10)["id"]
    answer = admin.post("services/bulk", {"services": [admin.service("haircut"), dear], "price_percent": 50})
    assert problem_of(answer) == (409, "selection_refused")
    (row,) = read(answer)["refused"]
    assert row["service"] == dear
    assert "too high" in row["sentence"]
    assert service(admin)["amount"] == 3500


def test_a_selection_asks_for_one_change_to_services_that_are_there(admin: Program, neighbour: Program) -> None:
    """(I2)"""
    mine = [admin.service("haircut")]
    for change in ({}, {"not_in_use": True, "price_percent": 5}, {"not_in_use": False}, {"price_percent": 1001}):
        assert problem_of(admin.post("services/bulk", {"services": mine, **change})) == (422, "invalid")
    foreign, missing = (
        admin.post("services/bulk", {"services": [*mine, one], "not_in_use": True})
        for one in (neighbour.service("haircut"), NOBODY)
    )
    assert problem_of(foreign) == (422, "invalid")
    assert foreign.content == missing.content
    theirs, nobody = (
        admin.post("services/bulk", {"services": mine, "add_member": one}) for one in (neighbour.member("lea"), NOBODY)
    )
    assert theirs.content == nobody.content
    assert service(admin)["version"] == 1


# Add-ons and prices in booking


def with_add_ons(program: Program) -> dict[str, str]:
    told = edit(
        program,
        members=[{"id": program.member("lea"), "amount": 4500}, {"id": program.member("max")}],
        add_ons=[{"name": "Soin", "minutes": 15, "amount": 1200}, {"name": "Brushing", "minutes": 30, "amount": 2000}],
    )
    return {one["name"]: one["id"] for one in told["add_ons"]}


def test_add_ons_lengthen_the_visit_and_add_to_its_price(admin: Program) -> None:
    add_ons = with_add_ons(admin)
    told = admin.book("10:00", add_ons=[add_ons["Brushing"], add_ons["Soin"]])
    assert (told["start"], told["end"]) == (admin.at("10:00"), admin.at("11:30"))
    (segment,) = told["segments"]
    assert (segment["duration"], segment["total"], told["total"]) == (90, 7700, 7700)
    assert segment["add_ons"] == [
        {"id": add_ons["Soin"], "name": "Soin", "minutes": 15, "amount": 1200},
        {"id": add_ons["Brushing"], "name": "Brushing", "minutes": 30, "amount": 2000},
    ]


def test_the_price_is_that_of_whoever_is_chosen_for_anyone(admin: Program) -> None:
    with_add_ons(admin)
    admin.book("09:00", member=admin.member("max"), service=admin.service("colour"))
    told = admin.book("12:00", member=None)
    assert [one["name"] for one in told["segments"][0]["members"]] == ["Lea"]
    assert told["total"] == 4500
    told = admin.book("12:00", member=None, customer=admin.customer("omar"))
    assert [one["name"] for one in told["segments"][0]["members"]] == ["Max"]
    assert told["total"] == 3500


def test_a_further_service_has_add_ons_of_its_own(admin: Program) -> None:
    add_ons = with_add_ons(admin)
    further = [{"service": admin.service("haircut"), "add_ons": [add_ons["Soin"]]}]
    told = admin.book("09:00", service=admin.service("colour"), further=further)
    assert [len(segment["add_ons"]) for segment in told["segments"]] == [0, 1]
    assert (told["end"], told["total"]) == (admin.at("11:30"), 8000 + 4500 + 1200)


def test_free_starts_leave_room_for_add_ons(admin: Program) -> None:
    add_ons = with_add_ons(admin)
    query: list[tuple[str, str]] = [
        ("service", admin.service("haircut")),
        ("member", admin.member("lea")),
        ("from", admin.business.day.isoformat()),
        ("to", admin.business.day.isoformat()),
    ]
    more = [("add_on", add_ons["Soin"]), ("add_on", add_ons["Brushing"])]

    def last_start(asked: list[tuple[str, str]]) -> str:
        answer = admin.send("GET", "availability?" + "&".join(f"{name}={value}" for name, value in asked))
        assert answer.status_code == 200, answer.content
        start: str = read(answer)["slots"][-1]["start"]
        return start

    assert last_start(query) == admin.at("17:15")
    assert last_start([*query, more[0]]) == admin.at("17:00")
    assert last_start([*query, *more]) == admin.at("16:30")
    start = [("service", admin.service("haircut")), ("start", admin.at("17:00").replace("+", "%2B")), more[1]]
    answer = admin.send("GET", "availability/refusals?" + "&".join(f"{name}={value}" for name, value in start))
    assert read(answer)["bookable"] is False


def test_an_add_on_of_another_service_or_business_is_none(admin: Program, neighbour: Program) -> None:
    """(G3, I2, K4)"""
    with_add_ons(admin)
    theirs = with_add_ons(neighbour)["Soin"]
    (other,) = edit(admin, "colour", add_ons=[{"name": "Patine"}])["add_ons"]
    missing = admin.post("appointments", admin.booking(add_ons=[NOBODY]))
    assert problem_of(missing) == (422, "invalid")
    assert "add_ons" in read(missing)["errors"]
    for foreign in (theirs, other["id"]):
        assert admin.post("appointments", admin.booking(add_ons=[foreign])).content == missing.content
    further = {"further": [{"service": admin.service("colour"), "add_ons": [theirs]}]}
    assert "further.0.add_ons" in read(admin.post("appointments", admin.booking(**further)))["errors"]
    query = {"service": admin.service("haircut"), "from": admin.business.day, "to": admin.business.day}
    answer = admin.get("availability", {**query, "add_on": theirs})
    assert "add_on" in read(answer)["errors"]
    with open_organisation(admin.business.organisation):
        assert not Appointment.objects.exists()


def test_an_add_on_named_twice_is_refused(admin: Program) -> None:
    soin = with_add_ons(admin)["Soin"]
    assert "add_ons" in read(admin.post("appointments", admin.booking(add_ons=[soin, soin])))["errors"]


def test_what_was_sold_stays_as_sold_whatever_becomes_of_the_service(admin: Program) -> None:
    """A later price, tax, name or add-on, not in use, deleted (C3, C4)."""
    soin = with_add_ons(admin)["Soin"]
    sold = admin.book("10:00", add_ons=[soin])
    edit(
        admin,
        name="Autre",
        amount=99_00,
        taxes=[],
        add_ons=[],
        duration={"usual": 20},
        members=[{"id": admin.member("max")}],
    )
    admin.post(f"services/{admin.service('haircut')}/not-in-use")
    assert read(admin.get(f"appointments/{sold['id']}")) == sold


def test_moving_keeps_the_promised_length_and_price(admin: Program) -> None:
    """(C4)"""
    soin = with_add_ons(admin)["Soin"]
    sold = admin.book("10:00", add_ons=[soin])
    edit(admin, amount=99_00, duration={"usual": 20}, add_ons=[])
    moved = admin.put(
        f"appointments/{sold['id']}/schedule", {"start": admin.at("14:00"), "reason": "customer"}, If_Match='"1"'
    )
    assert moved.status_code == 200, moved.content
    told = read(moved)
    assert (told["start"], told["end"]) == (admin.at("14:00"), admin.at("15:00"))
    assert (told["total"], told["segments"][0]["add_ons"]) == (sold["total"], sold["segments"][0]["add_ons"])


def test_nothing_of_the_catalogue_is_told_to_a_narrowed_token(admin: Program) -> None:
    admin.token = token_for(admin.business, "alice", permissions=("appointments.see",))
    for path in ("services", f"services/{admin.service('haircut')}", "categories", "tags", "taxes", "services/bin"):
        assert problem_of(admin.get(path)) == (404, "not_found")


def test_tags_and_add_ons_of_two_businesses_are_apart(admin: Program, neighbour: Program) -> None:
    for program in (admin, neighbour):
        create(program, new_tags=["Soir"], add_ons=[{"name": "Soin"}])
    for program in (admin, neighbour):
        with open_organisation(program.business.organisation):
            assert (Tag.objects.count(), AddOn.objects.count()) == (1, 1)
