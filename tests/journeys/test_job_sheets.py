"""The seed document's « Activation des feuilles de travail », and a workshop's sheet filled in on a phone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from carnet.appointments.models import Appointment, Status
from carnet.base.scopes import open_organisation
from carnet.jobsheets.models import JobSheet
from carnet.organisations.models import User
from tests.browser import PHONE, axe
from tests.cast import Business
from tests.jobsheets.workshop import workshop
from tests.journeys.conftest import SignedIn
from tests.journeys.test_every_screen import fits
from tests.journeys.words import FRENCH

pytestmark = [pytest.mark.browser, pytest.mark.main_job, pytest.mark.django_db(transaction=True)]

YES, NO = (
    "Yes, I want to use job sheets in my organisation",
    "No, I do not want to use job sheets in my organisation",
)


def pictured(page: Page, name: str) -> None:
    """Keep a picture where somebody asks for them ($CARNET_PICTURES is a folder)."""
    if folder := os.environ.get("CARNET_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def press(control: Locator) -> None:
    """Press what the keyboard stands on."""
    control.focus()
    expect(control).to_be_focused()
    control.press("Enter")


def shows_sheets(page: Page, business: Business, legend: str) -> bool:
    """Return whether a service's form, and a visit's page, tell of job sheets; they must agree."""
    page.goto(business.url("services/new"))
    section = page.get_by_role("group", name=legend, exact=True).count()
    with open_organisation(business.organisation):
        visit = Appointment.objects.get()
    page.goto(business.url(f"appointments/{visit.public_id}/"))
    expect(page.locator("#appointment")).to_be_visible()
    tab = page.locator("#visit-job-sheet").count()
    assert section == tab
    return bool(section)


def test_the_front_desk_switches_job_sheets_off_and_on_in_french(signed_in: SignedIn, always_open: Business) -> None:
    """Whoever sees the services decides it, and reaches nothing else of the set-up (3.3, 5.1)."""
    business = always_open
    User.objects.update(language="fr")
    with open_organisation(business.organisation):
        business.book("colour", at="10:00")
    page = signed_in("bea")
    legend = FRENCH["Job sheet information"]
    # Adding services is not the front desk's; an administrator looks.
    office = signed_in("alice")
    assert shows_sheets(office, business, legend)
    for answer in (NO, YES):
        page.goto(business.url())
        page.get_by_role("banner").get_by_role("button", name=FRENCH["More"], exact=True).click()
        page.get_by_role("banner").get_by_role("link", name=FRENCH["Preferences"], exact=True).click()
        axe(page)
        page.get_by_role("radio", name=FRENCH[answer], exact=True).check()
        page.get_by_role("button", name=FRENCH["Save"], exact=True).click()
        expect(page.locator("#toasts")).to_contain_text("Enregistré")
        assert shows_sheets(office, business, legend) == (answer == YES)
        tabs = office.get_by_role("link", name="Disposition de la feuille de travail", exact=True)
        office.goto(business.url("set-up/services/"))
        expect(tabs).to_have_count(1 if answer == YES else 0)
        told = office.goto(business.url("set-up/services/sheet-layouts"))
        assert told is not None
        assert told.status == (200 if answer == YES else 404)
    for path in ("set-up/", "set-up/services/", "set-up/services/sheet-layouts"):
        closed = page.goto(business.url(path))
        assert closed is not None
        assert closed.status == 404


def test_an_administrator_switches_job_sheets_off_and_on_by_keyboard(
    signed_in: SignedIn, always_open: Business
) -> None:
    """« Sélectionnez Configuration > Personnalisation > Modules et champs … Préférences » (5.1)."""
    business = always_open
    with open_organisation(business.organisation):
        business.book("colour", at="10:00")
    page = signed_in("alice")
    for answer, key in ((NO, "ArrowDown"), (YES, "ArrowUp")):
        page.goto(business.url("set-up/"))
        press(page.get_by_role("link", name="Modules and fields", exact=True))
        press(page.get_by_role("rowheader", name="Services").get_by_role("link"))
        press(page.get_by_role("link", name="Preferences", exact=True))
        radios = page.get_by_role("radio")
        chosen = radios.nth(0) if answer == NO else radios.nth(1)
        chosen.focus()
        chosen.press(key)
        expect(page.get_by_role("radio", name=answer, exact=True)).to_be_checked()
        press(page.get_by_role("button", name="Save", exact=True))
        expect(page.locator("#toasts")).to_contain_text("Saved.")
        assert shows_sheets(page, business, "Job sheet information") == (answer == YES)


def test_a_layout_is_added_chosen_for_a_service_and_taken_away(signed_in: SignedIn, business: Business) -> None:
    """« Disposition de la feuille de travail », with more than one (5.3, 5.7)."""
    User.objects.update(language="fr")
    page = signed_in("alice")
    page.goto(business.url("set-up/services/sheet-layouts"))
    page.locator("#sheet-layout-new").click()
    page.get_by_label("Nom de la disposition").fill("Réparation")
    page.get_by_label("Elle commence").select_option(label="comme copie de « Disposition standard »")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Réparation")
    expect(page.locator("[data-layout-editor]")).to_contain_text("Travail effectué")

    service = business.services["colour"].public_id
    page.goto(business.url(f"services/{service}/edit"))
    page.get_by_label("Disposition utilisée").select_option(label="Réparation")
    axe(page, "#sheet")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator("#service-form")).to_have_count(0)
    expect(page.locator("#sheet")).to_contain_text("Disposition utilisée")

    page.goto(business.url("set-up/services/sheet-layouts"))
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Réparation", exact=True))
    expect(row).to_contain_text("Couleur")
    axe(page)
    pictured(page, "layouts")
    row.get_by_role("button", name="Plus", exact=True).click()
    row.get_by_role("button", name="Supprimer", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("« Couleur » utilise cette disposition.")
    expect(row).to_be_visible()


@pytest.fixture
def repair(always_open: Business) -> Business:
    """The salon as a workshop: a visit under way for Léa, whose service asks for the sheet « Réparation »."""
    business = always_open
    User.objects.update(language="fr")
    with open_organisation(business.organisation):
        workshop(business)
        visit = business.book("colour", at="10:00")
        # Stands for time passing: pages read the real clock.
        now = business.now.replace(second=0, microsecond=0)
        Appointment.objects.filter(pk=visit.pk).update(starts_at=now, ends_at=now + (visit.ends_at - visit.starts_at))
    return business


def sheet_address(business: Business) -> str:
    with open_organisation(business.organisation):
        return business.url(f"appointments/{Appointment.objects.get().public_id}/job-sheet/")


def kept(business: Business) -> dict[str, object]:
    with open_organisation(business.organisation):
        return JobSheet.objects.get().custom


def line(page: Page, number: int) -> Locator:
    return page.get_by_role("group", name=f"Ligne {number}", exact=True)


def test_a_workshop_s_sheet_is_filled_in_on_a_phone(signed_in: SignedIn, repair: Business) -> None:
    """The seed's own fields, an empty required one refused by name, then the customer's history (5.2–5.4, 5.7)."""
    business = repair
    page = signed_in("lea", viewport=PHONE)
    page.goto(business.url("my-day/"))
    page.locator('form[action$="/start/"] button').click()
    page.get_by_role("button", name="Marquer comme terminé").click()
    expect(page.get_by_role("alert")).to_contain_text("Numéro de série")
    expect(page.get_by_label("Numéro de série")).to_be_focused()
    axe(page)
    assert fits(page)
    pictured(page, "refused-phone")

    page.keyboard.type("A 12")
    page.get_by_label("Numéro de modèle").fill("WAT-2841")
    line(page, 1).get_by_label("Référence").fill("Joint 15/21")
    line(page, 1).get_by_label("Quantité").fill("2")
    line(page, 1).get_by_label("Prix unitaire").fill("1,80")
    page.get_by_role("button", name="Ajouter une ligne").click()
    expect(line(page, 3).get_by_label("Référence")).to_be_focused()
    page.keyboard.type("Pompe")
    line(page, 3).get_by_label("Quantité").fill("1")
    line(page, 3).get_by_label("Prix unitaire").fill("42,50")
    expect(page.locator("[data-total]")).to_contain_text("46,10")
    expect(page.get_by_label("Date d’expiration de la garantie")).to_be_hidden()
    page.get_by_label("Sous garantie").check()
    page.get_by_label("Date d’expiration de la garantie").fill("27/11/2027")
    page.get_by_role("checkbox", name="Essai", exact=True).check()
    expect(page.locator("[data-saved]")).to_contain_text("Enregistré")
    axe(page)
    assert fits(page)
    pictured(page, "filled-phone")
    page.get_by_role("button", name="Marquer comme terminé").click()
    expect(page.get_by_text("Terminé", exact=True)).to_be_visible()
    with open_organisation(business.organisation):
        assert Appointment.objects.get().status == Status.COMPLETED

    desk = signed_in("bea", color_scheme="dark")
    desk.goto(business.url(f"customers/{business.customers['vera'].public_id}/"))
    desk.locator("#customer-past").locator("xpath=../ul/li[1]/a").first.click()
    desk.locator("#visit-job-sheet").click()
    expect(desk.get_by_label("Numéro de série")).to_have_value("A 12")
    expect(line(desk, 2).get_by_label("Référence")).to_have_value("Pompe")
    axe(desk, "#sheet")
    pictured(desk, "desk-dark")
    desk.get_by_role("link", name="Imprimer").click()
    expect(desk.get_by_role("cell", name="Joint 15/21")).to_be_visible()
    expect(desk.get_by_role("button", name="Imprimer")).to_be_visible()
    axe(desk)
    pictured(desk, "printed-dark")


def test_lines_and_points_are_kept_while_they_are_typed_and_sent_when_the_network_is_back(
    signed_in: SignedIn, repair: Business
) -> None:
    business = repair
    page = signed_in("lea")
    page.goto(sheet_address(business))
    line(page, 1).get_by_label("Référence").fill("Joint")
    line(page, 2).get_by_label("Référence").fill("Pompe")
    page.get_by_role("checkbox", name="Nettoyage", exact=True).check()
    saved = page.locator("[data-saved]")
    expect(saved).to_contain_text("Enregistré")
    assert [{"c1": "Joint"}, {"c1": "Pompe"}] in kept(business).values()
    assert [2] in kept(business).values()

    # A network that answers something else, as in a hotel: the browser would report one that does not answer at all.
    page.route("**/job-sheet/", lambda route: route.fulfill(status=200, content_type="text/html", body="portal"))
    line(page, 1).get_by_role("button", name="Supprimer la ligne 1").click()
    expect(saved).to_contain_text("le serveur est injoignable")
    page.unroute("**/job-sheet/")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(saved).to_contain_text("Enregistré")
    assert [{"c1": "Pompe"}] in kept(business).values()
    pictured(page, "desk-light")
