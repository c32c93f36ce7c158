"""The table of fields of a profile, by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from carnet.base.scopes import open_organisation
from carnet.organisations.models import FieldRight, Profile
from tests.cast import Business
from tests.journeys.conftest import SignedIn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_field_is_hidden_and_another_made_read_only_by_keyboard_alone(
    signed_in: SignedIn, business: Business
) -> None:
    with open_organisation(business.organisation):
        profile = Profile.objects.get(key="front_desk")
    page = signed_in("alice", locale="en-GB")
    page.goto(business.url(f"set-up/profiles/{profile.public_id}/"))
    page.locator("#fields-customers summary").focus()
    page.keyboard.press("Enter")
    table = page.get_by_role("table", name="Customers")
    expect(table).to_be_visible()
    for field, arrows in (("Phone", 2), ("E-mail", 1)):
        row = table.get_by_role("row").filter(has=page.get_by_role("rowheader", name=field)).first
        # One stop for each row: Tab until it is reached, then arrows choose.
        for _stop in range(12):
            page.keyboard.press("Tab")
            if row.evaluate("row => row.contains(document.activeElement)"):
                break
        for _arrow in range(arrows):
            page.keyboard.press("ArrowRight")
        expect(row.locator("input:checked")).to_have_attribute("value", ("editable", "read_only", "hidden")[arrows])
        ring = "const style = getComputedStyle(document.activeElement); return style.outlineStyle + style.boxShadow"
        assert page.evaluate(f"() => {{ {ring} }}") != "nonenone"
    page.locator("#fields-save").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#fields-customers summary")).to_contain_text("2 fields differ")
    rights = FieldRight._base_manager.filter(profile=profile).values_list("field", "right")
    assert dict(rights) == {"phone": "hidden", "email": "read_only"}
