"""Every screen is readable and usable by everybody: axe in light and in dark, the width of a phone, both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from carnet.appointments.actions import start_appointment
from carnet.base.scopes import open_organisation
from carnet.customers.models import Customer
from carnet.jobsheets.actions import add_sheet_layout, remove_sheet_layout
from carnet.organisations.actions import add_member, add_role, invite_member, issue_token
from carnet.organisations.actions.email_change import wish_for_email
from carnet.organisations.invitations import link_for, secret_of
from carnet.organisations.models import Profile, Token, User
from carnet.organisations.passwords import link_for as link_to_password
from carnet.organisations.second_step import add_app, passkeys_of
from tests.browser import PHONE, NewPage, axe
from tests.cast import Business, open_business
from tests.journeys.conftest import SignedIn
from tests.laid_out import hold
from tests.organisations.test_passkeys_browser import with_authenticator

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DARK = {"color_scheme": "dark"}


def fits(page: Page) -> bool:
    """Return whether nothing hangs over the edge; a phone's `innerWidth` would grow with what does."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def open_places(business: Business) -> list[str]:
    """Return the addresses of all that an administrator sees, the sheets beside the day."""
    with open_organisation(business.organisation):
        visit = business.book("colour", at="15:00", member="max")
        provider = business.members["lea"].profile
        member = add_member(business.system, "Noé", profile=provider, role=business.members["lea"].role)
        invite_member(business.access("alice"), member, "noe@mail.example")
        noe = member.public_id
        team = business.members["lea"].role
        role = team.public_id
        add_role(business.system, "Apprentices", parent=add_role(business.system, "Stylists", parent=team))
        profile = Profile.objects.get(key="front_desk").public_id
        issue_token(business.system, business.members["bea"], name="Caisse", permissions=["appointments.book"])
        token = Token.objects.get().public_id
        boss = Profile.objects.get(key="administrator").public_id
        add_sheet_layout(business.system, "Repair")
        car = hold(business, Customer, "Clio", module="customers")
        remove_sheet_layout(business.system, add_sheet_layout(business.system, "Old"))
    day, one = business.day.isoformat(), f"appointments/{visit.public_id}/"
    lea = business.members["lea"].public_id
    vera, service = business.customers["vera"].public_id, business.services["garden"].public_id
    return [
        "",
        f"day/{day}/list/",
        "customers/?q=06",
        f"customers/{vera}/",
        f"customers/{vera}/owner",
        "tokens/",
        "tokens/new",
        f"{one}owner",
        "customers/list",
        "customers/new",
        f"booking/?customer={vera}&service={service}&day={day}",
        one,
        f"{one}schedule/",
        f"{one}cancellation/",
        f"{one}no-show/",
        f"{one}job-sheet/",
        f"{one}job-sheet/print",
        "services/",
        "services/?layout=cards&view=available",
        "services/?q=zzz&place=customer",
        f"services/?customer={vera}",
        "services/examples",
        f"services/{service}/",
        "services/new",
        f"members/{business.members['lea'].public_id}/absences/?day={day}",
        f"members/{business.members['lea'].public_id}/hours?day={day}",
        "set-up/",
        "set-up/hours",
        "set-up/hours/closures",
        "set-up/business",
        "set-up/region",
        "set-up/organisation/",
        "set-up/organisation/suspension",
        "set-up/organisation/deletion",
        "set-up/organisation/exports/",
        "departure",
        "set-up/members/",
        "set-up/modules/",
        "set-up/services/",
        "set-up/services/switch",
        "set-up/services/preferences",
        "set-up/layouts/services/standard/",
        "set-up/layouts/services/standard/versions",
        "set-up/layouts/customers/standard/",
        "set-up/layouts/appointments/create/",
        f"set-up/layouts/customers/standard/fields/{car}/conversion",
        f"set-up/layouts/customers/standard/fields/{car}/conversion?type=choice",
        "set-up/services/sheet-layouts",
        "set-up/services/sheet-layouts/new",
        "set-up/services/sheet-layouts/repair/name",
        "set-up/members/new",
        f"set-up/members/{lea}/",
        f"set-up/members/{noe}/",
        f"set-up/members/{lea}/deactivation",
        f"set-up/members/{lea}/profile",
        f"set-up/members/{lea}/edit",
        "set-up/roles/",
        f"set-up/roles/new?under={role}",
        f"set-up/roles/{role}/",
        f"set-up/roles/{role}/deletion",
        f"set-up/why/customer/{vera}/?member={lea}",
        "set-up/profiles/",
        f"set-up/profiles/{profile}/",
        f"set-up/profiles/{boss}/",
        f"set-up/profiles/{profile}/clone",
        f"set-up/profiles/{profile}/deletion",
        "set-up/activity/",
        "set-up/activity/?since=2026-11-24",
        "set-up/activity/?kind=appointment.cancelled&until=2000-01-01",
        "set-up/tokens/",
        "set-up/tokens/new",
        f"set-up/tokens/{token}/revocation",
        "nowhere/",
    ]


