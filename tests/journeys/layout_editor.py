"""The layout editor under the hand: what a person does with the mouse, and what with the keyboard alone."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from carnet.base.scopes import open_organisation
from carnet.customisation.queries import current_layout
from tests.journeys.car_wash import CarWash

#: So tall that a whole layout is seen, and what is dragged needs no scrolling.
TALL = {"width": 1280, "height": 1900}


def field(page: Page, name: str) -> Locator:
    """Return the row of the field that is called exactly this."""
    exactly = page.locator(".layout-name", has_text=re.compile(rf"^{re.escape(name)}( \*)?$"))
    return page.locator(".layout-field").filter(has=exactly)


def grip(thing: Locator) -> Locator:
    return thing.locator(".layout-grip")


def type_of_field(page: Page, name: str) -> Locator:
    return page.locator(".layout-palette").get_by_role("button", name=name, exact=True)


def announced(page: Page, sentence: str) -> None:
    """Expect what a screen reader is told."""
    # French keeps its punctuation together by spaces of its own.
    told = re.compile(r"^" + r"\s".join(re.escape(word) for word in sentence.split(" ")) + r"$")
    expect(page.locator(".layout-editor > [role=status]")).to_have_text(told)


def drag(page: Page, what: Locator, onto: Locator, *, at: tuple[float, float] = (0.5, 0.9)) -> None:
    """Drag by mouse to a place within `onto`, given in shares of its width and height."""
    begin, end = what.bounding_box(), onto.bounding_box()
    assert begin
    assert end
    page.mouse.move(begin["x"] + begin["width"] / 2, begin["y"] + begin["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] * at[0], end["y"] + end["height"] * at[1], steps=5)
    page.mouse.up()


def has_focus(one: Locator) -> bool:
    return one.count() == 1 and bool(one.evaluate("element => element === document.activeElement"))


def tab_to(page: Page, one: Locator) -> None:
    """Press Tab until this has the focus, as whoever has no mouse."""
    for _ in range(250):
        if has_focus(one):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {one}")


def choose(page: Page, menu: Locator, entry: str) -> None:
    """Open a menu by keyboard and choose an entry of it."""
    tab_to(page, menu)
    page.keyboard.press("Enter")
    item = page.locator("details[open]").get_by_text(entry, exact=True)
    expect(item).to_be_visible()
    for _ in range(10):
        page.keyboard.press("ArrowDown")
        if page.evaluate("document.activeElement.innerText").strip() == entry:
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"the arrow keys do not lead to {entry}")


def newest(car_wash: CarWash, module: str) -> Any:
    """Return the document of the newest version in the database."""
    car_wash.organisation.refresh_from_db()
    with open_organisation(car_wash.organisation):
        return current_layout(car_wash.system(), module).document


def saved(car_wash: CarWash, module: str) -> dict[str, list[tuple[str, str]]]:
    """Return what the newest version in the database holds: section -> type and name of its own fields, in French."""
    return {
        section["label"]["fr"]: [(one["type"], called(one)) for one in section["fields"] if one["type"] != "built_in"]
        for section in newest(car_wash, module)["sections"]
    }


def called(part: Any) -> str:
    return str(part["label"].get("fr") or part["label"]["en"])


def choices(car_wash: CarWash, module: str, name: str) -> list[tuple[int, str]]:
    found = next(one for part in newest(car_wash, module)["sections"] for one in part["fields"] if called(one) == name)
    return [(choice["id"], called(choice)) for choice in found["choices"]]
