"""The preview of a change at the desk: shown before anything is done, applied in one step, undone in one step."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import clear_url_caches, path

import carnet.urls_organisation
from carnet.appointments.actions.changes import OutageAdded, ServiceDeleted, ServiceEdited, TakenOutOfUse
from carnet.appointments.actions.rearrange import HELD
from carnet.appointments.models import Appointment, Rearrangement
from carnet.base.errors import Invalid
from carnet.base.scopes import open_organisation
from carnet.catalogue.details import details_of
from carnet.catalogue.models import Outage, Picture, Service
from carnet.catalogue.pictures import Drawn
from carnet.desk.views.impact import made
from carnet.organisations.models import Profile
from carnet.organisations.requests import OrganisationRequest
from carnet.outbox.models import Message
from carnet.resources.queries import business_hours
from tests.cast import Business

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
DAYS = [f"hours_{day}" for day in range(7)]


def form(salon: Business, on_the_day: str, **more: Any) -> dict[str, Any]:
    """Return the hours form with other hours on the tests' day."""
    typed = dict.fromkeys(DAYS[:6], "9:00–18:00") | {DAYS[6]: ""}
    return {**typed, f"hours_{salon.day.weekday()}": on_the_day, **more}


def hidden(page: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)">', page):
        found.setdefault(name, []).append(value)
    found.pop("csrfmiddlewaretoken", None)
    return found


def ticks(page: str) -> dict[str, bool]:
    """Return public id -> ticked, of the visits that can be moved."""
    return {
        value: bool(checked) for value, checked in re.findall(r'name="move" value="([0-9a-f-]{36})"( checked)?', page)
    }


def refreshed(salon: Business, *visits: Appointment) -> list[datetime]:
    with open_organisation(salon.organisation):
        return [Appointment.objects.get(pk=visit.pk).starts_at for visit in visits]


@pytest.fixture
def alice(open_salon: Business) -> Client:
    client = Client()
    client.force_login(open_salon.user("alice"))
    return client


@pytest.fixture
def visits(open_salon: Business) -> list[Appointment]:
    with open_organisation(open_salon.organisation):
        return [open_salon.book(at="10:00"), open_salon.book(at="10:45", customer="omar")]


@pytest.fixture
def door(open_salon: Business) -> Iterator[dict[str, Any]]:
    """A form of the tests that makes the change that a test puts here, as any form of the desk does."""
    put: dict[str, Any] = {}

    def posted(request: OrganisationRequest) -> HttpResponse:
        try:
            return made(request, put["change"](request)) or HttpResponse("made", status=201)
        except Invalid as error:
            return HttpResponse(f"typed again: {dict(request.POST)} {error.errors}", status=422)

    carnet.urls_organisation.urlpatterns.append(path("services/tried", posted))
    clear_url_caches()
    yield put
    carnet.urls_organisation.urlpatterns.pop()
    clear_url_caches()


def haircut(salon: Business) -> Service:
    return Service.objects.get(pk=salon.services["haircut"].pk)


def test_hours_that_hit_nobody_are_saved_at_once(alice: Client, open_salon: Business) -> None:
    answer = alice.post(open_salon.url("set-up/hours"), form(open_salon, "10:00–18:00"))
    assert answer.status_code == 303
    with open_organisation(open_salon.organisation):
        assert business_hours()[open_salon.day.weekday()] == ((600, 1080),)
        assert not Rearrangement.objects.exists()


