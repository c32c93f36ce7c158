"""Booking, through the one action that every door calls."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from carnet.appointments.actions import Booking, book_appointment, cancel_appointment, start_appointment
from carnet.appointments.availability import Ask, next_slots, slots
from carnet.appointments.errors import BookingRefused, SlotTaken
from carnet.appointments.models import Appointment, Claim, Segment
from carnet.base.errors import Invalid, ModuleOff, NotPermitted
from carnet.catalogue.actions import add_outage, mark_not_in_use
from carnet.catalogue.models import Service
from carnet.customers.actions import NewAddress, NewCustomer
from carnet.customers.models import Customer
from carnet.customisation.actions import switch_module
from carnet.organisations.models import Activity
from carnet.outbox.models import Message
from carnet.resources.actions import add_closures, add_time_off
from tests.cast import Business


def test_a_booking_holds_its_member_and_freezes_what_was_sold(salon: Business) -> None:
    visit = salon.book("colour", "10:00", member="lea")
    assert visit.status == "scheduled"
    assert visit.total == 8000
    segment = visit.segments.get()
    assert (segment.service_name, segment.minutes, segment.net, segment.taxes[0]["amount"]) == (
        "Couleur",
        90,
        6667,
        1333,
    )
    assert (str(segment.local_date), str(segment.local_time)) == ("2026-03-11", "10:00:00")
    claim = Claim.objects.get(segment=segment)
    assert claim.resource == salon.resource("lea")
    assert claim.ends_at - claim.starts_at == timedelta(minutes=105), "the buffer after it is held too (A5)"


def test_a_booking_is_told_and_recorded_in_its_own_transaction(salon: Business) -> None:
    visit = salon.book()
    message = Message.objects.get()
    assert (message.kind, message.recipient, message.state) == ("appointment_booked", "vera@mail.example", "waiting")
    activity = Activity.objects.filter(kind="appointment.booked").get()
    assert (activity.subject_id, activity.actor) == (visit.pk, "Bea")


def test_a_taken_time_is_refused_with_who_until_when_and_what_instead(salon: Business) -> None:
    salon.book(at="10:00")
    before = Appointment.objects.count()
    with pytest.raises(SlotTaken) as refused:
        salon.book(at="10:15", customer="omar")
    assert refused.value.code == "slot_taken"
    assert "Lea" in refused.value.sentence()
    assert "10:45" in refused.value.sentence()
    assert "Véra" not in refused.value.sentence(), "never another customer's name"
    assert refused.value.alternatives
    assert Appointment.objects.count() == before


def test_touching_visits_stand_side_by_side(salon: Business) -> None:
    """(A2)"""
    salon.book(at="10:00")
    assert salon.book(at="10:45", customer="omar")
    assert salon.book(at="09:15", customer="omar")


def test_buffers_count_like_the_visit_itself(salon: Business) -> None:
    """(A5)"""
    salon.book("colour", "10:00")
    with pytest.raises(SlotTaken):
        salon.book("haircut", "11:30", customer="omar")
    assert salon.book("haircut", "11:45", customer="omar")


def test_anyone_is_who_has_least_to_do_that_day(salon: Business) -> None:
    salon.book(at="10:00", member="lea")
    visit = salon.book(at="14:00", member=None, customer="omar")
    assert visit.segments.get().segment_members.get().member.name == "Max"


def test_anyone_is_refused_only_when_nobody_is_free(salon: Business) -> None:
    """(A3)"""
    salon.book(at="10:00", member=None)
    salon.book(at="10:00", member=None, customer="omar")
    with pytest.raises(SlotTaken):
        salon.book(at="10:00", member=None, customer="nobody")


def test_two_services_are_one_visit_with_one_total_and_the_same_member(salon: Business) -> None:
    asks = (Ask(salon.services["haircut"], member=salon.members["max"]), Ask(salon.services["colour"]))
    booking = Booking(asks=asks, start=salon.at("10:00"), customer=salon.customers["vera"])
    visit = book_appointment(salon.access("bea"), booking)
    first, second = visit.segments.order_by("position")
    assert (first.ends_at, visit.total) == (second.starts_at, 11500)
    assert second.segment_members.get().member.name == "Max"
    assert visit.ends_at == salon.at("12:15")


def test_the_chosen_length_moves_the_end_and_holds_it(salon: Business) -> None:
    home = salon.customers["vera"].addresses.get()
    visit = salon.book("garden", "09:00", minutes=240, address=home)
    assert visit.ends_at == salon.at("13:00")
    assert (visit.address, visit.access_note) == ("3 rue des Lilas, 75019 Paris", "Code 4521")


@pytest.mark.parametrize("minutes", [175, 365, 1, 242])
def test_a_length_outside_its_range_is_refused_with_the_range(salon: Business, minutes: int) -> None:
    """(K4)"""
    with pytest.raises(Invalid) as refused:
        salon.book("garden", "09:00", minutes=minutes)
    assert "3" in refused.value.errors["duration"]
    assert "6" in refused.value.errors["duration"]


def test_a_visit_at_the_customer_without_an_address_is_refused_beside_it(salon: Business) -> None:
    with pytest.raises(Invalid) as refused:
        salon.book("garden", "09:00", customer="omar")
    assert "address" in refused.value.errors


def test_a_service_at_both_places_lets_the_booker_choose(salon: Business) -> None:
    with pytest.raises(Invalid) as refused:
        salon.book("both", "09:00")
    assert "place" in refused.value.errors
    assert salon.book("both", "09:00", place="business").address == "12 rue de la Paix, 75002 Paris"
    assert salon.book("both", "10:00", place="customer").address == "3 rue des Lilas, 75019 Paris"


def test_an_unknown_caller_is_saved_with_the_booking_and_not_without_it(salon: Business) -> None:
    new = NewCustomer("Nadia", ("06 11 22 33 44",), addresses=(NewAddress("1 quai Neuf"),))
    ask = Ask(salon.services["haircut"], member=salon.members["lea"])
    visit = book_appointment(salon.access("bea"), Booking(asks=(ask,), start=salon.at("10:00"), customer=new))
    assert visit.customer is not None
    assert visit.customer.name == "Nadia"
    other = NewCustomer("Someone else")
    with pytest.raises(SlotTaken):
        book_appointment(salon.access("bea"), Booking(asks=(ask,), start=salon.at("10:00"), customer=other))
    assert not Customer.objects.filter(name="Someone else").exists()


def test_a_walk_in_starts_now_off_the_grid_and_needs_no_name(salon: Business) -> None:
    now = datetime(2026, 3, 3, 9, 7, tzinfo=UTC)
    ask = Ask(salon.services["haircut"])
    visit = book_appointment(salon.access("bea", now), Booking(asks=(ask,), start=now))
    assert visit.customer is None
    assert visit.starts_at == now


def test_the_past_is_refused(salon: Business) -> None:
    """(K4)"""
    with pytest.raises(BookingRefused) as refused:
        salon.book(at="10:00", day=salon.now.date() - timedelta(days=1))
    assert [one.rule for one in refused.value.refusals] == ["not_in_the_past"]


def test_a_closed_day_names_the_next_opening(salon: Business) -> None:
    sunday = salon.day + timedelta(days=(6 - salon.day.weekday()))
    with pytest.raises(BookingRefused) as refused:
        salon.book(at="10:00", day=sunday)
    assert "business_open" in [one.rule for one in refused.value.refusals]
    assert "09:00" in refused.value.sentence() or "9:00" in refused.value.sentence()


def test_a_holiday_is_named(salon: Business) -> None:
    add_closures(salon.system, {salon.day: "Journée du personnel"})
    with pytest.raises(BookingRefused) as refused:
        salon.book(at="10:00")
    assert "Journée du personnel" in refused.value.sentence()


def test_a_break_and_time_off_are_refused(salon: Business) -> None:
    with pytest.raises(BookingRefused) as at_lunch:
        salon.book(at="12:30")
    assert "at_work" in [one.rule for one in at_lunch.value.refusals]
    add_time_off(salon.system, salon.resource("lea"), salon.at("15:00"), salon.at("16:00"))
    with pytest.raises(BookingRefused) as away:
        salon.book(at="15:30")
    assert "not_absent" in [one.rule for one in away.value.refusals]


def test_an_outage_is_refused_by_a_minute_and_says_until_when(salon: Business) -> None:
    add_outage(salon.access("alice"), salon.services["haircut"], salon.at("10:44"), salon.at("12:00"))
    with pytest.raises(BookingRefused) as refused:
        salon.book(at="10:00")
    assert [one.rule for one in refused.value.refusals] == ["not_unavailable"]
    assert "12:00" in refused.value.sentence()
    assert salon.book(at="09:45")


def test_a_service_not_in_use_is_refused_though_its_id_is_known(salon: Business) -> None:
    """(K4)"""
    salon.services["haircut"] = mark_not_in_use(salon.access("alice"), salon.services["haircut"])
    with pytest.raises(BookingRefused) as refused:
        salon.book(at="10:00")
    assert "in_use" in [one.rule for one in refused.value.refusals]


def test_a_member_who_does_not_provide_the_service_is_refused(salon: Business) -> None:
    with pytest.raises(BookingRefused) as refused:
        salon.book(at="10:00", member="bea")
    assert "provides" in [one.rule for one in refused.value.refusals]


@pytest.mark.guard("access_require")
def test_a_provider_may_not_book(salon: Business) -> None:
    with pytest.raises(NotPermitted):
        salon.book(by="lea")
    assert not Appointment.objects.exists()


def test_nothing_is_booked_while_the_module_is_off(salon: Business) -> None:
    switch_module(salon.access("alice"), "services", False)
    with pytest.raises(ModuleOff):
        salon.book()


def test_every_offered_start_can_be_booked(salon: Business) -> None:
    """(B9)"""
    salon.book("colour", "11:00")
    ask = Ask(salon.services["haircut"], member=salon.members["lea"])
    _known, offered = slots(salon.access("bea"), [ask], salon.day, salon.day)
    assert offered
    for slot in offered:
        start = datetime.fromtimestamp(slot.start, tz=UTC)
        booking = Booking(asks=(ask,), start=start, customer=salon.customers["omar"])
        visit = book_appointment(salon.access("bea"), booking)
        cancel_appointment(salon.access("bea"), visit, reason="team")


def test_alternatives_are_free(salon: Business) -> None:
    salon.book(at="10:00")
    ask = Ask(salon.services["haircut"], member=salon.members["lea"])
    _known, offered = next_slots(salon.access("bea"), [ask], salon.at("10:00"))
    first = datetime.fromtimestamp(offered[0].start, tz=UTC)
    assert first == salon.at("10:45")


def test_a_member_who_attends_is_held_too(salon: Business) -> None:
    ask = Ask(salon.services["haircut"], member=salon.members["lea"], attendees=(salon.members["bea"],))
    visit = book_appointment(
        salon.access("bea"), Booking(asks=(ask,), start=salon.at("10:00"), customer=salon.customers["vera"])
    )
    assert Claim.objects.filter(segment__appointment=visit).count() == 2
    other = Ask(salon.services["haircut"], member=salon.members["max"], attendees=(salon.members["bea"],))
    with pytest.raises(SlotTaken):
        book_appointment(salon.access("bea"), Booking(asks=(other,), start=salon.at("10:00")))


def test_a_visit_keeps_the_local_time_it_was_promised_for(salon: Business) -> None:
    """(B2) The hour that happens twice is two instants, told apart by their fold."""
    segment = Segment(local_date=salon.day)
    assert segment.fold == 0
    visit = salon.book(at="10:00")
    start_appointment(salon.access("lea", salon.at("09:55")), visit)
    visit.refresh_from_db()
    assert visit.started_at == salon.at("09:55")


def test_a_service_taken_out_of_use_while_it_was_being_booked_is_refused(salon: Business) -> None:
    """C3: the booker still holds the service as it was read; under the locks it counts as it is."""
    chosen = Service.objects.get(pk=salon.services["haircut"].pk)
    mark_not_in_use(salon.access("alice"), salon.services["haircut"])
    bea = salon.access("bea")
    booking = Booking(asks=(Ask(chosen),), start=salon.at("10:00"), customer=salon.customers["vera"])
    with pytest.raises(BookingRefused) as refused:
        book_appointment(bea, booking)
    assert [said.rule for said in refused.value.refusals] == ["in_use"]
    assert not Appointment.objects.exists()
