"""What an administrator adds to a layout is seen by everybody at once, wherever it says that it shows (4.3, 4.6)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from carnet.base.scopes import open_organisation
from carnet.customisation.actions import switch_module
from carnet.customisation.queries import current_layout, fields_of, key_of
from carnet.resources.queries import business_open
from tests.browser import PHONE, axe
from tests.journeys.car_wash import ADMINISTRATOR, FRONT_DESK, PROVIDER, CarWash, car_wash
from tests.journeys.layout_editor import TALL, field
from tests.journeys.test_every_screen import fits
from tests.journeys.test_layouts import add, save
from tests.journeys.test_seed_activation import press
from tests.journeys.words import FRENCH

__all__ = ["car_wash"]
pytestmark = [pytest.mark.browser, pytest.mark.main_job, pytest.mark.django_db(transaction=True)]

WASH, VEHICLE, PLATE = "Type de lavage", "Véhicule", "Immatriculation"
IN_LIST, ON_CARD, ON_PHONE = "Dans la liste", "Sur la carte de l’agenda", "Sur le téléphone"
SEARCHED = "Trouvé par la recherche de clients"


def test_a_new_field_is_seen_in_form_page_list_booking_card_phone_lookup_and_api(car_wash: CarWash) -> None:
    """The seed's example with what a car wash needs besides: kind of wash, car and number plate (4.3, 4.6)."""
    with open_organisation(car_wash.organisation):
        switch_module(car_wash.system(), "services", on=True)
    office = car_wash.page_of(ADMINISTRATOR, viewport=TALL)
    added(office, car_wash, "services/standard", "Liste de sélection", WASH, IN_LIST, ON_CARD, ON_PHONE)
    added(office, car_wash, "appointments/create", "Ligne de texte", VEHICLE, ON_CARD, ON_PHONE)
    added(office, car_wash, "customers/standard", "Ligne de texte", PLATE, IN_LIST, ON_CARD, ON_PHONE, SEARCHED)
    a_service_has_its_kind_of_wash(office, car_wash)
    desk = car_wash.page_of(FRONT_DESK)
    a_customer_has_a_number_plate(desk, car_wash)
    day = a_visit_is_booked_with_its_vehicle(desk, car_wash)
    the_provider_reads_all_three(car_wash, day)
    programs_are_told_the_same(car_wash, day)


def added(page: Page, car_wash: CarWash, layout: str, kind: str, name: str, *ticks: str) -> None:
    """Add a field by the editor, with where it shows; a pick list gets the two values of the seed."""
    page.goto(car_wash.url(f"set-up/layouts/{layout}/"))
    add(page, kind, name)
    field(page, name).locator(".layout-name").click()
    panel = page.locator(".layout-panel")
    if kind == "Liste de sélection":
        for value in ("Lavage à l'eau", "Lavage sans eau"):
            panel.get_by_role("button", name="Ajouter une valeur").click()
            page.keyboard.type(value)
    for tick in ticks:
        panel.get_by_role("checkbox", name=tick, exact=True).check()
    axe(page)
    save(page, 1)


def a_service_has_its_kind_of_wash(page: Page, car_wash: CarWash) -> None:
    page.goto(car_wash.url("services/new"))
    sheet = sheet_of(page)
    sheet.get_by_label(FRENCH["Service name"], exact=True).fill("Lavage complet")
    sheet.get_by_label("Prix", exact=True).fill("25")
    sheet.get_by_label(WASH).select_option(label="Lavage sans eau")
    axe(page)
    press(sheet, "Save", "button")
    expect(sheet.get_by_role("heading", level=2, name="Lavage complet", exact=True)).to_be_visible()
    expect(sheet.get_by_role("definition").filter(has_text="Lavage sans eau")).to_be_visible()
    axe(page)
    page.goto(car_wash.url("services/"))
    expect(page.locator("#catalogue-results")).to_contain_text("Lavage sans eau")
    kinds = page.get_by_role("combobox", name=WASH, exact=True)
    kinds.select_option(label="Lavage à l'eau")
    listed = page.locator("#catalogue-results").get_by_role("link", name="Lavage complet", exact=True)
    expect(listed).to_have_count(0)
    kinds.select_option(label="Lavage sans eau")
    expect(listed).to_be_visible()
    axe(page)


