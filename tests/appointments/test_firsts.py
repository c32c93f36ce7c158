"""When each service of a catalogue can next be had is what a search for it says first."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from carnet.appointments.availability import Ask, next_slots
from carnet.appointments.firsts import first_free_starts
from carnet.catalogue.actions import add_outage, create_service, mark_not_in_use
from carnet.catalogue.details import ServiceDetails
from carnet.catalogue.models import Service
from carnet.resources.actions import add_time_off
from carnet.resources.models import Resource
from tests.cast import DAY, Business


def offer(business: Business, name: str, minutes: int = 45, **more: Any) -> Service:
    people = [business.members["lea"], business.members["max"]]
    details = ServiceDetails(name, minutes, 1000, members=people)
    return create_service(business.system, replace(details, **more))


def varied(business: Business) -> list[Service]:
    """Return services that differ in each thing that the rules read."""
    zone_now = business.now
    room = Resource.objects.create(organisation=business.organisation, name="Cabine", kind="room")
    lea = business.members["lea"]
    today = DAY - timedelta(days=8)
    made = [
        *business.services.values(),
        offer(business, "Short", 5),
        offer(business, "Longer than a half day", 300),
        offer(business, "With room", needs=[room]),
        offer(business, "Also with room", 60, needs=[room], members=[lea]),
        offer(business, "Buffers", before=30, after=45),
        offer(business, "Only on Fridays", hours={4: [(600, 720)]}),
        offer(business, "On a date", dates={DAY: [(840, 1000)]}),
        offer(business, "From next month", offered_from=today + timedelta(days=31)),
        offer(business, "After two months", offered_from=today + timedelta(days=61)),
        offer(business, "Until yesterday", offered_until=today - timedelta(days=1)),
        offer(business, "Until today", offered_until=today),
        offer(business, "Out for an hour"),
        offer(business, "Out for a month"),
        offer(business, "Out twice", members=[lea]),
        offer(business, "Retired"),
    ]
    by_name = {service.name: service for service in made}
    add_outage(business.system, by_name["Out for an hour"], zone_now, zone_now + timedelta(hours=1, minutes=20))
    add_outage(business.system, by_name["Out for a month"], zone_now, zone_now + timedelta(days=33))
    for day in (0, 2):
        start = zone_now + timedelta(days=day)
        add_outage(business.system, by_name["Out twice"], start, start + timedelta(days=1))
    mark_not_in_use(business.system, by_name["Retired"])
    return list(Service.objects.all())


def busy_days(business: Business) -> None:
    for at in ("09:00", "10:00", "11:00", "12:00"):
        business.book("haircut", at=at, member="lea", day=business.now.date())
        business.book("haircut", at=at, member="max", day=business.now.date() + timedelta(days=1))
    add_time_off(
        business.system,
        business.resource("max"),
        business.now,
        business.now + timedelta(hours=7),
    )


@pytest.mark.parametrize("hours_later", [0, 5, 13, 40, 24 * 24])
def test_each_is_the_first_that_a_search_for_the_service_finds(salon: Business, hours_later: int) -> None:
    """(B9) Outages, periods, own hours, rooms, buffers, absences, visits: one set of rules for list and booking."""
    varied(salon)
    busy_days(salon)
    # Reads on both sides of the change of the clocks at the end of March.
    access = salon.access("bea", salon.now + timedelta(hours=hours_later))
    services = list(Service.objects.all())
    found = first_free_starts(access, services)
    told, searched = {}, {}
    for service in services:
        known, slots = next_slots(access, [Ask(service)], access.now, days=60, limit=1)
        if slots:
            who = known.members[slots[0].providers[0]]
            searched[service.name] = (datetime.fromtimestamp(slots[0].start, salon.zone), who.name)
        if service.pk in found:
            first = found[service.pk]
            told[service.name] = (first.at.astimezone(salon.zone), first.member.name)
    assert told == searched
    assert 12 <= len(told) < len(services)


def test_the_statements_do_not_grow_with_the_services(salon: Business) -> None:
    counts = []
    for more in (0, 40):
        for number in range(more):
            offer(salon, f"Service {number}", 15 + 5 * number)
        access = salon.access("bea")
        services = list(Service.objects.all())
        first_free_starts(access, services)
        with CaptureQueriesContext(connection) as seen:
            assert len(first_free_starts(access, services)) == len(services)
        counts.append(len(seen))
    assert counts == [1, 1]
