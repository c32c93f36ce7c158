"""Visits for customers who live by another clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.test import Client

from carnet.appointments.actions import Booking, book_appointment
from carnet.appointments.availability import Ask, slots
from carnet.base.scopes import open_organisation
from carnet.customers.actions import NewCustomer, create_customer
from carnet.messages.wording import letter_of
from carnet.outbox.models import Message
from carnet.scheduling.hours import to_zone
from tests.cast import Business


def test_a_customer_in_another_zone_is_told_both_times_of_one_instant(salon: Business) -> None:
    """(B6) The date differs there: 9:00 in Paris is the evening before in Honolulu."""
    new = NewCustomer("Kai", emails=("kai@mail.example",), language="en", zone="Pacific/Honolulu")
    customer = create_customer(salon.access("bea"), new)
    ask = Ask(salon.services["haircut"], member=salon.members["lea"])
    visit = book_appointment(salon.access("bea"), Booking(asks=(ask,), start=salon.at("09:00"), customer=customer))
    letter = letter_of(Message.objects.get(recipient="kai@mail.example"))
    assert "Wednesday 11 March 2026 at 9:00" in letter.text
    assert "Honolulu: Tuesday 10 March 2026 at 22:00" in letter.text
    there = to_zone(visit.starts_at, "Pacific/Honolulu")
    assert (there.day, there.hour) == (10, 22)


def test_the_day_of_a_slot_is_the_organisations(salon: Business) -> None:
    """(B6)"""
    _known, found = slots(salon.access("bea"), [Ask(salon.services["haircut"])], salon.day, salon.day)
    starts = [to_zone(datetime.fromtimestamp(slot.start, tz=UTC), salon.organisation.zone) for slot in found]
    assert starts
    assert {start.date() for start in starts} == {salon.day}


def test_the_visit_shows_both_clocks_and_its_link_opens_the_same_instant(open_salon: Business, client: Client) -> None:
    """(B6)"""
    with open_organisation(open_salon.organisation):
        new = NewCustomer("Kai", phones=("0611223344",), zone="Pacific/Honolulu")
        open_salon.customers["kai"] = create_customer(open_salon.access("bea"), new)
        visit = open_salon.book(at="09:00", customer="kai", now=datetime.now(UTC))
    client.force_login(open_salon.user("bea"))
    page = client.get(open_salon.url(f"appointments/{visit.public_id}/")).content.decode()
    offset = to_zone(visit.starts_at, "Europe/Paris").utcoffset()
    assert offset is not None
    there = to_zone(visit.starts_at, "Pacific/Honolulu")
    assert "Pacific/Honolulu" in page
    assert f"{there.hour}:{there.minute:02}" in page
    assert there == visit.starts_at
    assert timedelta(0) <= offset <= timedelta(hours=2)
