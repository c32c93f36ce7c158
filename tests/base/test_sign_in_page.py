"""The first page anybody sees, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import PHONE, NewPage, axe

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desk", "phone"])
def test_the_sign_in_page_has_no_error_and_no_barrier(new_page: NewPage, scheme: str, viewport: dict[str, int]) -> None:
    page = new_page(color_scheme=scheme, **({"viewport": viewport} if viewport else {}))
    page.goto("/accounts/login/")
    expect(page.locator("input[type=password]")).to_be_visible()
    axe(page)
