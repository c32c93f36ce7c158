"""The booking panel: it warns, it asks beside the field, it forgets nothing, and it books once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from carnet.appointments.models import Appointment
from carnet.base.scopes import open_organisation
from carnet.catalogue.actions import add_outage
from tests.browser import axe
from tests.cast import Business
from tests.journeys.conftest import SignedIn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HAIRCUT = "Coupe · 45 min · €35.00"
GARDEN = "Jardin · from 3 h to 6 h · €300.00"
BOTH = "Coiffage · 30 min · €40.00"


def panel_for(page: Page, business: Business, customer: str) -> Page:
    """Open the panel on the tests' day for one of the cast."""
    known = f"customer={business.customers[customer].public_id}&day={business.day.isoformat()}"
    page.goto(business.url(f"booking/?{known}"))
    return page


def starts(page: Page) -> list[str]:
    return page.locator(".starts .chip span").all_inner_texts()


def booked(business: Business) -> list[Appointment]:
    with open_organisation(business.organisation):
        return list(Appointment.objects.order_by("pk"))


def test_a_service_temporarily_unavailable_says_until_when_and_offers_what_lies_outside(
    signed_in: SignedIn, business: Business
) -> None:
    with open_organisation(business.organisation):
        add_outage(business.system, business.services["haircut"], business.at("08:00"), business.at("15:00"))
        add_outage(business.system, business.services["both"], business.now, business.at("12:00"))
    page = panel_for(signed_in(), business, "omar")
    out = page.locator("#booking-service-0 option", has_text="Coiffage")
    expect(out).to_contain_text("unavailable until")
    expect(out).to_contain_text("12:00")
    page.locator("#booking-service-0").select_option(label=HAIRCUT)
    expect(page.locator(".starts .chip").first).to_be_visible()
    assert starts(page)[0] == "15:00"
    page.goto(business.url("services/"))
    line = page.locator(".price-line", has_text="Coiffage")
    expect(line).to_contain_text("Temporarily unavailable until")
    expect(line).to_contain_text("12:00")


def test_a_service_at_both_places_asks_where_beside_the_field(signed_in: SignedIn, business: Business) -> None:
    page = panel_for(signed_in(), business, "omar")
    page.locator("#booking-service-0").select_option(label=BOTH)
    page.locator(".starts .chip").first.click()
    expect(page.locator(".booking-sentence")).to_contain_text("9:00–9:30")
    page.locator("#booking-book").click()
    expect(page.locator("#booking-place-error")).to_have_text("Choose where the visit takes place.")
    expect(page.locator("#booking-place-business")).to_be_focused()
    assert booked(business) == []

    page.get_by_role("radio", name="Customer address").click()
    expect(page.locator("#booking-street")).to_be_visible()
    page.locator("#booking-book").click()
    expect(page.locator("#booking-address-error")).to_contain_text("type the address")
    expect(page.locator("#booking-street")).to_be_focused()
    page.keyboard.type("8 quai Voltaire")
    page.locator("#booking-city").fill("Paris")
    page.get_by_role("radio", name="Business address").click()
    expect(page.locator("#booking-street")).to_have_count(0)
    page.get_by_role("radio", name="Customer address").click()
    expect(page.locator("#booking-street")).to_have_value("8 quai Voltaire")
    page.locator("#booking-book").click()
    expect(page.locator("#toasts")).to_contain_text("The appointment is booked.")
    assert [visit.address for visit in booked(business)] == ["8 quai Voltaire, Paris"]


def test_four_hours_of_three_to_six_move_the_end_and_the_starts_beside_it(
    signed_in: SignedIn, business: Business
) -> None:
    page = panel_for(signed_in(), business, "vera")
    page.locator("#booking-service-0").select_option(label=GARDEN)
    expect(page.locator("#booking-minutes-0")).to_have_value("240")
    page.locator("#booking-minutes-0").select_option("180")
    expect(page.locator(".starts .chip", has_text="10:00")).to_be_visible()
    page.locator("#booking-minutes-0").select_option("240")
    expect(page.locator(".starts .chip", has_text="10:00")).to_have_count(0)
    assert starts(page) == ["9:00", "14:00"]
    page.locator(".starts .chip", has_text="9:00").click()
    expect(page.locator(".booking-sentence")).to_contain_text("9:00–13:00")
    # Her own address is chosen: it is her garden.
    expect(page.locator("#booking-address-1")).to_be_checked()
    page.locator("#booking-book").click()
    expect(page.locator("#appointment")).to_contain_text("9:00–13:00")
    expect(page.locator("#appointment")).to_contain_text("3 rue des Lilas")


