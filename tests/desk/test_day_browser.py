"""The day in a real browser: the keyboard, the pointer, what refreshes and what stays where it was."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from carnet.base.scopes import open_organisation
from carnet.desk.queries.day import day_of
from tests.browser import PHONE, NewPage, axe
from tests.cast import Business, open_business

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def business(transactional_db: None) -> Business:
    """The salon at the real clock, with two visits on its day."""
    from datetime import UTC, datetime

    from tests.cast import coming_day

    found = open_business("salon", now=datetime.now(UTC), day=coming_day())
    with open_organisation(found.organisation):
        found.book(at="10:00")
        found.book(at="09:00", member="max", customer="omar")
    return found


def sign_in(page: Page, business: Business, who: str, address: str) -> None:
    client = Client()
    client.force_login(business.user(who))
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": address}])


@pytest.fixture
def open_day(new_page: NewPage, live_server: Any, business: Business) -> Any:
    """Return a function that opens the day as bea, with the context's options given."""

    def open_it(more: str = "", **options: Any) -> Page:
        page = new_page(**options)
        sign_in(page, business, "bea", live_server.url)
        page.goto(business.url(f"day/{business.day.isoformat()}/{more}"))
        return page

    return open_it


@pytest.mark.parametrize("options", [{}, {"color_scheme": "dark"}, {"viewport": PHONE}])
def test_axe_finds_nothing_on_the_grid_and_the_list(open_day: Any, options: dict[str, Any]) -> None:
    for more in ("", "list/"):
        axe(open_day(more, **options))


def test_arrow_keys_walk_the_day_and_enter_books(open_day: Any, business: Business) -> None:
    """One stop for Tab; down through one member's starts, across to a colleague, Enter opens the booking panel."""
    page: Page = open_day()
    assert page.locator("#day-grid [data-stop][tabindex='0']").count() == 1
    page.locator("#day-grid [data-stop][tabindex='0']").focus()
    page.keyboard.press("Home")
    chosen = page.locator(".free-start")
    expect(chosen).to_have_text("9:00")
    page.keyboard.press("ArrowDown")
    expect(chosen).to_have_text("9:15")
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(chosen).to_have_text("14:15")
    page.keyboard.press("Enter")
    expect(page.locator("#sheet .sheet")).to_be_visible()
    assert str(business.members["max"].public_id) in page.url
    with open_organisation(business.organisation):
        at = business.at("14:15")
    assert at.strftime("%Y-%m-%dT%H") in page.url.replace("%3A", ":")


def test_the_pointer_chooses_a_start_inside_free_time(open_day: Any, business: Business) -> None:
    page: Page = open_day()
    stretch = page.locator("#day-grid a.free").last
    stretch.scroll_into_view_if_needed()
    stretch.hover(position={"x": 30, "y": 100})
    expect(page.locator(".free-start")).to_have_text("15:00")
    stretch.click(position={"x": 30, "y": 100})
    expect(page.locator("#sheet .sheet")).to_be_visible()
    assert business.at("15:00").strftime("%H%%3A%M") in page.url


def test_a_refresh_keeps_focus_scroll_and_the_open_sheet(open_day: Any, business: Business) -> None:
    page: Page = open_day()
    page.locator("#day-grid a.visit").first.click()
    expect(page.locator("#sheet .sheet")).to_be_visible()
    visit = page.locator("#day-grid a.visit").first
    visit.focus()
    page.evaluate("document.getElementById('day-grid').scrollTop = 120")
    with open_organisation(business.organisation):
        business.book(at="15:00", customer="omar")
    page.evaluate("document.body.dispatchEvent(new CustomEvent('day-changed', {bubbles: true}))")
    expect(page.locator("#day-grid a.visit")).to_have_count(3)
    expect(page.locator("#sheet .sheet")).to_be_visible()
    expect(visit).to_be_focused()
    assert page.evaluate("document.getElementById('day-grid').scrollTop") == 120


def test_another_day_keeps_the_sheet_open(open_day: Any, business: Business) -> None:
    page: Page = open_day()
    page.locator("#day-grid a.visit").first.click()
    expect(page.locator("#sheet .sheet")).to_be_visible()
    page.locator("#day-next").click()
    expect(page.locator("#day-grid a.visit")).to_have_count(0)
    expect(page.locator("#sheet .sheet")).to_be_visible()


def test_the_typed_date_is_gone_to_or_refused_beside_the_field(open_day: Any, business: Business) -> None:
    page: Page = open_day()
    page.fill("#day-date", "31/02/2026")
    page.keyboard.press("Enter")
    expect(page.locator("#day-date-error")).to_be_visible()
    expect(page.locator("#day-date")).to_be_focused()
    expect(page.locator("#day-date")).to_have_value("31/02/2026")
    page.fill("#day-date", business.day.replace(day=1).strftime("%d/%m/%Y"))
    page.keyboard.press("Enter")
    expect(page.locator("#day-date-error")).to_have_count(0)
    page.wait_for_url(f"**/day/{business.day.replace(day=1).isoformat()}/")


def test_a_phone_shows_one_member_and_changes_whose(open_day: Any, business: Business) -> None:
    page: Page = open_day(viewport=PHONE)
    columns = page.locator("#day-grid .day-column")
    assert [column.is_visible() for column in columns.all()] == [True, False]
    page.select_option("#day-member", str(business.members["max"].public_id))
    expect(columns.nth(1)).to_be_visible()
    expect(columns.nth(0)).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_day_is_read_and_booked_without_a_script(open_day: Any, business: Business) -> None:
    page: Page = open_day(java_script_enabled=False)
    with open_organisation(business.organisation):
        day = day_of(business.access("bea"), business.day)
    assert page.locator("#day-grid a.free").count() == sum(len(column.free) for column in day.columns)
    page.locator("#day-grid a.free").first.click()
    assert "/booking/?" in page.url
    assert page.locator("#day-grid").is_visible()
    assert page.locator("#sheet .sheet").is_visible()
