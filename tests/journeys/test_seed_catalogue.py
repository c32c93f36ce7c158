"""The seed document, from « Création de services » to « services non utilisés », walked at Lavage Éclair."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from carnet.base.scopes import open_organisation
from carnet.catalogue.actions import create_service
from carnet.catalogue.details import ServiceDetails
from carnet.catalogue.models import Service
from carnet.customisation.actions import switch_module
from carnet.organisations.models import Member
from carnet.resources.queries import business_open
from tests.browser import axe
from tests.journeys.car_wash import ADMINISTRATOR, CarWash, Program, car_wash
from tests.journeys.words import FRENCH

__all__ = ["car_wash"]
pytestmark = [pytest.mark.browser, pytest.mark.main_job, pytest.mark.django_db(transaction=True)]

WASH, VACUUM = "Lavage extérieur", "Aspiration complète"


@pytest.fixture
def washing(car_wash: CarWash) -> CarWash:
    """Lavage Éclair with Services switched on and one service."""
    with open_organisation(car_wash.organisation):
        access = car_wash.system()
        switch_module(access, "services", on=True)
        create_service(access, ServiceDetails(WASH, 30, 2500, members=list(Member.objects.filter(active=True))))
    return car_wash


def sheet(page: Page) -> Locator:
    return page.locator("#sheet")


def press(within: Page | Locator, english: str, role: str = "link") -> None:
    """Press what bears exactly this name."""
    within.get_by_role(role, name=FRENCH[english], exact=True).click()  # type: ignore[arg-type]


def more(within: Locator, english: str, role: str = "link") -> None:
    """Open the menu « Plus » and choose an entry of it."""
    press(within, "More", "button")
    press(within, english, role)


def opened(page: Page, washing: CarWash, name: str) -> Locator:
    """Open the page of a service from the list, « Accédez au module Services et sélectionnez le service »."""
    page.goto(washing.url("services/"))
    page.locator("#services").get_by_role("link", name=name, exact=True).click()
    record = sheet(page)
    expect(record.get_by_role("heading", level=2, name=name, exact=True)).to_be_visible()
    return record


def working_days(washing: CarWash, count: int) -> list[date]:
    """Return the next days from tomorrow on that are open at ten."""
    zone = ZoneInfo(washing.organisation.zone)
    today = datetime.now(zone).date()
    with open_organisation(washing.organisation):
        spans = business_open(washing.organisation, today, today + timedelta(days=30))
    days = [today + timedelta(days=n) for n in range(1, 30)]
    return [day for day in days if any(span.contains(at_ten(washing, day)) for span in spans)][:count]


def at_ten(washing: CarWash, day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=ZoneInfo(washing.organisation.zone)).astimezone(UTC)


def id_of(washing: CarWash, name: str) -> str:
    with open_organisation(washing.organisation):
        return str(Service.objects.get(name=name).public_id)


def listed_to_book(page: Page, washing: CarWash) -> Locator:
    page.goto(washing.url("booking/"))
    return page.get_by_role("combobox", name="Service", exact=True).get_by_role("option")


def test_services_are_created(washing: CarWash) -> None:
    """« Pour créer des services » : only name, duration and price need typing (2.1–2.6)."""
    page = washing.page_of(ADMINISTRATOR)
    page.get_by_role("banner").get_by_role("link", name=FRENCH["Services"], exact=True).click()
    page.get_by_role("link", name=FRENCH["+ Service"], exact=True).click()
    form = sheet(page)
    for english in (
        "Service image",
        "Service information",
        "Availability information",
        "Price information",
        "Job sheet information",
        "Description information",
    ):
        expect(form.get_by_role("group", name=FRENCH[english], exact=True)).to_be_visible()
    form.get_by_label(FRENCH["Service name"], exact=True).fill(VACUUM)
    form.get_by_label(FRENCH["Available duration"], exact=True).fill("45 min")
    form.get_by_label("Prix", exact=True).fill("35")
    axe(page)
    press(form, "Save", "button")
    expect(form.get_by_role("heading", level=2, name=VACUUM, exact=True)).to_be_visible()
    expect(form.get_by_text(FRENCH["Available"], exact=True).first).to_be_visible()
    axe(page)
    expect(listed_to_book(page, washing).filter(has_text=VACUUM)).to_have_count(1)
    told = washing.program_of(ADMINISTRATOR)("services?bookable=true").json()["services"]
    assert {service["name"] for service in told} == {WASH, VACUUM}


def test_a_discontinued_service_is_entered_just_for_the_record(washing: CarWash) -> None:
    """« Vous pouvez créer un catalogue pour les services […] qui ne sont plus disponibles » (2.10)."""
    page = washing.page_of(ADMINISTRATOR)
    page.goto(washing.url("services/new"))
    form = sheet(page)
    form.get_by_label(FRENCH["Service name"], exact=True).fill("Entretien des pelouses")
    form.get_by_label("Prix", exact=True).fill("50")
    form.get_by_role("radio", name=FRENCH["Not in use"], exact=True).check()
    press(form, "Save", "button")
    expect(form.get_by_text(FRENCH["Not in use"], exact=True).first).to_be_visible()
    page.goto(washing.url("services/"))
    page.get_by_role("link", name="Non utilisés").click()
    expect(page.locator("#catalogue-results").get_by_text("Entretien des pelouses")).to_be_visible()
    expect(page.locator("#catalogue-results").get_by_text(WASH)).to_have_count(0)
    expect(listed_to_book(page, washing).filter(has_text="Entretien des pelouses")).to_have_count(0)


def test_a_service_is_cloned_and_the_original_stays(washing: CarWash) -> None:
    """« Pour cloner des services » (2.8, C6)."""
    page = washing.page_of(ADMINISTRATOR)
    record = opened(page, washing, WASH)
    more(record, "Clone")
    expect(record.get_by_role("heading", level=2, name=FRENCH["Clone service"], exact=True)).to_be_visible()
    name = record.get_by_label(FRENCH["Service name"], exact=True)
    expect(name).to_have_value(WASH)
    # The name is selected: typing replaces it.
    expect(name).to_be_focused()
    page.keyboard.type("Lavage intérieur")
    record.get_by_label("Prix", exact=True).fill("40")
    axe(page)
    press(record, "Save", "button")
    expect(record.get_by_role("heading", level=2, name="Lavage intérieur", exact=True)).to_be_visible()
    with open_organisation(washing.organisation):
        assert set(Service.objects.values_list("name", "price")) == {(WASH, 2500), ("Lavage intérieur", 4000)}


def test_a_service_is_marked_as_temporarily_unavailable(washing: CarWash) -> None:
    """« Pour indiquer qu’un service est temporairement indisponible » : the period refused, the day after not (2.9)."""
    first, last, after = working_days(washing, 3)
    page = washing.page_of(ADMINISTRATOR)
    record = opened(page, washing, WASH)
    more(record, "Mark as temporarily unavailable")
    choice = record.get_by_role("combobox").first
    expect(choice).to_be_visible()
    words = [text.split(" – ")[0] for text in choice.locator("option").all_inner_texts()]
    assert words == [
        FRENCH[english]
        for english in (
            "For the rest of the day",
            "Until tomorrow",
            "Until the end of the week",
            "Until the end of the month",
            "Until a specific date",
        )
    ]
    choice.select_option(value="date")
    record.get_by_label("Dernier jour").fill(last.strftime("%d/%m/%Y"))
    axe(page)
    press(record, "Save", "button")
    expect(record.get_by_text("Temporairement indisponible jusqu’au").first).to_be_visible()

    service = id_of(washing, WASH)
    program: Program = washing.program_of(ADMINISTRATOR)
    for day, free in ((first, False), (last, False), (after, True)):
        told = program(f"availability?service={service}&from={day}&to={day}").json()
        assert bool(told["slots"]) is free, day
    refused = program("appointments", {"service": service, "start": at_ten(washing, last).isoformat()})
    assert refused.status == 409
    assert [one["rule"] for one in refused.json()["refusals"]] == ["not_unavailable"]
    assert program("appointments", {"service": service, "start": at_ten(washing, after).isoformat()}).status == 201

    # The panel offers nothing before, and the day after it does.
    page.goto(washing.url(f"booking/?service={service}&day={last}"))
    expect(page.locator("#booking-form")).to_contain_text("indisponible jusqu’au")
    expect(page.get_by_role("radio", name="10:30")).to_have_count(0)
    page.goto(washing.url(f"booking/?service={service}&day={after}&passer_by=1"))
    half_past_ten = at_ten(washing, after) + timedelta(minutes=30)
    page.locator(f"label:has(#booking-start-{int(half_past_ten.timestamp())})").click()
    sheet(page).get_by_role("button", name="Réserver", exact=True).click()
    expect(sheet(page).get_by_text(WASH).first).to_be_visible()
    page.wait_for_url("**/appointments/**")


def test_a_service_is_marked_as_not_in_use_and_back(washing: CarWash) -> None:
    """« Pour indiquer qu’un service est non utilisé »: absent where one books, found under « Non utilisés » (2.10)."""
    page = washing.page_of(ADMINISTRATOR)
    program = washing.program_of(ADMINISTRATOR)
    record = opened(page, washing, WASH)
    more(record, "Mark as not in use")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading")).to_be_focused()
    axe(page)
    press(dialog, "Yes, mark as not in use", "button")
    expect(record.get_by_text(FRENCH["Not in use"], exact=True).first).to_be_visible()
    expect(listed_to_book(page, washing).filter(has_text=WASH)).to_have_count(0)
    assert program("services?bookable=true").json()["services"] == []
    assert [service["status"] for service in program("services").json()["services"]] == ["not_in_use"]
    day = working_days(washing, 1)[0]
    start = at_ten(washing, day).isoformat()
    refused = program("appointments", {"service": id_of(washing, WASH), "start": start})
    assert refused.status == 409
    assert [one["rule"] for one in refused.json()["refusals"]] == ["in_use"]
    page.goto(washing.url("services/"))
    page.get_by_role("link", name="Non utilisés").click()
    expect(page.locator("#catalogue-results").get_by_text(WASH)).to_be_visible()

    record = opened(page, washing, WASH)
    more(record, "Mark as available", "button")
    expect(record.get_by_text(FRENCH["Available"], exact=True).first).to_be_visible()
    assert program("appointments", {"service": id_of(washing, WASH), "start": start}).status == 201


def test_a_later_price_leaves_what_was_sold(washing: CarWash) -> None:
    """Editing by the form: the visit keeps its price (C4)."""
    program = washing.program_of(ADMINISTRATOR)
    start = at_ten(washing, working_days(washing, 1)[0]).isoformat()
    booked = program("appointments", {"service": id_of(washing, WASH), "start": start}).json()
    page = washing.page_of(ADMINISTRATOR)
    record = opened(page, washing, WASH)
    more(record, "Edit")
    record.get_by_label("Prix", exact=True).fill("30")
    press(record, "Save", "button")
    expect(record.get_by_role("heading", level=2, name=WASH, exact=True)).to_be_visible()
    with open_organisation(washing.organisation):
        assert Service.objects.get().price == 3000
    assert program(f"appointments/{booked['id']}").json()["total"] == 2500
