"""Special permissions in the browser: layouts alone, the export of customers, a time outside the hours."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import pytest
from playwright.sync_api import expect

from carnet.appointments.models import Appointment
from carnet.base.scopes import open_organisation
from carnet.organisations.models import Member, Profile
from tests.browser import axe
from tests.cast import Business
from tests.journeys.conftest import SignedIn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_who_arranges_layouts_finds_them_and_nothing_else_of_the_set_up(
    signed_in: SignedIn, business: Business
) -> None:
    own = Profile._base_manager.create(
        organisation=business.organisation,
        name="Layouts",
        permissions=["appointments.see", "catalogue.see", "layouts.edit"],
        reach=Profile.Reach.EVERYTHING,
    )
    Member._base_manager.filter(pk=business.members["max"].pk).update(profile=own)
    page = signed_in("max", locale="en-GB")
    page.goto(business.url())
    page.get_by_role("banner").get_by_text("More", exact=True).click()
    page.get_by_role("link", name="Set-up").click()
    contents = page.locator(".set-up-contents a")
    expect(contents).to_have_text(["Modules and fields"])
    axe(page)
    contents.click()
    page.get_by_role("rowheader", name="Customers").get_by_role("link").click()
    expect(page.get_by_role("heading", name="Standard layout")).to_be_visible()
    page.get_by_role("button", name="Line of text").click()
    page.keyboard.type("Allergies")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved as version 1.").last).to_be_visible()


def test_the_list_of_customers_is_exported_by_its_button(signed_in: SignedIn, business: Business) -> None:
    page = signed_in("alice", locale="en-GB")
    page.goto(business.url("customers/list"))
    with page.expect_download() as started:
        page.get_by_role("button", name="Export (CSV)").click()
    assert started.value.suggested_filename.startswith("customers-")
    text = Path(started.value.path()).read_text(encoding="utf-8-sig")
    names = {row[0] for row in csv.reader(StringIO(text))}
    assert {"Name", "Véra Élan", "Omar Özgür"} <= names


def test_a_visit_is_booked_outside_the_hours_after_a_yes(signed_in: SignedIn, business: Business) -> None:
    page = signed_in("alice", locale="en-GB")
    with open_organisation(business.organisation):
        service, lea = business.services["haircut"].public_id, business.members["lea"].public_id
        vera = business.customers["vera"].public_id
    asked = f"service-0={service}&member-0={lea}&customer={vera}&day={business.day}"
    page.goto(business.url(f"booking/?{asked}"))
    page.get_by_label("Another time").fill("21:30")
    page.get_by_label("Another time").press("Tab")
    page.get_by_role("button", name="Book", exact=True).click()
    expect(page.get_by_text("This would be overridden:")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Book all the same").click()
    expect(page.get_by_text("The appointment is booked.").first).to_be_visible()
    assert Appointment._base_manager.get().starts_at == business.at("21:30")
