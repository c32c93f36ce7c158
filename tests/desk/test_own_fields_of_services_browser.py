"""Own fields of services in a real browser: asked at once, typed with the keyboard, seen on page and list, found."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from carnet.base.scopes import open_organisation
from tests.browser import PHONE, NewPage, axe
from tests.cast import Business, coming_day, open_business
from tests.laid_out import add_fields, choice
from tests.laid_out import text as line

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EVERYWHERE = ["form", "page", "list"]


@pytest.fixture
def business(transactional_db: None) -> Business:
    return open_business("salon", now=datetime.now(UTC), day=coming_day())


def signed_in(page: Page, business: Business, language: str) -> Page:
    user = business.user("alice")
    user.language = language
    user.save()
    client = Client()
    client.force_login(user)
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "domain": "localhost", "path": "/"}])
    return page


def car_wash(business: Business) -> list[str]:
    model = line("Modèle de la voiture", shows=EVERYWHERE, help={"fr": "Comme sur la carte grise"})
    model["label"]["en"] = "Car model"
    wash = choice("Type de lavage", "Lavage à l’eau", "Lavage sans eau", shows=EVERYWHERE, required=True)
    wash["label"]["en"] = "Kind of wash"
    wash["choices"][1] |= {"colour": "teal"}
    wax: dict[str, Any] = {"type": "checkbox", "label": {"fr": "Cire", "en": "Wax"}, "shows": EVERYWHERE}
    with open_organisation(business.organisation):
        return add_fields(business, model, wash, wax, module="services")


def test_the_car_wash_asks_its_own_questions_with_the_keyboard_alone(page: Page, business: Business) -> None:
    """(4.3)"""
    _model, wash, _wax = car_wash(business)
    signed_in(page, business, "fr").goto(business.url("services/"))
    page.locator("#service-add").focus()
    page.keyboard.press("Enter")
    form = page.locator("#service-form")
    expect(form.get_by_label("Nom du service")).to_be_focused()
    page.keyboard.type("Lavage complet")
    form.get_by_label("Prix").focus()
    page.keyboard.type("25")
    axe(page, "#sheet")
    page.set_viewport_size({"width": 1280, "height": 2600})
    page.set_viewport_size({"width": 1280, "height": 800})
    page.keyboard.press("Enter")
    wrong = form.get_by_label("Type de lavage (obligatoire)")
    expect(wrong).to_have_attribute("aria-invalid", "true")
    expect(wrong).to_be_focused()
    axe(page, "#sheet")
    page.keyboard.type("Lavage s")
    form.get_by_label("Modèle de la voiture").focus()
    page.keyboard.type("Clio")
    page.keyboard.press("Enter")
    sheet = page.locator("#service")
    expect(sheet).to_contain_text("Modèle de la voiture")
    expect(sheet).to_contain_text("Clio")
    expect(sheet).to_contain_text("Lavage sans eau")
    axe(page, "#sheet")
    page.goto(business.url("services/"))
    line_of = page.locator(".price-line", has_text="Lavage complet")
    expect(line_of).to_contain_text("Type de lavage Lavage sans eau")
    axe(page)
    filter_of = page.locator(f"#catalogue-{wash}")
    filter_of.select_option("Lavage à l’eau")
    expect(line_of).to_have_count(0)
    filter_of.select_option("Lavage sans eau")
    expect(page.locator(".price-line")).to_have_count(1)
    expect(page).to_have_url(re.compile(f"own={wash}%3A2"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_form_page_and_list_fit_a_phone_without_a_script(new_page: NewPage, business: Business, scheme: str) -> None:
    car_wash(business)
    page = signed_in(new_page(viewport=PHONE, color_scheme=scheme, java_script_enabled=False), business, "en")
    page.goto(business.url("services/new"))
    page.get_by_label("Service name").fill("Full wash")
    page.get_by_label("Price", exact=True).fill("25")
    page.get_by_label("Kind of wash (required)").select_option("Lavage sans eau")
    page.get_by_role("textbox", name="Car model").fill("Clio")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#service")).to_contain_text("Car model")
    page.goto(business.url("services/"))
    expect(page.locator(".price-line", has_text="Full wash")).to_contain_text("Clio")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
