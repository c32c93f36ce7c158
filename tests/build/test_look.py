"""The components in a real browser: readable in both modes, usable by keyboard, on a phone too."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import PHONE, axe

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def dev_pages(settings):
    settings.ROOT_URLCONF = "tests.build.urls"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("address", ["/dev/components", "/dev/components/day?sheet=1"])
def test_every_component_passes_axe(new_page, address, theme):
    page = new_page(reduced_motion="reduce")
    page.goto(f"{address}{'&' if '?' in address else '?'}theme={theme}")
    axe(page)


@pytest.mark.parametrize("address", ["/dev/components", "/dev/components/day"])
def test_nothing_hangs_over_the_edge_of_a_phone(new_page, address):
    page = new_page(viewport=PHONE, has_touch=True, is_mobile=True, reduced_motion="reduce")
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    axe(page)


def test_the_mode_follows_the_system_unless_the_reader_chose(new_page):
    page = new_page(color_scheme="dark")
    page.goto("/dev/components")
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    dark = page.evaluate(ground)
    page.goto("/dev/components?theme=light")
    light = page.evaluate(ground)
    page.goto("/dev/components?theme=dark")
    assert page.evaluate(ground) == dark != light


def test_a_visit_stands_where_its_time_says(page):
    page.goto("/dev/components/day")
    hour = page.locator(".day-hours > time", has_text="15:00").bounding_box()
    visit = page.locator(".visit", has_text="Noémie Lefèvre").bounding_box()
    line = page.locator(".day-hours > time", has_text="16:00").bounding_box()
    step = (line["y"] - hour["y"]) / 12
    # The hour's name is lifted by half its height, so that it stands beside its line.
    assert visit["y"] == pytest.approx(hour["y"] + 8, abs=2)
    assert visit["height"] == pytest.approx(step * 24, abs=3)


def test_slash_goes_to_the_lookup_and_types_nothing(page):
    page.goto("/dev/components/day")
    page.keyboard.press("/")
    expect(page.locator("[data-lookup]")).to_be_focused()
    expect(page.locator("[data-lookup]")).to_have_value("")
    page.keyboard.type("a/b")
    expect(page.locator("[data-lookup]")).to_have_value("a/b")


def test_a_menu_opens_walks_and_closes_by_keyboard(page):
    page.goto("/dev/components/day")
    summary = page.locator(".bar-nav .menu > summary")
    summary.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Services").nth(1)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".bar-nav .menu[open]")).to_have_count(0)
    expect(summary).to_be_focused()


def test_one_menu_closes_when_another_opens(page):
    page.goto("/dev/components/day")
    page.locator(".bar-nav .menu > summary").click()
    page.locator(".bar-user > summary").click()
    expect(page.locator("details.menu[open]")).to_have_count(1)


def test_escape_leaves_a_sheet_by_its_close_link(page):
    page.goto("/dev/components/day?sheet=1")
    expect(page.locator("#sheet .sheet")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#sheet .sheet")).to_have_count(0)


def test_a_toast_with_undo_stays_and_can_be_closed(page):
    page.goto("/dev/components")
    toast = page.locator(".toast", has_text="Rendez-vous annulé.")
    expect(toast.get_by_role("button")).to_have_count(2)
    expect(toast).to_have_attribute("data-stays", "")


def test_the_menus_and_the_sheet_work_without_a_script(new_page):
    page = new_page(java_script_enabled=False)
    page.goto("/dev/components/day?sheet=1")
    page.locator(".bar-user > summary").click()
    expect(page.locator(".bar-user .menu-panel")).to_be_visible()
    page.locator(".bar-user > summary").click()
    page.locator("#sheet a[data-close]").click()
    expect(page.locator("#sheet .sheet")).to_have_count(0)
