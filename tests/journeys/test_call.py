"""The call: from part of a number to the visit on the calendar, by pointer and by keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from carnet.appointments.models import Appointment, Status
from carnet.base.scopes import open_organisation
from carnet.customers.models import Customer
from tests.browser import NewPage, axe
from tests.cast import Business
from tests.journeys.conftest import SignedIn

pytestmark = [pytest.mark.browser, pytest.mark.main_job, pytest.mark.django_db(transaction=True)]


def scrolls(page: Page, selector: str) -> bool:
    return bool(page.locator(selector).evaluate("place => place.scrollHeight > place.clientHeight"))


def latest(business: Business) -> Appointment:
    with open_organisation(business.organisation):
        return Appointment.objects.select_related("customer").prefetch_related("segments__service").latest("pk")


def count(business: Business) -> int:
    with open_organisation(business.organisation):
        return Appointment.objects.count()


def test_the_front_desk_signs_in_and_books_whom_the_number_belongs_to(new_page: NewPage, regular: Business) -> None:
    page = new_page(locale="en-GB")
    page.goto(regular.url())
    page.get_by_label("E-mail").fill("bea@salon.example")
    page.get_by_label("Password", exact=True).fill("a long password")
    page.keyboard.press("Enter")
    expect(page.locator("#day")).to_be_visible()

    page.keyboard.press("/")
    page.keyboard.type("0612345")
    page.locator("#lookup-answers").get_by_role("link", name="Véra Élan").click()
    sheet = page.locator("#customer")
    expect(sheet.locator(".notes > li").first).to_contain_text("Allergique à l’ammoniaque")
    for heading in ("Addresses", "Membership", "Chosen services", "Coming appointments", "Past services"):
        expect(sheet.get_by_role("heading", name=heading)).to_be_in_viewport()
    expect(sheet.locator(".address-lines").get_by_text("14 boulevard de Sébastopol")).to_be_in_viewport()
    expect(sheet.locator("#customer-coming").locator("xpath=../ul/li")).to_have_count(4)
    expect(sheet.locator(".chosen-line")).to_have_count(5)
    assert not scrolls(page, "#customer .sheet-body")

    # Six clicks at most once the customer is found.
    sheet.get_by_role("link", name="New appointment").click()
    page.locator("#booking-service-0").select_option(label="Coupe · 45 min · €35.00")
    expect(page.get_by_text("The membership “Carte dix coupes” expired on")).to_be_visible()
    page.locator(f"label:has(#booking-day-{regular.day.isoformat()})").click()
    expect(page.locator(f"#booking-day-{regular.day.isoformat()}")).to_be_checked()
    # Of that very day: the times of the day before stand there until the answer comes.
    half_past_two = int(regular.at("14:30").timestamp())
    page.locator(f"label:has(#booking-start-{half_past_two})").click()
    expect(page.locator(".booking-sentence")).to_contain_text("14:30–15:15")
    page.locator("#booking-book").click()

    expect(page.locator("#toasts")).to_contain_text("The appointment is booked.")
    expect(page.locator("#appointment")).to_contain_text("Véra Élan")
    visit = latest(regular)
    assert (visit.starts_at, visit.customer) == (regular.at("14:30"), regular.customers["vera"])
    page.goto(regular.url(f"day/{regular.day.isoformat()}/"))
    expect(page.locator("#day-grid a.visit", has_text="14:30")).to_contain_text("Véra Élan")


def test_booking_takes_fifteen_keys_from_the_open_customer(signed_in: SignedIn, regular: Business) -> None:
    page = signed_in()
    page.goto(regular.url(f"day/{regular.day.isoformat()}/"))
    page.keyboard.press("/")
    page.keyboard.type("vera el")
    expect(page.locator("#lookup-answers .answer")).to_have_count(2)
    page.keyboard.press("Enter")
    expect(page.locator("#customer-title")).to_be_focused()

    pressed = 0

    def press(key: str, until: str = "") -> None:
        """Press `key`, again and again until `until` has the focus."""
        nonlocal pressed
        for _turn in range(20):
            page.keyboard.press(key)
            pressed += 1
            if not until or page.evaluate("selector => document.activeElement.matches(selector)", until):
                return
        raise AssertionError(f"{until} was never reached by {key}")

    press("Tab", until="#customer-book")
    press("Enter")
    expect(page.locator("#booking-service-0")).to_be_focused()
    press("ArrowDown")
    expect(page.locator(".starts .chip").first).to_be_visible()
    expect(page.locator("#booking-service-0")).to_be_focused()
    before = count(regular)
    press("Tab", until="input[name=start]")
    press("Space")
    expect(page.locator(".booking-sentence")).to_contain_text("–")
    press("Enter")
    expect(page.locator("#toasts")).to_contain_text("The appointment is booked.")
    assert count(regular) == before + 1
    assert pressed <= 15, f"{pressed} keys"


def test_a_visit_booked_from_a_free_place_stands_on_the_calendar_at_once(
    signed_in: SignedIn, business: Business
) -> None:
    page = signed_in()
    page.goto(business.url(f"day/{business.day.isoformat()}/"))
    max_column = page.locator(f"#column-{business.members['max'].public_id}")
    max_column.locator("a.free").last.click(position={"x": 30, "y": 100})
    expect(page.locator("#booking-customer")).to_be_focused()
    page.keyboard.type("07 11 22 33 44")
    expect(page.locator("#who-answers .answer")).to_have_count(1)
    expect(page.locator("#who-answers .answer")).to_have_text("Create “07 11 22 33 44”")
    page.keyboard.press("Enter")
    expect(page.locator("#booking-phone")).to_have_value("07 11 22 33 44")
    page.locator("#booking-name").fill("Nora Neuve")
    page.locator("#booking-service-0").select_option(label="Coupe · 45 min · €35.00")
    expect(page.get_by_role("radio", name=re.compile("^Max"))).to_be_checked()
    expect(page.locator(".starts .chip", has_text="15:00").locator("input")).to_be_checked()
    expect(page.locator("#booking-name")).to_have_value("Nora Neuve")
    page.locator("#booking-book").click()
    expect(max_column.locator("a.visit")).to_contain_text("Nora Neuve")
    with open_organisation(business.organisation):
        nora = Customer.objects.get(name="Nora Neuve")
        assert [contact.value for contact in nora.contacts.all()] == ["07 11 22 33 44"]
    assert latest(business).customer == nora


def test_a_slot_lost_meanwhile_keeps_all_that_was_typed_and_offers_others(
    signed_in: SignedIn, business: Business
) -> None:
    page = signed_in()
    page.goto(business.url(f"booking/?day={business.day.isoformat()}&phone=06+00+11+22+33"))
    page.locator("#booking-name").fill("Zoé")
    page.locator("#booking-service-0").select_option(label="Coupe · 45 min · €35.00")
    page.get_by_role("radio", name=re.compile("^Lea")).click()
    page.locator(".starts .chip", has_text="10:00").click()
    page.locator("#booking-note").fill("Sèche-cheveux doux")
    expect(page.locator(".booking-sentence")).to_contain_text("10:00–10:45")
    with open_organisation(business.organisation):
        business.book(at="10:00", customer="omar")
    page.locator("#booking-book").click()
    refusal = page.locator("#booking-form [data-refusal]")
    expect(refusal).to_be_focused()
    expect(refusal).to_contain_text("10:45")
    expect(refusal).not_to_contain_text("Omar")
    expect(page.locator("#booking-name")).to_have_value("Zoé")
    expect(page.locator("#booking-note")).to_have_value("Sèche-cheveux doux")
    axe(page, "#sheet")
    with open_organisation(business.organisation):
        assert not Customer.objects.filter(name="Zoé").exists()

    refusal.locator(".chip").first.click()
    expect(page.locator(".booking-sentence")).to_contain_text("–")
    page.locator("#booking-book").click()
    expect(page.locator("#toasts")).to_contain_text("The appointment is booked.")
    visit = latest(business)
    assert visit.customer is not None
    assert (visit.customer.name, visit.note) == ("Zoé", "Sèche-cheveux doux")


def test_the_same_again_is_two_clicks(signed_in: SignedIn, regular: Business) -> None:
    page = signed_in()
    page.goto(regular.url(f"customers/{regular.customers['vera'].public_id}/"))
    before = count(regular)
    page.locator(".chosen-line", has_text="Chignon").get_by_role("link", name="Book again: Chignon").click()
    expect(page.locator(".booking-sentence")).to_contain_text("–")
    page.locator("#booking-book").click()
    expect(page.locator("#toasts")).to_contain_text("The appointment is booked.")
    assert count(regular) == before + 1
    visit = latest(regular)
    assert [segment.service_name for segment in visit.segments.all()] == ["Chignon"]
    with open_organisation(regular.organisation):
        assert visit.segments.get().segment_members.get().member == regular.members["lea"]


def test_a_passer_by_is_booked_now(signed_in: SignedIn, always_open: Business) -> None:
    page = signed_in()
    page.goto(always_open.url("booking/"))
    page.get_by_label("Passer-by, without a name").check()
    page.locator("#booking-service-0").select_option(label="Coupe · 45 min · €35.00")
    page.locator("#booking-now").click()
    expect(page.locator("#toasts")).to_contain_text("The appointment is booked.")
    visit = latest(always_open)
    assert (visit.customer, visit.status) == (None, Status.SCHEDULED)


def test_two_services_are_one_visit_one_card_and_one_total(signed_in: SignedIn, business: Business) -> None:
    page = signed_in()
    page.goto(business.url(f"booking/?customer={business.customers['omar'].public_id}&day={business.day.isoformat()}"))
    page.locator("#booking-service-0").select_option(label="Coupe · 45 min · €35.00")
    page.get_by_role("button", name="Add a service").click()
    page.locator("#booking-service-1").select_option(label="Couleur · 1 h 30 · €80.00")
    expect(page.locator(".booking-sentence")).to_contain_text("€115.00")
    page.locator(".starts .chip", has_text="9:00").first.click()
    expect(page.locator(".booking-sentence")).to_contain_text("9:00–11:15")
    page.locator("#booking-book").click()
    expect(page.locator("#appointment")).to_contain_text("€115.00")
    page.goto(business.url(f"day/{business.day.isoformat()}/"))
    expect(page.locator("#day-grid a.visit")).to_have_count(1)
    expect(page.locator("#day-grid a.visit")).to_contain_text("Coupe, Couleur")
    with open_organisation(business.organisation):
        members = {row.member for segment in latest(business).segments.all() for row in segment.segment_members.all()}
    assert len(members) == 1
