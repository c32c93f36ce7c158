"""From an empty folder to a visit that is done: the guide, two members, and each at work with a default profile."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import LazySettings
from playwright.sync_api import Page, expect

from carnet.appointments.models import Appointment, Status
from carnet.base.scopes import open_organisation
from carnet.organisations.first_run import new_link
from carnet.organisations.models import Organisation
from tests.browser import PHONE, NewPage, axe

pytestmark = [pytest.mark.browser, pytest.mark.main_job, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def data_folder(settings: LazySettings, tmp_path: Path) -> None:
    """A folder of one's own, since the newest link of a folder is the only one that opens."""
    settings.DATA = tmp_path


def go_on(page: Page, step: str, button: str = "Continue") -> None:
    axe(page)
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator(f"#guide-{step}")).to_be_visible()


def walk(page: Page) -> None:
    """Walk through the guide as the owner of a repair shop that never closes."""
    page.goto(urlsplit(new_link()).path)
    page.get_by_label("Name of the business").fill("Atelier Vélo")
    page.locator(".chip", has_text="Repair").click()
    go_on(page, "country")
    page.get_by_label("Country").select_option("FR")
    expect(page.get_by_label("Time zone")).to_have_value("Europe/Paris")
    page.get_by_label("Language of the business").select_option("en")
    go_on(page, "address")
    page.get_by_label("Street and number").fill("5 rue du Port")
    page.get_by_label("Town").fill("Nantes")
    go_on(page, "hours")
    for field in page.locator("[name^=hours_]").all():
        field.fill("0:00–24:00")
    go_on(page, "services")
    page.get_by_role("radio", name="Switch Services on, and add my own services").check()
    go_on(page, "you")
    page.locator("[name=administrator]").fill("Ada Vélo")
    page.locator("[name=email]").fill("ada@velo.example")
    page.locator("[name=password]").fill("correct horse battery")
    axe(page)
    page.get_by_role("button", name="Create the organisation").click()
    expect(page.locator("#services")).to_contain_text("Your catalogue is empty.")


def invited(page: Page, name: str, profile: str) -> str:
    """Invite a member from the set-up, and return the address of the invitation's link."""
    page.goto("/o/atelier-velo/set-up/members/new")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Profile", exact=True).select_option(label=profile)
    page.get_by_label("E-mail address to sign in with").fill(f"{name.lower()}@velo.example")
    page.get_by_role("button", name="Save").click()
    return urlsplit(page.get_by_label("Link", exact=True).input_value()).path


def joined(page: Page, address: str) -> Page:
    page.goto(address)
    page.get_by_label("New password", exact=True).fill("three little cats")
    page.get_by_label("New password again").fill("three little cats")
    page.get_by_role("button", name="Accept").click()
    page.wait_for_url("**/o/atelier-velo/**")
    return page


def test_after_the_guide_the_front_desk_books_and_the_provider_completes(new_page: NewPage) -> None:
    """Nobody touches rights: each is signed in with the default profile (issue 4, Done when)."""
    ada = new_page(locale="en-GB")
    walk(ada)
    axe(ada)
    bruno_link = invited(ada, "Bruno", "Provider")
    fay_link = invited(ada, "Fay", "Front desk")
    ada.goto("/o/atelier-velo/services/")
    ada.locator("#services").get_by_role("link", name="+ Service", exact=True).first.click()
    ada.get_by_label("Service name").fill("Révision")
    ada.get_by_label("Price").fill("45")
    ada.get_by_role("checkbox", name="Bruno").check()
    ada.get_by_role("checkbox", name="Ada Vélo").uncheck()
    axe(ada, "#sheet")
    ada.get_by_role("button", name="Save", exact=True).click()
    expect(ada.locator("#service")).to_contain_text("Révision")

    fay = joined(new_page(locale="en-GB"), fay_link)
    fay.goto("/o/atelier-velo/booking/")
    fay.locator("#booking-customer").fill("Nora Neuve")
    fay.locator("#who-answers").get_by_role("button", name=re.compile("Create")).click()
    expect(fay.get_by_text("New customer: a name or a phone number is enough")).to_be_visible()
    fay.locator("#booking-service-0").select_option(label="Révision · 1 h · €45.00")
    expect(fay.locator(".starts .chip").first).to_be_visible()
    fay.locator("#booking-now").click()
    expect(fay.locator("#appointment")).to_contain_text("with Bruno")

    bruno = joined(new_page(locale="en-GB", viewport=PHONE), bruno_link)
    bruno.goto("/o/atelier-velo/my-day/")
    bruno.get_by_role("button", name="Start").click()
    expect(bruno.get_by_text("In progress")).to_be_visible()
    bruno.get_by_role("button", name="Mark as complete").click()
    expect(bruno.get_by_text("Completed")).to_be_visible()

    with open_organisation(Organisation.objects.get()):
        visit = Appointment.objects.select_related("customer").get()
        assert visit.customer is not None
        assert (visit.customer.name, visit.total, visit.status) == ("Nora Neuve", 4500, Status.COMPLETED)


def test_the_guide_is_walked_without_javascript_and_by_skipping(new_page: NewPage) -> None:
    page = new_page(locale="fr-FR", java_script_enabled=False, viewport=PHONE)
    page.goto(urlsplit(new_link()).path)
    page.get_by_role("button", name="Passer").click()
    page.get_by_label("Pays").select_option("CA")
    page.get_by_role("button", name="Proposer ce qui convient à ce pays").click()
    expect(page.get_by_label("Devise")).to_have_value("CAD")
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("button", name="Retour").click()
    expect(page.get_by_label("Devise")).to_have_value("CAD")
    for button in ("Continuer", "Passer", "Passer", "Passer"):
        page.get_by_role("button", name=button).click()
    page.get_by_label("Votre nom").fill("Ada")
    page.get_by_label("Adresse e-mail").fill("ada@velo.example")
    page.get_by_label("Mot de passe").fill("correct horse battery")
    page.get_by_role("button", name="Créer l’organisation").click()
    expect(page.get_by_role("link", name="+ Service", exact=True).first).to_be_visible()
