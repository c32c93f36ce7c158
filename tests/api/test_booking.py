"""Booking over HTTP: once, for the right people, or not at all and with every reason."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from carnet.appointments.models import Appointment
from carnet.base.scopes import open_organisation
from carnet.outbox.models import Message
from tests.api.conftest import Program, customers_of, problem_of, read, token_for

NOBODY = "00000000-0000-4000-8000-000000000000"


def appointments_of(program: Program) -> int:
    with open_organisation(program.business.organisation):
        return Appointment.objects.count()


def test_a_booked_visit_is_told_whole_and_read_again_the_same(desk: Program) -> None:
    answer = desk.post("appointments", desk.booking("10:00", note="Fringe only"))
    assert answer.status_code == 201
    assert answer.headers["ETag"] == '"1"'
    told = read(answer)
    assert (told["status"], told["start"], told["end"]) == ("scheduled", desk.at("10:00"), desk.at("10:45"))
    assert told["customer"] == {"id": desk.customer("vera"), "name": "Véra Élan"}
    assert told["segments"][0]["members"] == [{"id": desk.member("lea"), "name": "Lea", "part": "provides"}]
    assert (told["total"], told["currency"], told["note"]) == (3500, "EUR", "Fringe only")
    assert read(desk.get(f"appointments/{told['id']}")) == told


def test_a_taken_start_is_answered_with_reasons_and_free_starts(desk: Program) -> None:
    desk.book("10:00")
    answer = desk.post("appointments", desk.booking("10:15", customer=desk.customer("omar")))
    assert problem_of(answer) == (409, "slot_taken")
    told = read(answer)
    assert [refusal["rule"] for refusal in told["refusals"]] == ["nobody_busy"]
    assert told["alternatives"][0]["start"] == desk.at("10:45")
    assert "Véra" not in answer.content.decode()
    assert appointments_of(desk) == 1


def test_a_start_that_the_rules_refuse_is_not_bookable(desk: Program) -> None:
    answer = desk.post("appointments", desk.booking("19:00"))
    assert problem_of(answer) == (409, "not_bookable")
    assert {refusal["rule"] for refusal in read(answer)["refusals"]} >= {"business_open"}
    assert appointments_of(desk) == 0


def test_refusals_are_told_in_the_language_asked_for_else_in_the_organisations(desk: Program) -> None:
    in_english = read(desk.post("appointments", desk.booking("19:00"), Accept_Language="en"))["detail"]
    assert "is closed" in in_english
    in_german = desk.post("appointments", desk.booking("19:00"), Accept_Language="de")
    in_french = desk.post("appointments", desk.booking("19:00"), Accept_Language="fr")
    assert in_german.content == in_french.content
    assert in_german.headers["Content-Language"] == "fr"


def test_a_visit_of_several_services_is_one_appointment(desk: Program) -> None:
    told = desk.book("10:00", further=[{"service": desk.service("colour")}])
    assert [segment["name"] for segment in told["segments"]] == ["Coupe", "Couleur"]
    assert told["segments"][1]["start"] == told["segments"][0]["end"]
    assert told["total"] == 11_500


def test_an_unknown_caller_is_created_with_the_visit_and_not_without_it(desk: Program) -> None:
    before = customers_of(desk.business)
    new = {"name": "Zoé Nouvelle", "phones": ["06 11 22 33 44"]}
    told = desk.book("10:00", customer=None, new_customer=new)
    assert told["customer"]["name"] == "Zoé Nouvelle"
    refused = desk.post("appointments", desk.booking("10:00", customer=None, new_customer=new))
    assert refused.status_code == 409
    assert customers_of(desk.business) == before + 1


def test_a_visit_at_the_customers_takes_the_address_named_or_the_first(desk: Program) -> None:
    told = desk.book("09:00", service=desk.service("garden"))
    assert told["address"] == "3 rue des Lilas, 75019 Paris"
    assert told["access_note"] == "Code 4521"
    new = {"street": "8 quai Bleu", "city": "Paris"}
    omar = {"customer": desk.customer("omar"), "service": desk.service("garden"), "member": desk.member("max")}
    assert problem_of(desk.post("appointments", desk.booking("09:00", **omar))) == (422, "invalid")
    assert desk.book("09:00", **omar, new_address=new)["address"] == "8 quai Bleu, Paris"


def test_a_client_may_choose_the_id_but_not_one_in_use(desk: Program, neighbour: Program) -> None:
    chosen = str(uuid4())
    assert desk.book("10:00", id=chosen)["id"] == chosen
    assert problem_of(desk.post("appointments", desk.booking("12:00", id=chosen))) == (409, "id_taken")
    assert problem_of(neighbour.post("appointments", neighbour.booking("12:00", id=chosen))) == (409, "id_taken")
    assert (appointments_of(desk), appointments_of(neighbour)) == (1, 0)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"colour": "red"}, "colour"),
        ({"status": "completed"}, "status"),
        ({"version": 7}, "version"),
        ({"duration": "45"}, "duration"),
        ({"duration": 44}, "duration"),
        ({"duration": 10**30}, "duration"),
        ({"duration": 45.5}, "duration"),
        ({"duration": True}, "duration"),
        ({"start": 1_800_000_000}, "start"),
        ({"start": "2027-01-01T10:00"}, "start"),
        ({"start": "2027-02-30T10:00+01:00"}, "start"),
        ({"start": "2027-01-01T10:00:30+01:00"}, "start"),
        ({"start": "0000-01-01T10:00Z"}, "start"),
        ({"start": "9999-12-31T23:59-14:00"}, "start"),
        ({"customer": "1"}, "customer"),
        ({"customer": NOBODY}, "customer"),
        ({"service": NOBODY}, "service"),
        ({"member": NOBODY}, "member"),
        ({"address": NOBODY}, "address"),
        ({"further": [{"service": NOBODY}]}, "further.0.service"),
        ({"further": [{"colour": "red"}]}, "further.0.service"),
        ({"note": "a\x00b"}, "note"),
        ({"note": "x" * 2001}, "note"),
        ({"note": 5}, "note"),
        ({"place": "moon"}, "place"),
        ({"service": None}, "service"),
    ],
)
def test_a_value_that_cannot_be_taken_is_refused_beside_its_field(
    desk: Program, change: dict[str, Any], field: str
) -> None:
    """(G1, G3, G5, G6)"""
    answer = desk.post("appointments", desk.booking("10:00", **change))
    assert problem_of(answer) == (422, "invalid")
    assert field in read(answer)["errors"]
    assert appointments_of(desk) == 0


def test_records_of_another_organisation_cannot_be_named(desk: Program, neighbour: Program) -> None:
    """(G3, I1, I2)"""
    foreign = {
        "customer": neighbour.customer("vera"),
        "service": neighbour.service("haircut"),
        "member": neighbour.member("lea"),
    }
    for field, value in foreign.items():
        answer = desk.post("appointments", desk.booking("10:00", **{field: value}))
        nobody = desk.post("appointments", desk.booking("10:00", **{field: str(uuid4())}))
        assert problem_of(answer) == (422, "invalid")
        assert answer.content == nobody.content
    assert (appointments_of(desk), appointments_of(neighbour)) == (0, 0)


def test_a_wall_time_that_the_clocks_jump_over_is_refused(desk: Program) -> None:
    """(B1)"""
    jump = next_march_change()
    for offset in ("+01:00", "+02:00"):
        answer = desk.post("appointments", desk.booking(start=f"{jump}T02:30:00{offset}"))
        assert problem_of(answer) == (422, "invalid")
        assert list(read(answer)["errors"]) == ["start"]
    # The same figures on another clock name an instant that exists.
    answer = desk.post("appointments", desk.booking(start=f"{jump}T02:30:00-05:00"))
    assert problem_of(answer) == (409, "not_bookable")


def next_march_change() -> str:
    """Return the next last Sunday of March, when the clocks of Paris jump from 2:00 to 3:00."""
    today = datetime.now(UTC).date()
    for year in (today.year, today.year + 1):
        day = today.replace(year=year, month=3, day=31)
        day -= timedelta(days=(day.weekday() + 1) % 7)
        if day > today:
            return day.isoformat()
    raise AssertionError


def test_the_same_key_and_body_book_once_and_are_told_the_same(desk: Program) -> None:
    """(D3, D5)"""
    body = desk.booking("10:00")
    first = desk.post("appointments", body, Idempotency_Key="k-1")
    again = desk.post("appointments", body, Idempotency_Key="k-1")
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert first.headers["ETag"] == again.headers["ETag"]
    with open_organisation(desk.business.organisation):
        assert Appointment.objects.count() == 1
        assert Message.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(desk: Program) -> None:
    """(D4)"""
    desk.post("appointments", desk.booking("10:00"), Idempotency_Key="k-1")
    answer = desk.post("appointments", desk.booking("12:00"), Idempotency_Key="k-1")
    assert problem_of(answer) == (422, "idempotency_key_reused")
    assert appointments_of(desk) == 1


def test_a_key_belongs_to_its_token_and_organisation(desk: Program, neighbour: Program) -> None:
    """(D4)"""
    first = desk.book("10:00")
    with_key = desk.post("appointments", desk.booking("12:00"), Idempotency_Key="k-1")
    other = Program(desk.business, token_for(desk.business, "alice"))
    assert other.post("appointments", other.booking("12:00"), Idempotency_Key="k-1").status_code == 409
    theirs = read(neighbour.post("appointments", neighbour.booking("12:00"), Idempotency_Key="k-1"))
    assert theirs["id"] not in (first["id"], read(with_key)["id"])
    assert theirs["segments"][0]["service"] == neighbour.service("haircut")


def test_a_refusal_keeps_no_key_so_that_the_same_request_may_succeed_later(desk: Program) -> None:
    booked = desk.book("10:00")
    body = desk.booking("10:00", customer=desk.customer("omar"))
    assert desk.post("appointments", body, Idempotency_Key="k-1").status_code == 409
    desk.post(f"appointments/{booked['id']}/cancellation", {"reason": "customer"})
    assert desk.post("appointments", body, Idempotency_Key="k-1").status_code == 201


@pytest.mark.parametrize("key", ["", " ", "a b", "é", "x" * 201])
def test_a_key_is_a_word_of_at_most_200_signs(desk: Program, key: str) -> None:
    answer = desk.post("appointments", desk.booking("10:00"), Idempotency_Key=key)
    assert problem_of(answer) == (422, "invalid")
    assert appointments_of(desk) == 0


def at_once(programs: list[Program], bodies: list[dict[str, Any]], **headers: str) -> list[int]:
    """Send one booking from each program at the same time; return the statuses."""

    def send(pair: tuple[Program, dict[str, Any]]) -> int:
        try:
            return pair[0].post("appointments", pair[1], **headers).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(programs)) as pool:
        return sorted(pool.map(send, zip(programs, bodies, strict=True)))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_many_who_book_one_start_at_once_exactly_one_wins(desk: Program) -> None:
    """(A1)"""
    crowd = [Program(desk.business, desk.token) for _ in range(8)]
    assert at_once(crowd, [desk.booking("10:00")] * 8) == [201] + [409] * 7
    assert appointments_of(desk) == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_one_key_sent_many_times_at_once_has_one_effect(desk: Program) -> None:
    """(D3)"""
    crowd = [Program(desk.business, desk.token) for _ in range(8)]
    assert at_once(crowd, [desk.booking("10:00")] * 8, Idempotency_Key="k-1") == [201] * 8
    assert appointments_of(desk) == 1