def test_the_catalogue_keeps_the_customer_and_what_was_known(signed_in: SignedIn, business: Business) -> None:
    page = signed_in()
    page.goto(business.url(f"customers/{business.customers['vera'].public_id}/"))
    page.get_by_role("link", name="Catalogue").click()
    page.locator("#services").get_by_role("link", name="Coupe", exact=True).click()
    page.locator("#service").get_by_role("link", name="Book", exact=True).click()
    expect(page.locator(".chosen-customer")).to_contain_text("Véra Élan")
    expect(page.locator("#booking-service-0")).to_have_value(str(business.services["haircut"].public_id))


def test_a_free_place_clicked_while_the_panel_is_open_changes_member_and_start_alone(
    signed_in: SignedIn, business: Business
) -> None:
    page = panel_for(signed_in(), business, "omar")
    page.locator("#booking-service-0").select_option(label=HAIRCUT)
    page.get_by_role("radio", name=re.compile("^Lea")).click()
    page.locator(".starts .chip", has_text="9:00").first.click()
    page.locator("#booking-note").fill("Sans parfum")
    page.locator("#booking-note").blur()
    expect(page.locator(".booking-sentence")).to_contain_text("9:00–9:45")
    column = page.locator(f"#column-{business.members['max'].public_id}")
    column.locator("a.free").last.click(position={"x": 30, "y": 100})
    expect(page.locator(".booking-sentence")).to_contain_text("15:00–15:45")
    expect(page.get_by_role("radio", name=re.compile("^Max"))).to_be_checked()
    expect(page.locator("#booking-note")).to_have_value("Sans parfum")
    expect(page.locator(".chosen-customer")).to_contain_text("Omar Özgür")


def test_removing_a_service_in_the_middle_leaves_the_others_as_they_were(
    signed_in: SignedIn, business: Business
) -> None:
    page = panel_for(signed_in(), business, "omar")
    for number, name in enumerate(("Coupe", "Couleur", "Coiffage")):
        if number:
            page.get_by_role("button", name="Add a service").click()
        option = page.locator(f"#booking-service-{number} option", has_text=name)
        page.locator(f"#booking-service-{number}").select_option(value=option.get_attribute("value"))
        expect(page.locator(f"#booking-member-{number}-0")).to_be_attached()
    page.locator("#booking-step-1").get_by_role("button", name="Remove this service").click()
    expect(page.locator("#booking-step-2")).to_have_count(0)
    assert page.locator("#booking-service-1").input_value() == str(business.services["both"].public_id)
    expect(page.locator(".booking-sentence")).to_contain_text("€75.00")


