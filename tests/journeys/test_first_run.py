"""From an empty folder to the first visit: founding, members, Services switched on, a service, a new customer."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from carnet.appointments.models import Appointment
from carnet.base.scopes import open_organisation
from carnet.organisations.first_run import new_link
from carnet.organisations.models import Organisation
from tests.browser import NewPage, axe

pytestmark = [pytest.mark.browser, pytest.mark.main_job, pytest.mark.django_db(transaction=True)]


def test_a_business_is_founded_and_its_first_visit_booked(new_page: NewPage) -> None:
    page = new_page(locale="en-GB")
    page.goto(urlsplit(new_link()).path)
    axe(page)
    page.get_by_label("Name of the business").fill("Atelier Vélo")
    page.get_by_label("Country").select_option("FR")
    expect(page.get_by_label("Time zone")).to_have_value("Europe/Paris")
    page.get_by_label("Language of the business").select_option("en")
    page.get_by_label("Street and number").fill("5 rue du Port")
    page.get_by_label("Town").fill("Nantes")
    for field in page.locator("[name^=hours_]").all():
        field.fill("0:00–24:00")
    page.locator("[name=administrator]").fill("Ada Vélo")
    page.locator("[name=email]").fill("ada@velo.example")
    page.locator("[name=password]").fill("correct horse battery")
    page.get_by_role("button", name="Open the calendar").click()

    expect(page.locator("#day")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Switch Services on").first.click()
    page.get_by_role("button", name="Switch Services on").click()
    page.get_by_role("link", name="Get started").click()
    expect(page.locator("#services")).to_contain_text("Your catalogue is empty.")
    axe(page)
    page.locator("#services").get_by_role("link", name="+ Service", exact=True).first.click()
    page.get_by_label("Service name").fill("Révision")
    page.get_by_label("Price").fill("45")
    axe(page, "#sheet")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#service")).to_contain_text("Révision")
    page.locator("#service").get_by_role("link", name="Book", exact=True).click()
    page.locator("#booking-customer").fill("Nora Neuve")
    page.locator("#who-answers").get_by_role("button", name=re.compile("Create")).click()
    page.locator(".starts .chip").first.click()
    expect(page.locator(".booking-sentence")).to_contain_text("–")
    page.locator("#booking-book").click()
    expect(page.locator("#toasts")).to_contain_text("The appointment is booked.")
    organisation = Organisation.objects.get()
    with open_organisation(organisation):
        visit = Appointment.objects.select_related("customer").get()
        assert visit.customer is not None
        assert (visit.customer.name, visit.total) == ("Nora Neuve", 4500)
        assert visit.starts_at > datetime.now(UTC)
