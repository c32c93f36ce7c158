"""A service's page: what stands on it, what can be done with it and by whom, and its image."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from carnet.base.scopes import open_organisation
from carnet.catalogue.actions import add_outage, edit_service, mark_not_in_use
from carnet.catalogue.details import AddOnDetails, details_of
from carnet.catalogue.models import Outage, Picture, Service, ServiceMember
from carnet.catalogue.pictures import drawn
from carnet.desk.forms.day import date_text
from carnet.organisations.models import Profile
from carnet.scheduling.hours import day_span
from tests.cast import Business
from tests.catalogue.conftest import picture
from tests.desk.service_pages import HTMX, made, text, url

DAY = timedelta(days=1)


@pytest.fixture
def office(open_salon: Business, client: Client) -> Client:
    client.force_login(open_salon.user("alice"))
    return client


def change(business: Business, name: str = "haircut", image: bytes = b"", **more: Any) -> Service:
    with open_organisation(business.organisation):
        service = business.services[name]
        details = replace(details_of(service), **more)
        return edit_service(business.system, service, details, image=drawn(image) if image else None)


def today(business: Business) -> date:
    return datetime.now(UTC).astimezone(business.zone).date()


def outages(business: Business) -> list[Outage]:
    with open_organisation(business.organisation):
        return list(Outage.objects.order_by("starts_at"))


# The page.


def test_six_sections_tell_everything(office: Client, open_salon: Business) -> None:
    max_ = open_salon.members["max"]
    change(
        open_salon,
        image=picture("PNG"),
        tags=["été"],
        category="Coupes",
        description="Avec rinçage",
        member_prices={max_.pk: 3000},
        length_prices={60: 5000},
        shortest=30,
        longest=90,
        add_ons=[AddOnDetails("Soin", 15, 1200)],
        hours={1: [(540, 720), (840, 1080)]},
        offered_from=date(2020, 1, 1),
    )
    told = text(office, url(open_salon))
    for part in (
        *("Service image", "Service information", "Availability information", "Price information"),
        *("Job sheet information", "Description information", "History"),
        *("Coupe", "Alice", "30 min", "Lea", "Max", "Business address", "Coupes", "été"),
        *("Chosen weekdays", "9:00–12:00, 14:00–18:00", "Available"),
        *("€29.17", "€5.83", "€35.00", "€30.00", "€50.00", "Soin", "€12.00"),
        *("Avec rinçage", "/medium", "/large"),
    ):
        assert part in told, part


def test_the_sections_carry_the_words_of_the_seed_in_french(open_salon: Business, client: Client) -> None:
    user = open_salon.user("alice")
    user.language = "fr"
    user.save()
    client.force_login(user)
    told = text(client, url(open_salon))
    for part in (
        *("Image de service", "Informations sur le service", "Informations sur la disponibilité"),
        *("Informations sur les prix", "Informations sur la feuille de travail", "Informations de description"),
        *("Nom du service", "Propriétaire du service", "Durée disponible", "Membres du service", "Lieu du service"),
        *("Plus", "Modifier", "Cloner", "Marquer comme temporairement indisponible", "Marquer comme non utilisé"),
    ):
        assert part in told, part
    told = text(client, url(open_salon, more="outages/new"))
    for part in (
        *("Pour le reste de la journée", "Jusqu’au lendemain", "Jusqu’à la fin de la semaine"),
        *("Jusqu’à la fin du mois", "Jusqu’à une date spécifique", "Enregistrer"),
    ):
        assert part in told, part
    assert "Oui, Marquer comme non utilisé" in text(client, url(open_salon, more="not-in-use"))
    assert "Service de clonage" in text(client, url(open_salon, more="clone"))


def test_the_menu_holds_what_is_permitted_and_nothing_else(open_salon: Business, client: Client) -> None:
    words = {
        "catalogue.edit": ("service-edit", "service-outage", "service-not-in-use"),
        "catalogue.create": ("service-clone",),
        "catalogue.delete": ("service-delete",),
    }
    client.force_login(open_salon.user("lea"))
    base = ["appointments.see", "catalogue.see"]
    for held in (set(), *({one} for one in words), set(words)):
        with open_organisation(open_salon.organisation):
            Profile.objects.filter(key="provider").update(permissions=[*base, *held])
        told = text(client, url(open_salon))
        for permission, ids in words.items():
            for entry in ids:
                assert (f'id="{entry}"' in told) == (permission in held), (entry, held)
        # The bars of the page have a menu of their own.
        sheet = told.split('id="service"')[1].split('class="bottom-bar"')[0]
        assert ("ellipsis" in sheet) == bool(held)


def test_the_customer_on_the_phone_is_kept_through_every_step(office: Client, open_salon: Business) -> None:
    kept = f"customer={open_salon.customers['vera'].public_id}"
    told = text(office, url(open_salon, more=f"?{kept}"), headers=HTMX)
    service = open_salon.services["haircut"].public_id
    assert f"booking/?service={service}&amp;{kept}" in told
    for step in ("edit", "clone", "outages/new", "not-in-use", "deletion"):
        assert f"services/{service}/{step}?{kept}" in told
    assert f"services/{service}/?{kept}" in text(office, url(open_salon, more=f"edit?{kept}"), headers=HTMX)
    answer = office.post(url(open_salon, more=f"outages/new?{kept}"), {"until": "rest_of_day"})
    assert answer.headers["Location"] == url(open_salon, more=f"?{kept}")


def test_what_happened_is_told_with_who_and_when(office: Client, open_salon: Business) -> None:
    office.post(url(open_salon, more="outages/new"), {"until": "end_of_week", "reason": "Panne"})
    office.post(url(open_salon, more="availability"))
    office.post(url(open_salon, more="not-in-use"))
    office.post(url(open_salon, more="availability"))
    with open_organisation(open_salon.organisation):
        haircut = open_salon.services["haircut"]
        alice = open_salon.access("alice")
        edit_service(alice, haircut, replace(details_of(haircut), price=4000, description="Neuf"))
    told = text(office, url(open_salon))
    for part in (
        *("Added", "Marked as temporarily unavailable from", "ended early", "Marked as not in use"),
        *("Marked as available", "Edited: Price (€35.00 → €40.00), Description", "Alice"),
    ):
        assert part in told, part


# Temporarily unavailable.


def test_the_rest_of_the_day_ends_at_midnight_and_says_so(office: Client, open_salon: Business) -> None:
    answer = office.post(url(open_salon, more="outages/new"), {"until": "rest_of_day", "reason": "Panne"}, headers=HTMX)
    assert answer.status_code == 200
    (outage,) = outages(open_salon)
    assert outage.ends_at == day_span(today(open_salon), open_salon.organisation.zone).end
    told = answer.content.decode()
    assert "Temporarily unavailable until" in told
    assert "Panne" in told


def test_a_specific_date_is_included_whole_or_until_an_hour(office: Client, open_salon: Business) -> None:
    last = today(open_salon) + 9 * DAY
    for at in ("", "14h30"):
        office.post(url(open_salon, more="outages/new"), {"until": "date", "on": date_text(last), "at": at})
    ends = sorted(outage.ends_at.astimezone(open_salon.zone) for outage in outages(open_salon))
    assert [(end.date(), end.hour, end.minute) for end in ends] == [(last, 14, 30), (last + DAY, 0, 0)]


def test_a_period_to_come_is_planned_and_several_stand_beside_each_other(office: Client, open_salon: Business) -> None:
    first = today(open_salon) + 20 * DAY
    typed = {"plan": "1", "starts_on": date_text(first), "ends_on": date_text(first + DAY), "reason": "Travaux"}
    answer = office.post(url(open_salon, more="outages/new"), typed, headers=HTMX)
    assert "Unavailable from" in answer.content.decode()
    hours = {"starts_time": "9:00", "ends_on": typed["starts_on"], "ends_time": "12"}
    office.post(url(open_salon, more="outages/new"), {**typed, **hours, "starts_on": date_text(first)})
    zone = open_salon.organisation.zone
    spans = {(row.starts_at, row.ends_at) for row in outages(open_salon)}
    assert (day_span(first, zone).start, day_span(first + DAY, zone).end) in spans
    assert (open_salon.at("09:00", first), open_salon.at("12:00", first)) in spans
    told = text(office, url(open_salon))
    assert told.count("Planned outage from") >= 2
    assert "Travaux" in told


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"until": "for ever"}, "until"),
        ({"until": "date"}, "on"),
        ({"until": "date", "on": "soon"}, "on"),
        ({"until": "date", "on": "01/01/2020"}, "on"),
        ({"until": "date", "on": "today", "at": "25:00"}, "at"),
        ({"until": "date", "on": "today", "at": "0:00"}, "at"),
        ({"until": "rest_of_day", "reason": "x" * 121}, "reason"),
        ({"plan": "1", "starts_on": "later", "ends_on": "today"}, "ends_on"),
        ({"plan": "1", "starts_on": "later", "ends_on": "later", "starts_time": "12", "ends_time": "11"}, "ends_time"),
        ({"plan": "1", "ends_on": "today"}, "starts_on"),
        ({"plan": "1", "starts_on": "today"}, "ends_on"),
        ({"plan": "1", "starts_on": "01/01/2020", "ends_on": "today"}, "starts_on"),
    ],
)
def test_an_outage_that_cannot_be_is_refused_beside_its_field_and_nothing_is_lost(
    office: Client, open_salon: Business, typed: dict[str, str], field: str
) -> None:
    days = {"today": date_text(today(open_salon)), "later": date_text(today(open_salon) + 5 * DAY)}
    sent = {name: days.get(value, value) for name, value in {"reason": "Panne", **typed}.items()}
    answer = office.post(url(open_salon, more="outages/new"), sent, headers=HTMX)
    assert answer.status_code == 422
    form = answer.context["planned_form" if "plan" in typed else "form"]
    assert list(form.errors) == [field]
    assert sent["reason"] in answer.content.decode()
    assert not outages(open_salon)


def test_the_visits_in_the_period_are_counted_and_stand(office: Client, open_salon: Business) -> None:
    """(C3)"""
    with open_organisation(open_salon.organisation):
        visit = open_salon.book("haircut", at="10:00")
        open_salon.book("colour", at="10:00", member="max", customer="omar")
    last = date_text(open_salon.day)
    told = text(office, url(open_salon, more="outages/new"), data={"until": "date", "on": last})
    assert "1 visit is booked in this time. It stands." in told
    assert "0 visits" in text(
        office, url(open_salon, more="outages/new"), data={"until": "date", "on": last, "at": "10"}
    )
    typed = {"until": "date", "on": last}
    preview = office.post(url(open_salon, more="outages/new"), typed, headers=HTMX)
    assert "1 visit is affected." in preview.content.decode()
    assert not outages(open_salon)
    seen = {**typed, "impact": preview.context["impact"].digest}
    assert office.post(url(open_salon, more="outages/new"), seen).status_code == 303
    assert outages(open_salon)
    visit.refresh_from_db()
    assert visit.is_open


def test_an_outage_is_ended_now_and_a_planned_one_taken_back(office: Client, open_salon: Business) -> None:
    with open_organisation(open_salon.organisation):
        haircut, now = open_salon.services["haircut"], open_salon.now
        current = add_outage(open_salon.system, haircut, now - DAY, now + DAY)
        planned = add_outage(open_salon.system, haircut, now + 5 * DAY, now + 6 * DAY)
    assert "End now" in text(office, url(open_salon))
    for outage in (current, planned):
        office.post(url(open_salon, more=f"outages/{outage.public_id}/end"))
    assert [row.public_id for row in outages(open_salon)] == [current.public_id]
    told = office.get(url(open_salon), headers=HTMX).content.decode()
    assert "Temporarily unavailable" not in told.split("service-history")[0]
    assert office.post(url(open_salon, "colour", f"outages/{current.public_id}/end")).status_code == 404


# Not in use, and back.


def test_not_in_use_is_asked_once_done_and_taken_back(office: Client, open_salon: Business) -> None:
    asked = office.get(url(open_salon, more="not-in-use"), headers={**HTMX, "HX-Target": "dialog-place"})
    assert asked.headers["HX-Retarget"] == "#dialog-place"
    assert "<dialog" in asked.content.decode()
    assert "Yes, mark as not in use" in asked.content.decode()
    assert made(open_salon, "Coupe").in_use
    told = office.post(url(open_salon, more="not-in-use"), headers=HTMX).content.decode()
    assert "Not in use" in told
    assert 'id="service-available"' in told
    assert 'id="service-book"' not in told
    office.post(url(open_salon, more="availability"))
    assert made(open_salon, "Coupe").in_use


def test_where_something_is_missing_the_form_opens_at_it(office: Client, open_salon: Business) -> None:
    with open_organisation(open_salon.organisation):
        mark_not_in_use(open_salon.system, open_salon.services["haircut"])
        ServiceMember.objects.filter(service=open_salon.services["haircut"]).delete()
    answer = office.post(url(open_salon, more="availability"), headers=HTMX)
    assert answer.status_code == 422
    form = answer.context["form"]
    assert list(form.errors) == ["members"]
    assert (form["state"].value(), form["name"].value()) == ("available", "Coupe")
    assert answer.context["action"] == url(open_salon, more="edit")
    assert not made(open_salon, "Coupe").in_use


# The bin.


def test_delete_is_asked_once_and_leads_to_the_bin_from_which_it_comes_back(
    office: Client, open_salon: Business
) -> None:
    assert "60 days" in text(office, url(open_salon, more="deletion"))
    answer = office.post(url(open_salon, more="deletion"), headers=HTMX)
    assert answer.headers["HX-Redirect"] == open_salon.url("services/bin/")
    assert office.get(url(open_salon)).status_code == 404
    told = text(office, open_salon.url("services/bin/"))
    assert "Coupe" in told
    assert "59 days left" in told or "60 days left" in told
    answer = office.post(url(open_salon, more="restoration"))
    assert answer.headers["Location"] == url(open_salon)
    assert office.get(url(open_salon)).status_code == 200
    assert "The bin is empty" in text(office, open_salon.url("services/bin/"))


def test_with_visits_to_come_not_in_use_is_offered_instead(office: Client, open_salon: Business) -> None:
    with open_organisation(open_salon.organisation):
        open_salon.book("haircut", at="10:00")
        open_salon.book("haircut", at="11:00")
    answer = office.post(url(open_salon, more="deletion"), headers=HTMX)
    assert answer.status_code == 409
    told = answer.content.decode()
    assert "2 coming visits" in told
    assert url(open_salon, more="not-in-use") in told
    assert office.get(url(open_salon)).status_code == 200
    assert office.post(url(open_salon, more="deletion")).status_code == 409


def test_what_was_deleted_too_long_ago_is_gone(office: Client, open_salon: Business) -> None:
    office.post(url(open_salon, more="deletion"))
    with open_organisation(open_salon.organisation):
        Service.objects.filter(name="Coupe").update(deleted_at=open_salon.now - 61 * DAY)
    assert "Coupe" not in text(office, open_salon.url("services/bin/"), headers=HTMX)
    assert office.post(url(open_salon, more="restoration")).status_code == 404


# The image.


def image_address(business: Business, size: str = "large") -> str:
    with open_organisation(business.organisation):
        found = Picture.objects.select_related("service").get()
        return business.url(f"services/{found.service.public_id}/pictures/{found.public_id}/{size}")


def test_the_image_is_kept_by_one_browser_for_ever_and_is_nothing_but_an_image(
    office: Client, open_salon: Business
) -> None:
    change(open_salon, image=picture("PNG"))
    for size in ("small", "medium", "large"):
        answer = office.get(image_address(open_salon, size))
        assert answer.status_code == 200
        assert answer.content.startswith(b"RIFF")
        assert answer.headers["Content-Type"] == "image/webp"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Disposition"] == f'inline; filename="service-{size}.webp"'
        control = answer.headers["Cache-Control"]
        assert all(word in control for word in ("private", "immutable", "max-age=31536000"))
        assert "public" not in control


def test_an_image_that_is_not_there_or_not_yours_is_not_found(
    office: Client, open_salon: Business, open_garage: Business
) -> None:
    """(L5)"""
    change(open_salon, image=picture("PNG"))
    right = image_address(open_salon)
    own, picture_id = open_salon.services["haircut"].public_id, right.split("/")[-2]
    other = str(open_salon.services["colour"].public_id)
    for wrong in (
        right.replace("/large", "/huge"),
        right.replace("/large", "/service_id"),
        right.replace(str(own), other),
        right.replace(picture_id, other),
        right.replace("/o/salon/", "/o/garage/"),
    ):
        assert office.get(wrong).status_code == 404, wrong
    stranger = Client()
    stranger.force_login(open_garage.user("alice"))
    assert stranger.get(right).status_code == 404
    assert stranger.get(right.replace("/o/salon/", "/o/garage/")).status_code == 404
    assert Client().get(right).status_code == 302
    office.post(url(open_salon, more="deletion"))
    assert office.get(right).status_code == 404


def test_who_may_not_see_services_sees_no_image(open_salon: Business, client: Client) -> None:
    """(L5)"""
    change(open_salon, image=picture("PNG"))
    client.force_login(open_salon.user("lea"))
    assert client.get(image_address(open_salon)).status_code == 200
    with open_organisation(open_salon.organisation):
        Profile.objects.filter(key="provider").update(permissions=["appointments.see"])
    assert client.get(image_address(open_salon)).status_code in (403, 404)
