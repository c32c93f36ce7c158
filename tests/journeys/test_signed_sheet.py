"""A job sheet with a photo and a signature, on a phone: taken, signed, kept, printed."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from carnet.appointments.models import Appointment
from carnet.base.scopes import open_organisation
from carnet.customisation.models import StoredFile
from carnet.jobsheets.models import JobSheet
from carnet.organisations.models import User
from tests.browser import PHONE, axe
from tests.cast import Business
from tests.journeys.conftest import SignedIn
from tests.journeys.layout_editor import TALL, field, type_of_field
from tests.journeys.test_every_screen import fits
from tests.laid_out import add_fields
from tests.pictures import picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHOTO = FilePayload(name="façade.jpg", mimeType="image/jpeg", buffer=picture(1200, 900, kind="JPEG"))


def pictured(page: Page, name: str) -> None:
    """Keep a picture where somebody asks for them ($CARNET_PICTURES is a folder)."""
    if folder := os.environ.get("CARNET_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.fixture
def visit(always_open: Business) -> str:
    """A visit under way, whose sheet asks for a photo and a signature; its address."""
    business = always_open
    with open_organisation(business.organisation):
        for type_, fr, en in (("image", "Photo", "Photo"), ("signature", "Signature du client", "Signature")):
            field = {"type": type_, "label": {"fr": fr, "en": en}}
            add_fields(business, field, module="job_sheets")
        booked = business.book("colour", at="10:00")
        now = business.now.replace(second=0, microsecond=0)
        Appointment.objects.filter(pk=booked.pk).update(
            starts_at=now, ends_at=now + (booked.ends_at - booked.starts_at)
        )
    return business.url(f"appointments/{booked.public_id}/")


def kept(page: Page) -> Locator:
    """Return where the form shows the signature that it keeps."""
    return page.locator('[data-type="signature"] [data-kept]')


def draw(page: Page) -> None:
    """Draw two strokes on the pad, as a finger does."""
    pad = page.locator("[data-pad] canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    for points in (((0.1, 0.7), (0.3, 0.2), (0.45, 0.7)), ((0.5, 0.5), (0.7, 0.3), (0.9, 0.6))):
        (x, y), *rest = points
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
        page.mouse.down()
        for x, y in rest:
            page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=8)
        page.mouse.up()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_provider_adds_a_photo_and_a_signature_on_a_phone_and_both_are_printed(
    signed_in: SignedIn, always_open: Business, visit: str, scheme: str
) -> None:
    """(5.6)"""
    User.objects.update(language="fr")
    page = signed_in("lea", viewport=PHONE, color_scheme=scheme, has_touch=True, is_mobile=True)
    page.goto(f"{visit}job-sheet/")
    expect(page.get_by_label("Prendre une photo")).to_be_visible()
    pictured(page, f"sheet-{scheme}-empty")
    page.get_by_label("Choisir une image").set_input_files(PHOTO)
    photo = page.get_by_role("img", name="façade.jpg")
    expect(photo).to_be_visible()
    expect(page.locator("[data-saved]")).to_contain_text("Enregistré")
    draw(page)
    page.get_by_label("Signer en tapant son nom").fill("Véra Lind")
    pictured(page, f"sheet-{scheme}-drawn")
    page.get_by_role("button", name="Signer", exact=True).click()
    signature = page.get_by_role("img", name="Signé par Véra Lind")
    expect(signature).to_be_visible()
    expect(page.locator("[data-saved]")).to_contain_text("Enregistré")
    axe(page)
    assert fits(page)
    pictured(page, f"sheet-{scheme}-signed")
    page.reload()
    expect(photo).to_be_visible()
    expect(signature).to_be_visible()
    page.get_by_role("link", name="Imprimer").click()
    printed = page.get_by_role("main").get_by_role("img")
    expect(printed).to_have_count(2)
    for one in printed.all():
        expect(one).not_to_have_js_property("naturalWidth", 0)
    axe(page)
    assert fits(page)
    pictured(page, f"printed-{scheme}")
    with open_organisation(always_open.organisation):
        sheet = JobSheet.objects.get()
        assert {one for one in sheet.custom.values() if isinstance(one, int)} == set(
            StoredFile.objects.values_list("pk", flat=True)
        )
        assert set(StoredFile.objects.values_list("record", flat=True)) == {sheet.pk}


def test_somebody_signs_and_signs_again_by_keyboard_alone(
    signed_in: SignedIn, always_open: Business, visit: str
) -> None:
    page = signed_in("lea")
    page.goto(f"{visit}job-sheet/")
    name = page.get_by_label("Sign by typing one’s name")
    name.focus()
    page.keyboard.type("Vera Lind")
    page.keyboard.press("Enter")
    expect(kept(page)).to_contain_text("Signed by Vera Lind")
    expect(page.locator("[data-saved]")).to_contain_text("Saved")
    again = page.get_by_text("Sign again", exact=True)
    expect(again).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(name).to_be_focused()
    page.keyboard.type("V. Lind")
    page.keyboard.press("Enter")
    expect(kept(page)).to_contain_text("Signed by V. Lind")
    axe(page)
    pictured(page, "sheet-typed")
    page.get_by_role("checkbox", name=re.compile("Remove")).focus()
    page.keyboard.press("Space")
    expect(kept(page)).to_have_text("")
    expect(page.locator("[data-saved]")).to_contain_text("Saved")


def test_without_a_script_the_photo_and_the_typed_name_go_with_the_form(
    signed_in: SignedIn, always_open: Business, visit: str
) -> None:
    page = signed_in("lea", java_script_enabled=False)
    page.goto(f"{visit}job-sheet/")
    page.get_by_label("Choose a picture").set_input_files(PHOTO)
    page.get_by_label("Sign by typing one’s name").fill("Vera Lind")
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto(f"{visit}job-sheet/")
    expect(page.get_by_role("img", name="façade.jpg")).to_be_visible()
    expect(kept(page)).to_contain_text("Signed by Vera Lind")


def test_the_editor_offers_them_and_their_form_asks_at_once(signed_in: SignedIn, always_open: Business) -> None:
    """(4.5)"""
    User.objects.update(language="fr")
    page = signed_in("alice", viewport=TALL)
    page.goto(always_open.url("set-up/layouts/customers/standard/"))
    expect(type_of_field(page, "Image")).to_be_visible()
    expect(type_of_field(page, "Signature")).to_have_count(0)
    for kind, name in (("Image", "Plan d’accès"), ("Fichier", "Contrat")):
        type_of_field(page, kind).click()
        page.keyboard.type(name)
        page.keyboard.press("Enter")
    field(page, "Contrat").locator(".layout-name").click()
    axe(page)
    pictured(page, "editor")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator(".layout-state")).to_have_text("Enregistrée comme version 1.")
    page.goto(always_open.url("customers/new"))
    page.get_by_role("textbox", name="Nom", exact=True).fill("Zoé")
    page.get_by_label("Choisir une image").set_input_files(PHOTO)
    page.get_by_label("Choisir un fichier").set_input_files(
        FilePayload(name="contrat.pdf", mimeType="application/pdf", buffer=b"%PDF-1.4")
    )
    expect(page.get_by_role("link", name="contrat.pdf")).to_be_visible()
    axe(page)
    pictured(page, "customer-form")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    told = page.locator(".own-table")
    expect(told.get_by_role("img", name="Plan d’accès: façade.jpg")).to_be_visible()
    with page.expect_download() as download:
        told.get_by_role("link", name="contrat.pdf").click()
    assert download.value.suggested_filename == "contrat.pdf"
    axe(page)
    pictured(page, "customer-page")
    page.goto(always_open.url("set-up/layouts/job_sheets/standard/"))
    expect(type_of_field(page, "Signature")).to_be_visible()
