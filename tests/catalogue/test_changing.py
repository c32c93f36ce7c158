"""Editing, cloning and changing many services: nothing shared, nothing half done, nothing that was sold touched."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import connection
from django.utils import translation

from carnet.appointments.models import Segment
from carnet.base.errors import Invalid, NotPermitted, StaleVersion
from carnet.base.scopes import open_organisation
from carnet.catalogue.actions import (
    SelectionRefused,
    add_outage,
    add_provider,
    change_each,
    change_prices,
    create_service,
    edit_service,
    mark_not_in_use,
)
from carnet.catalogue.details import AddOnDetails, ServiceDetails, details_of
from carnet.catalogue.models import AddOn, Category, Picture, Service, ServiceMember, Tag
from carnet.catalogue.pictures import drawn
from carnet.organisations.models import Activity, Member
from tests.cast import Business, open_business
from tests.pictures import picture


def whole(salon: Business) -> Service:
    """Return a haircut with one of everything."""
    haircut = salon.services["haircut"]
    details = replace(
        details_of(haircut),
        category="Coupes",
        tags=["Court", "Été"],
        member_prices={salon.members["lea"].pk: 3900},
        length_prices={45: 3500},
        add_ons=[AddOnDetails("Soin", 15, 1200)],
        hours={1: [(540, 720)]},
    )
    return edit_service(salon.system, haircut, details, image=drawn(picture()))


def rows_of(service: Service) -> dict[str, set[int]]:
    relations = ("service_members", "service_taxes", "service_tags", "length_prices", "add_ons", "hours")
    found = {name: set(getattr(service, name).values_list("pk", flat=True)) for name in relations}
    return {**found, "picture": {Picture.objects.get(service=service).pk}}


def test_a_clone_shares_no_row_with_its_original(salon: Business) -> None:
    """(C6)"""
    original = whole(salon)
    add_outage(salon.system, original, salon.at("09:00"), salon.at("12:00"))
    clone = create_service(salon.system, details_of(original), cloned_from=original)
    mine, theirs = rows_of(clone), rows_of(original)
    assert all(len(mine[name]) == len(theirs[name]) > 0 for name in mine)
    assert not any(mine[name] & theirs[name] for name in mine)
    assert not clone.outages.exists()
    assert clone.add_ons.get().public_id != original.add_ons.get().public_id


@pytest.mark.parametrize("edited", ["clone", "original"])
def test_edits_do_not_travel_between_a_clone_and_its_original(salon: Business, edited: str) -> None:
    """(C6)"""
    original = whole(salon)
    clone = create_service(salon.system, details_of(original), cloned_from=original)
    changing, other = (clone, original) if edited == "clone" else (original, clone)
    before, rows = details_of(Service.objects.get(pk=other.pk)), rows_of(other)
    emptied = ServiceDetails("Autre", 30, 100, members=[salon.members["max"]], tags=["Long"])
    edit_service(salon.system, changing, emptied, drop_image=True)
    assert details_of(Service.objects.get(pk=other.pk)) == before
    assert rows_of(other) == rows


def test_an_edit_leaves_what_was_sold_as_it_was_sold(salon: Business) -> None:
    """(C4)"""
    haircut = whole(salon)
    edit_service(salon.system, haircut, replace(details_of(haircut), hours={}))
    visit = salon.book("haircut")
    before = Segment.objects.filter(appointment=visit).values().get()
    details = ServiceDetails("Autre", 30, 9900, members=[salon.members["max"]], before=10, after=10)
    edit_service(salon.system, haircut, details)
    mark_not_in_use(salon.system, haircut)
    assert Segment.objects.filter(appointment=visit).values().get() == before


def test_an_edit_tells_in_the_history_what_it_changed_and_nothing_else(salon: Business) -> None:
    haircut = whole(salon)
    edit_service(salon.system, haircut, replace(details_of(haircut), price=4000, tags=["Court"]))
    told = Activity.objects.filter(kind="service.edited").latest("pk").changes
    assert told == {"price": [3500, 4000], "tags": [["Court", "Été"], ["Court"]]}


def test_an_edit_of_a_version_that_is_gone_is_refused(salon: Business) -> None:
    haircut = whole(salon)
    with pytest.raises(StaleVersion):
        edit_service(salon.system, haircut, replace(details_of(haircut), price=1), version=haircut.version - 1)
    assert Service.objects.get(pk=haircut.pk).price == 3500


def test_two_ways_to_write_a_tag_or_a_category_are_one(salon: Business) -> None:
    whole(salon)
    colour = salon.services["colour"]
    details = replace(details_of(colour), tags=[" court", "COURT", "Long  cou"], category=" coupes ")
    edit_service(salon.system, colour, details)
    assert set(Tag.objects.values_list("name", flat=True)) == {"Court", "Été", "Long cou"}
    assert Category.objects.get().name == "Coupes"
    assert {tag.name for tag in colour.tags.all()} == {"Court", "Long cou"}


# A selection


def prices(salon: Business) -> list[int]:
    return list(Service.objects.order_by("pk").values_list("price", flat=True))


def test_prices_of_a_selection_rise_together_half_up(salon: Business) -> None:
    haircut = whole(salon)
    assert change_each(salon.system, [haircut, salon.services["colour"]], change_prices(5)) == 2
    details = details_of(Service.objects.get(pk=haircut.pk))
    assert (details.price, list(details.member_prices.values()), details.length_prices) == (3675, [4095], {45: 3675})
    assert details.add_ons[0].price == 1260
    assert prices(salon) == [3675, 8400, 30000, 4000]


def test_a_visit_booked_after_a_rise_costs_the_new_price_and_one_from_before_the_old(salon: Business) -> None:
    before = salon.book("colour", "09:00", member="lea")
    change_each(salon.system, [salon.services["colour"]], change_prices(5))
    after = salon.book("colour", "14:00", member="lea")
    assert (before.total, after.total) == (8000, 8400)
    before.refresh_from_db()
    assert before.total == 8000


def test_one_that_cannot_be_changed_leaves_all_as_they_were(salon: Business) -> None:
    """With a report that names each that refused, and why (D7)."""
    dear = create_service(salon.system, ServiceDetails("Or", 30, 9 * 10**10, members=[salon.members["lea"]]))
    before, told = prices(salon), Activity.objects.count()
    with translation.override("en"), pytest.raises(SelectionRefused) as refused:
        change_each(salon.system, Service.objects.all(), change_prices(20))
    assert [row.service for row in refused.value.rows] == [dear]
    with translation.override("en"):
        assert refused.value.sentence() == "Nothing was changed: Or: This price is too high."
    assert refused.value.detail()["refused"][0]["service"] == str(dear.public_id)
    assert prices(salon) == before
    assert Activity.objects.count() == told


def test_a_member_is_added_to_those_that_lack_her(salon: Business) -> None:
    max_ = salon.members["max"]
    change_each(salon.system, Service.objects.all(), add_provider(max_))
    for service in Service.objects.all():
        assert [row.member for row in service.service_members.all()].count(max_) == 1
    assert {name: one.version for name, one in versions().items()} == {
        "Coupe": 1,
        "Couleur": 1,
        "Jardin": 1,
        "Coiffage": 2,
    }


def versions() -> dict[str, Service]:
    return {service.name: service for service in Service.objects.all()}


def test_a_member_who_has_left_is_added_nowhere(salon: Business) -> None:
    """(D7)"""
    bea = salon.members["bea"]
    bea.active = False
    bea.save()
    with pytest.raises(SelectionRefused) as refused:
        change_each(salon.system, Service.objects.all(), add_provider(bea))
    assert len(refused.value.rows) == 4
    assert all("Bea" in row.sentence for row in refused.value.rows)


def test_a_service_can_be_changed_though_one_of_its_members_has_left(salon: Business) -> None:
    """(C5) Who has left stays with it, and is there again when she comes back; somebody must be left to provide it."""
    Member.objects.filter(pk=salon.members["max"].pk).update(active=False)
    haircut = salon.services["haircut"]
    change_each(salon.system, [haircut], change_prices(10))
    assert set(ServiceMember.objects.filter(service=haircut).values_list("member__name", flat=True)) == {"Lea", "Max"}
    Member.objects.filter(pk=salon.members["lea"].pk).update(active=False)
    with translation.override("en"), pytest.raises(SelectionRefused) as refused:
        change_each(salon.system, [haircut], change_prices(10))
    assert "1 to 100 members" in refused.value.rows[0].sentence


@pytest.mark.parametrize("percent", [-101, 1001])
def test_a_percentage_beyond_sense_is_refused(percent: int) -> None:
    with pytest.raises(Invalid):
        change_prices(percent)


def test_who_may_not_edit_changes_no_selection(salon: Business) -> None:
    with pytest.raises(NotPermitted):
        change_each(salon.access("bea"), Service.objects.all(), mark_not_in_use)
    assert Service.objects.filter(in_use=True).count() == 4


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_raises_at_once_are_both_counted(transactional_db: None) -> None:
    """Each reads the prices only once it holds the locks."""
    business = open_business("salon")
    start = threading.Barrier(4)

    def rise(number: int) -> int:
        try:
            with open_organisation(business.organisation):
                access = business.access("alice")
                # Some name them forwards, some backwards: nobody waits for another crosswise.
                found = list(Service.objects.order_by("pk" if number % 2 else "-pk"))
                start.wait()
                return change_each(access, found, change_prices(100))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(rise, range(4))) == [4] * 4
    with open_organisation(business.organisation):
        assert prices(business) == [3500 * 16, 8000 * 16, 30000 * 16, 4000 * 16]
        assert AddOn.objects.count() == 0
