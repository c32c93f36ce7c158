"""What a service costs: with whom, for how long, by the hour, with what else; in detail."""

from __future__ import annotations

from dataclasses import replace

import pytest

from carnet.catalogue.actions import create_service
from carnet.catalogue.details import AddOnDetails, ServiceDetails, details_of
from carnet.catalogue.models import AddOn, Service, Tax
from carnet.catalogue.prices import amount_of, extra_of, lowest_price, lowest_with, price_of
from tests.cast import Business


def make(salon: Business, **more: object) -> Service:
    """Return a massage of an hour for 60, by Léa for 72 and by Max, 30 to 90 minutes."""
    lea, max_ = salon.members["lea"], salon.members["max"]
    details = ServiceDetails(
        "Massage",
        60,
        6000,
        shortest=30,
        longest=90,
        members=[lea, max_],
        member_prices={lea.pk: 7200},
        taxes=[Tax.objects.get()],
        add_ons=[AddOnDetails("Huile", 0, 500), AddOnDetails("Pieds", 15, 1500)],
        owner=salon.members["alice"],
    )
    return create_service(salon.system, replace(details, **more))  # type: ignore[arg-type]


def test_a_member_s_price_takes_the_place_of_the_service_s(salon: Business) -> None:
    massage = make(salon)
    assert amount_of(massage) == amount_of(massage, member=salon.members["max"]) == 6000
    assert amount_of(massage, member=salon.members["lea"]) == 7200
    assert amount_of(massage, member=salon.members["bea"]) == 6000


@pytest.mark.parametrize(
    ("minutes", "amount", "with_lea"), [(30, 3500, 4700), (45, 3500, 4700), (60, 6000, 7200), (90, 8500, 9700)]
)
def test_a_length_costs_the_price_it_has_reached(salon: Business, minutes: int, amount: int, with_lea: int) -> None:
    """A dearer member is dearer by the same at every length."""
    massage = make(salon, length_prices={30: 3500, 60: 6000, 90: 8500})
    assert amount_of(massage, minutes) == amount
    assert amount_of(massage, minutes, salon.members["lea"]) == with_lea


def test_shorter_than_the_first_length_with_a_price_costs_the_service_s(salon: Business) -> None:
    massage = make(salon, length_prices={90: 8500})
    assert amount_of(massage, 30) == 6000
    assert amount_of(massage, 90) == 8500


def test_no_sum_of_prices_is_below_nothing(salon: Business) -> None:
    massage = make(salon, member_prices={salon.members["lea"].pk: 1000}, length_prices={30: 3500, 60: 6000})
    assert amount_of(massage, 30, salon.members["lea"]) == 0


@pytest.mark.parametrize(("minutes", "amount"), [(180, 28500), (200, 31667), (360, 57000), (25, 3958), (5, 792)])
def test_by_the_hour_every_minute_counts_and_halves_are_rounded_up(salon: Business, minutes: int, amount: int) -> None:
    garden = make(salon, hourly=True, price=9500, member_prices={})
    assert amount_of(garden, minutes) == amount


def test_by_the_hour_a_member_has_a_rate_of_her_own(salon: Business) -> None:
    garden = make(salon, hourly=True, price=9500, member_prices={salon.members["lea"].pk: 12000})
    assert amount_of(garden, 90, salon.members["lea"]) == 18000


def test_add_ons_add_their_price_whatever_the_length(salon: Business) -> None:
    massage = make(salon, length_prices={90: 8500})
    extras = [extra_of(add_on) for add_on in AddOn.objects.all()]
    assert amount_of(massage, 90, salon.members["lea"], extras) == 9700 + 500 + 1500
    price = price_of(salon.organisation, massage, 90, salon.members["lea"], extras)
    assert price.total == 11_700
    assert price.net + sum(tax.amount for tax in price.taxes) == price.total


def test_before_tax_the_tax_comes_on_top(salon: Business) -> None:
    salon.organisation.prices_include_tax = False
    massage = make(salon)
    price = price_of(salon.organisation, massage, member=salon.members["lea"])
    assert (price.net, price.total) == (7200, 8640)


@pytest.mark.parametrize(
    ("more", "least", "varies"),
    [
        ({}, 6000, True),
        ({"member_prices": {}}, 6000, False),
        ({"length_prices": {30: 3500, 60: 6000}}, 3500, True),
        ({"member_prices": {}, "length_prices": {120: 9000}}, 6000, False),
        ({"hourly": True, "member_prices": {}}, 3000, True),
        ({"hourly": True, "member_prices": {}, "shortest": None, "longest": None}, 6000, False),
    ],
)
def test_the_lowest_price_is_that_of_some_visit_without_add_ons(
    salon: Business, more: dict[str, object], least: int, varies: bool
) -> None:
    price, dearer = lowest_price(salon.organisation, make(salon, **more))
    assert (price.total, dearer) == (least, varies)


def test_where_each_member_has_a_price_the_service_s_own_is_nobody_s(salon: Business) -> None:
    prices = {salon.members["lea"].pk: 7200, salon.members["max"].pk: 6600}
    price, varies = lowest_price(salon.organisation, make(salon, member_prices=prices))
    assert (price.total, varies) == (6600, True)


def test_the_least_among_some_members_is_theirs(salon: Business) -> None:
    massage = make(salon)
    people = [salon.members["lea"], salon.members["max"]]
    price, varies = lowest_with(salon.organisation, massage, 60, people)
    assert (price.total, varies) == (6000, True)
    price, varies = lowest_with(salon.organisation, massage, 60, people[:1])
    assert (price.total, varies) == (7200, False)
    assert lowest_with(salon.organisation, massage, 60, [])[0].total == 6000


def test_prices_are_read_back_as_they_were_typed(salon: Business) -> None:
    typed = details_of(make(salon, length_prices={30: 3500, 90: 8500}))
    assert typed.member_prices == {salon.members["lea"].pk: 7200}
    assert typed.length_prices == {30: 3500, 90: 8500}
    assert [(one.name, one.minutes, one.price) for one in typed.add_ons] == [("Huile", 0, 500), ("Pieds", 15, 1500)]
