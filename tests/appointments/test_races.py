"""Two at once: real threads, real transactions, on whichever database the suite runs."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from carnet.appointments.actions import Booking, book_appointment, cancel_appointment, reschedule_appointment
from carnet.appointments.availability import Ask
from carnet.appointments.errors import AppointmentClosed, BookingRefused, SlotTaken
from carnet.appointments.models import Appointment, Claim
from carnet.base.unit_of_work import unit_of_work
from carnet.catalogue.actions import add_outage
from carnet.catalogue.actions.standing import change_offer
from carnet.catalogue.models import Outage
from carnet.jobsheets.actions import complete_appointment
from tests.cast import Business
from tests.together import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def kinds(results: list[Any]) -> Counter[str]:
    return Counter(type(result).__name__ for result in results)


def booking(salon: Business, at: str, member: str | None, service: str = "haircut") -> Callable[[], Appointment]:
    ask = Ask(salon.services[service], member=salon.members[member] if member else None)
    access = salon.access("bea")
    wanted = Booking(asks=(ask,), start=salon.at(at), customer=salon.customers["vera"])
    return lambda: book_appointment(access, wanted)


def test_sixteen_people_one_slot_one_wins(salon: Business) -> None:
    """(A1) Everybody else gets a clean refusal with other times; nobody a broken page."""
    results = together(salon, *(booking(salon, "10:00", "lea") for _ in range(16)))
    assert kinds(results) == {"Appointment": 1, "SlotTaken": 15}
    assert all(result.alternatives for result in results if isinstance(result, SlotTaken))
    assert Claim.objects.filter(active=True).count() == 1


def test_overlapping_starts_one_wins_touching_ones_all_do(salon: Business) -> None:
    """(A2)"""
    overlapping = together(salon, *(booking(salon, at, "lea") for at in ("10:00", "10:15", "10:30")))
    assert kinds(overlapping)["SlotTaken"] >= 1
    touching = together(salon, *(booking(salon, at, "max") for at in ("10:00", "10:45", "11:30")))
    assert kinds(touching) == {"Appointment": 3}


def test_anyone_gives_each_request_another_member_while_there_are_any(salon: Business) -> None:
    """(A3)"""
    results = together(salon, *(booking(salon, "10:00", None) for _ in range(6)))
    assert kinds(results) == {"Appointment": 2, "SlotTaken": 4}
    held = Claim.objects.filter(active=True).values_list("resource", flat=True)
    assert len(set(held)) == 2


def test_a_move_and_a_booking_race_for_one_time(salon: Business) -> None:
    """(A7)"""
    visit = salon.book(at="09:00")
    access = salon.access("bea")
    results = together(
        salon,
        lambda: reschedule_appointment(access, visit, salon.at("14:00")),
        booking(salon, "14:15", "lea"),
    )
    assert sum(isinstance(result, Appointment) for result in results) == 1
    visit.refresh_from_db()
    moved = visit.starts_at == salon.at("14:00")
    held = Claim.objects.filter(segment__appointment=visit, active=True).get()
    assert held.starts_at == (salon.at("14:00") if moved else salon.at("09:00"))


def test_two_moves_that_swap_lose_nothing(salon: Business) -> None:
    """(A7) Each may be refused; neither visit may be lost or held twice."""
    first, second = salon.book(at="09:00"), salon.book(at="10:00", customer="omar")
    access = salon.access("bea")
    together(
        salon,
        lambda: reschedule_appointment(access, first, salon.at("10:00")),
        lambda: reschedule_appointment(access, second, salon.at("09:00")),
    )
    for visit in (first, second):
        visit.refresh_from_db()
        assert Claim.objects.get(segment__appointment=visit, active=True).starts_at == visit.starts_at


def test_cancelling_and_completing_at_once_gives_one_end(salon: Business) -> None:
    """(A8)"""
    visit = salon.book(at="10:00")
    later = salon.at("11:00")
    cancel, complete = salon.access("bea", later), salon.access("lea", later)
    results = together(
        salon,
        lambda: cancel_appointment(cancel, visit, reason="team"),
        lambda: complete_appointment(complete, visit),
    )
    assert kinds(results) == {"Ending": 1, "AppointmentClosed": 1}
    assert any(isinstance(result, AppointmentClosed) for result in results)


@pytest.mark.guard("resource_lock")
def test_an_outage_and_a_booking_that_cross_never_both_succeed_unseen(salon: Business) -> None:
    """Lock, then look: whoever comes second sees what the first has written."""
    service, starts, ends = salon.services["haircut"], salon.at("09:00"), salon.at("12:00")
    looked, booked = threading.Event(), threading.Event()
    access = salon.access("alice")

    def outage() -> Outage:
        with unit_of_work():
            change_offer(access, service)
            looked.set()
            # Long enough for a booking that does not wait for the lock to be through.
            booked.wait(1.5)
            return add_outage(access, service, starts, ends)

    def book() -> Appointment:
        looked.wait(10)
        try:
            return booking(salon, "10:00", "lea")()
        finally:
            booked.set()

    results = together(salon, outage, book)
    assert isinstance(results[0], Outage)
    assert isinstance(results[1], BookingRefused)
    assert [one.rule for one in results[1].refusals] == ["not_unavailable"]
    assert not Appointment.objects.exists()
