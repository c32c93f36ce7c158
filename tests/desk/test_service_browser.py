"""A service's page and form in a real browser: with the keyboard alone, without a script, and seen by axe."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from carnet.base.scopes import open_organisation
from carnet.catalogue.models import Picture, Service
from tests.browser import PHONE, NewPage, axe
from tests.cast import Business, coming_day, open_business
from tests.catalogue.conftest import picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def business(transactional_db: None) -> Business:
    business = open_business("salon", now=datetime.now(UTC), day=coming_day())
    user = business.user("alice")
    user.language = "fr"
    user.save()
    return business


def signed_in(page: Page, business: Business) -> Page:
    client = Client()
    client.force_login(business.user("alice"))
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "domain": "localhost", "path": "/"}])
    return page


def record(business: Business, more: str = "") -> str:
    return business.url(f"services/{business.services['haircut'].public_id}/{more}")


def menu(page: Page, entry: str) -> None:
    """Choose from « Plus » with the keyboard alone."""
    page.locator("#service .menu > summary").focus()
    page.keyboard.press("Enter")
    chosen = page.locator("#service .menu-item", has_text=entry)
    chosen.focus()
    page.keyboard.press("Enter")


def test_a_service_is_typed_corrected_and_saved(page: Page, business: Business, tmp_path: Path) -> None:
    photo = tmp_path / "photo.png"
    photo.write_bytes(picture("PNG"))
    signed_in(page, business).goto(business.url("services/new"))
    expect(page.get_by_label("Nom du service")).to_be_focused()
    page.keyboard.type("Balayage")
    form = page.locator("#service-form")
    form.locator("[name=image]").set_input_files(photo)
    form.get_by_label("Durée disponible").fill("1 h 30")
    form.get_by_label("Prix").fill("72,50")
    expect(page.locator("#service-price-detail")).to_contain_text("60,42")
    form.get_by_text("Suppléments").click()
    form.locator("[name=add_on_name_0]").fill("Soin")
    form.get_by_role("button", name="Ajouter un supplément").click()
    expect(form.locator("[name=add_on_name_1]")).to_be_focused()
    expect(form.locator("[name=add_on_name_0]")).to_have_value("Soin")
    form.get_by_label("Jours choisis de la semaine").check()
    form.get_by_role("checkbox", name="Mardi", exact=True).check()
    form.locator("[name=hours_1]").fill("9-20")
    axe(page, "#sheet")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    wrong = form.locator("[name=hours_1]")
    expect(wrong).to_be_focused()
    expect(form).to_contain_text("Mardi 9:00–20:00 dépasse vos heures d’ouverture (9:00–18:00).")
    expect(form).to_contain_text("L’image choisie est gardée")
    axe(page, "#sheet")
    wrong.fill("9-12")
    page.keyboard.press("Enter")
    expect(page.locator("#service")).to_contain_text("Informations sur la disponibilité")
    expect(page.locator("#service .service-image > img")).to_have_js_property("complete", True)
    expect(page.locator("#sheet")).not_to_have_attribute("aria-busy", "true")
    axe(page, "#sheet")
    with open_organisation(business.organisation):
        made = Service.objects.get(name="Balayage")
        assert Picture.objects.filter(service=made).exists()
        assert [one.name for one in made.add_ons.all()] == ["Soin"]


def test_everything_in_plus_is_done_with_the_keyboard_alone(page: Page, business: Business) -> None:
    signed_in(page, business).goto(record(business))
    menu(page, "Marquer comme non utilisé")
    dialog = page.get_by_role("dialog", name="Marquer comme non utilisé")
    expect(dialog).to_be_visible()
    axe(page, "dialog")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.locator("#service .menu > summary")).to_be_focused()
    menu(page, "Marquer comme non utilisé")
    page.get_by_role("button", name="Oui, Marquer comme non utilisé").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#service .service-head")).to_contain_text("Non utilisé")
    expect(dialog).to_have_count(0)
    menu(page, "Marquer comme disponible")
    expect(page.locator("#service .service-head")).to_contain_text("Disponible")

    menu(page, "Marquer comme temporairement indisponible")
    page.get_by_label("Plage horaire").select_option("date")
    page.get_by_label("Dernier jour").fill("1/1/2020")
    axe(page, "#sheet")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Dernier jour")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Dernier jour")).to_be_focused()
    page.get_by_label("Plage horaire").select_option("end_of_month")
    expect(page.locator("#outage-visits")).to_contain_text("De nouveau disponible")
    page.get_by_role("button", name="Enregistrer", exact=True).press("Enter")
    expect(page.locator("#service .service-head")).to_contain_text("Temporairement indisponible jusqu’au")
    page.get_by_role("button", name="Terminer maintenant").press("Enter")
    expect(page.locator("#service .service-head")).not_to_contain_text("Temporairement indisponible")

    menu(page, "Cloner")
    expect(page.get_by_role("heading", name="Service de clonage")).to_be_visible()
    name = page.get_by_label("Nom du service")
    expect(name).to_be_focused()
    page.keyboard.type("Coupe bis")
    expect(name).to_have_value("Coupe bis")
    page.keyboard.press("Enter")
    expect(page.locator("#service-title")).to_have_text("Coupe bis")

    menu(page, "Supprimer")
    expect(page.get_by_role("dialog", name="Supprimer le service")).to_be_visible()
    axe(page, "dialog")
    page.get_by_role("button", name="Oui, supprimer").press("Enter")
    expect(page.locator("#services-bin")).to_contain_text("Coupe bis")
    axe(page, "#sheet")
    page.get_by_role("button", name="Restaurer Coupe bis").press("Enter")
    expect(page.locator("#service-title")).to_have_text("Coupe bis")


def test_without_a_script_every_way_works(new_page: NewPage, business: Business) -> None:
    page = signed_in(new_page(java_script_enabled=False), business)
    page.goto(business.url("services/new"))
    page.get_by_label("Nom du service").fill("Balayage")
    page.locator("[name=price]").fill("72,50")
    page.get_by_text("Suppléments").click()
    page.locator("[name=add_on_name_0]").fill("Soin")
    page.get_by_role("button", name="Ajouter un supplément").click()
    expect(page.locator("[name=add_on_name_1]")).to_be_visible()
    expect(page.get_by_label("Nom du service")).to_have_value("Balayage")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator("#service")).to_contain_text("Balayage")
    page.locator("#service .menu > summary").click()
    page.get_by_role("link", name="Marquer comme non utilisé").click()
    page.get_by_role("button", name="Oui, Marquer comme non utilisé").click()
    expect(page.locator("#service .service-head")).to_contain_text("Non utilisé")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("more", ["", "edit", "outages/new", "deletion"])
def test_nothing_hangs_over_the_edge_of_a_phone(new_page: NewPage, business: Business, scheme: str, more: str) -> None:
    page = signed_in(new_page(viewport=PHONE, has_touch=True, is_mobile=True, color_scheme=scheme), business)
    page.goto(record(business, more))
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    expect(page.locator("#sheet")).to_contain_text(re.compile("Coupe|Nom du service"))
    axe(page, "#sheet")
