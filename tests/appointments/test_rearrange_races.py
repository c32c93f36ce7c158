"""Two at once, where one of them rearranges: real threads, real transactions, on whichever database the suite runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from carnet.appointments.actions import (
    Booking,
    book_appointment,
    rearrange,
    reschedule_appointment,
    undo_rearrangement,
)
from carnet.appointments.actions.changes import OutageAdded
from carnet.appointments.actions.undo_rearrangement import Undone
from carnet.appointments.availability import Ask
from carnet.appointments.errors import MoveRefused
from carnet.appointments.impact import impact_of
from carnet.appointments.models import Appointment, Claim, Move, Rearrangement
from carnet.catalogue.models import Outage
from carnet.outbox.models import Message
from tests.appointments.test_races import booking, kinds, together
from tests.cast import Business

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def applying(salon: Business, *visits: Appointment) -> Callable[[], Rearrangement]:
    """Return the act of marking the haircut as unavailable in the morning and moving these visits as proposed."""
    access = salon.access("alice")
    change = OutageAdded(salon.services["haircut"], salon.at("09:00"), salon.at("12:00"))
    moves = impact_of(access, change).planned([visit.public_id_text for visit in visits])
    assert len(moves) == len(visits)
    return lambda: rearrange(access, change, moves)


def colour_at(salon: Business, at: str) -> Callable[[], Appointment]:
    access = salon.access("bea")
    ask = Ask(salon.services["colour"], member=salon.members["lea"])
    return lambda: book_appointment(access, Booking((ask,), salon.at(at), salon.customers["omar"]))


def everything_stands(*visits: Appointment) -> None:
    """Expect that each visit is somewhere, once, and holds exactly its time."""
    for visit in visits:
        visit.refresh_from_db()
        assert visit.is_open
        claim = Claim.objects.get(segment__appointment=visit, active=True)
        assert claim.starts_at == visit.starts_at


def test_applying_and_a_booking_race_for_the_proposed_time(salon: Business) -> None:
    """(A7) Either the change is made whole and the booking refused, or the booking stands and nothing is changed."""
    first, second = salon.book(at="10:00"), salon.book(at="10:45", customer="omar")
    results: list[Any] = together(salon, applying(salon, first, second), booking(salon, "12:00", "lea"))
    assert kinds(results) in (
        {"Rearrangement": 1, "SlotTaken": 1},
        {"MoveRefused": 1, "Appointment": 1},
    )
    everything_stands(first, second)
    applied = not isinstance(results[0], MoveRefused)
    assert Outage.objects.count() == Rearrangement.objects.count() == int(applied)
    assert Move.objects.count() == (2 if applied else 0)


def test_two_who_apply_at_once_move_each_visit_once(salon: Business) -> None:
    visits = [salon.book(at="10:00"), salon.book(at="10:45", member="max", customer="omar")]
    results = together(salon, applying(salon, *visits), applying(salon, *visits))
    assert kinds(results) == {"Rearrangement": 1, "MoveRefused": 1}
    everything_stands(*visits)
    assert Move.objects.count() == 2
    assert Outage.objects.count() == 1


def test_applying_and_moving_the_same_visit_by_hand_never_loses_it(salon: Business) -> None:
    """(A7) Whoever takes locks takes the visit before the people, so that nobody waits in a circle."""
    visit = salon.book(at="10:00")
    access = salon.access("bea")
    results = together(
        salon,
        applying(salon, visit),
        lambda: reschedule_appointment(access, visit, salon.at("15:00")),
    )
    assert all(type(result).__name__ in ("Rearrangement", "MoveRefused", "Appointment") for result in results)
    everything_stands(visit)


def test_an_undo_and_a_booking_race_for_the_old_time(salon: Business) -> None:
    """(A7) The visit returns or stays; whoever has the old time has it alone."""
    visit = salon.book(at="10:00")
    rearrangement = applying(salon, visit)()
    access = salon.access("alice")
    results = together(salon, lambda: undo_rearrangement(access, rearrangement), colour_at(salon, "10:00"))
    undone = results[0]
    assert isinstance(undone, Undone)
    booked = isinstance(results[1], Appointment)
    assert [one.appointment.pk for one in undone.stayed] == ([visit.pk] if booked else [])
    everything_stands(visit)
    assert visit.starts_at == salon.at("12:00" if booked else "10:00")
    # Who stays where she was moved to is told; who is back is not.
    assert Message.objects.get(kind="appointment_moved").state == ("waiting" if booked else "skipped")


def test_two_who_undo_at_once_undo_once(salon: Business) -> None:
    visit = salon.book(at="10:00")
    rearrangement = applying(salon, visit)()
    access = [salon.access("alice"), salon.access("alice")]
    results = together(salon, *(lambda one=one: undo_rearrangement(one, rearrangement) for one in access))
    assert kinds(results) == {"Undone": 1, "UndoRefused": 1}
    everything_stands(visit)
    assert Move.objects.count() == 2
