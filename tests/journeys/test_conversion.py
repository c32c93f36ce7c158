"""« Convertir en un autre type » at Lavage Éclair: text becomes a pick list, by mouse and by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from carnet.base.scopes import open_organisation
from carnet.customers.models import Customer
from carnet.customisation.actions import save_layout
from carnet.customisation.models import FieldValue
from carnet.customisation.queries import current_layout, draft_of, fields_of, key_of
from tests.browser import PHONE, axe
from tests.journeys.car_wash import ADMINISTRATOR, CarWash, car_wash
from tests.journeys.layout_editor import TALL, field, tab_to
from tests.journeys.test_every_screen import fits

__all__ = ["car_wash"]
pytestmark = [pytest.mark.browser, pytest.mark.main_job, pytest.mark.django_db(transaction=True)]

CUSTOMERS = "set-up/layouts/customers/standard/"


def with_cars(washing: CarWash, *cars: str) -> str:
    """Lay out « Modèle de la voiture » for customers and let the first of them hold these; return the field's key."""
    with open_organisation(washing.organisation):
        access = washing.system()
        draft = draft_of(access, current_layout(access, "customers").document)
        draft["sections"][0]["fields"].append({"type": "text", "label": {"fr": "Modèle de la voiture"}})
        saved = save_layout(access, "customers", "standard", draft, version=0)
        key = key_of(next(one for one in fields_of(saved.document) if "id" in one))
        for customer, car in zip(Customer.objects.order_by("pk"), cars, strict=False):
            Customer.objects.filter(pk=customer.pk).update(custom={key: car})
            FieldValue.objects.create(
                organisation=washing.organisation, field_id=int(key[1:]), record=customer.pk, text=car.lower()
            )
    return key


def cars_of(washing: CarWash) -> list[str]:
    with open_organisation(washing.organisation):
        washing.organisation.refresh_from_db()
        access = washing.system()
        made = next(one for one in fields_of(current_layout(access, "customers").document) if "id" in one)
        labels = {choice["id"]: choice["label"]["fr"] for choice in made["choices"]}
        held = [one.custom for one in Customer.objects.order_by("pk")]
        return [labels[custom[key_of(made)]] for custom in held if key_of(made) in custom]


def test_a_line_of_text_becomes_a_pick_list_in_french(car_wash: CarWash) -> None:
    """(C8)"""
    with_cars(car_wash, "Clio", "Twingo", "clio", "voiture prêtée")
    page = car_wash.page_of(ADMINISTRATOR, viewport=TALL)
    page.goto(car_wash.url(CUSTOMERS))
    field(page, "Modèle de la voiture").locator(".layout-name").click()
    page.get_by_role("link", name="Convertir en un autre type…").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Convertir « Modèle de la voiture »")
    axe(page)
    page.get_by_role("radio", name="Liste de sélection").check()
    page.get_by_role("button", name="Aperçu").click()
    proposed = page.get_by_label("Valeurs, une par ligne")
    expect(proposed).to_have_value("Clio\nTwingo\nvoiture prêtée")
    proposed.fill("Clio\nTwingo")
    page.get_by_role("button", name="Revoir l’aperçu").click()
    expect(page.locator(".conversion-figures")).to_contain_text("3 se convertissent")
    expect(page.locator("#conversion-left")).to_contain_text("« voiture prêtée » n’est pas dans la liste.")
    axe(page)
    page.get_by_role("button", name="Convertir").click()
    expect(page.get_by_text("Le champ est converti")).to_be_visible()
    expect(page.locator("#conversion-left")).to_contain_text("voiture prêtée")
    axe(page)
    assert cars_of(car_wash) == ["Clio", "Twingo", "Clio"]


def test_it_is_done_by_keyboard_alone_on_a_phone(car_wash: CarWash) -> None:
    key = with_cars(car_wash, "Clio", "Twingo", "une très longue voiture " * 6)
    page: Page = car_wash.page_of(ADMINISTRATOR, viewport=PHONE, color_scheme="dark")
    page.goto(car_wash.url(f"{CUSTOMERS}fields/{key}/conversion?type=choice"))
    expect(page.get_by_text("Ce que cela donnerait")).to_be_visible()
    assert fits(page)
    axe(page)
    tab_to(page, page.locator("#convert"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Le champ est converti")).to_be_visible()
    assert fits(page)
    axe(page)
    assert cars_of(car_wash) == ["Clio", "Twingo"]
