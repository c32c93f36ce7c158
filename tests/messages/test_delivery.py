"""Delivering the outbox: in the customer's language, once, again when it failed, never about what is over."""

from __future__ import annotations

from datetime import timedelta
from smtplib import SMTPAuthenticationError, SMTPDataError, SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend

from carnet.appointments.actions import Booking, book_appointment, cancel_appointment, reschedule_appointment
from carnet.appointments.availability import Ask
from carnet.catalogue.prices import Extra
from carnet.customers.actions import NewCustomer, create_customer
from carnet.messages.actions import ATTEMPTS, deliver_due, take_next
from carnet.messages.background import deliver
from carnet.messages.wording import KINDS, LANGUAGES, letter_of
from carnet.organisations.access import Access
from carnet.organisations.models import Organisation
from carnet.outbox.models import Message
from tests.cast import Business


class Failing(BaseEmailBackend):
    """A mail server in trouble."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error
        self.tried = 0

    def send_messages(self, email_messages: Any) -> int:
        self.tried += 1
        raise self.error


def later(access: Access, **passed: float) -> Access:
    return Access(access.organisation, access.actor, access.now + timedelta(**passed))


def test_a_booking_is_confirmed_in_the_language_of_the_customer(salon: Business) -> None:
    salon.book("haircut", at="10:00")
    assert deliver_due(salon.system) == 1
    (letter,) = mail.outbox
    assert letter.to == ["vera@mail.example"]
    assert letter.subject == "Rendez-vous chez Salon le mercredi 11 mars 2026 à 10:00"
    assert "Coupe\nmercredi 11 mars 2026 à 10:00\n12 rue de la Paix, 75002 Paris\nPrix : 35,00\u00a0€" in letter.body
    assert letter.from_email == "Salon <carnet@localhost>"
    message = Message.objects.get()
    assert (message.state, message.attempts, message.sent_at) == ("sent", 1, salon.now)
    assert letter.extra_headers["Message-ID"] == f"<{message.public_id}@localhost>"


def test_an_english_customer_reads_english_and_the_wall_time_of_the_business(salon: Business) -> None:
    new = NewCustomer("John Doe", (), ("john@mail.example",), (), "en")
    salon.customers["john"] = create_customer(salon.system, new)
    visit = salon.book("haircut", at="10:00", customer="john")
    reschedule_appointment(salon.access("bea"), visit, salon.at("15:15"))
    cancel_appointment(salon.access("bea"), visit, reason="customer")
    deliver_due(salon.system)
    assert [letter.subject for letter in mail.outbox] == [
        "Your appointment at Salon on Wednesday 11 March 2026 at 10:00",
        "New time at Salon: Wednesday 11 March 2026 at 15:15",
        "Cancelled: your appointment at Salon on Wednesday 11 March 2026 at 15:15",
    ]
    assert "of Wednesday 11 March 2026 at 10:00 has been moved" in mail.outbox[1].body


def test_what_was_added_to_a_service_is_named_in_the_language_of_the_customer(salon: Business) -> None:
    new = NewCustomer("John Doe", (), ("john@mail.example",), (), "en")
    salon.customers["john"] = create_customer(salon.system, new)
    extras = (Extra("1", "Soin", 15, 1200), Extra("2", "Massage", 0, 500))
    for who, at in (("vera", "10:00"), ("john", "14:00")):
        ask = Ask(salon.services["haircut"], None, salon.members["lea"], extras=extras)
        book_appointment(salon.access("bea"), Booking((ask,), salon.at(at), salon.customers[who]))
    deliver_due(salon.system)
    assert "\nCoupe avec Soin, Massage\n" in mail.outbox[0].body
    assert "\nCoupe with Soin, Massage\n" in mail.outbox[1].body


def test_what_was_sent_is_not_sent_again(salon: Business) -> None:
    salon.book("haircut", at="10:00")
    assert (deliver_due(salon.system), deliver_due(later(salon.system, days=1))) == (1, 0)
    assert len(mail.outbox) == 1


def test_a_visit_without_an_address_to_write_to_sends_nothing_and_says_so(salon: Business) -> None:
    salon.book("haircut", at="10:00", customer="omar")
    assert deliver_due(salon.system) == 0
    assert Message.objects.get().state == "skipped"


def test_nobody_is_told_about_a_visit_whose_time_has_passed(salon: Business) -> None:
    """(F1)"""
    salon.book("haircut", at="10:00")
    assert deliver_due(later(salon.system, days=30)) == 0
    assert Message.objects.get().state == "skipped"
    assert mail.outbox == []


def test_a_server_out_of_reach_is_tried_six_times_with_growing_rests_then_given_up(salon: Business) -> None:
    """(F2)"""
    salon.book("haircut", at="10:00")
    broken = Failing(ConnectionRefusedError("no"))
    access = salon.system
    deliver_due(access, broken)
    deliver_due(later(access, seconds=59), broken)
    assert broken.tried == 1
    for _round in range(10):
        access = later(access, hours=9)
        deliver_due(access, broken)
    message = Message.objects.get()
    assert broken.tried == message.attempts == ATTEMPTS
    assert (message.state, message.error) == ("failed", "ConnectionRefusedError: no")


def test_a_server_out_of_reach_is_not_asked_for_every_letter(salon: Business) -> None:
    salon.book("haircut", at="10:00")
    salon.book("haircut", at="11:00")
    broken = Failing(SMTPServerDisconnected("gone"))
    assert deliver_due(salon.system, broken) == 0
    assert broken.tried == 1
    assert deliver_due(later(salon.system, minutes=2)) == 2


def test_a_wrong_password_of_our_own_is_no_fault_of_the_letters(salon: Business) -> None:
    salon.book("haircut", at="10:00")
    deliver_due(salon.system, Failing(SMTPAuthenticationError(535, b"who are you?")))
    assert deliver_due(later(salon.system, minutes=2)) == 1


def test_a_letter_that_is_refused_for_good_is_not_tried_again(salon: Business) -> None:
    salon.book("haircut", at="10:00")
    broken = Failing(SMTPDataError(554, b"no thanks"))
    deliver_due(salon.system, broken)
    deliver_due(later(salon.system, days=1), broken)
    assert broken.tried == 1
    assert Message.objects.get().state == "failed"


def test_a_message_whose_worker_died_is_taken_again_under_the_same_message_id(salon: Business) -> None:
    """(E6)"""
    salon.book("haircut", at="10:00")
    taken = take_next(salon.system)
    assert taken is not None
    assert take_next(salon.system) is None
    again = take_next(later(salon.system, minutes=16))
    assert again is not None
    assert again.public_id == taken.public_id


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_names_stay_text_and_make_no_header(salon: Business, kind: str, language: str) -> None:
    """(T3, F6, L7)"""
    hostile = "Eve\r\nBcc: all@example.org\u2028<script>{{ x.__class__ }}</script> %s"
    message = Message.objects.create(
        organisation=salon.organisation,
        kind=kind,
        subject_kind="appointment",
        subject_id=1,
        recipient="eve@mail.example",
        created_at=salon.now,
        due_at=salon.now,
        facts={
            "name": hostile,
            "language": language,
            "start": "2026-03-11T10:00:00+01:00",
            "before": "2026-03-10T10:00:00+01:00",
            "services": [hostile],
            "address": hostile,
            "total": 3500,
            "currency": "EUR",
            "business": hostile,
            "phone": hostile,
        },
    )
    Organisation.objects.filter(pk=salon.organisation.pk).update(name="Eve\r\nBcc: all@example.org")
    salon.organisation.refresh_from_db()
    assert deliver_due(salon.system) == 1
    letter = mail.outbox[0].message()
    assert letter["Bcc"] is None
    assert mail.outbox[0].recipients() == ["eve@mail.example"]
    assert "\n" not in mail.outbox[0].subject
    assert "<script>{{ x.__class__ }}</script> %s" in letter_of(message).text


def test_a_name_written_from_right_to_left_does_not_reorder_the_sentence(salon: Business) -> None:
    """(T1)"""
    new = NewCustomer("عمر", (), ("omar@mail.example",))
    salon.customers["omar2"] = create_customer(salon.system, new)
    salon.book("haircut", at="10:00", customer="omar2")
    deliver_due(salon.system)
    assert "Bonjour \u2068عمر\u2069," in mail.outbox[0].body


def test_the_tick_delivers_for_every_organisation(open_salon: Business, open_garage: Business) -> None:
    from carnet.base.scopes import open_organisation

    for business in (open_salon, open_garage):
        with open_organisation(business.organisation):
            business.book("haircut", at="10:00")
    deliver()
    assert sorted(letter.from_email for letter in mail.outbox) == [
        "Garage <carnet@localhost>",
        "Salon <carnet@localhost>",
    ]