def test_nothing_is_done_before_the_visits_have_been_looked_at(
    alice: Client, open_salon: Business, visits: list[Appointment]
) -> None:
    """(C1)"""
    before = refreshed(open_salon, *visits)
    answer = alice.post(open_salon.url("set-up/hours"), form(open_salon, "12:00–18:00"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Véra Élan" in page
    assert "Omar Özgür" in page
    # Nobody is moved by accident: nothing is ticked.
    assert ticks(page) == {visit.public_id_text: False for visit in visits}
    assert hidden(page)[f"hours_{open_salon.day.weekday()}"] == ["12:00–18:00"]
    with open_organisation(open_salon.organisation):
        assert business_hours()[open_salon.day.weekday()] == ((540, 1080),)
    assert refreshed(open_salon, *visits) == before


def test_the_ticked_visit_is_moved_and_undone_with_nothing_sent(
    alice: Client, open_salon: Business, visits: list[Appointment]
) -> None:
    """(C1, F3) The whole way without JavaScript."""
    before = refreshed(open_salon, *visits)
    address = open_salon.url("set-up/hours")
    page = alice.post(address, form(open_salon, "12:00–18:00")).content.decode()
    answer = alice.post(address, hidden(page) | {"move": [visits[0].public_id_text]})
    assert answer.status_code == 303
    moved, stood = refreshed(open_salon, *visits)
    assert (moved, stood) == (open_salon.at("12:00"), before[1])
    page = alice.get(answer["Location"]).content.decode()
    assert "1 visit is moved." in page
    assert "1 stands as it was." in page
    with open_organisation(open_salon.organisation):
        letter = Message.objects.get(kind="appointment_moved")
        assert letter.due_at == letter.created_at + HELD
    undo = re.search(r'action="([^"]+/undo)"', page)
    assert undo
    answer = alice.post(undo[1])
    assert answer.status_code == 303
    assert refreshed(open_salon, *visits) == before
    assert "This change is undone." in alice.get(answer["Location"]).content.decode()
    with open_organisation(open_salon.organisation):
        assert Message.objects.get(kind="appointment_moved").state == "skipped"
        assert business_hours()[open_salon.day.weekday()] == ((540, 1080),)
    again = alice.post(undo[1])
    assert again.status_code == 409
    assert "undone already" in again.content.decode()


def test_tick_all_is_a_button_of_the_form(alice: Client, open_salon: Business, visits: list[Appointment]) -> None:
    address = open_salon.url("set-up/hours")
    page = alice.post(address, form(open_salon, "12:00–18:00")).content.decode()
    page = alice.post(address, hidden(page) | {"impact-all": "1"}, headers=HTMX).content.decode()
    assert set(ticks(page).values()) == {True}
    page = alice.post(address, hidden(page) | {"impact-none": "1", "move": list(ticks(page))}).content.decode()
    assert set(ticks(page).values()) == {False}


def test_what_changed_since_it_was_looked_at_is_shown_again(
    alice: Client, open_salon: Business, visits: list[Appointment]
) -> None:
    """(A7) The proposed time has been booked in the meantime: nothing is done, another is proposed, the tick stays."""
    address = open_salon.url("set-up/hours")
    page = alice.post(address, form(open_salon, "12:00–18:00")).content.decode()
    with open_organisation(open_salon.organisation):
        open_salon.book(at="12:00", customer=None)
    before = refreshed(open_salon, *visits)
    answer = alice.post(address, hidden(page) | {"move": [visits[0].public_id_text]}, headers=HTMX)
    page = answer.content.decode()
    assert "Something has changed since you looked." in page
    assert ticks(page) == {visits[0].public_id_text: True, visits[1].public_id_text: False}
    assert refreshed(open_salon, *visits) == before
    with open_organisation(open_salon.organisation):
        assert not Rearrangement.objects.exists()
    assert alice.post(address, hidden(page) | {"move": [visits[0].public_id_text]}).status_code == 303


def test_going_back_draws_the_form_as_it_was_typed(
    alice: Client, open_salon: Business, visits: list[Appointment]
) -> None:
    address = open_salon.url("set-up/hours")
    page = alice.post(address, form(open_salon, "12:00–18:00")).content.decode()
    answer = alice.post(address, hidden(page) | {"impact-back": "1"})
    assert 'value="12:00–18:00"' in answer.content.decode()
    with open_organisation(open_salon.organisation):
        assert business_hours()[open_salon.day.weekday()] == ((540, 1080),)


def test_an_outage_and_leaving_a_service_are_previewed_too(
    alice: Client, open_salon: Business, visits: list[Appointment], door: dict[str, Any]
) -> None:
    """(C3, C5)"""
    first, last = open_salon.at("09:00"), open_salon.at("12:00")
    door["change"] = lambda request: OutageAdded(haircut(open_salon), first, last)
    page = alice.post(open_salon.url("services/tried"), {"reason": "Sèche"}, headers=HTMX)
    assert page["HX-Retarget"] == "#sheet"
    assert hidden(page.content.decode())["reason"] == ["Sèche"]
    max_ = open_salon.members["max"]
    door["change"] = lambda request: ServiceEdited(
        haircut(open_salon), replace(details_of(haircut(open_salon)), members=[max_])
    )
    page = alice.post(open_salon.url("services/tried"), {"name": "Coupe"}).content.decode()
    assert "same time" in page
    assert "with Max" in page
    answer = alice.post(open_salon.url("services/tried"), hidden(page) | {"move": list(ticks(page))}, headers=HTMX)
    # The catalogue beside it shows other states now: the whole page is opened anew.
    assert "/services/changes/" in answer["HX-Redirect"]
    assert refreshed(open_salon, *visits) == [open_salon.at("10:00"), open_salon.at("10:45")]


def test_a_service_out_of_use_offers_nothing_and_says_that_visits_stand(
    alice: Client, open_salon: Business, visits: list[Appointment], door: dict[str, Any]
) -> None:
    """(C3)"""
    door["change"] = lambda request: TakenOutOfUse(haircut(open_salon))
    address = open_salon.url("services/tried")
    page = alice.post(address).content.decode()
    assert "No other time can be offered for a service that is not in use" in page
    assert ticks(page) == {}
    assert alice.post(address, hidden(page)).status_code == 303
    with open_organisation(open_salon.organisation):
        assert not haircut(open_salon).in_use
        assert Appointment.objects.filter(status="scheduled").count() == 2


def test_a_service_that_people_are_coming_for_is_not_deleted_and_they_are_shown(
    alice: Client, open_salon: Business, visits: list[Appointment], door: dict[str, Any]
) -> None:
    door["change"] = lambda request: ServiceDeleted(haircut(open_salon))
    answer = alice.post(open_salon.url("services/tried"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "2 coming visits" in page
    assert "Véra Élan" in page
    # Nor does asking again as if it had been looked at.
    again = alice.post(open_salon.url("services/tried"), hidden(page) | {"impact": "x", "move": list(ticks(page))})
    assert again.status_code == 409
    with open_organisation(open_salon.organisation):
        assert haircut(open_salon).deleted_at is None


def edit_with_image(salon: Business, image: Drawn | None) -> ServiceEdited:
    change = ServiceEdited(haircut(salon), replace(details_of(haircut(salon)), members=[salon.members["max"]]))
    return replace(change, image=image)


def test_an_image_that_was_sent_survives_the_preview(
    alice: Client, open_salon: Business, visits: list[Appointment], door: dict[str, Any]
) -> None:
    address = open_salon.url("services/tried")
    image = Drawn(b"small", b"medium", b"large", 3, 2)
    # As a browser does it: the file comes with the first form only.
    door["change"] = lambda request: edit_with_image(open_salon, None if "impact" in request.POST else image)
    kept = hidden(alice.post(address, {"name": "Coupe"}).content.decode())
    for _again in range(2):
        kept = hidden(alice.post(address, kept | {"impact-all": "1"}).content.decode())
    bea = Client()
    with open_organisation(open_salon.organisation):
        profile = Profile.objects.get(key="front_desk")
        profile.permissions = [*profile.permissions, "catalogue.edit"]
        profile.save()
    bea.force_login(open_salon.user("bea"))
    # Nobody else can use its name.
    assert "choose it again" in bea.post(address, kept).content.decode()
    assert alice.post(address, kept).status_code == 303
    with open_organisation(open_salon.organisation):
        assert bytes(Picture.objects.get().small) == b"small"
    # It is not kept longer than it takes.
    assert "choose it again" in alice.post(address, kept).content.decode()


def test_going_back_says_that_the_image_must_be_chosen_again(
    alice: Client, open_salon: Business, visits: list[Appointment], door: dict[str, Any]
) -> None:
    address = open_salon.url("services/tried")
    door["change"] = lambda request: edit_with_image(open_salon, Drawn(b"small", b"medium", b"large", 3, 2))
    kept = hidden(alice.post(address, {"name": "Coupe"}).content.decode())
    answer = alice.post(address, kept | {"impact-back": "1"})
    assert answer.status_code == 422
    assert "Choose the image again." in answer.content.decode()


def test_a_length_that_nobody_is_bothered_by_is_told_and_saved(
    alice: Client, open_salon: Business, visits: list[Appointment], door: dict[str, Any]
) -> None:
    """(C4)"""
    door["change"] = lambda request: ServiceEdited(
        haircut(open_salon), replace(details_of(haircut(open_salon)), usual=30)
    )
    assert alice.post(open_salon.url("services/tried"), {"name": "Coupe"}).status_code == 201
    assert "2 visits keep the duration that was promised." in alice.get(open_salon.url("set-up/")).content.decode()
    assert refreshed(open_salon, *visits) == [open_salon.at("10:00"), open_salon.at("10:45")]


def test_who_may_not_see_a_visit_learns_how_many_there_are_and_no_name(
    open_salon: Business, visits: list[Appointment], door: dict[str, Any]
) -> None:
    """(I1)"""
    with open_organisation(open_salon.organisation):
        profile = Profile.objects.get(key="provider")
        profile.permissions = [*profile.permissions, "catalogue.edit", "appointments.move"]
        profile.save()
    client = Client()
    client.force_login(open_salon.user("max"))
    first, last = open_salon.at("09:00"), open_salon.at("12:00")
    door["change"] = lambda request: OutageAdded(haircut(open_salon), first, last)
    address = open_salon.url("services/tried")
    page = client.post(address).content.decode()
    assert "2 further visits are not shown here" in page
    assert "Véra" not in page
    answer = client.post(address, hidden(page) | {"move": [visits[0].public_id_text]})
    assert answer.status_code == 303
    assert refreshed(open_salon, *visits) == [open_salon.at("10:00"), open_salon.at("10:45")]
    with open_organisation(open_salon.organisation):
        assert Outage.objects.exists()


def test_the_page_of_a_change_is_for_those_who_may_make_it(
    alice: Client, open_salon: Business, visits: list[Appointment], open_garage: Business
) -> None:
    address = open_salon.url("set-up/hours")
    page = alice.post(address, form(open_salon, "12:00–18:00")).content.decode()
    there = alice.post(address, hidden(page))["Location"]
    assert alice.get(there).status_code == 200
    assert alice.get(there.replace("set-up/hours", "services")).status_code == 404
    bea = Client()
    bea.force_login(open_salon.user("bea"))
    assert bea.get(there).status_code == 404
    assert bea.post(f"{there}undo").status_code == 404
    stranger = Client()
    stranger.force_login(open_garage.user("alice"))
    assert stranger.get(there.replace("/salon/", "/garage/")).status_code == 404


def test_an_undo_names_the_visit_that_cannot_return(
    alice: Client, open_salon: Business, visits: list[Appointment], door: dict[str, Any]
) -> None:
    first, last = open_salon.at("09:00"), open_salon.at("12:00")
    door["change"] = lambda request: OutageAdded(haircut(open_salon), first, last)
    address = open_salon.url("services/tried")
    page = alice.post(address).content.decode()
    there = alice.post(address, hidden(page) | {"move": list(ticks(page))})["Location"]
    with open_organisation(open_salon.organisation):
        open_salon.book("colour", at="09:00", customer=None, now=open_salon.now + timedelta(seconds=5))
    assert alice.post(f"{there}undo", headers=HTMX)["HX-Redirect"] == there
    page = alice.get(there).content.decode()
    assert "1 visit could not return." in page
    assert "Its old time has been taken in the meantime." in page
    assert re.search(r"Could not return.*Véra Élan", page, re.DOTALL)
    assert refreshed(open_salon, *visits) == [open_salon.at("12:00"), open_salon.at("10:45")]
