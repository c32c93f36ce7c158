"""Every screen is readable and usable by everybody: axe in light and in dark, the width of a phone, both languages."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from carnet.appointments.actions import start_appointment
from carnet.base.scopes import open_organisation
from carnet.jobsheets.actions import add_sheet_layout, remove_sheet_layout
from carnet.organisations.actions import add_member, add_role, invite_member, issue_token
from carnet.organisations.models import Profile, Token, User
from tests.browser import PHONE, NewPage, axe
from tests.cast import Business
from tests.journeys.conftest import SignedIn

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
        f"{one}owner",
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
