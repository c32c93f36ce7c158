"""Whether a service can be had: always derived from its causes, to the second, and every way back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from carnet.appointments.errors import BookingRefused
from carnet.base.errors import Invalid, NotPermitted
from carnet.catalogue.actions import add_outage, end_outage, mark_available, mark_not_in_use
from carnet.catalogue.models import Outage, Service, ServiceMember
from carnet.catalogue.queries import ServiceStatus, services_to_book, standing, visible_services
from carnet.organisations.models import Activity, Member
from tests.cast import NOW, Business

HOUR = timedelta(hours=1)


def status(salon: Business, at: object = None, name: str = "haircut") -> str:
    access = salon.access("alice", at)  # type: ignore[arg-type]
    return standing(access, visible_services(access).get(pk=salon.services[name].pk)).status


def change(salon: Business, **columns: object) -> None:
    Service.objects.filter(pk=salon.services["haircut"].pk).update(**columns)


def test_an_outage_holds_from_its_first_instant_to_the_last_before_its_end(salon: Business) -> None:
    start, end, breath = NOW + HOUR, NOW + 3 * HOUR, timedelta(microseconds=1)
    add_outage(salon.access("alice"), salon.services["haircut"], start, end)
    assert status(salon, start - breath) == ServiceStatus.AVAILABLE
    assert status(salon, start) == ServiceStatus.UNAVAILABLE
    assert status(salon, end - breath) == ServiceStatus.UNAVAILABLE
    assert status(salon, end) == ServiceStatus.AVAILABLE


def test_outages_that_follow_without_a_gap_are_told_as_one(salon: Business) -> None:
    alice, haircut = salon.access("alice"), salon.services["haircut"]
    for first, last in ((2, 4), (0, 1), (1, 2), (6, 7)):
        add_outage(alice, haircut, NOW + first * HOUR, NOW + last * HOUR)
    assert standing(alice, visible_services(alice).get(pk=haircut.pk)).until == NOW + 4 * HOUR


def test_not_in_use_wins_over_ended_over_unavailable_over_upcoming(salon: Business) -> None:
    add_outage(salon.access("alice"), salon.services["haircut"], NOW - HOUR, NOW + HOUR)
    change(salon, offered_from=date(2026, 4, 1))
    assert status(salon) == ServiceStatus.UNAVAILABLE
    assert status(salon, NOW + HOUR) == ServiceStatus.UPCOMING
    change(salon, offered_from=None, offered_until=date(2026, 3, 2))
    assert status(salon) == ServiceStatus.ENDED
    change(salon, in_use=False)
    assert status(salon) == ServiceStatus.NOT_IN_USE


def test_a_season_begins_and_ends_at_midnight_of_the_business(salon: Business) -> None:
    change(salon, offered_from=date(2026, 3, 10), offered_until=date(2026, 3, 11))
    breath = timedelta(microseconds=1)
    first, after = salon.at("00:00", date(2026, 3, 10)), salon.at("00:00", date(2026, 3, 12))
    assert status(salon, first - breath) == ServiceStatus.UPCOMING
    assert status(salon, first) == status(salon, after - breath) == ServiceStatus.AVAILABLE
    assert status(salon, after) == ServiceStatus.ENDED


def test_a_visit_that_touches_an_outage_by_a_minute_is_refused_and_one_after_it_is_not(salon: Business) -> None:
    add_outage(salon.access("alice"), salon.services["haircut"], NOW, salon.at("10:01"))
    with pytest.raises(BookingRefused):
        salon.book("haircut", at="10:00")
    assert salon.book("haircut", at="10:15")


def test_a_visit_that_is_booked_stands_with_its_name_and_price(salon: Business) -> None:
    """(C3)"""
    visit = salon.book("haircut")
    add_outage(salon.access("alice"), salon.services["haircut"], NOW, salon.at("18:00"))
    mark_not_in_use(salon.access("alice"), salon.services["haircut"])
    visit.refresh_from_db()
    assert visit.is_open
    assert (visit.segments.get().service_name, visit.segments.get().total) == ("Coupe", 3500)
    with pytest.raises((BookingRefused, Invalid)):
        salon.book("haircut", at="15:00")


def test_an_outage_that_ends_before_it_begins_or_has_passed_is_refused(salon: Business) -> None:
    alice, haircut = salon.access("alice"), salon.services["haircut"]
    for start, end in ((NOW + HOUR, NOW + HOUR), (NOW + 2 * HOUR, NOW + HOUR), (NOW - 2 * HOUR, NOW - HOUR)):
        with pytest.raises(Invalid):
            add_outage(alice, haircut, start, end)
    with pytest.raises(Invalid):
        add_outage(alice, haircut, NOW, NOW + HOUR, reason="x" * 121)
    assert not Outage.objects.exists()


def test_an_outage_ends_early_at_once_and_a_planned_one_is_taken_back(salon: Business) -> None:
    alice, haircut = salon.access("alice"), salon.services["haircut"]
    begun = add_outage(alice, haircut, NOW - HOUR, NOW + HOUR)
    planned = add_outage(alice, haircut, NOW + 5 * HOUR, NOW + 6 * HOUR)
    end_outage(alice, begun)
    assert status(salon) == ServiceStatus.AVAILABLE
    begun.refresh_from_db()
    assert begun.ends_at == NOW
    end_outage(alice, planned)
    assert not Outage.objects.filter(pk=planned.pk).exists()
    assert Activity.objects.filter(kind="service.available", subject_id=haircut.pk).count() == 2


def test_what_is_over_stays_in_the_history_as_it_was(salon: Business) -> None:
    over = add_outage(salon.access("alice", NOW - 3 * HOUR), salon.services["haircut"], NOW - 2 * HOUR, NOW - HOUR)
    end_outage(salon.access("alice"), over)
    over.refresh_from_db()
    assert over.ends_at == NOW - HOUR


def test_not_in_use_is_not_listed_when_booking_and_comes_back(salon: Business) -> None:
    alice, haircut = salon.access("alice"), salon.services["haircut"]
    mark_not_in_use(alice, haircut)
    assert haircut not in services_to_book(alice)
    assert haircut in visible_services(alice)
    mark_available(alice, haircut)
    assert haircut in services_to_book(alice)


def test_available_again_also_ends_the_outage_of_now_and_no_other(salon: Business) -> None:
    alice, haircut = salon.access("alice"), salon.services["haircut"]
    add_outage(alice, haircut, NOW - HOUR, NOW + HOUR)
    later = add_outage(alice, haircut, NOW + 5 * HOUR, NOW + 6 * HOUR)
    mark_available(alice, haircut)
    assert status(salon) == ServiceStatus.AVAILABLE
    assert status(salon, later.starts_at) == ServiceStatus.UNAVAILABLE


def test_what_a_service_in_use_must_have_is_asked_for_when_it_is_put_back(salon: Business) -> None:
    alice, haircut = salon.access("alice"), salon.services["haircut"]
    mark_not_in_use(alice, haircut)
    ServiceMember.objects.filter(service=haircut).delete()
    with pytest.raises(Invalid) as caught:
        mark_available(alice, haircut)
    assert list(caught.value.errors) == ["members"]
    assert status(salon) == ServiceStatus.NOT_IN_USE
    ServiceMember.objects.create(organisation=salon.organisation, service=haircut, member=salon.members["max"])
    Member.objects.filter(pk=salon.members["max"].pk).update(active=False)
    with pytest.raises(Invalid):
        mark_available(alice, haircut)


def test_only_who_may_edit_marks_a_service(salon: Business) -> None:
    lea, haircut = salon.access("lea"), salon.services["haircut"]
    outage = add_outage(salon.access("alice"), haircut, NOW, NOW + HOUR)
    for attempt in (
        lambda: add_outage(lea, haircut, NOW, NOW + HOUR),
        lambda: end_outage(lea, outage),
        lambda: mark_not_in_use(lea, haircut),
        lambda: mark_available(lea, haircut),
    ):
        with pytest.raises(NotPermitted):
            attempt()
