"""A look-up in a browser: suggestions by keyboard and pointer, in light, dark and on a phone, and without a script."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from carnet.base.scopes import open_organisation
from carnet.customers.actions import NewCustomer, create_customer
from carnet.customers.models import Customer
from tests.browser import PHONE, axe
from tests.cast import Business
from tests.journeys.conftest import SignedIn, business, signed_in
from tests.journeys.test_every_screen import fits
from tests.laid_out import add_fields

__all__ = ["business", "signed_in"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FRIEND: dict[str, Any] = {"type": "customer", "label": {"en": "Brought by", "fr": "Amené par"}}


@pytest.fixture
def friend(business: Business) -> str:
    """Two customers called alike, and a field that asks by whom somebody was brought."""
    with open_organisation(business.organisation):
        for phone in ("06 11 22 33 01", "06 11 22 33 02"):
            create_customer(business.access("bea"), NewCustomer("Anne Petit", phones=(phone,)))
        (key,) = add_fields(business, FRIEND)
    return key


def opened(page: Page, business: Business) -> Locator:
    page.goto(business.url("customers/new"))
    page.get_by_label("Name", exact=True).fill("Zoé")
    return page.get_by_label("Brought by")


def brought_by(business: Business) -> str:
    with open_organisation(business.organisation):
        (held,) = Customer.objects.get(name="Zoé").custom.values()
        return Customer.objects.get(pk=held).contacts.get().value


@pytest.mark.parametrize("options", [{}, {"color_scheme": "dark"}, {"viewport": PHONE}], ids=["light", "dark", "phone"])
def test_a_suggestion_is_taken_by_keyboard(
    signed_in: SignedIn, business: Business, friend: str, options: dict[str, Any]
) -> None:
    page = signed_in(**options)
    field = opened(page, business)
    field.press_sequentially("anne")
    listed = page.get_by_role("listbox", name="Suggestions")
    expect(listed.get_by_role("option")).to_have_count(2)
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("ArrowDown")
    field.press("ArrowDown")
    second = listed.get_by_role("option", selected=True)
    expect(second).to_have_count(1)
    expect(field).to_have_attribute("aria-activedescendant", second.get_attribute("id") or "")
    number = second.locator("small").inner_text()
    axe(page, "#sheet")
    assert fits(page)
    field.press("Enter")
    expect(field).to_have_value("Anne Petit")
    expect(field).to_be_focused()
    expect(listed).to_be_hidden()
    field.press("Enter")
    expect(page.locator("#customer-title")).to_contain_text("Zoé")
    assert brought_by(business) in number


def test_escape_leaves_the_suggestions_and_what_was_typed(signed_in: SignedIn, business: Business, friend: str) -> None:
    page = signed_in()
    field = opened(page, business)
    field.press_sequentially("anne")
    listed = page.get_by_role("listbox", name="Suggestions")
    expect(listed.get_by_role("option").first).to_be_visible()
    field.press("Escape")
    expect(listed).to_be_hidden()
    expect(field).to_have_value("anne")
    expect(field).to_be_visible()
    field.press_sequentially(" p")
    listed.get_by_role("option").filter(has_text="33 01").click()
    expect(field).to_have_value("Anne Petit")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#customer-title")).to_contain_text("Zoé")
    assert brought_by(business) == "06 11 22 33 01"


def test_without_a_script_a_number_is_enough(signed_in: SignedIn, business: Business, friend: str) -> None:
    page = signed_in(java_script_enabled=False)
    opened(page, business).fill("06 11 22 33 02")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#customer-title")).to_contain_text("Zoé")
    assert brought_by(business) == "06 11 22 33 02"
