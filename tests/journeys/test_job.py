"""After the job: its sheet stands in the customer's history, and an administrator opens the visit again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from carnet.appointments.models import Appointment, Status
from carnet.base.scopes import open_organisation
from tests.browser import PHONE
from tests.cast import Business
from tests.journeys.conftest import SignedIn

pytestmark = [pytest.mark.browser, pytest.mark.main_job, pytest.mark.django_db(transaction=True)]


def test_a_job_done_on_a_phone_is_read_at_the_desk_and_reopened_by_an_administrator(
    signed_in: SignedIn, always_open: Business
) -> None:
    business = always_open
    desk = signed_in()
    desk.goto(business.url(f"booking/?customer={business.customers['vera'].public_id}"))
    desk.locator("#booking-service-0").select_option(label="Couleur · 1 h 30 · €80.00")
    desk.get_by_role("radio", name=re.compile("^Lea")).click()
    expect(desk.get_by_role("radio", name=re.compile("^Lea"))).to_be_checked()
    desk.locator("#booking-now").click()
    expect(desk.locator("#appointment")).to_contain_text("with Lea")

    phone = signed_in("lea", viewport=PHONE)
    phone.goto(business.url("my-day/"))
    phone.get_by_role("button", name="Start").click()
    expect(phone.get_by_text("In progress")).to_be_visible()
    phone.get_by_role("button", name="Mark as complete").click()
    expect(phone.get_by_role("alert")).to_contain_text("Work done")
    expect(phone.get_by_label("Work done")).to_be_focused()
    phone.keyboard.type("Roots, 6.34")
    phone.get_by_role("button", name="Mark as complete").click()
    expect(phone.get_by_text("Completed")).to_be_visible()

    desk.goto(business.url(f"customers/{business.customers['vera'].public_id}/"))
    desk.locator("#customer-past").locator("xpath=../ul/li[1]/a").first.click()
    desk.locator("#visit-job-sheet").click()
    expect(desk.locator("#sheet")).to_contain_text("Roots, 6.34")

    office = signed_in("alice")
    with open_organisation(business.organisation):
        visit = Appointment.objects.get()
    office.goto(business.url(f"appointments/{visit.public_id}/"))
    office.locator("#visit-reopen").click()
    office.get_by_label("Reason").fill("A second colour was used")
    office.get_by_role("button", name="Reopen").click()
    expect(office.locator("#toasts")).to_contain_text("The appointment is open again.")
    expect(office.locator(".visit-history")).to_contain_text("A second colour was used")
    visit.refresh_from_db()
    assert visit.status in (Status.SCHEDULED, Status.IN_PROGRESS)
