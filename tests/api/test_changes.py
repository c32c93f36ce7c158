"""What becomes of a visit over HTTP: moved, cancelled, not shown up for, worked on, completed, taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.api.conftest import Program, next_quarter, problem_of, read


def test_a_visit_is_moved_and_frees_its_old_time(desk: Program) -> None:
    booked = desk.book("10:00")
    path = f"appointments/{booked['id']}"
    body = {"start": desk.at("11:00"), "reason": "customer", "note": "train is late"}
    moved = desk.put(f"{path}/schedule", body, If_Match='"1"')
    assert moved.status_code == 200
    assert moved.headers["ETag"] == '"2"'
    assert read(moved)["start"] == desk.at("11:00")
    desk.book("10:00")


def test_a_visit_moves_to_another_member_or_to_anyone(desk: Program) -> None:
    booked = desk.book("10:00")
    desk.book("11:00", customer=desk.customer("omar"))
    path, body = f"appointments/{booked['id']}/schedule", {"start": desk.at("11:00"), "reason": "team"}
    assert problem_of(desk.put(path, body, If_Match='"1"')) == (409, "slot_taken")
    moved = desk.put(path, body | {"member": "anyone"}, If_Match='"1"')
    assert read(moved)["segments"][0]["members"][0]["id"] == desk.member("max")
    back = desk.put(path, {"start": desk.at("12:00"), "reason": "team", "member": desk.member("lea")}, If_Match='"2"')
    assert read(back)["segments"][0]["members"][0]["id"] == desk.member("lea")


def test_a_move_that_cannot_be_leaves_the_visit_where_it_stood(desk: Program) -> None:
    """(A7)"""
    booked = desk.book("10:00")
    desk.book("11:00", customer=desk.customer("omar"))
    path = f"appointments/{booked['id']}"
    body = {"start": desk.at("11:15"), "reason": "customer"}
    refused = desk.put(f"{path}/schedule", body, If_Match='"1"')
    assert problem_of(refused) == (409, "slot_taken")
    assert read(refused)["alternatives"]
    assert read(desk.get(path)) == booked


def test_a_change_says_which_version_it_was_made_on(desk: Program) -> None:
    """(D1, D2)"""
    booked = desk.book("10:00")
    path = f"appointments/{booked['id']}"
    body = {"start": desk.at("11:00"), "reason": "customer"}
    assert problem_of(desk.put(f"{path}/schedule", body)) == (428, "version_missing")
    for stale in ('"7"', "1", '"x"', '"99999999999999999999"'):
        assert problem_of(desk.put(f"{path}/schedule", body, If_Match=stale)) == (412, "stale_version")
    assert read(desk.get(path)) == booked
    assert desk.put(f"{path}/schedule", body, If_Match="*").status_code == 200


def test_a_verb_obeys_the_version_if_one_is_sent(working_now: Program) -> None:
    admin = working_now
    booked = admin.book(start=next_quarter(admin))
    path = f"appointments/{booked['id']}"
    for verb, body in (("start", None), ("cancellation", {"reason": "team"})):
        assert problem_of(admin.post(f"{path}/{verb}", body, If_Match='"7"')) == (412, "stale_version")
    assert read(admin.get(path)) == booked
    assert admin.post(f"{path}/start", If_Match='"1"').status_code == 200


def test_a_cancelled_visit_frees_its_time_and_can_be_taken_back_for_a_while(desk: Program) -> None:
    booked = desk.book("10:00")
    path = f"appointments/{booked['id']}"
    cancelled = desk.post(f"{path}/cancellation", {"reason": "customer", "note": "ill"})
    assert cancelled.status_code == 201
    assert read(cancelled)["status"] == "cancelled"
    assert problem_of(desk.post(f"{path}/cancellation", {"reason": "customer"})) == (409, "appointment_closed")
    assert read(desk.post(f"{path}/undo"))["status"] == "scheduled"
    desk.post(f"{path}/cancellation", {"reason": "customer"})
    desk.book("10:00", customer=desk.customer("omar"))
    assert problem_of(desk.post(f"{path}/undo")) == (409, "slot_taken")


def test_only_whoever_may_reopen_reopens_and_says_why(desk: Program, admin: Program) -> None:
    booked = desk.book("10:00")
    path = f"appointments/{booked['id']}"
    desk.post(f"{path}/cancellation", {"reason": "team"})
    assert problem_of(desk.post(f"{path}/reopening", {"reason": "by mistake"})) == (403, "not_permitted")
    assert problem_of(admin.post(f"{path}/reopening", {"reason": " "})) == (422, "invalid")
    assert read(admin.post(f"{path}/reopening", {"reason": "by mistake"}))["status"] == "scheduled"


def test_nobody_is_missing_before_the_visit_begins(desk: Program) -> None:
    booked = desk.book("10:00")
    answer = desk.post(f"appointments/{booked['id']}/no-show", {"note": "?"})
    assert problem_of(answer) == (409, "appointment_closed")
    assert problem_of(desk.post(f"appointments/{booked['id']}/start")) == (409, "appointment_closed")
    assert problem_of(desk.post(f"appointments/{booked['id']}/completion")) == (409, "appointment_closed")


def test_a_verb_that_needs_no_body_takes_none_with_fields(desk: Program) -> None:
    """(G3)"""
    booked = desk.book("10:00")
    answer = desk.post(f"appointments/{booked['id']}/undo", {"reason": "x"})
    assert problem_of(answer) == (422, "invalid")


def test_a_visit_is_started_its_sheet_filled_in_and_then_completed(working_now: Program) -> None:
    admin = working_now
    booked = admin.book(start=next_quarter(admin), service=admin.service("colour"))
    path = f"appointments/{booked['id']}"
    started = read(admin.post(f"{path}/start"))
    assert started["status"] == "in_progress"
    assert started["started_at"]

    refused = admin.post(f"{path}/completion")
    assert problem_of(refused) == (422, "job_sheet_incomplete")
    sheet = admin.get(f"{path}/job-sheet")
    assert sheet.headers["ETag"] == '"0"'
    fields = [field for section in read(sheet)["sections"] for field in section["fields"]]
    required = [field for field in fields if field["required"]]
    assert [field["field"] for field in read(refused)["fields"]] == [field["field"] for field in required]
    assert read(admin.get(path))["status"] == "in_progress"

    values = {field["field"]: "Balayage" for field in required}
    assert problem_of(admin.put(f"{path}/job-sheet", {"values": values})) == (428, "version_missing")
    filled = admin.put(f"{path}/job-sheet", {"values": values}, If_Match='"0"')
    assert filled.status_code == 200, filled.content
    assert read(filled)["values"] == values
    # Sent twice, it is saved once; something else must not overwrite it.
    assert admin.put(f"{path}/job-sheet", {"values": values}, If_Match='"0"').headers["ETag"] == filled.headers["ETag"]
    other = dict.fromkeys(values, "Coupe")
    assert problem_of(admin.put(f"{path}/job-sheet", {"values": other}, If_Match='"0"')) == (412, "stale_version")
    wrong = admin.put(f"{path}/job-sheet", {"values": {"f0": "x"}}, If_Match="*")
    assert problem_of(wrong) == (422, "invalid")

    completed = admin.post(f"{path}/completion")
    assert completed.status_code == 201
    assert read(completed)["status"] == "completed"
    assert read(admin.post(f"{path}/undo"))["status"] == "in_progress"


def test_a_sheet_sent_with_the_completion_is_saved_with_it_or_not_at_all(working_now: Program) -> None:
    admin = working_now
    booked = admin.book(start=next_quarter(admin), service=admin.service("colour"))
    path = f"appointments/{booked['id']}"
    admin.post(f"{path}/start")
    sheet = read(admin.get(f"{path}/job-sheet"))
    fields = [field for section in sheet["sections"] for field in section["fields"]]
    optional = next(field for field in fields if not field["required"] and field["type"] in ("text", "paragraph"))
    refused = admin.post(f"{path}/completion", {"values": {optional["field"]: "half of it"}})
    assert problem_of(refused) == (422, "job_sheet_incomplete")
    assert read(admin.get(f"{path}/job-sheet"))["values"] == {}
    values = {field["field"]: "done" for field in fields if field["required"]}
    assert read(admin.post(f"{path}/completion", {"values": values}))["status"] == "completed"


@pytest.mark.parametrize("values", [{"f1": ["a"]}, {"f1": {"a": 1}}, ["f1"], "f1", None])
def test_a_sheet_holds_plain_values_by_field(desk: Program, values: object) -> None:
    """(G1)"""
    booked = desk.book("10:00")
    answer = desk.put(f"appointments/{booked['id']}/job-sheet", {"values": values}, If_Match="*")
    assert problem_of(answer) == (422, "invalid")


def test_visits_of_some_days_are_listed_in_order_and_narrowed(desk: Program) -> None:
    first = desk.book("10:00")
    second = desk.book("11:00", customer=desk.customer("omar"), member=desk.member("max"))
    third = desk.book("14:00")
    desk.post(f"appointments/{third['id']}/cancellation", {"reason": "team"})
    day = desk.business.day
    query = {"from": day.isoformat(), "to": day.isoformat()}

    def ids(**more: object) -> list[str]:
        return [one["id"] for one in read(desk.get("appointments", query | more))["appointments"]]

    assert ids() == [first["id"], second["id"], third["id"]]
    assert ids(member=desk.member("max")) == [second["id"]]
    assert ids(customer=desk.customer("omar")) == [second["id"]]
    assert ids(status="cancelled") == [third["id"]]
    assert ids(limit=1, after=first["id"]) == [second["id"]]
    page = read(desk.get("appointments", query | {"limit": 2}))
    assert page["next"] == second["id"]
    next_day = (day + timedelta(days=1)).isoformat()
    assert read(desk.get("appointments", {"from": next_day, "to": next_day})) == {"appointments": [], "next": None}


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 10**9}, {"after": "x"}, {"status": "gone"}, {"order": "id"}])
def test_a_list_is_not_widened_by_what_it_is_asked(desk: Program, query: dict[str, object]) -> None:
    """(G4)"""
    day = desk.business.day.isoformat()
    assert problem_of(desk.get("appointments", {"from": day, "to": day} | query)) == (422, "invalid")
