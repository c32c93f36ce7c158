"""The letters to customers tell the own fields that say so, in the customer's language, and no others."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core import mail

from carnet.appointments.actions import cancel_appointment, reschedule_appointment
from carnet.customers.actions import NewCustomer, create_customer
from carnet.messages.actions import deliver_due
from carnet.organisations.access import Access
from carnet.organisations.actions import set_field_rights
from carnet.organisations.fields import HIDDEN
from carnet.organisations.models import Profile
from carnet.outbox.models import Message
from tests.cast import Business
from tests.laid_out import add_fields

TOLD = ["form", "letter"]


def field(fr: str, en: str, shows: list[str] = TOLD, **more: Any) -> dict[str, Any]:
    return {"type": "text", "label": {"fr": fr, "en": en}, "shows": shows, **more}


def car_and_secret(business: Business) -> tuple[str, str]:
    car, secret = add_fields(
        business,
        field("Véhicule", "Car"),
        field("Pour nous", "For us", ["form", "page", "card", "phone", "list"]),
        module="appointments",
        name="create",
    )
    return car, secret


def letters(business: Business) -> list[str]:
    access = Access(business.system.organisation, business.system.actor, business.now + timedelta(minutes=20))
    deliver_due(access)
    return [letter.body for letter in mail.outbox]


def test_the_confirmation_tells_the_car_in_french_and_in_english(salon: Business) -> None:
    car, secret = car_and_secret(salon)
    new = NewCustomer("John Doe", (), ("john@mail.example",), (), "en")
    salon.customers["john"] = create_customer(salon.system, new)
    salon.book(at="10:00", custom={car: "Clio", secret: "Late payer"})
    salon.book(at="15:00", customer="john", custom={car: "Twingo"})
    french, english = letters(salon)
    assert "\u00a0€\nVéhicule\u00a0: Clio\n" in french
    assert "\nCar: Twingo\n" in english
    assert "Late payer" not in french


def test_what_is_not_filled_in_leaves_no_line(salon: Business) -> None:
    car_and_secret(salon)
    salon.book()
    (letter,) = letters(salon)
    assert "Véhicule" not in letter


def test_a_move_tells_it_too_and_a_cancellation_does_not(salon: Business) -> None:
    car, _secret = car_and_secret(salon)
    visit = salon.book(at="10:00", custom={car: "Clio"})
    reschedule_appointment(salon.access("bea"), visit, salon.at("15:15"))
    cancel_appointment(salon.access("bea"), visit, reason="customer")
    _booked, moved, cancelled = letters(salon)
    assert "Véhicule\u00a0: Clio" in moved
    assert "Clio" not in cancelled


def test_a_field_of_the_customer_is_told_with_the_visit(salon: Business) -> None:
    (plate,) = add_fields(salon, field("Immatriculation", "Number plate"))
    new = NewCustomer("Ana", emails=("ana@mail.example",), language="en", custom={plate: "AB-123-CD"})
    salon.customers["ana"] = create_customer(salon.access("bea"), new)
    salon.book(customer="ana")
    assert "Number plate: AB-123-CD" in letters(salon)[0]


def test_choices_and_numbers_are_told_in_the_words_of_the_reader(salon: Business) -> None:
    choices = [{"label": {"fr": "À l’eau", "en": "Wet"}}]
    wash, price = add_fields(
        salon,
        {"type": "choice", "label": {"fr": "Lavage", "en": "Wash"}, "choices": choices, "shows": TOLD},
        {"type": "number", "decimals": 1, "label": {"fr": "Mètres", "en": "Metres"}, "shows": TOLD},
        module="appointments",
        name="create",
    )
    salon.book(custom={wash: 1, price: 2.5})
    letter = letters(salon)[0]
    assert "Lavage\u00a0: À l’eau" in letter
    assert "Mètres\u00a0: 2,5" in letter


def test_a_value_adds_no_lines_of_its_own_and_no_headers(salon: Business) -> None:
    """(F6)"""
    (note,) = add_fields(salon, field("Mot", "Word", type="paragraph"), module="appointments", name="create")
    salon.book(custom={note: "one\r\nBcc: eve@mail.example\n<b>two</b>"})
    (letter,) = letters(salon)
    assert "Mot\u00a0: one Bcc: eve@mail.example <b>two</b>\n" in letter
    assert mail.outbox[0].recipients() == ["vera@mail.example"]


def test_the_customer_is_told_also_what_is_hidden_from_whoever_books(salon: Business) -> None:
    (care,) = add_fields(salon, field("Soin", "Care", default="Doux"), module="appointments", name="create")
    desk = Profile.objects.get(key="front_desk")
    set_field_rights(salon.access("alice"), desk, {("appointments", care): HIDDEN})
    salon.book()
    assert "Soin\u00a0: Doux" in letters(salon)[0]


def test_without_own_fields_the_facts_hold_none(salon: Business) -> None:
    salon.book()
    assert "own" not in Message.objects.get().facts
