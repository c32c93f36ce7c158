"""The seed document's chapter « Activation et accès au module Services », walked at Lavage Éclair in its own words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import APIResponse, Locator, Page, expect

from tests.browser import axe
from tests.journeys.car_wash import ADMINISTRATOR, FRONT_DESK, PROVIDER, CarWash, car_wash
from tests.journeys.words import FRENCH

__all__ = ["car_wash"]
pytestmark = [pytest.mark.browser, pytest.mark.main_job, pytest.mark.django_db(transaction=True)]

Program = Callable[[str], APIResponse]


def top_bar(page: Page) -> Locator:
    return page.get_by_role("banner")


def press(within: Page | Locator, english: str, role: str = "link") -> None:
    """Press what bears exactly this name."""
    within.get_by_role(role, name=FRENCH[english], exact=True).click()  # type: ignore[arg-type]


def more(within: Locator, english: str, role: str = "link") -> None:
    """Open the menu « Plus » and choose an entry of it."""
    press(within, "More", "button")
    press(within, english, role)


def row(page: Page, english: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=FRENCH[english], exact=True))


def is_open_to(page: Page, program: Program, car_wash: CarWash) -> bool:
    """Return whether this member finds the module, by page and by API; both must agree, and with what never existed."""
    answer = page.goto(car_wash.url("services/"))
    assert answer is not None
    told, nothing = program("services"), program("nothing/here")
    if answer.status == 200:
        assert told.status == 200
        return True
    assert (answer.status, told.status) == (404, 404)
    assert told.json() == nothing.json()
    words = page.get_by_role("main").inner_text()
    page.goto(car_wash.url("nothing/here"))
    assert page.get_by_role("main").inner_text() == words
    return False


def test_it_is_activated_from_the_configuration(car_wash: CarWash) -> None:
    """« Pour activer les services à partir de la configuration » (3.1)."""
    page = car_wash.page_of(ADMINISTRATOR)
    more(top_bar(page), "Set-up")
    expect(page.get_by_role("heading", level=1)).to_have_text(FRENCH["Set-up"])
    axe(page)
    more(top_bar(page), "Services")
    axe(page)
    press(page, "Switch Services on", "button")
    press(page, "Get started")
    expect(page.locator("#services")).to_be_visible()
    expect(top_bar(page).get_by_role("link", name=FRENCH["Services"], exact=True)).to_be_visible()
    assert is_open_to(page, car_wash.program_of(ADMINISTRATOR), car_wash)


def test_it_is_activated_from_modules_and_fields(car_wash: CarWash) -> None:
    """« Pour activer le module Services à partir de Modules et champs » (3.1)."""
    page = car_wash.page_of(ADMINISTRATOR)
    more(top_bar(page), "Set-up")
    expect(page.get_by_role("heading", name=FRENCH["Customisation"], exact=True)).to_be_visible()
    press(page, "Modules and fields")
    trail = page.get_by_role("navigation", name="Vous êtes ici")
    expect(trail.get_by_role("listitem")).to_have_text(
        [FRENCH["Set-up"], FRENCH["Customisation"], FRENCH["Modules and fields"]]
    )
    axe(page)
    more(row(page, "Services"), "Switch the module on", "button")
    axe(page)
    press(page, "Get started")
    expect(page.locator("#services")).to_be_visible()
    assert is_open_to(page, car_wash.program_of(ADMINISTRATOR), car_wash)


def test_nobody_finds_it_before_and_only_administrators_find_the_switch(car_wash: CarWash) -> None:
    """« Seuls les administrateurs CRM peuvent activer le module Services » (3.1)."""
    for name in (FRONT_DESK, PROVIDER):
        page = car_wash.page_of(name)
        expect(page.get_by_role("main")).not_to_contain_text(FRENCH["Switch Services on"])
        expect(page.get_by_role("button", name=FRENCH["More"], exact=True)).to_have_count(0)
        assert not is_open_to(page, car_wash.program_of(name), car_wash)
        for path in ("set-up/", "set-up/modules/", "set-up/services/"):
            answer = page.goto(car_wash.url(path))
            assert answer is not None
            assert answer.status == 404


@pytest.mark.parametrize("place", ["top bar", "Modules and fields"])
def test_other_profiles_are_authorised(car_wash: CarWash, place: str) -> None:
    """« Pour autoriser d’autres profils à accéder au module Services »: at once, for who is signed in already (3.2)."""
    page = car_wash.page_of(ADMINISTRATOR)
    more(top_bar(page), "Services")
    page.get_by_role("checkbox", name="Accueil", exact=True).uncheck()
    press(page, "Switch Services on", "button")
    lucie, lucies = car_wash.page_of(FRONT_DESK), car_wash.program_of(FRONT_DESK)
    yanis, yaniss = car_wash.page_of(PROVIDER), car_wash.program_of(PROVIDER)
    assert not is_open_to(lucie, lucies, car_wash)
    assert is_open_to(yanis, yaniss, car_wash)

    if place == "top bar":
        more(top_bar(page), "Module permission")
    else:
        more(top_bar(page), "Set-up")
        press(page, "Modules and fields")
        more(row(page, "Services"), "Module permission")
    page.get_by_role("checkbox", name="Accueil", exact=True).check()
    page.get_by_role("checkbox", name="Intervenant", exact=True).uncheck()
    press(page, "Save", "button")
    expect(page.get_by_role("checkbox", name="Accueil", exact=True)).to_be_checked()
    assert is_open_to(lucie, lucies, car_wash)
    assert not is_open_to(yanis, yaniss, car_wash)


def test_rights_are_given_in_detail_and_job_sheets_are_preferred_or_not(car_wash: CarWash) -> None:
    """The four rights apart (3.2); « Préférences », also by who only sees the services (3.3)."""
    page = car_wash.page_of(ADMINISTRATOR)
    more(top_bar(page), "Services")
    page.get_by_text("Détailler", exact=True).click()
    page.get_by_role("group", name="Accueil", exact=True).get_by_role("checkbox", name="Créer", exact=True).check()
    press(page, "Switch Services on", "button")
    axe(page)
    lucie = car_wash.page_of(FRONT_DESK)
    answer = lucie.goto(car_wash.url("services/new"))
    assert answer is not None
    assert answer.status == 200
    more(top_bar(lucie), "Preferences")
    axe(lucie)
    yes = lucie.get_by_role("radio", name=FRENCH["Yes, I want to use job sheets in my organisation"], exact=True)
    no = lucie.get_by_role("radio", name=FRENCH["No, I do not want to use job sheets in my organisation"], exact=True)
    expect(yes).to_be_checked()
    no.check()
    press(lucie, "Save", "button")
    expect(no).to_be_checked()
    page.goto(car_wash.url("set-up/modules/"))
    expect(page.get_by_role("row", name="Feuilles de travail")).to_contain_text("Désactivé")
