"""Moving, starting, ending and taking back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from carnet.appointments.actions import (
    cancel_appointment,
    mark_no_show,
    reopen_appointment,
    reschedule_appointment,
    start_appointment,
    undo_ending,
)
from carnet.appointments.errors import AppointmentClosed, BookingRefused, SlotTaken, TooLate
from carnet.appointments.models import Appointment, Claim, Move
from carnet.base.errors import Invalid, NotPermitted, StaleVersion
from carnet.jobsheets.actions import complete_appointment
from carnet.organisations.models import Activity
from carnet.outbox.models import Message
from tests.cast import Business


def test_a_move_keeps_from_to_when_who_and_why(salon: Business) -> None:
    visit = salon.book(at="10:00")
    moved = reschedule_appointment(salon.access("bea"), visit, salon.at("14:00"), reason="customer", note="Train late")
    assert moved.starts_at == salon.at("14:00")
    move = Move.objects.get()
    assert (move.from_starts_at, move.to_starts_at) == (salon.at("10:00"), salon.at("14:00"))
    assert (move.reason, move.note, move.member, move.at) == (
        "customer",
        "Train late",
        salon.members["bea"],
        salon.now,
    )
    assert [message.kind for message in Message.objects.all()] == ["appointment_booked", "appointment_moved"]


def test_a_moved_visit_frees_its_old_time_and_holds_the_new_one(salon: Business) -> None:
    visit = salon.book(at="10:00")
    reschedule_appointment(salon.access("bea"), visit, salon.at("14:00"))
    assert salon.book(at="10:00", customer="omar")
    with pytest.raises(SlotTaken):
        salon.book(at="14:00", customer="nobody")


def test_a_visit_may_move_into_its_own_time(salon: Business) -> None:
    visit = salon.book(at="10:00")
    assert reschedule_appointment(salon.access("bea"), visit, salon.at("10:15")).starts_at == salon.at("10:15")


def test_a_refused_move_leaves_the_visit_where_it_stood(salon: Business) -> None:
    """(A7)"""
    visit = salon.book(at="10:00")
    salon.book(at="14:00", customer="omar")
    with pytest.raises(BookingRefused) as refused:
        reschedule_appointment(salon.access("bea"), visit, salon.at("14:15"))
    assert refused.value.alternatives
    visit.refresh_from_db()
    assert (visit.starts_at, visit.version) == (salon.at("10:00"), 1)
    assert Claim.objects.get(segment__appointment=visit).starts_at == salon.at("10:00")
    assert not Move.objects.exists()


def test_a_move_to_another_member_frees_the_first(salon: Business) -> None:
    visit = salon.book(at="10:00", member="lea")
    reschedule_appointment(salon.access("bea"), visit, salon.at("10:00"), member=salon.members["max"])
    assert salon.book(at="10:00", member="lea", customer="omar")
    assert Move.objects.get().to_members == ["Max"]


def test_an_old_version_moves_nothing(salon: Business) -> None:
    visit = salon.book(at="10:00")
    with pytest.raises(StaleVersion):
        reschedule_appointment(salon.access("bea"), visit, salon.at("14:00"), version=7)


def test_a_cancelled_appointment_frees_its_chair(salon: Business) -> None:
    haircut = salon.book("haircut", at="10:00")
    cancel_appointment(salon.access("bea"), haircut, reason="customer", note="Ill")
    assert salon.book("haircut", at="10:00", customer="omar")


def test_an_ended_visit_is_final(salon: Business) -> None:
    visit = salon.book(at="10:00")
    cancel_appointment(salon.access("bea"), visit, reason="team")
    for act in (
        lambda: cancel_appointment(salon.access("bea"), visit, reason="team"),
        lambda: reschedule_appointment(salon.access("bea"), visit, salon.at("14:00")),
        lambda: start_appointment(salon.access("lea", salon.at("10:00")), visit),
        lambda: complete_appointment(salon.access("lea", salon.at("10:00")), visit),
    ):
        with pytest.raises(AppointmentClosed):
            act()


def test_undo_takes_the_time_back_for_ten_minutes(salon: Business) -> None:
    visit = salon.book(at="10:00")
    cancel_appointment(salon.access("bea"), visit, reason="customer")
    with pytest.raises(TooLate):
        undo_ending(salon.access("bea", salon.now + timedelta(minutes=11)), visit)
    with pytest.raises(TooLate):
        undo_ending(salon.access("alice", salon.now + timedelta(minutes=1)), visit)
    back = undo_ending(salon.access("bea", salon.now + timedelta(minutes=9)), visit)
    assert back.status == "scheduled"
    with pytest.raises(SlotTaken):
        salon.book(at="10:00", customer="omar")


def test_undo_is_refused_once_the_time_is_taken(salon: Business) -> None:
    visit = salon.book(at="10:00")
    cancel_appointment(salon.access("bea"), visit, reason="customer")
    salon.book(at="10:15", customer="omar")
    with pytest.raises(SlotTaken):
        undo_ending(salon.access("bea"), visit)
    visit.refresh_from_db()
    assert visit.status == "cancelled"


def test_an_administrator_reopens_with_a_reason(salon: Business) -> None:
    visit = salon.book(at="10:00")
    cancel_appointment(salon.access("bea"), visit, reason="customer")
    later = salon.now + timedelta(days=1)
    with pytest.raises(NotPermitted):
        reopen_appointment(salon.access("bea", later), visit, reason="Mistake")
    with pytest.raises(Invalid):
        reopen_appointment(salon.access("alice", later), visit, reason=" ")
    assert reopen_appointment(salon.access("alice", later), visit, reason="Mistake").status == "scheduled"
    assert Activity.objects.filter(kind="appointment.reopened").get().changes["reason"] == [None, "Mistake"]


def test_finishing_early_frees_the_rest(salon: Business) -> None:
    visit = salon.book(at="10:00")
    start_appointment(salon.access("lea", salon.at("09:50")), visit)
    complete_appointment(salon.access("lea", salon.at("10:20")), visit)
    visit.refresh_from_db()
    assert (visit.status, visit.started_at, visit.ended_at) == ("completed", salon.at("09:50"), salon.at("10:20"))
    assert salon.book(at="10:30", customer="omar", now=salon.at("10:21"))


def test_completing_without_starting_takes_the_planned_start(salon: Business) -> None:
    visit = salon.book(at="10:00")
    with pytest.raises(AppointmentClosed):
        complete_appointment(salon.access("lea", salon.at("09:00")), visit)
    complete_appointment(salon.access("lea", salon.at("17:00")), visit)
    visit.refresh_from_db()
    assert (visit.started_at, visit.ended_at) == (salon.at("10:00"), salon.at("10:45"))


def test_a_visit_is_started_on_its_day_only(salon: Business) -> None:
    visit = salon.book(at="10:00")
    with pytest.raises(AppointmentClosed):
        start_appointment(salon.access("lea", salon.now), visit)


def test_nobody_is_absent_before_the_start(salon: Business) -> None:
    visit = salon.book(at="10:00")
    with pytest.raises(AppointmentClosed):
        mark_no_show(salon.access("bea"), visit)
    assert mark_no_show(salon.access("bea", salon.at("10:15")), visit).status == "no_show"


@pytest.mark.guard("visible")
def test_a_provider_can_end_own_visits_only(salon: Business) -> None:
    """(I12)"""
    visit = salon.book(at="10:00", member="max")
    with pytest.raises(Appointment.DoesNotExist):
        complete_appointment(salon.access("lea", salon.at("11:00")), visit)
    visit.refresh_from_db()
    assert visit.status == "scheduled"
