"""What is typed of a service: every rule, and the field beside which it is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from carnet.base.errors import Invalid
from carnet.catalogue.actions import create_service, edit_service
from carnet.catalogue.details import AddOnDetails, ServiceDetails, check, details_of
from carnet.catalogue.models import HIGHEST_PRICE, AddOn, Service
from carnet.organisations.models import Member
from carnet.resources.models import Closure
from tests.cast import Business

NINE, NOON, SIX = 540, 720, 1080


def typed(salon: Business, **more: Any) -> ServiceDetails:
    return replace(ServiceDetails("Balayage", 60, 7000, members=[salon.members["lea"]]), **more)


def refused(salon: Business, **more: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        check(salon.access("alice"), typed(salon, **more))
    return caught.value.errors


def test_a_name_a_duration_and_a_price_with_somebody_to_do_it_are_enough(salon: Business) -> None:
    check(salon.access("alice"), typed(salon))


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "\u202e"}, "name"),
        ({"description": "x" * 4001}, "description"),
        ({"category": "x" * 81}, "category"),
        ({"tags": [f"tag {n}" for n in range(21)]}, "tags"),
        ({"tags": ["x" * 41]}, "tags"),
        ({"place": "moon"}, "place"),
        ({"usual": 4}, "usual"),
        ({"usual": 1445}, "usual"),
        ({"usual": 62}, "usual"),
        ({"shortest": 90, "longest": 60}, "longest"),
        ({"shortest": 70, "longest": 90}, "usual"),
        ({"shortest": 30, "longest": 50}, "usual"),
        ({"shortest": 3, "longest": 90}, "shortest"),
        ({"before": 725}, "before"),
        ({"after": 3}, "after"),
        ({"price": -1}, "price"),
        ({"price": 10**16}, "price"),
        ({"price": HIGHEST_PRICE + 1}, "price"),
        ({"length_prices": {62: 1}}, "length_prices"),
        ({"length_prices": {90: -1}}, "length_prices"),
        ({"hourly": True, "length_prices": {90: 1}}, "length_prices"),
        ({"add_ons": [AddOnDetails("")]}, "add_ons"),
        ({"add_ons": [AddOnDetails("Soin"), AddOnDetails("SOIN")]}, "add_ons"),
        ({"add_ons": [AddOnDetails("Soin", 3)]}, "add_ons"),
        ({"add_ons": [AddOnDetails("Soin", price=-1)]}, "add_ons"),
        ({"add_ons": [AddOnDetails(f"Soin {n}") for n in range(21)]}, "add_ons"),
        ({"offered_from": date(2026, 5, 2), "offered_until": date(2026, 5, 1)}, "offered_until"),
        ({"members": []}, "members"),
        ({"hours": {0: [(NINE, NOON)]}, "dates": {date(2026, 3, 11): [(NINE, NOON)]}}, "dates"),
        ({"hours": {0: [(NINE, NOON), (660, SIX)]}}, "hours"),
        ({"hours": {0: [(NOON, NINE)]}}, "hours"),
        ({"hours": {0: [(NINE, NINE + 30)]}}, "hours"),
        ({"hours": {0: [(NINE, NINE + 62)]}}, "hours"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_its_field(salon: Business, more: dict[str, Any], field: str) -> None:
    assert field in refused(salon, **more)


def test_twenty_dates_are_taken_and_twenty_one_are_not(salon: Business) -> None:
    working = [day for day in (date(2026, 4, 1) + timedelta(days=n) for n in range(60)) if day.weekday() < 5]
    closed = set(Closure.objects.values_list("on", flat=True))
    days = {day: [(NINE, NOON)] for day in working if day not in closed}
    check(salon.access("alice"), typed(salon, dates=dict(list(days.items())[:20])))
    assert "dates" in refused(salon, dates=dict(list(days.items())[:21]))


def test_a_window_as_long_as_the_shortest_duration_is_long_enough(salon: Business) -> None:
    window = {0: [(NINE, NINE + 45)]}
    check(salon.access("alice"), typed(salon, shortest=45, longest=90, hours=window))
    assert "hours" in refused(salon, shortest=50, longest=90, hours=window)


def test_hours_beyond_those_of_the_business_are_refused_with_the_day_and_both_hours(salon: Business) -> None:
    said = refused(salon, hours={5: [(NINE, 1200)]})["hours"]
    assert "9:00–20:00" in said
    assert "9:00–18:00" in said
    assert "Samedi" in said or "Saturday" in said
    assert "dates" in refused(salon, dates={date(2026, 3, 15): [(NINE, NOON)]}), "a Sunday"


def test_a_holiday_among_the_dates_is_named(salon: Business) -> None:
    Closure.objects.create(organisation=salon.organisation, on=date(2026, 9, 9), name="Inventaire")
    assert "Inventaire" in refused(salon, dates={date(2026, 9, 9): [(NINE, NOON)]})["dates"]


def test_somebody_who_has_left_is_named(salon: Business) -> None:
    """(C5)"""
    Member.objects.filter(pk=salon.members["max"].pk).update(active=False)
    assert "Max" in refused(salon, members=[Member.objects.get(pk=salon.members["max"].pk)])["members"]


@pytest.mark.parametrize("more", [{"in_use": False}, {"offered_until": date(2026, 3, 2)}], ids=["not in use", "past"])
def test_what_is_entered_for_the_record_needs_neither_members_nor_business_hours(
    salon: Business, more: dict[str, Any]
) -> None:
    check(salon.access("alice"), typed(salon, members=[], hours={6: [(0, 1440)]}, **more))
    assert {"members", "hours"} <= set(refused(salon, members=[], hours={6: [(0, 1440)]}))


def whole(salon: Business) -> ServiceDetails:
    lea, max_ = salon.members["lea"], salon.members["max"]
    return typed(
        salon,
        shortest=45,
        longest=120,
        members=[lea, max_],
        member_prices={max_.pk: 6000},
        length_prices={90: 9000},
        add_ons=[AddOnDetails("Soin", 15, 1200), AddOnDetails("Massage", 10)],
        taxes=list(details_of(salon.services["haircut"]).taxes),
        category="Couleurs",
        tags=["été", "long"],
        description="Avec rinçage",
        before=5,
        after=10,
        hours={0: [(NINE, NOON), (840, SIX)], 3: [(NINE, SIX)]},
        offered_from=date(2026, 3, 1),
        offered_until=date(2026, 9, 30),
        asks_job_sheet=True,
        owner=salon.members["bea"],
        place="both",
    )


def test_a_service_reads_back_as_it_was_typed(salon: Business) -> None:
    details = whole(salon)
    made = create_service(salon.access("alice"), details)
    found = details_of(Service.objects.get(pk=made.pk))
    assert str(found.category) == "Couleurs"
    kept = [replace(one, public_id=None) for one in found.add_ons]
    assert sorted(found.tags) == sorted(details.tags)
    assert replace(found, category="Couleurs", add_ons=kept, tags=details.tags, needs=()) == details


def test_editing_keeps_the_add_ons_that_are_there(salon: Business) -> None:
    made = create_service(salon.access("alice"), whole(salon))
    before = set(AddOn.objects.filter(service=made).values_list("public_id", flat=True))
    details = details_of(made)
    edit_service(salon.access("alice"), made, replace(details, add_ons=list(details.add_ons)[:1]))
    after = set(AddOn.objects.filter(service=made).values_list("public_id", flat=True))
    assert len(after) == 1
    assert after < before


def test_a_clone_shares_no_row_and_edits_do_not_travel(salon: Business) -> None:
    """(C6)"""
    alice = salon.access("alice")
    original = create_service(alice, whole(salon))
    details = details_of(original)
    copied = replace(details, name="Copie", add_ons=[replace(one, public_id=None) for one in details.add_ons])
    twin = create_service(alice, copied, cloned_from=original)
    edit_service(alice, twin, replace(details_of(twin), price=1, tags=[], hours={}, add_ons=[]))
    assert details_of(Service.objects.get(pk=original.pk)) == details


def test_a_later_change_leaves_what_was_sold(salon: Business) -> None:
    """(C4)"""
    visit = salon.book("haircut")
    haircut = salon.services["haircut"]
    edit_service(salon.access("alice"), haircut, replace(details_of(haircut), name="Autre", price=1, usual=60))
    segment = visit.segments.get()
    assert (segment.service_name, segment.total, segment.minutes) == ("Coupe", 3500, 45)
