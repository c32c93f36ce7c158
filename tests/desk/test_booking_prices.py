"""Add-ons and prices in the booking panel: what is ticked lengthens the visit, and costs what is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client

from carnet.appointments.actions import Booking, book_appointment
from carnet.appointments.availability import Ask
from carnet.appointments.models import Appointment
from carnet.base.scopes import open_organisation
from carnet.catalogue.actions import edit_service
from carnet.catalogue.details import AddOnDetails, details_of
from carnet.catalogue.models import AddOn
from carnet.catalogue.prices import extra_of
from carnet.desk.queries.booking import Panel
from tests.cast import Business
from tests.desk.test_booking import HTMX, filled


@pytest.fixture
def shop(open_salon: Business) -> Iterator[Business]:
    """The salon, where a cut costs more with Léa, and comes with a care or a blow-dry."""
    with open_organisation(open_salon.organisation):
        haircut = open_salon.services["haircut"]
        dearer = replace(
            details_of(haircut),
            member_prices={open_salon.members["lea"].pk: 4500},
            add_ons=[AddOnDetails("Soin", 15, 1200), AddOnDetails("Brushing", 30, 2000)],
        )
        edit_service(open_salon.system, haircut, dearer)
        yield open_salon


@pytest.fixture
def desk(shop: Business, client: Client) -> Client:
    client.force_login(shop.user("bea"))
    return client


def add_on(name: str) -> str:
    return AddOn.objects.get(name=name).public_id_text


def panel(desk: Client, shop: Business, **fields: object) -> Panel:
    answer = desk.post(shop.url("booking/"), filled(shop, **fields), headers=HTMX)
    assert answer.status_code == 200
    found: Panel = answer.context["panel"]
    return found


def test_ticked_add_ons_take_starts_away_and_add_to_the_price(desk: Client, shop: Business) -> None:
    without = panel(desk, shop)
    ticked = panel(desk, shop, **{"add-on-0": [add_on("Soin"), add_on("Brushing")]})
    assert (without.minutes, ticked.minutes) == (45, 90)
    counts = [next(day.count for day in one.days if day.day == shop.day) for one in (without, ticked)]
    assert counts[1] < counts[0]
    assert without.price is not None
    assert ticked.price is not None
    assert (without.price.total, ticked.price.total) == (4500, 7700)
    assert [(one.add_on.name, one.price, one.chosen) for one in ticked.steps[0].add_ons] == [
        ("Soin", 1200, True),
        ("Brushing", 2000, True),
    ]
    assert ticked.lines[0][0] == "Coupe with Soin, Brushing"


def test_the_panel_shows_what_each_add_on_adds(desk: Client, shop: Business) -> None:
    page = desk.get(shop.url("booking/"), filled(shop, **{"add-on-0": add_on("Soin")})).content.decode()
    assert "Add-ons" in page
    assert "+ 15" in page
    assert f'value="{add_on("Soin")}" checked' in page
    assert f'value="{add_on("Brushing")}" checked' not in page


def test_for_anyone_the_price_is_the_least_until_a_start_says_who(desk: Client, shop: Business) -> None:
    """Léa has less to do that day, so she would do it, at her price."""
    with open_organisation(shop.organisation):
        shop.book("colour", at="09:00", member="max")
    open_price = panel(desk, shop, **{"member-0": "", "start": None})
    assert open_price.price is not None
    assert (open_price.price.total, open_price.varies) == (3500, True)
    settled = panel(desk, shop, **{"member-0": "", "start": shop.at("14:00").isoformat()})
    assert settled.price is not None
    assert (settled.price.total, settled.varies) == (4500, False)
    fields = filled(shop, **{"member-0": "", "start": shop.at("14:00").isoformat()})
    assert desk.post(shop.url("appointments/"), fields).status_code == 303
    assert Appointment.objects.latest("pk").total == 4500


def test_a_visit_booked_in_the_panel_holds_its_add_ons(desk: Client, shop: Business) -> None:
    fields = filled(shop, **{"add-on-0": [add_on("Soin")]})
    assert desk.post(shop.url("appointments/"), fields).status_code == 303
    [segment] = Appointment.objects.get().segments.all()
    assert (segment.minutes, segment.total, segment.add_on_names) == (60, 5700, ["Soin"])
    page = desk.get(shop.url(f"appointments/{fields['id']}/")).content.decode()
    assert "Coupe with Soin" in page
    assert "Coupe with Soin" in desk.get(shop.url(f"day/{shop.day}/list/")).content.decode()


def test_a_refusal_keeps_what_is_ticked(desk: Client, shop: Business) -> None:
    with open_organisation(shop.organisation):
        shop.book("haircut", at="10:45")
    fields = filled(shop, **{"add-on-0": [add_on("Soin")], "customer": str(shop.customers["vera"].public_id)})
    answer = desk.post(shop.url("appointments/"), fields)
    assert answer.status_code == 409
    assert [one.chosen for one in answer.context["panel"].steps[0].add_ons] == [True, False]


def test_add_ons_of_another_service_count_as_not_ticked(desk: Client, shop: Business, open_garage: Business) -> None:
    """(K4)"""
    with open_organisation(open_garage.organisation):
        there = open_garage.services["haircut"]
        edit_service(open_garage.system, there, replace(details_of(there), add_ons=[AddOnDetails("Cire", 30, 900)]))
        foreign = add_on("Cire")
    ticked = {"add-on-0": [add_on("Soin"), foreign, "nonsense"], "service-0": str(shop.services["colour"].public_id)}
    shown = panel(desk, shop, **ticked)
    assert shown.minutes == 90
    assert panel(desk, shop, **{"add-on-0": [foreign, "nonsense"]}).minutes == 45


def test_adding_and_dropping_a_service_keeps_the_add_ons_of_the_others(desk: Client, shop: Business) -> None:
    both = {
        "add-on-0": [add_on("Soin")],
        "service-1": str(shop.services["haircut"].public_id),
        "add-on-1": [add_on("Brushing")],
    }
    added = panel(desk, shop, **both, add="1")
    assert [len(step.step.add_ons) for step in added.steps] == [1, 1, 0]
    assert added.minutes == 60 + 75
    dropped = panel(desk, shop, **both, drop="1")
    assert [[one.name for one in step.step.add_ons] for step in dropped.steps] == [["Soin"]]


def test_a_walk_in_is_served_with_its_add_ons(desk: Client, shop: Business) -> None:
    """« Now » books the next minute; whether that is open or not, what is ticked is asked for."""
    fields = filled(shop, **{"add-on-0": [add_on("Soin")], "now": "1"})
    answer = desk.post(shop.url("appointments/"), fields)
    if answer.status_code == 303:
        assert Appointment.objects.get().segments.get().minutes == 60
    else:
        assert answer.context["panel"].minutes == 60


def test_booking_again_takes_the_add_ons_along_and_the_length_without_them(desk: Client, shop: Business) -> None:
    soin = extra_of(AddOn.objects.get(name="Soin"))
    ask = Ask(shop.services["haircut"], None, shop.members["lea"], extras=(soin,))
    booking = Booking(asks=(ask,), start=shop.at("10:00"), customer=shop.customers["vera"])
    visit = book_appointment(shop.access("bea"), booking)
    screen = desk.get(shop.url(f"customers/{shop.customers['vera'].public_id}/")).context["screen"]
    for again in (screen.chosen[0].again, screen.coming[0].again):
        query = parse_qsl(urlsplit(again).query)
        assert ("minutes-0", "45") in query
        assert ("add-on-0", soin.id) in query
    assert screen.coming[0].services == "Coupe with Soin"
    shown = desk.get(screen.coming[0].again).context["panel"]
    assert (shown.minutes, shown.price.total) == (60, visit.total)


def test_a_service_whose_price_varies_is_listed_from_its_least(desk: Client, shop: Business) -> None:
    page = desk.get(shop.url("booking/")).content.decode()
    assert "from €35.00" in page
