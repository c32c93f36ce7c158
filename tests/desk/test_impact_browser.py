"""A change in a real browser: looked at, applied to one of two visits, and undone before anybody is told."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from carnet.appointments.models import Appointment
from carnet.base.scopes import open_organisation
from carnet.catalogue.models import Outage
from carnet.messages.actions import deliver_due
from carnet.organisations.access import Access
from carnet.outbox.models import Message
from tests.browser import DESK, PHONE, NewPage, axe
from tests.cast import Business

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def signed_in(page: Page, business: Business, name: str) -> Page:
    client = Client()
    client.force_login(business.user(name))
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "domain": "localhost", "path": "/"}])
    return page


def starts(business: Business) -> list[tuple[str, str]]:
    with open_organisation(business.organisation):
        found = Appointment.objects.order_by("pk")
        return [(f"{one.starts_at.astimezone(business.zone):%Y-%m-%d %H:%M}", one.status) for one in found]


def letters(business: Business) -> None:
    """Send what is due."""
    with open_organisation(business.organisation):
        deliver_due(Access.for_system(business.organisation, "deliver messages"))


def waiting(business: Business) -> list[str]:
    """Return what has become of the letters about moves once everything due is sent."""
    letters(business)
    with open_organisation(business.organisation):
        return list(Message.objects.filter(kind="appointment_moved").values_list("state", flat=True))


@pytest.mark.main_job
@pytest.mark.parametrize(("scheme", "window"), [("light", DESK), ("dark", PHONE)], ids=["desk", "dark-phone"])
def test_one_of_two_visits_is_moved_and_both_are_as_before_once_it_is_undone(
    new_page: NewPage, open_salon: Business, scheme: str, window: dict[str, int]
) -> None:
    """(C3, F3) An outage from now on hits two visits."""
    with open_organisation(open_salon.organisation):
        open_salon.book(at="10:00")
        open_salon.book(at="10:45", customer="omar")
    letters(open_salon)
    page = signed_in(new_page(viewport=window, color_scheme=scheme), open_salon, "alice")
    service = open_salon.url(f"services/{open_salon.services['haircut'].public_id}/")
    page.goto(service)
    page.goto(f"{service}outages/new")
    page.locator("#outage-until").select_option("date")
    page.locator("#outage-on").fill(open_salon.day.isoformat())
    page.keyboard.press("Tab")
    expect(page.locator("#outage-visits")).to_contain_text("2 visits are booked in this time.")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("heading", name="Coupe: temporarily unavailable")).to_be_focused()
    expect(page.get_by_text("2 visits are affected.")).to_be_visible()
    axe(page)
    vera, omar = (page.get_by_role("checkbox", name=name) for name in ("Véra Élan", "Omar Özgür"))
    expect(vera).not_to_be_checked()
    page.get_by_role("button", name="Tick all").click()
    expect(vera).to_be_checked()
    expect(omar).to_be_checked()
    omar.focus()
    page.keyboard.press("Space")
    expect(omar).not_to_be_checked()
    page.get_by_role("button", name="Apply").click()

    expect(page).to_have_url(re.compile(r"/services/changes/"))
    sheet = page.locator("#rearrangement")
    expect(sheet.get_by_text("1 visit is moved.")).to_be_visible()
    moved, stands = starts(open_salon)
    assert moved[0] > open_salon.day.isoformat()
    assert stands == (f"{open_salon.day} 10:45", "scheduled")
    assert waiting(open_salon) == ["waiting"]
    axe(page)
    sheet.get_by_role("button", name="Undo").click()
    expect(sheet.get_by_text("This change is undone.")).to_be_visible()
    axe(page)
    assert starts(open_salon) == [(f"{open_salon.day} 10:00", "scheduled"), (f"{open_salon.day} 10:45", "scheduled")]
    assert waiting(open_salon) == ["skipped"]
    # What was done and undone is in the history of the service.
    sheet.get_by_role("link", name="Coupe").click()
    expect(page.get_by_role("link", name="Change undone, 1 visit moved back")).to_be_visible()
    page.get_by_role("link", name="Applied with visits in the way, 1 of them moved").click()
    expect(page.get_by_text("Back where they were")).to_be_visible()
    with open_organisation(open_salon.organisation):
        assert not Outage.objects.exists()


def test_shorter_hours_can_be_looked_at_and_left_without_a_script(new_page: NewPage, open_salon: Business) -> None:
    """(C1) Going back keeps what was typed."""
    with open_organisation(open_salon.organisation):
        open_salon.book(at="10:00")
    page = signed_in(new_page(java_script_enabled=False), open_salon, "alice")
    page.goto(open_salon.url("set-up/hours"))
    line = page.locator(f"#id_hours_{open_salon.day.weekday()}")
    line.fill("12:00–18:00")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("1 visit is affected.")).to_be_visible()
    page.get_by_role("button", name="Back").click()
    expect(line).to_have_value("12:00–18:00")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("checkbox", name="Véra Élan").check()
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("1 visit is moved.")).to_be_visible()
    assert starts(open_salon) == [(f"{open_salon.day} 12:00", "scheduled")]
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("This change is undone.")).to_be_visible()
    assert starts(open_salon) == [(f"{open_salon.day} 10:00", "scheduled")]
    page.goto(open_salon.url("set-up/hours"))
    expect(line).to_have_value("9:00–18:00")
    expect(page.get_by_role("link", name="Business hours changed")).to_be_visible()