@pytest.mark.parametrize("options", [{}, DARK], ids=["light", "dark"])
def test_axe_finds_nothing_wherever_an_administrator_goes(
    signed_in: SignedIn, regular: Business, options: dict[str, Any]
) -> None:
    page = signed_in("alice", reduced_motion="reduce", **options)
    for address in open_places(regular):
        page.goto(regular.url(address))
        try:
            axe(page)
        except AssertionError as found:
            raise AssertionError(f"{address}: {found}") from None


def test_sheets_fit_a_phone_in_french(signed_in: SignedIn, regular: Business) -> None:
    User.objects.update(language="fr")
    page = signed_in("alice", viewport=PHONE, has_touch=True, is_mobile=True, reduced_motion="reduce")
    for address in open_places(regular):
        page.goto(regular.url(address))
        assert fits(page), address
    for address in (f"customers/{regular.customers['vera'].public_id}/", "services/", "set-up/"):
        page.goto(regular.url(address))
        axe(page)


def test_a_day_of_work_passes_axe(signed_in: SignedIn, regular: Business) -> None:
    with open_organisation(regular.organisation):
        visit = regular.book("colour", at="15:00")
        start_appointment(regular.access("lea", regular.at("14:50")), visit)
    page = signed_in("lea", viewport=PHONE, reduced_motion="reduce")
    page.goto(regular.url("my-day/"))
    axe(page)
    assert fits(page)


@pytest.mark.parametrize("options", [{}, DARK], ids=["light", "dark"])
def test_the_door_passes_axe(new_page: NewPage, options: dict[str, Any]) -> None:
    page = new_page(**options)
    page.goto("/accounts/login/")
    axe(page)
    page.goto("/nowhere/")
    axe(page)


def test_the_customer_needs_no_scrolling_in_french_either(signed_in: SignedIn, regular: Business) -> None:
    User.objects.update(language="fr")
    page = signed_in()
    page.goto(regular.url(f"customers/{regular.customers['vera'].public_id}/"))
    body = page.locator("#customer .sheet-body")
    expect(body.get_by_role("heading", name="Services choisis")).to_be_visible()
    assert body.evaluate("body => body.scrollHeight <= body.clientHeight")
    first = page.locator("#customer-coming").locator("xpath=../ul/li[1]")
    weekday = ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.")[regular.day.weekday()]
    expect(first).to_contain_text(f"{weekday} {regular.day.day}")
    expect(first).not_to_contain_text(str(regular.day.year))


@pytest.fixture
def local_address(live_server: Any) -> str:
    """Browsers let no network address have passkeys, only names."""
    return str(live_server.url).replace("127.0.0.1", "localhost")


def typed_in(page: Page, who: str = "bea") -> Page:
    """Sign in by typing, as what protects an account is only shown to who has just done so."""
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill(f"{who}@salon.example")
    page.locator("[name=password]").fill("a long password")
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile("/login/$"))
    return page


