"""An absence in a real browser: two clicks from the member's column, or the keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from carnet.base.scopes import open_organisation
from carnet.resources.models import TimeOff
from tests.browser import DESK, PHONE, NewPage, axe
from tests.cast import Business
from tests.desk.test_impact_browser import signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("scheme", "window"), [("light", DESK), ("dark", PHONE)], ids=["desk", "dark-phone"])
def test_an_absence_is_two_clicks_from_the_column_and_seen_in_it_at_once(
    new_page: NewPage, open_salon: Business, scheme: str, window: dict[str, int]
) -> None:
    page = signed_in(new_page(viewport=window, color_scheme=scheme, reduced_motion="reduce"), open_salon, "alice")
    page.goto(open_salon.url(f"day/{open_salon.day}/"))
    lea = open_salon.members["lea"].public_id
    if window is PHONE:
        page.locator("#day-member").select_option(str(lea))
    page.locator("[title='Absences and hours of Lea']:visible").click()
    axe(page)
    page.get_by_role("link", name="Absence…").click()

    expect(page.get_by_role("heading", name="Absences", exact=True)).to_be_focused()
    axe(page)
    expect(page.get_by_label("From", exact=True)).to_have_value(open_salon.day.isoformat())
    page.get_by_label("Comment").fill("Dentist")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#absences .times-list")).to_contain_text("Dentist")
    expect(page.locator(f"#column-{lea} [data-away]").first).to_contain_text("Away · Dentist")

    page.get_by_role("button", name="Remove").click()
    expect(page.locator("#absences")).to_contain_text("None is noted.")
    expect(page.locator(f"#column-{lea} [data-away]")).to_have_count(0)


def test_the_keyboard_alone_notes_an_absence(new_page: NewPage, open_salon: Business) -> None:
    page = signed_in(new_page(reduced_motion="reduce"), open_salon, "alice")
    page.goto(open_salon.url(f"day/{open_salon.day}/"))
    page.locator("[title='Absences and hours of Lea']:visible").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Absences", exact=True)).to_be_focused()
    # Past the cross to the chosen way, one up from the period: an afternoon.
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label("An afternoon")).to_be_checked()
    expect(page.get_by_label("Day", exact=True)).to_be_visible()
    expect(page.get_by_label("From", exact=True)).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.locator("#absences .times-list")).to_contain_text("13:00–24:00")
    with open_organisation(open_salon.organisation):
        assert TimeOff.objects.get().resource == open_salon.resource("lea")
