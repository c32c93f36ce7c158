"""« Pays, langue et devise »: changed later, without moving a visit or a price in silence."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.http import HttpResponse
from django.test import Client

from carnet.appointments.actions.region import Place, change_place
from carnet.appointments.models import Appointment, Claim
from carnet.base.errors import Invalid, StaleVersion
from carnet.base.scopes import open_organisation
from carnet.catalogue.models import Service
from carnet.organisations.actions import create_organisation
from carnet.organisations.models import Activity, Organisation
from tests.cast import Business

ADDRESS = "/o/salon/set-up/region"
TYPED = {
    "country": "FR",
    "region": "",
    "zone": "Europe/Paris",
    "currency": "EUR",
    "language": "fr",
    "first_weekday": "0",
}


def send(business: Business, **typed: str) -> HttpResponse:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(business.user("alice"))
    return client.post(ADDRESS, TYPED | typed)


def test_country_language_and_first_day_are_changed_and_told_in_the_activity(open_salon: Business) -> None:
    assert send(open_salon, country="BE", language="en", first_weekday="6").status_code == 303
    now = Organisation.objects.get()
    assert (now.country, now.language, now.first_weekday, now.currency) == ("BE", "en", 6, "EUR")
    assert "en" in now.languages
    with open_organisation(now):
        changes = Activity.objects.get(kind="organisation.placed").changes
    assert changes["country"] == ["FR", "BE"]
    assert set(changes) == {"country", "language", "first_weekday"}


def test_another_zone_is_shown_with_the_coming_visits_first_and_leaves_their_moments(open_salon: Business) -> None:
    """(C1)"""
    with open_organisation(open_salon.organisation):
        visit = open_salon.book("haircut", at="15:00")
        before = list(Claim.objects.order_by("pk").values_list("starts_at", "ends_at"))
    shown = send(open_salon, zone="Europe/London")
    page = shown.content.decode()
    assert shown.status_code == 200
    assert "1 coming visit keeps its moment" in page
    assert re.search(r"15:00|3:00", page)
    assert Organisation.objects.get().zone == "Europe/Paris"
    assert send(open_salon, zone="Europe/London", seen="something else").status_code == 409
    assert Organisation.objects.get().zone == "Europe/Paris"
    assert send(open_salon, zone="Europe/London", seen=shown.context["seen"]).status_code == 303
    assert Organisation.objects.get().zone == "Europe/London"
    with open_organisation(open_salon.organisation):
        now = Appointment.objects.get()
        assert (now.starts_at, now.zone) == (visit.starts_at, "Europe/Paris")
        assert list(Claim.objects.order_by("pk").values_list("starts_at", "ends_at")) == before


def test_a_visit_booked_meanwhile_is_looked_at_before_the_zone_changes(salon: Business) -> None:
    salon.book("haircut", at="15:00")
    place = Place.of(salon.organisation)
    elsewhere = Place("GB", "", "Europe/London", place.currency, place.language, 0)
    with pytest.raises(StaleVersion):
        change_place(salon.access("alice"), elsewhere)
    assert Organisation.objects.get().zone == "Europe/Paris"


def test_a_currency_with_prices_in_it_stays(open_salon: Business) -> None:
    answer = send(open_salon, currency="CHF")
    assert answer.status_code == 422
    assert "prices in EUR already" in answer.content.decode()
    assert Organisation.objects.get().currency == "EUR"


def test_before_the_first_service_the_currency_can_be_changed(db: None) -> None:
    access = create_organisation(
        name="Empty", country="FR", zone="Europe/Paris", currency="EUR", language="fr", now=datetime.now(UTC)
    )
    with open_organisation(access.organisation):
        assert not Service.objects.exists()
        change_place(access, Place("CH", "", "Europe/Zurich", "CHF", "fr", 0))
    now = Organisation.objects.get()
    assert (now.currency, now.zone, access.organisation.currency) == ("CHF", "Europe/Zurich", "CHF")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("country", "XX"),
        ("region", "QC"),
        ("zone", "Europe/Atlantis"),
        ("currency", "XXZ"),
        ("language", "de"),
        ("first_weekday", 9),
    ],
)
def test_what_is_not_known_is_refused(salon: Business, field: str, value: object) -> None:
    """(G3)"""
    known = {name: getattr(Place.of(salon.organisation), name) for name in Place.__slots__}
    with pytest.raises(Invalid) as refused:
        change_place(salon.access("alice"), Place(**known | {field: value}))
    assert field in refused.value.errors
