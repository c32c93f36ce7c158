"""The price list in a browser: walked, ticked and opened by keyboard, refined while typing, usable without a script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from carnet.base.scopes import open_organisation
from carnet.catalogue.models import Service
from tests.browser import DESK, PHONE, NewPage, axe
from tests.cast import Business

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(new_page: NewPage, open_salon: Business) -> Callable[..., Page]:
    def sign_in(name: str = "alice", **options: object) -> Page:
        client = Client()
        client.force_login(open_salon.user(name))
        page = new_page(**options)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "domain": "localhost", "path": "/"}]
        )
        page.goto(open_salon.url("services/"))
        return page

    return sign_in


def names(page: Page) -> list[str]:
    return page.locator("#services .price-name").all_inner_texts()


def test_arrows_walk_the_lines_space_ticks_and_enter_opens(desk: Callable[..., Page], open_salon: Business) -> None:
    page = desk()
    axe(page)
    order = names(page)
    page.locator("#catalogue-q").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name=order[0], exact=True)).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.locator("[data-selected]")).to_have_text("2")
    expect(page.get_by_role("checkbox", name=f"Select {order[2]}")).to_be_checked()
    axe(page)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator("#sheet #service")).to_contain_text(order[1])
    # The ticks stay, and a closed sheet leaves the address of the list.
    expect(page.locator("[data-selected]")).to_have_text("2")
    page.keyboard.press("Escape")
    expect(page.locator("#sheet")).to_be_empty()
    assert page.url.endswith(open_salon.url("services/"))

    page.locator("#selection").get_by_role("button", name="Mark as not in use").click()
    expect(page.locator("#services-selection")).to_contain_text(order[0])
    axe(page)
    page.get_by_role("button", name="Yes, mark as not in use").click()
    expect(page.locator("#toasts")).to_contain_text("2 services are marked as not in use.")
    expect(page.locator(".price-gone .price-line")).to_have_count(2)
    with open_organisation(open_salon.organisation):
        assert set(Service.objects.filter(in_use=False).values_list("name", flat=True)) == {order[0], order[2]}


def test_the_list_is_refined_while_typing_and_the_ticks_stay(desk: Callable[..., Page], open_salon: Business) -> None:
    page = desk()
    page.get_by_role("checkbox", name="Select Coupe").check()
    page.locator("#catalogue-q").fill("cou")
    expect(page.locator("#services .price-name")).to_have_text(["Couleur", "Coupe"])
    expect(page.locator("#catalogue-q")).to_be_focused()
    expect(page.get_by_role("checkbox", name="Select Coupe")).to_be_checked()
    assert page.url.endswith("services/?q=cou")
    page.get_by_role("link", name="Not in use 0").click()
    expect(page.get_by_text("No service passes these filters.")).to_be_visible()
    page.get_by_role("link", name="Without “Text: cou”").click()
    expect(page.get_by_text("All services are in use.")).to_be_visible()
    expect(page.locator("#catalogue-q")).to_have_value("")
    page.go_back()
    expect(page.locator("#catalogue-q")).to_have_value("cou")


def test_booking_from_the_list_keeps_the_customer(desk: Callable[..., Page], open_salon: Business) -> None:
    page = desk("bea")
    vera = open_salon.customers["vera"].public_id
    page.goto(open_salon.url(f"customers/{vera}/"))
    page.get_by_role("link", name="Catalogue").click()
    expect(page.locator("#sheet #customer")).to_be_visible()
    page.locator("#catalogue-q").fill("coupe")
    expect(page.locator("#services .price-name")).to_have_text(["Coupe"])
    expect(page.locator("#sheet #customer")).to_be_visible()
    page.locator("#services").get_by_role("link", name="Book Coupe").click()
    expect(page.locator(".chosen-customer")).to_contain_text("Véra Élan")
    service = open_salon.services["haircut"].public_id
    expect(page.locator("#booking-service-0")).to_have_value(str(service))


@pytest.mark.parametrize("options", [{"color_scheme": "dark"}, {"viewport": PHONE}], ids=["dark", "phone"])
def test_lines_and_cards_are_readable_everywhere(desk: Callable[..., Page], options: dict[str, object]) -> None:
    page = desk(**options)
    for layout in ("List", "Cards"):
        page.get_by_role("navigation", name="Shown as").get_by_role("link", name=layout).click()
        expect(page.locator(".price-line" if layout == "List" else ".price-card").first).to_be_visible()
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_a_script_all_works(desk: Callable[..., Page], open_salon: Business) -> None:
    page = desk(java_script_enabled=False, viewport=DESK)
    page.locator("#catalogue-q").fill("cou")
    page.get_by_role("button", name="Show", exact=True).click()
    assert names(page) == ["Couleur", "Coupe"]
    page.get_by_role("checkbox", name="Select Coupe").check()
    page.locator("#selection").get_by_role("button", name="Change the prices").click()
    expect(page.get_by_role("checkbox", name="Select Coupe")).to_be_checked()
    page.get_by_label("By how many percent").fill("10")
    page.locator("#services-selection").get_by_role("button", name="Change the prices").click()
    expect(page.locator("#services .price-line", has_text="Coupe")).to_contain_text("38.50")
    page.get_by_role("link", name="+ Service").click()
    expect(page.locator("#sheet")).to_contain_text("New service")
    expect(page.locator("#services")).to_be_visible()
