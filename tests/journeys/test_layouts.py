"""The seed document on layouts, walked at Lavage Éclair; then all that can happen while a layout is edited."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from carnet.base.scopes import open_organisation
from carnet.customisation.actions import switch_module
from carnet.customisation.models import Field
from carnet.organisations.models import User
from tests.browser import PHONE, axe
from tests.journeys.car_wash import ADMINISTRATOR, CarWash, car_wash
from tests.journeys.layout_editor import (
    TALL,
    announced,
    choices,
    choose,
    drag,
    field,
    grip,
    has_focus,
    saved,
    tab_to,
    type_of_field,
)
from tests.journeys.test_every_screen import fits
from tests.journeys.test_seed_activation import more, press, row, top_bar
from tests.journeys.words import FRENCH

__all__ = ["car_wash"]
pytestmark = [pytest.mark.browser, pytest.mark.main_job, pytest.mark.django_db(transaction=True)]

SERVICES, CUSTOMERS = "set-up/layouts/services/standard/", "set-up/layouts/customers/standard/"
DESCRIPTION, PRICES = "Informations de description", "Informations sur les prix"


@pytest.fixture
def washing(car_wash: CarWash) -> CarWash:
    """Lavage Éclair with Services and job sheets switched on."""
    with open_organisation(car_wash.organisation):
        for module in ("services", "job_sheets"):
            switch_module(car_wash.system(), module, on=True)
    return car_wash


def editing(washing: CarWash, path: str = CUSTOMERS, **options: object) -> Page:
    """Open an editor as the administrator."""
    page = washing.page_of(ADMINISTRATOR, **{"viewport": TALL, **options})
    page.goto(washing.url(path))
    expect(page.locator(".layout-palette")).to_be_visible()
    return page


def add(page: Page, kind: str, name: str) -> None:
    type_of_field(page, kind).click()
    page.keyboard.type(name)
    page.keyboard.press("Enter")


def save(page: Page, number: int) -> None:
    press(page, "Save", "button")
    expect(page.locator(".layout-state")).to_have_text(f"Enregistrée comme version {number}.")


def fields_made(washing: CarWash) -> int:
    with open_organisation(washing.organisation):
        return Field.objects.filter(module="customers").count()


# « Personnalisation de la disposition Services »


def test_the_services_layout_is_customised_by_mouse_as_the_seed_says(washing: CarWash) -> None:
    """« Modèle de la voiture » and « Type de lavage », « Lavage à l’eau » and « Lavage sans eau » (4.2, 4.3)."""
    page = washing.page_of(ADMINISTRATOR, viewport=TALL)
    more(top_bar(page), "Set-up")
    expect(page.get_by_role("heading", name=FRENCH["Customisation"], exact=True)).to_be_visible()
    press(page, "Modules and fields")
    press(page.get_by_role("main"), "Services")
    press(page, "Standard layout")
    # Drawn by a script, a moment after the page is there.
    expect(page.locator(".layout-section h2")).to_have_text(
        [
            "Image de service",
            "Informations sur le service",
            "Informations sur la disponibilité",
            "Informations sur les prix",
            "Informations sur la feuille de travail",
            "Informations de description",
        ]
    )
    expect(page.get_by_role("navigation", name=FRENCH["New fields"])).to_be_visible()
    axe(page)

    add(page, "Ligne de texte", "Modèle de la voiture")
    add(page, "Liste de sélection", "Type de lavage")
    wash = field(page, "Type de lavage")
    wash.locator("summary").click()
    press(wash, "Edit properties", "button")
    panel = page.locator(".layout-panel")
    press_add = panel.get_by_role("button", name="Ajouter une valeur")
    press_add.click()
    page.keyboard.type("Lavage à l'eau")
    press_add.click()
    page.keyboard.type("Lavage sans eau")
    axe(page)

    drag(page, grip(field(page, "Modèle de la voiture")), field(page, "Prix"), at=(0.9, 0.5))
    announced(page, "« Modèle de la voiture » : « Informations sur les prix », place 2 sur 3.")
    save(page, 1)
    axe(page)
    found = saved(washing, "services")
    assert found["Informations sur les prix"] == [("text", "Modèle de la voiture")]
    assert found["Informations de description"] == [("choice", "Type de lavage")]
    assert choices(washing, "services", "Type de lavage") == [(1, "Lavage à l'eau"), (2, "Lavage sans eau")]
    page.reload()
    expect(field(page, "Type de lavage")).to_be_visible()
    expect(page.locator(".layout-notice")).to_be_empty()


def test_the_services_layout_is_customised_in_english_by_keyboard_alone(washing: CarWash) -> None:
    """(4.2, WCAG 2.5.7) What is dragged by mouse is carried by the arrow keys, and told."""
    User.objects.update(language="en")
    page = washing.page_of(ADMINISTRATOR, viewport=TALL)
    keys = page.keyboard
    choose(page, top_bar(page).get_by_role("button", name="More", exact=True), "Set-up")
    expect(page.get_by_role("heading", level=1, name="Set-up")).to_be_visible()
    tab_to(page, page.get_by_role("link", name="Modules and fields", exact=True))
    keys.press("Enter")
    services = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Services", exact=True))
    expect(services).to_be_visible()
    choose(page, services.get_by_role("button", name="More"), "Standard layout")
    expect(page.locator(".layout-palette")).to_be_visible()

    tab_to(page, type_of_field(page, "Line of text"))
    keys.press("Enter")
    announced(page, "New field in “Description information”: Line of text. Type its name.")
    keys.type("Model of the car")
    keys.press("Enter")
    assert has_focus(field(page, "Model of the car").locator(".layout-name"))

    tab_to(page, type_of_field(page, "Pick list"))
    keys.press("Space")
    keys.type("Type of wash")
    keys.press("Enter")
    wash = field(page, "Type of wash")
    choose(page, wash.locator("summary"), "Edit properties")
    expect(page.locator("#layout-panel-title")).to_be_focused()
    tab_to(page, page.get_by_role("button", name="Add a value"))
    keys.press("Enter")
    keys.type("With water")
    keys.press("Enter")
    keys.type("Without water")
    keys.press("Escape")
    assert has_focus(wash.locator(".layout-name"))
    expect(page.locator(".layout-panel")).to_be_hidden()

    keys.press("Shift+Tab")
    assert has_focus(grip(wash))
    keys.press("Enter")
    announced(page, "“Type of wash” is taken.")
    keys.press("ArrowUp")
    keys.press("ArrowUp")
    keys.press("ArrowUp")
    announced(page, "“Type of wash”: “Job sheet information”, place 3 of 3.")
    keys.press("Escape")
    announced(page, "“Type of wash” is back where it was.")
    keys.press("Enter")
    keys.press("ArrowUp")
    announced(page, "“Type of wash”: “Description information”, place 2 of 3.")
    keys.press("Enter")
    announced(page, "“Type of wash” is put down.")
    assert has_focus(grip(wash))
    keys.press("Control+s")
    expect(page.locator(".layout-state")).to_have_text("Saved as version 1.")
    assert saved(washing, "services")[DESCRIPTION] == [("choice", "Type of wash"), ("text", "Model of the car")]
    assert choices(washing, "services", "Type of wash") == [(1, "With water"), (2, "Without water")]


# « Personnalisation de la feuille de travail »


def test_the_job_sheet_is_customised_by_mouse_as_the_seed_says(washing: CarWash) -> None:
    """« Numéro de modèle », « Numéro de série », « Date d’expiration de la garantie », « Pièces de rechange » (5.3)."""
    page = washing.page_of(ADMINISTRATOR, viewport=TALL)
    more(top_bar(page), "Set-up")
    press(page, "Modules and fields")
    press(page.get_by_role("main"), "Services")
    press(page, "Job sheet layout")
    axe(page)
    standard = row(page, "Standard layout")
    more(standard, "Edit the layout")
    expect(page.get_by_role("heading", level=1, name=FRENCH["Standard layout"])).to_be_visible()
    kinds = {
        "Numéro de modèle": "Ligne de texte",
        "Numéro de série": "Ligne de texte",
        "Date d’expiration de la garantie": "Date",
        "Pièces de rechange utilisées": "Lignes répétées",
    }
    for name, kind in kinds.items():
        add(page, kind, name)
    field(page, "Pièces de rechange utilisées").locator(".layout-name").click()
    page.get_by_role("button", name="Ajouter une colonne").click()
    page.keyboard.type("Pièce")
    axe(page)
    save(page, 2)
    added = [one for fields in saved(washing, "job_sheets").values() for one in fields][-4:]
    assert added == [
        ("text", "Numéro de modèle"),
        ("text", "Numéro de série"),
        ("date", "Date d’expiration de la garantie"),
        ("lines", "Pièces de rechange utilisées"),
    ]


def test_the_job_sheet_is_customised_in_english_by_keyboard_alone(washing: CarWash) -> None:
    """(5.3)"""
    User.objects.update(language="en")
    page = washing.page_of(ADMINISTRATOR, viewport=TALL)
    page.goto(washing.url("set-up/services/"))
    tab_to(page, page.get_by_role("link", name="Job sheet layout", exact=True))
    page.keyboard.press("Enter")
    standard = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Standard layout", exact=True))
    expect(standard).to_be_visible()
    choose(page, standard.get_by_role("button", name="More"), "Edit the layout")
    expect(page.locator(".layout-palette")).to_be_visible()
    tab_to(page, type_of_field(page, "Line of text"))
    page.keyboard.press("Enter")
    page.keyboard.type("Serial number")
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Save", exact=True))
    page.keyboard.press("Enter")
    expect(page.locator(".layout-state")).to_have_text("Saved as version 2.")
    assert ("text", "Serial number") in [one for fields in saved(washing, "job_sheets").values() for one in fields]


# What can happen while a layout is edited


def test_a_new_field_is_dragged_to_its_place_and_a_section_past_others(washing: CarWash) -> None:
    page = editing(washing, SERVICES)
    drag(page, type_of_field(page, "Date"), field(page, "Taxes"))
    page.keyboard.type("Tarif valable jusqu’au")
    page.keyboard.press("Enter")
    image = page.get_by_role("button", name="Déplacer la section « Image de service »")
    drag(page, image, page.locator(".layout-section").nth(1))
    announced(page, "Section « Image de service » : place 2 sur 6.")
    save(page, 1)
    found = saved(washing, "services")
    assert found["Informations sur les prix"] == [("date", "Tarif valable jusqu’au")]
    assert list(found)[:2] == ["Informations sur le service", "Image de service"]


def test_a_press_elsewhere_ends_the_naming_and_is_not_lost(washing: CarWash) -> None:
    page = editing(washing)
    type_of_field(page, "Ligne de texte").click()
    page.keyboard.type("Immatriculation")
    field(page, "Nom").locator("summary").click()
    expect(field(page, "Nom").get_by_role("button", name=FRENCH["Edit properties"])).to_be_visible()
    expect(field(page, "Immatriculation")).to_be_visible()


def test_a_removed_field_waits_in_the_tray_and_steps_are_undone_and_done_again(washing: CarWash) -> None:
    """(C7)"""
    page = editing(washing)
    add(page, "Ligne de texte", "Immatriculation")
    save(page, 1)
    plate = field(page, "Immatriculation")
    plate.locator(".layout-name").focus()
    page.keyboard.press("Delete")
    announced(page, "« Immatriculation » est supprimé. Ses valeurs sont gardées.")
    page.get_by_role("button", name="Annuler", exact=True).click()
    expect(plate).to_be_visible()
    page.get_by_role("button", name="Rétablir", exact=True).click()
    expect(plate).to_have_count(0)
    save(page, 2)
    page.reload()
    page.get_by_text("Champs supprimés (1)").click()
    page.get_by_role("button", name="Remettre « Immatriculation »").click()
    save(page, 3)
    assert [one for fields in saved(washing, "customers").values() for one in fields] == [("text", "Immatriculation")]
    assert fields_made(washing) == 1, "it is the same field"


def test_what_somebody_else_has_saved_is_shown_and_mine_is_kept(washing: CarWash) -> None:
    """(D1)"""
    mine, theirs = editing(washing), editing(washing)
    add(theirs, "Date", "Anniversaire")
    save(theirs, 1)
    add(mine, "Ligne de texte", "Immatriculation")
    press(mine, "Save", "button")
    notice = mine.locator(".layout-notice")
    expect(notice).to_contain_text("Karim Vandamme a enregistré cette disposition entre-temps.")
    expect(notice.get_by_role("listitem")).to_have_text(["« Anniversaire » ajouté."])
    expect(field(mine, "Immatriculation")).to_be_visible()
    axe(mine)
    notice.get_by_role("button", name="Afficher la sienne").click()
    expect(field(mine, "Anniversaire")).to_be_visible()
    expect(field(mine, "Immatriculation")).to_have_count(0)
    add(mine, "Ligne de texte", "Immatriculation")
    save(mine, 2)
    found = [name for fields in saved(washing, "customers").values() for _type, name in fields]
    assert found == ["Anniversaire", "Immatriculation"]

    add(theirs, "Montant", "Acompte")
    press(theirs, "Save", "button")
    theirs.get_by_role("button", name="Enregistrer la mienne par-dessus").click()
    expect(theirs.locator(".layout-state")).to_have_text("Enregistrée comme version 3.")
    found = [name for fields in saved(washing, "customers").values() for _type, name in fields]
    assert found == ["Anniversaire", "Acompte"]


def test_what_is_not_saved_survives_a_lost_network_and_a_reload(washing: CarWash) -> None:
    page = editing(washing, expecting=503)
    add(page, "Ligne de texte", "Immatriculation")
    page.route("**/customers/standard/", lambda route: route.fulfill(status=503, body=""), times=1)
    press(page, "Save", "button")
    expect(page.get_by_role("alert")).to_contain_text("Elle est gardée dans ce navigateur")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.reload()
    assert asked == ["beforeunload"]
    expect(field(page, "Immatriculation")).to_have_count(0)
    page.get_by_role("button", name="Les reprendre").click()
    expect(field(page, "Immatriculation")).to_be_visible()
    save(page, 1)
    page.reload()
    expect(page.locator(".layout-notice")).to_be_empty()


def test_what_was_kept_before_others_saved_does_not_overwrite_them_unseen(washing: CarWash) -> None:
    """(D1)"""
    page, other = editing(washing), editing(washing)
    add(page, "Ligne de texte", "Immatriculation")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    add(other, "Date", "Anniversaire")
    save(other, 1)
    page.reload()
    expect(page.locator(".layout-notice")).to_contain_text("quelqu’un d’autre a enregistré la disposition")
    page.get_by_role("button", name="Les reprendre").click()
    press(page, "Save", "button")
    expect(page.locator(".layout-notice").get_by_role("listitem")).to_have_text(["« Anniversaire » ajouté."])


def test_what_is_changed_while_it_is_being_saved_makes_no_field_twice(washing: CarWash) -> None:
    page = editing(washing)
    add(page, "Ligne de texte", "Immatriculation")
    held: list[Route] = []
    page.route("**/customers/standard/", lambda route: held.append(route), times=1)
    with page.expect_request("**/customers/standard/"):
        press(page, "Save", "button")
    add(page, "Date", "Anniversaire")
    held[0].continue_()
    expect(page.locator(".layout-state")).to_have_text("Pas encore enregistré")
    save(page, 2)
    found = [name for fields in saved(washing, "customers").values() for _type, name in fields]
    assert found == ["Immatriculation", "Anniversaire"]
    assert fields_made(washing) == 2


def test_what_is_refused_is_told_at_its_field_with_the_panel_opened(washing: CarWash) -> None:
    page = editing(washing)
    add(page, "Ligne de texte", "Immatriculation")
    add(page, "Liste de sélection", "Taille")
    press(page, "Save", "button")
    panel = page.locator(".layout-panel")
    expect(panel.get_by_role("heading", name="Taille")).to_be_visible()
    expect(panel.locator(".field-error")).to_have_text("Une liste de sélection a besoin d’au moins un choix.")
    axe(page)
    panel.get_by_text("Plusieurs d’un coup").click()
    panel.get_by_label("Une valeur par ligne").fill("Petite\n  Grande  \nPetite\n\n")
    panel.get_by_role("button", name="Ajouter ces valeurs").click()
    expect(panel.locator(".field-error")).to_have_count(0)
    save(page, 1)
    assert choices(washing, "customers", "Taille") == [(1, "Petite"), (2, "Grande")]

    field(page, "Immatriculation").locator(".layout-name").click()
    panel.get_by_text("Conditions", exact=True).click()
    panel.get_by_label("Insérer un champ").first.select_option(label="Taille = Grande")
    save(page, 2)
    field(page, "Taille").locator(".layout-name").focus()
    page.keyboard.press("Delete")
    press(page, "Save", "button")
    expect(panel.get_by_role("heading", name="Immatriculation")).to_be_visible()
    expect(panel.locator(".field-error")).to_contain_text("« Taille »")
    expect(panel.get_by_label("Affiché seulement si")).to_be_focused()


def test_versions_are_compared_and_an_earlier_one_restored(washing: CarWash) -> None:
    page = editing(washing)
    add(page, "Ligne de texte", "Immatriculation")
    save(page, 1)
    add(page, "Date", "Anniversaire")
    save(page, 2)
    page.get_by_role("link", name="Versions").click()
    newest = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Version 2"))
    expect(newest).to_contain_text("« Anniversaire » ajouté.")
    axe(page)
    page.get_by_role("button", name="Restaurer 1").click()
    expect(field(page, "Anniversaire")).to_have_count(0)
    found = [name for fields in saved(washing, "customers").values() for _type, name in fields]
    assert found == ["Immatriculation"]


def test_a_long_pasted_list_is_looked_through_instead_of_shown_whole(washing: CarWash) -> None:
    page = editing(washing)
    add(page, "Liste de sélection", "Modèle")
    field(page, "Modèle").locator(".layout-name").click()
    panel = page.locator(".layout-panel")
    panel.get_by_text("Plusieurs d’un coup").click()
    lines = "\n".join(f"Modèle {number}" for number in range(3000))
    panel.get_by_label("Une valeur par ligne").evaluate("(box, text) => { box.value = text; }", lines)
    panel.get_by_role("button", name="Ajouter ces valeurs").click()
    expect(panel.get_by_text("50 valeurs affichées sur 3000.")).to_be_visible()
    panel.get_by_label("Rechercher une valeur").fill("2999")
    expect(panel.locator(".layout-choice")).to_have_count(1)
    panel.get_by_label("Valeur 3000", exact=True).fill("עברית 😀 " + "x" * 200)
    save(page, 1)
    found = choices(washing, "customers", "Modèle")
    assert len(found) == 3000
    assert found[-1][1].startswith("עברית 😀 xx")
    assert len(found[-1][1]) <= 120


@pytest.mark.parametrize("options", [{}, {"color_scheme": "dark"}, {"viewport": PHONE}], ids=["light", "dark", "phone"])
def test_the_editor_passes_axe_with_its_panel_its_tray_and_its_preview(
    washing: CarWash, options: dict[str, object]
) -> None:
    page = editing(washing, SERVICES, **options)
    add(page, "Liste de sélection", "Type de lavage")
    field(page, "Type de lavage").locator(".layout-name").click()
    page.get_by_role("button", name="Ajouter une valeur").click()
    page.keyboard.type("Lavage à l'eau")
    page.get_by_role("button", name=re.compile("^Couleur de")).click()
    page.get_by_text("Conditions", exact=True).click()
    axe(page)
    assert fits(page)
    page.get_by_role("button", name="Fermer").click()
    field(page, "Catégorie").locator(".layout-name").focus()
    page.keyboard.press("Delete")
    page.get_by_text("Champs supprimés (1)").click()
    axe(page)
    page.get_by_role("button", name="Aperçu").click()
    expect(page.get_by_role("img", name="Aperçu de la disposition")).to_be_visible()
    axe(page)
    page.get_by_text("Page", exact=True).click()
    page.get_by_text("Téléphone", exact=True).click()
    page.evaluate("scrollTo(0, 0)")
    axe(page)
    assert fits(page)
