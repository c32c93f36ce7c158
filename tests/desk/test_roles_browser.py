"""The tree of roles under hands: dragged by mouse, moved by keys, told to who listens, on paper and on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from carnet.base.scopes import open_organisation
from carnet.organisations.actions import add_role
from carnet.organisations.models import Role
from tests.browser import PHONE
from tests.cast import Business
from tests.journeys.conftest import SignedIn, business, signed_in  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ids(business: Business) -> dict[str, str]:  # noqa: F811
    """The team, under it the salon and the shop, under the salon the apprentices."""
    with open_organisation(business.organisation):
        team = Role.objects.get()
        salon = add_role(business.system, "Salon", parent=team, shares_with_peers=True)
        shop = add_role(business.system, "Shop", parent=team)
        apprentices = add_role(business.system, "Apprentices", parent=salon)
    made = {"team": team, "salon": salon, "shop": shop, "apprentices": apprentices}
    return {name: str(one.public_id) for name, one in made.items()}


def lies_under(page: Page, ids: dict[str, str], role: str, above: str) -> None:
    expect(page.locator(f"#role-{ids[above]} > .role-branch > #role-{ids[role]}")).to_be_visible()


def test_a_role_is_dragged_onto_the_one_it_is_to_lie_under(
    signed_in: SignedIn,  # noqa: F811
    business: Business,  # noqa: F811
    ids: dict[str, str],
) -> None:
    page = signed_in("alice")
    page.goto(business.url("set-up/roles/"))
    page.locator(f"#role-{ids['apprentices']} [data-role-grip]").hover()
    page.mouse.down()
    page.locator(f"#role-{ids['shop']} > .role-line").hover()
    expect(page.locator("[data-drop]")).to_have_count(1)
    page.mouse.up()
    expect(page.locator("#toasts")).to_contain_text("Apprentices now lies under Shop.")
    lies_under(page, ids, "apprentices", "shop")
    # Nowhere under itself: there the pointer finds no place.
    page.locator(f"#role-{ids['shop']} > .role-line [data-role-grip]").hover()
    page.mouse.down()
    page.locator(f"#role-{ids['apprentices']} > .role-line").hover()
    expect(page.locator("[data-drop]")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator("[data-dragged]")).to_have_count(0)
    page.mouse.up()
    lies_under(page, ids, "apprentices", "shop")


def test_a_role_is_moved_by_keys_and_keeps_the_focus(
    signed_in: SignedIn,  # noqa: F811
    business: Business,  # noqa: F811
    ids: dict[str, str],
) -> None:
    page = signed_in("alice")
    page.goto(business.url("set-up/roles/"))
    shop = page.locator(f"#role-name-{ids['shop']}")
    shop.focus()
    page.keyboard.press("Alt+ArrowRight")
    lies_under(page, ids, "shop", "salon")
    expect(shop).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    lies_under(page, ids, "shop", "team")
    page.keyboard.press("Alt+ArrowLeft")
    expect(page.locator("#toasts")).to_contain_text("Shop now lies at the top.")
    expect(page.locator(f"#roles > .role-branch > #role-{ids['shop']}")).to_be_visible()
    expect(shop).to_be_focused()
    # Nothing lies further out; and the browser has not gone back.
    page.keyboard.press("Alt+ArrowLeft")
    page.keyboard.press("Alt+ArrowDown")
    lies_under(page, ids, "shop", "team")
    expect(page).to_have_url(re.compile("set-up/roles/$"))


def test_a_finger_drags_too_and_the_tree_fits_a_phone(
    signed_in: SignedIn,  # noqa: F811
    business: Business,  # noqa: F811
    ids: dict[str, str],
) -> None:
    page = signed_in("alice", viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto(business.url("set-up/roles/"))
    grip = page.locator(f"#role-{ids['apprentices']} [data-role-grip]").bounding_box()
    drop = page.locator(f"#role-{ids['shop']} > .role-line").bounding_box()
    assert grip
    assert drop
    touch = page.context.new_cdp_session(page)
    points = [(grip["x"] + 8, grip["y"] + 8), (drop["x"] + 60, drop["y"] + 10), (drop["x"] + 62, drop["y"] + 12)]
    for number, (x, y) in enumerate(points):
        kind = "touchMove" if number else "touchStart"
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    lies_under(page, ids, "apprentices", "shop")
