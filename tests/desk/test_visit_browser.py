"""The visit in a real browser: on the phone of who does the work, and beside the day at the desk."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from carnet.appointments.models import Appointment, Status
from carnet.base.scopes import open_organisation
from carnet.jobsheets.models import JobSheet
from carnet.organisations.models import User
from tests.browser import PHONE, NewPage, axe
from tests.cast import Business, open_business

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def business(transactional_db: None) -> Business:
    """The salon with one visit for Léa: a colour that begins this minute."""
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    business = open_business("salon", now=now, day=(now + timedelta(days=7)).date())
    if business.day.weekday() == 6:
        business.day += timedelta(days=1)
    with open_organisation(business.organisation):
        visit = business.book("colour", at="10:00")
        # Stands for time passing: pages read the real clock.
        Appointment.objects.filter(pk=visit.pk).update(starts_at=now, ends_at=now + timedelta(minutes=90))
    return business


def signed_in(page: Page, business: Business, name: str) -> Page:
    client = Client()
    client.force_login(business.user(name))
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "domain": "localhost", "path": "/"}])
    return page


def the_visit(business: Business) -> Appointment:
    with open_organisation(business.organisation):
        return Appointment.objects.get()


@pytest.mark.main_job
def test_the_job_on_a_phone_from_start_to_the_signed_off_sheet(new_page: NewPage, business: Business) -> None:
    page = signed_in(new_page(viewport=PHONE), business, "lea")
    page.goto(business.url())
    expect(page).to_have_url(re.compile(r"/o/salon/my-day/$"))
    expect(page.get_by_role("link", name="06 12 34 56 78")).to_have_attribute("href", "tel:+33612345678")
    axe(page)
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_text("In progress")).to_be_visible()

    page.get_by_role("button", name="Mark as complete").click()
    expect(page.get_by_role("alert")).to_contain_text("“Work done”")
    work = page.get_by_label("Work done")
    expect(work).to_be_focused()
    assert the_visit(business).status == Status.IN_PROGRESS
    axe(page)

    page.keyboard.type("Roots, 6.34")
    expect(page.locator("[data-saved]")).to_contain_text("Saved at")
    with open_organisation(business.organisation):
        assert "Roots, 6.34" in JobSheet.objects.get().custom.values()
    expect(work).to_be_focused()
    page.get_by_role("button", name="Mark as complete").click()
    expect(page).to_have_url(re.compile(r"/my-day/"))
    expect(page.get_by_text("Completed")).to_be_visible()
    assert the_visit(business).status == Status.COMPLETED

    page.get_by_role("button", name="Undo this action").click()
    expect(page.get_by_text("In progress")).to_be_visible()
    assert the_visit(business).status == Status.IN_PROGRESS


@pytest.mark.parametrize("width", [320, 360])
def test_on_a_small_phone_in_french_each_button_is_one_line(new_page: NewPage, business: Business, width: int) -> None:
    User.objects.update(language="fr")
    visit = the_visit(business)
    page = signed_in(new_page(viewport={"width": width, "height": 640}), business, "lea")
    for address in ("my-day/", f"appointments/{visit.public_id}/job-sheet/", f"appointments/{visit.public_id}/"):
        page.goto(business.url(address))
        button = page.get_by_role("button", name="Marquer comme terminé")
        lines = button.evaluate(
            "one => { const words = document.createRange(); words.selectNodeContents(one.querySelector('span') ?? one);"
            " return new Set([...words.getClientRects()].filter(box => box.width > 30).map(box => box.top)).size }"
        )
        assert lines == 1, address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address


def test_what_is_typed_without_a_network_is_kept_said_to_wait_and_saved_later(
    new_page: NewPage, business: Business
) -> None:
    page = signed_in(new_page(viewport=PHONE), business, "lea")
    page.goto(business.url(f"appointments/{the_visit(business).public_id}/job-sheet/"))
    page.route(
        "**/job-sheet/", lambda route: route.fulfill(status=200, content_type="text/html", body="captive portal")
    )
    page.get_by_label("Work done").fill("Roots")
    expect(page.locator("[data-saved]")).to_contain_text("Not saved yet")
    page.unroute("**/job-sheet/")
    page.evaluate("() => { window.dispatchEvent(new Event('online')) }")
    expect(page.locator("[data-saved]")).to_contain_text("Saved at")
    with open_organisation(business.organisation):
        assert "Roots" in JobSheet.objects.get().custom.values()


def test_a_press_on_a_button_sends_the_whole_sheet_and_no_part_beside_it(new_page: NewPage, business: Business) -> None:
    """A part that overtakes the form would raise the version, and the form would be refused as somebody else's (D1)."""
    visit = the_visit(business)
    page = signed_in(new_page(viewport=PHONE), business, "lea")
    page.goto(business.url(f"appointments/{visit.public_id}/job-sheet/"))
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.get_by_label("Work done").fill("Roots, 6.34")
    # In one breath, as a press does: the field that is left has changed, and the form goes.
    page.evaluate(
        "() => { const typed = document.activeElement; typed.dispatchEvent(new Event('change', { bubbles: true }));"
        " typed.form.requestSubmit(typed.form.elements.namedItem('complete')) }"
    )
    page.wait_for_url(re.compile(rf"/{visit.public_id}/$"))
    expect(page.locator("#toasts")).to_contain_text("The visit is complete.")
    assert len(sent) == 1
    assert the_visit(business).status == Status.COMPLETED


def test_a_move_at_the_desk_keeps_what_was_typed_while_days_are_looked_through(page: Page, business: Business) -> None:
    with open_organisation(business.organisation):
        later = business.book("haircut", at="14:00", customer="omar")
    signed_in(page, business, "bea")
    page.goto(business.url(f"appointments/{later.public_id}/"))
    axe(page, "#sheet")
    page.get_by_role("link", name="Move").click()
    page.get_by_label("Note").fill("Half past, please")
    page.get_by_role("link", name="Max").click()
    expect(page.get_by_role("link", name="Max")).to_have_attribute("aria-current", "true")
    expect(page.get_by_label("Note")).to_have_value("Half past, please")
    axe(page, "#sheet")
    page.get_by_role("radio", name="15:30").check()
    page.get_by_role("button", name="Move").click()
    expect(page.get_by_text("The appointment is moved to")).to_be_visible()
    with open_organisation(business.organisation):
        moved = Appointment.objects.get(pk=later.pk)
        assert moved.starts_at == business.at("15:30")
        assert moved.moves.get().note == "Half past, please"


def test_cancelling_at_the_desk_by_keyboard_offers_to_take_it_back(page: Page, business: Business) -> None:
    with open_organisation(business.organisation):
        later = business.book("haircut", at="14:00", customer="omar")
    signed_in(page, business, "bea")
    page.goto(business.url(f"appointments/{later.public_id}/"))
    page.get_by_role("link", name="Cancel the appointment").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Yes, cancel the appointment").focus()
    page.keyboard.press("Enter")
    toast = page.locator("#toasts")
    expect(toast).to_contain_text("The appointment is cancelled.")
    # Nothing stays pale as if it still waited.
    expect(page.locator("[aria-busy]")).to_have_count(0)
    toast.get_by_role("button", name="Undo this action").click()
    expect(page.locator("#sheet").get_by_text("Scheduled")).to_be_visible()
    with open_organisation(business.organisation):
        assert Appointment.objects.get(pk=later.pk).status == Status.SCHEDULED
