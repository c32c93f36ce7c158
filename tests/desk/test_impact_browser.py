"""Shorter hours in a real browser: looked at, applied to one of two visits, and undone before anybody is told."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from carnet.appointments.models import Appointment
from carnet.base.scopes import open_organisation
from carnet.messages.actions import deliver_due
from carnet.organisations.access import Access
from carnet.outbox.models import Message
from carnet.resources.queries import business_hours
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
        found = Appointment.objects.select_related("customer").order_by("pk")
        return [(f"{one.starts_at.astimezone(business.zone):%H:%M}", one.status) for one in found]


def letters(business: Business) -> list[str]:
    """Return what has been sent of moves an hour later."""
    with open_organisation(business.organisation):
        deliver_due(Access.for_system(business.organisation, "an hour later"))
        return list(Message.objects.filter(kind="appointment_moved").values_list("state", flat=True))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("window", [DESK, PHONE], ids=["desk", "phone"])
def test_one_of_two_visits_is_moved_and_both_are_as_before_once_it_is_undone(
    new_page: NewPage, open_salon: Business, scheme: str, window: dict[str, int]
) -> None:
    """(C1, F3)"""
    with open_organisation(open_salon.organisation):
        open_salon.book(at="10:00")
        open_salon.book(at="10:45", customer="omar")
    page = signed_in(new_page(viewport=window, color_scheme=scheme), open_salon, "alice")
    page.goto(open_salon.url("set-up/"))
    weekday = open_salon.day.weekday()
    page.locator(f"#id_hours_{weekday}").fill("12:00–18:00")
    page.get_by_role("button", name="Save the hours").click()

    expect(page.get_by_role("heading", name="Business hours changed")).to_be_focused()
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

    expect(page).to_have_url(re.compile(r"/set-up/hours/changes/"))
    sheet = page.locator("#rearrangement")
    expect(sheet.get_by_text("1 visit is moved.")).to_be_visible()
    assert starts(open_salon) == [("12:00", "scheduled"), ("10:45", "scheduled")]
    axe(page)
    sheet.get_by_role("button", name="Undo").click()
    expect(sheet.get_by_text("This change is undone.")).to_be_visible()
    axe(page)
    assert starts(open_salon) == [("10:00", "scheduled"), ("10:45", "scheduled")]
    assert letters(open_salon) == ["skipped"]
    with open_organisation(open_salon.organisation):
        assert business_hours()[weekday] == ((540, 1080),)


def test_going_back_keeps_what_was_typed(new_page: NewPage, open_salon: Business) -> None:
    with open_organisation(open_salon.organisation):
        open_salon.book(at="10:00")
    page = signed_in(new_page(java_script_enabled=False), open_salon, "alice")
    page.goto(open_salon.url("set-up/"))
    line = page.locator(f"#id_hours_{open_salon.day.weekday()}")
    line.fill("12:00–18:00")
    page.get_by_role("button", name="Save the hours").click()
    expect(page.get_by_text("1 visit is affected.")).to_be_visible()
    page.get_by_role("button", name="Back").click()
    expect(line).to_have_value("12:00–18:00")
    assert starts(open_salon) == [("10:00", "scheduled")]