def a_customer_has_a_number_plate(page: Page, car_wash: CarWash) -> None:
    page.goto(car_wash.url("customers/new"))
    sheet = sheet_of(page)
    sheet.get_by_label("Nom", exact=True).fill("Zoé Lambert")
    sheet.get_by_label(PLATE).fill("AB-123-CD")
    axe(page)
    press(sheet, "Save", "button")
    expect(sheet.locator("#customer-title")).to_contain_text("Zoé Lambert")
    expect(sheet.get_by_text("AB-123-CD", exact=True)).to_be_visible()
    axe(page)
    page.goto(car_wash.url("customers/list"))
    expect(page.get_by_role("row").filter(has_text="Zoé Lambert")).to_contain_text("AB-123-CD")
    axe(page)
    page.keyboard.press("/")
    page.keyboard.type("ab123")
    answer = page.locator("#lookup-answers .answer", has_text="Zoé Lambert")
    expect(answer).to_be_visible()
    axe(page)
    answer.click()
    expect(sheet.locator("#customer-title")).to_contain_text("Zoé Lambert")


def a_visit_is_booked_with_its_vehicle(page: Page, car_wash: CarWash) -> date:
    """Book from the customer's sheet, on the second open day from now; return the day."""
    sheet = sheet_of(page)
    sheet.locator("#customer-book").click()
    offered = page.locator("#booking-service-0 option", has_text="Lavage complet")
    page.locator("#booking-service-0").select_option(value=offered.get_attribute("value"))
    day = open_days(car_wash)[1]
    page.locator(f"label:has(#booking-day-{day.isoformat()})").click()
    expect(page.locator(f"#booking-day-{day.isoformat()}")).to_be_checked()
    yanis = page.get_by_role("radio", name=PROVIDER)
    # The times of whoever was free stand there until the answer comes.
    with page.expect_response("**/booking/"):
        yanis.click()
    expect(yanis).to_be_checked()
    page.locator(".starts .chip", has_text="10:00").click()
    expect(page.locator(".booking-sentence")).to_contain_text("10:00–11:00")
    sheet.get_by_label(VEHICLE).fill("Clio blanche")
    axe(page)
    page.locator("#booking-book").click()
    visit = page.locator("#appointment")
    expect(visit).to_contain_text("Clio blanche")
    axe(page)
    page.goto(car_wash.url(f"day/{day.isoformat()}/"))
    card = page.locator("#day-grid a.visit", has_text="Zoé Lambert")
    for text in ("Clio blanche", "AB-123-CD", "Lavage sans eau"):
        expect(card).to_contain_text(text)
    axe(page)
    return day


def the_provider_reads_all_three(car_wash: CarWash, day: date) -> None:
    phone = car_wash.page_of(PROVIDER, viewport=PHONE)
    phone.goto(car_wash.url(f"my-day/?day={day.isoformat()}"))
    visit = phone.locator(".my-visit", has_text="Zoé Lambert")
    for text in ("Clio blanche", "AB-123-CD", "Lavage sans eau"):
        expect(visit).to_contain_text(text)
    axe(phone)
    assert fits(phone)


def programs_are_told_the_same(car_wash: CarWash, day: date) -> None:
    ask = car_wash.program_of(FRONT_DESK)
    (service,) = ask("services").json()["services"]
    assert service["custom"] == {key_in(car_wash, "services", "standard", WASH): 2}
    (customer,) = ask("customers?q=ab123").json()["customers"]
    assert customer["custom"] == {key_in(car_wash, "customers", "standard", PLATE): "AB-123-CD"}
    to = day + timedelta(days=1)
    (visit,) = ask(f"appointments?from={day.isoformat()}&to={to.isoformat()}").json()["appointments"]
    assert visit["custom"] == {key_in(car_wash, "appointments", "create", VEHICLE): "Clio blanche"}
    told = ask("layouts/services").json()
    assert WASH in [one["label"].get("fr") for section in told["sections"] for one in section["fields"]]


def sheet_of(page: Page) -> Locator:
    return page.locator("#sheet")


def key_in(car_wash: CarWash, module: str, layout: str, name: str) -> str:
    car_wash.organisation.refresh_from_db()
    with open_organisation(car_wash.organisation):
        document = current_layout(car_wash.system(), module, layout).document
    return next(key_of(one) for one in fields_of(document) if one["label"].get("fr") == name)


def open_days(car_wash: CarWash) -> list[date]:
    """Return the days after today on which the business opens in the morning."""
    access = car_wash.system()
    today = access.now.date()
    with open_organisation(car_wash.organisation):
        spans = business_open(car_wash.organisation, today, today + timedelta(days=14))
    return [day for n in range(1, 14) if (day := today + timedelta(days=n)) in {span.start.date() for span in spans}]
