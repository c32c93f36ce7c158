"""Pages that say no, or that something broke, are as readable as the others: axe, in light and in dark."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from carnet.appointments.actions import cancel_appointment
from carnet.appointments.models import Appointment
from carnet.base.scopes import open_organisation
from carnet.organisations.first_run import new_link
from carnet.organisations.models import Member
from tests.browser import NewPage, axe
from tests.cast import Business
from tests.journeys.conftest import SignedIn

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("options", [{}, {"color_scheme": "dark"}], ids=["light", "dark"]),
]


def says(page: Page, words: str) -> None:
    """Assert that the page says so where it is read first, and that axe finds nothing on it."""
    expect(page.get_by_text(words).first).to_be_visible()
    axe(page)


def test_the_form_that_reopens_a_visit_and_its_refusal(
    signed_in: SignedIn, business: Business, options: dict[str, Any]
) -> None:
    with open_organisation(business.organisation):
        visit = business.book("haircut", at="10:00")
        cancel_appointment(business.access("bea"), visit, reason="customer")
    page = signed_in("alice", **options)
    page.goto(business.url(f"appointments/{visit.public_id}/"))
    page.get_by_role("link", name="Reopen").click()
    says(page, "The appointment takes its time again, if it is still free; the history keeps both.")
    page.get_by_label("Reason").fill(" ")
    page.get_by_role("button", name="Reopen").click()
    says(page, "Say why the appointment is reopened.")
    page.get_by_label("Reason").fill("Called back")
    page.get_by_role("button", name="Reopen").click()
    expect(page.locator("#sheet").get_by_text("Scheduled")).to_be_visible()


def test_a_visit_that_somebody_else_changed_meanwhile(
    signed_in: SignedIn, business: Business, options: dict[str, Any]
) -> None:
    """(D1)"""
    with open_organisation(business.organisation):
        visit = business.book("haircut", at="10:00")
    page = signed_in("alice", **options)
    page.goto(business.url(f"appointments/{visit.public_id}/"))
    page.get_by_role("link", name="Cancel the appointment").click()
    confirm = page.get_by_role("button", name="Yes, cancel the appointment")
    expect(confirm).to_be_visible()
    with open_organisation(business.organisation):
        Appointment.objects.filter(pk=visit.pk).update(version=2)
    confirm.click()
    says(page, "Someone else changed this in the meantime. Look at what is new, then try again.")


def test_what_a_profile_does_not_allow(signed_in: SignedIn, business: Business, options: dict[str, Any]) -> None:
    page = signed_in("lea", **options)
    page.goto(business.url("services/new"))
    says(page, "Your profile does not allow this.")


def test_a_sign_in_without_an_organisation(signed_in: SignedIn, business: Business, options: dict[str, Any]) -> None:
    page = signed_in("lea", **options)
    with open_organisation(business.organisation):
        Member.objects.filter(pk=business.members["lea"].pk).update(active=False)
    page.goto("/")
    says(page, "You are signed in, but no organisation has you as a member.")


def test_nothing_here(new_page: NewPage, options: dict[str, Any]) -> None:
    page = new_page(locale="en-GB", **options)
    page.goto("/nowhere/")
    says(page, "This page does not exist, or you may not see it.")


def test_a_page_too_old_to_be_trusted(new_page: NewPage, options: dict[str, Any]) -> None:
    page = new_page(locale="en-GB", **options)
    page.goto("/accounts/login/")
    page.context.clear_cookies()
    page.get_by_label("E-mail").fill("bea@salon.example")
    page.locator("input[type=password]").fill("wrong")
    page.locator("main").get_by_role("button", name="Sign in").click()
    says(page, "It was opened before you signed in or out.")


def test_too_many_attempts(new_page: NewPage, business: Business, options: dict[str, Any]) -> None:
    page = new_page(locale="en-GB", expecting=429, **options)
    for _attempt in range(30):
        page.goto("/accounts/password/forgotten/")
        page.get_by_label("E-mail").fill("nobody@salon.example")
        page.locator("main button[type=submit]").first.click()
        page.wait_for_load_state()
        if page.get_by_role("heading", name="Too many attempts").is_visible():
            break
    says(page, "Wait a minute, then try again. Nothing is locked.")


def test_something_that_broke(new_page: NewPage, settings: Any, options: dict[str, Any]) -> None:
    settings.ROOT_URLCONF = "tests.journeys.urls_broken"
    page = new_page(expecting=500, **options)
    page.goto("/broken/")
    says(page, "Une erreur s’est produite")


def test_a_first_run_that_cannot_be_taken_and_a_link_that_is_used(
    new_page: NewPage, options: dict[str, Any], transactional_db: None
) -> None:
    """(J8)"""
    page = new_page(locale="en-GB", **options)
    address = urlsplit(new_link()).path
    page.goto(address)
    page.locator("form").evaluate("form => { form.noValidate = true }")
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()
    axe(page)
    page.goto("/first-run/not-the-one-on-the-terminal/")
    says(page, "This page does not exist, or you may not see it.")
