"""The bin: sixty days, and nothing of a visit is lost with its service."""

from __future__ import annotations

from datetime import timedelta

import pytest

from carnet.appointments.actions import cancel_appointment
from carnet.appointments.actions.delete_service import StillBooked, delete_service
from carnet.base.errors import NotPermitted
from carnet.base.scopes import open_organisation
from carnet.base.ticks import declared_ticks
from carnet.catalogue.actions import empty_bin, restore_service
from carnet.catalogue.actions.trash import OutOfTheBin
from carnet.catalogue.background import empty_bins
from carnet.catalogue.models import Service
from carnet.catalogue.queries import KEPT, services_in_bin, services_to_book, visible_services
from carnet.customisation.actions import switch_module
from carnet.customisation.models import Module
from carnet.organisations.models import Activity
from tests.cast import NOW, Business

DAY = timedelta(days=1)


def binned(salon: Business, name: str = "haircut") -> Service:
    return delete_service(salon.access("alice"), salon.services[name])


def test_a_deleted_service_is_nowhere_but_in_the_bin(salon: Business) -> None:
    alice, gone = salon.access("alice"), binned(salon)
    assert gone not in visible_services(alice)
    assert gone not in services_to_book(alice)
    assert gone in services_in_bin(alice)


def test_with_visits_to_come_it_is_refused_and_says_how_many(salon: Business) -> None:
    visits = [salon.book("haircut", at=at) for at in ("10:00", "11:00")]
    with pytest.raises(StillBooked) as caught:
        binned(salon)
    assert caught.value.count == 2
    for visit in visits:
        cancel_appointment(salon.access("alice"), visit, reason="customer")
    assert binned(salon).deleted_at == NOW


def test_a_visit_under_way_counts_and_one_that_is_over_does_not(salon: Business) -> None:
    salon.book("haircut", at="10:00")
    with pytest.raises(StillBooked):
        delete_service(salon.access("alice", salon.at("10:30")), salon.services["haircut"])
    assert delete_service(salon.access("alice", salon.at("12:00")), salon.services["haircut"])


def test_visits_keep_the_name_and_price_of_what_was_deleted(salon: Business) -> None:
    """(C3)"""
    visit = salon.book("haircut")
    cancel_appointment(salon.access("alice"), visit, reason="customer")
    binned(salon)
    assert (visit.segments.get().service_name, visit.segments.get().total) == ("Coupe", 3500)


def test_it_can_be_restored_for_sixty_days_as_it_was(salon: Business) -> None:
    gone = binned(salon)
    last = salon.access("alice", NOW + KEPT - timedelta(seconds=1))
    assert gone in services_in_bin(last)
    restored = restore_service(last, gone)
    assert restored in visible_services(salon.access("alice"))
    assert restored in services_to_book(salon.access("alice"))


def test_after_sixty_days_it_cannot(salon: Business) -> None:
    gone = binned(salon)
    late = salon.access("alice", NOW + KEPT)
    assert gone not in services_in_bin(late)
    with pytest.raises(OutOfTheBin):
        restore_service(late, gone)


def test_the_bin_is_emptied_of_what_was_never_booked(salon: Business) -> None:
    visit = salon.book("haircut")
    cancel_appointment(salon.access("alice"), visit, reason="customer")
    booked, never = binned(salon), binned(salon, "both")
    assert empty_bin(salon.access("alice", NOW + KEPT - DAY)) == 0
    assert empty_bin(salon.access("alice", NOW + KEPT)) == 1
    assert set(Service.objects.filter(pk__in=[booked.pk, never.pk])) == {booked}
    assert Activity.objects.get(kind="service.thrown_away").changes == {"name": ["Coiffage", None]}
    assert visit.segments.get().service_name == "Coupe"


def test_the_worker_empties_each_bin_once_a_day(open_salon: Business, open_garage: Business) -> None:
    ticks = {tick.name: tick.seconds for tick in declared_ticks()}
    assert ticks["carnet.catalogue.background.empty_bins"] == 24 * 60 * 60
    for business in (open_salon, open_garage):
        with open_organisation(business.organisation):
            gone = delete_service(business.system, business.services["both"])
            Service.objects.filter(pk=gone.pk).update(deleted_at=business.now - KEPT - DAY)
    with open_organisation(open_garage.organisation):
        switch_module(open_garage.system, Module.Key.SERVICES, on=False)
    empty_bins()
    with open_organisation(open_salon.organisation):
        assert not Service.objects.filter(name="Coiffage").exists()
    with open_organisation(open_garage.organisation):
        # What is switched off loses nothing.
        assert Service.objects.filter(name="Coiffage").exists()


def test_only_who_may_delete_deletes_sees_the_bin_and_restores(salon: Business) -> None:
    bea, gone = salon.access("bea"), binned(salon, "both")
    for attempt in (
        lambda: delete_service(bea, salon.services["haircut"]),
        lambda: restore_service(bea, gone),
        lambda: services_in_bin(bea),
        lambda: empty_bin(bea),
    ):
        with pytest.raises(NotPermitted):
            attempt()