def test_a_slow_answer_never_undoes_what_was_chosen_after_it_was_asked_for(
    signed_in: SignedIn, business: Business
) -> None:
    page = panel_for(signed_in(), business, "omar")
    page.locator("#booking-service-0").focus()
    for _press in range(3):
        page.keyboard.press("ArrowDown")
    wanted = page.locator("#booking-service-0").input_value()
    page.locator("#booking-customer, #booking-title").first.focus()
    expect(page.locator(".starts .chip").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert page.locator("#booking-service-0").input_value() == wanted
    shown = page.locator(f"#booking-service-0 option[value='{wanted}']").inner_text()
    expect(page.locator(".booking-sentence")).to_contain_text(shown.rsplit(" · ", 1)[1])


def test_two_clicks_on_book_and_a_form_sent_again_make_one_visit(signed_in: SignedIn, business: Business) -> None:
    """A double click, a return and a second sending are one booking (D6)."""
    page = panel_for(signed_in(), business, "omar")
    page.locator("#booking-service-0").select_option(label=HAIRCUT)
    page.locator(".starts .chip").first.click()
    expect(page.locator(".booking-sentence")).to_contain_text("9:00–9:45")
    fields = page.evaluate("[...new FormData(document.getElementById('booking-form'))].map(pair => pair.map(String))")
    page.locator("#booking-book").dblclick()
    expect(page.locator("#appointment")).to_contain_text("Omar Özgür")
    answer = page.request.post(
        business.url("appointments/"), form=dict(fields), headers={"Referer": page.url}, max_redirects=0
    )
    assert answer.status == 303
    [visit] = booked(business)
    assert str(visit.public_id) in answer.headers["location"]
    page.go_back()
    expect(page.locator("#day")).to_be_visible()
    assert len(booked(business)) == 1


def test_a_toast_covers_nothing_of_the_sheet(signed_in: SignedIn, business: Business) -> None:
    page = panel_for(signed_in(), business, "omar")
    page.locator("#booking-service-0").select_option(label=HAIRCUT)
    page.locator(".starts .chip").first.click()
    expect(page.locator(".booking-sentence")).to_contain_text("9:00–9:45")
    page.locator("#booking-book").click()
    toast = page.locator("#toasts .toast")
    expect(toast).to_be_visible()
    said, sheet = toast.bounding_box(), page.locator("#sheet").bounding_box()
    assert said is not None
    assert sheet is not None
    assert said["x"] >= 0
    assert said["x"] + said["width"] <= sheet["x"]


def test_refreshes_of_the_day_leave_who_types_in_the_panel_alone(signed_in: SignedIn, business: Business) -> None:
    page = panel_for(signed_in(), business, "omar")
    page.locator("#booking-service-0").select_option(label=HAIRCUT)
    page.locator("#booking-note").fill("Deux")
    body = page.locator("#booking .sheet-body")
    depth = body.evaluate("body => body.scrollTop")
    for clock in ("10:00", "12:00"):
        with open_organisation(business.organisation):
            business.book(at=clock, customer="vera")
        page.evaluate("document.body.dispatchEvent(new CustomEvent('day-changed', {bubbles: true}))")
        page.keyboard.type(" mots")
    expect(page.locator("#day-summary")).to_contain_text("2 visits")
    expect(page.locator("#booking-note")).to_be_focused()
    expect(page.locator("#booking-note")).to_have_value("Deux mots mots")
    assert body.evaluate("body => body.scrollTop") == depth


def test_a_customer_is_found_and_booked_without_a_script(signed_in: SignedIn, business: Business) -> None:
    page = signed_in(java_script_enabled=False)
    page.goto(business.url(f"day/{business.day.isoformat()}/"))
    page.locator("[data-lookup]").fill("0612345")
    page.keyboard.press("Enter")
    page.locator("#customers-found").get_by_role("link", name="Véra Élan").click()
    page.locator("#customer-book").click()
    page.locator("#booking-service-0").select_option(label=HAIRCUT)
    page.get_by_role("button", name="Show the free times").click()
    page.locator(f"label:has(#booking-day-{(business.day + timedelta(days=1)).isoformat()})").click()
    page.get_by_role("button", name="Show the free times").click()
    page.locator(".starts .chip").first.click()
    page.locator("#booking-book").click()
    expect(page.locator("#appointment")).to_contain_text("Véra Élan")
    expect(page.locator("#day-grid a.visit")).to_contain_text("Véra Élan")
    assert len(booked(business)) == 1


def test_the_panel_passes_axe_empty_filled_and_refused(signed_in: SignedIn, business: Business) -> None:
    for options in ({}, {"color_scheme": "dark", "viewport": {"width": 390, "height": 844}}):
        page = signed_in(reduced_motion="reduce", **options)
        page.goto(business.url(f"booking/?day={business.day.isoformat()}"))
        axe(page)
        page.locator("#booking-service-0").select_option(label=BOTH)
        expect(page.locator(".starts .chip").first).to_be_visible()
        axe(page)
        page.locator("#booking-book").click()
        expect(page.locator("#booking-who-error")).to_be_visible()
        expect(page.locator("#booking-customer")).to_be_focused()
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