def invitation_to(business: Business, email: str, name: str) -> str:
    """Return the path of an invitation."""
    with open_organisation(business.organisation):
        provider = business.members["lea"]
        member = add_member(business.system, name, profile=provider.profile, role=provider.role)
        return urlsplit(link_for(invite_member(business.access("alice", datetime.now(UTC)), member, email))).path


def account_places(business: Business, page: Page) -> Iterator[str]:
    """Open the pages outside any organisation, before the sign-in and after; yield what each is once it is open."""
    with_authenticator(page)
    bea = business.user("bea")
    invitation = invitation_to(business, "noe@mail.example", "Noé")
    reset = urlsplit(link_to_password(bea)).path
    for path in (
        "login/",
        "login/?next=/o/salon/",
        "password/forgotten/",
        "password/forgotten/sent/",
        reset.removeprefix("/accounts/"),
        "password/new/x/y-z/",
        invitation.removeprefix("/accounts/"),
        "invitations/spent/",
    ):
        page.goto(f"/accounts/{path}")
        yield path
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill(bea.email)
    page.locator("[name=password]").fill("a wrong password")
    page.keyboard.press("Enter")
    expect(page.locator("[role=alert]").first).to_be_visible()
    yield "login/ with a wrong password"
    typed_in(page)
    Profile._base_manager.filter(pk=business.members["bea"].profile_id).update(second_step=True)
    page.goto("/o/salon/")
    expect(page.locator("#needed-app")).to_be_visible()
    yield "second-step/ that is required"
    page.goto("/accounts/app/")
    yield "app/"
    page.locator("[name=code]").fill("000 000")
    page.keyboard.press("Enter")
    expect(page.locator("[aria-invalid=true]")).to_be_visible()
    yield "app/ with a wrong code"
    add_app(bea, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    page.goto("/accounts/passkeys/new/")
    yield "passkeys/new/"
    page.locator("[name=name]").fill("Le téléphone de Béatrice, celui du bureau")
    page.keyboard.press("Enter")
    expect(page.locator(".recovery-codes")).to_be_visible()
    yield "recovery-codes/ that were just made"
    page.locator("#codes-kept").click()
    change = wish_for_email(bea, "beatrice@mail.example", business.now)
    for path in (
        "",
        "password/",
        "email/",
        f"email/{secret_of(change.public_id)}/",
        "email/spent/",
        f"passkeys/{passkeys_of(bea)[0].public_id}/removal/",
        "app/removal/",
        "recovery-codes/",
        "organisations/",
        "confirmation/",
        "logout/",
        "nowhere/",
        invitation.removeprefix("/accounts/"),
        invitation_to(open_business("garage"), bea.email, "Béa").removeprefix("/accounts/"),
    ):
        page.goto(f"/accounts/{path}")
        yield path
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    typed_in(page)
    expect(page.locator("[name=code]")).to_be_visible()
    yield "login/second-step/"


@pytest.mark.parametrize("options", [{"locale": "en-GB"}, DARK], ids=["light, in English", "dark, in French"])
def test_axe_finds_nothing_on_the_pages_of_an_account(
    new_page: NewPage, regular: Business, local_address: str, options: dict[str, Any]
) -> None:
    User.objects.update(language="fr" if options is DARK else "en")
    page = new_page(expecting=410, base_url=local_address, **options)
    for place in account_places(regular, page):
        try:
            axe(page)
        except AssertionError as found:
            raise AssertionError(f"{place}: {found}") from None


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_pages_of_an_account_fit_a_phone(
    new_page: NewPage, regular: Business, local_address: str, language: str
) -> None:
    User.objects.update(language=language)
    phone = {"viewport": PHONE, "has_touch": True, "is_mobile": True, "locale": language}
    page = new_page(expecting=410, base_url=local_address, **phone)
    for place in account_places(regular, page):
        assert fits(page), place
