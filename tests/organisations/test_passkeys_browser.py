"""Passkeys in a real browser, with an authenticator that Chromium makes up."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from carnet.organisations.models import User
from carnet.organisations.second_step import has_second_step, passkeys_of
from tests.browser import PHONE, NewPage, axe
from tests.cast import Business

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def with_authenticator(page: Page) -> Page:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return page


def sign_in(page: Page, **typed: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(typed.get("login", "bea@salon.example"))
    page.get_by_label("Password").fill("a long password")
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile("/accounts/login/$"))


def local(live_server: Any) -> dict[str, Any]:
    """Browsers let no network address have passkeys, only names."""
    return {"base_url": live_server.url.replace("127.0.0.1", "localhost"), "locale": "en-GB"}


def test_a_passkey_is_added_and_signs_in_by_keyboard_alone(
    open_salon: Business, new_page: NewPage, live_server: Any
) -> None:
    page = with_authenticator(new_page(**local(live_server)))
    sign_in(page)
    page.goto("/accounts/")
    axe(page)
    page.locator("#add-passkey").press("Enter")
    axe(page)
    page.get_by_label("Name of the passkey").fill("Phone")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    axe(page)
    with page.expect_download() as kept:
        page.locator("#download-codes").press("Enter")
    assert kept.value.suggested_filename == "carnet-recovery-codes.txt"
    page.locator("#codes-kept").press("Enter")
    expect(page.get_by_text("not used yet").first).to_be_visible()
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    axe(page)
    page.get_by_role("button", name="Use a passkey").press("Enter")
    expect(page).to_have_url(re.compile("/o/salon/"))
    [passkey] = passkeys_of(open_salon.user("bea"))
    assert passkey.name == "Phone"
    assert passkey.last_used_at is not None


def test_after_the_password_a_passkey_or_a_recovery_code_is_the_second_step(
    open_salon: Business, new_page: NewPage, live_server: Any
) -> None:
    """(J9)"""
    page = with_authenticator(new_page(**local(live_server)))
    sign_in(page)
    page.goto("/accounts/passkeys/new/")
    page.get_by_label("Name of the passkey").fill("Phone")
    page.keyboard.press("Enter")
    code = page.locator(".recovery-codes code").first.inner_text()
    page.context.clear_cookies()
    sign_in(page)
    expect(page).to_have_url(re.compile("second-step"))
    axe(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(re.compile("/o/salon/"))
    page.context.clear_cookies()
    sign_in(page)
    page.get_by_label("Code of the app, or a recovery code").fill(code)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/o/salon/"))
    assert has_second_step(open_salon.user("bea"))


def test_the_account_fits_a_phone_in_french_and_in_the_dark(
    open_salon: Business, new_page: NewPage, live_server: Any
) -> None:
    page = new_page(**local(live_server), viewport=PHONE, color_scheme="dark")
    sign_in(page)
    User.objects.update(language="fr")
    for path in ("", "app/", "passkeys/new/", "email/", "confirmation/"):
        page.goto(f"/accounts/{path}")
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    page.goto("/accounts/")
    expect(page.get_by_role("heading", name="Votre compte")).to_be_visible()
