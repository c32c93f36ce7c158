"""Whatever day and hour the demo is started: what is seen then, and what is left for the visitor to do."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from carnet.appointments.availability import Ask, next_slots
from carnet.appointments.models import OPEN, Appointment, Status
from carnet.catalogue.queries import services_to_book
from carnet.demo.crew import Crew
from carnet.demo.scene import set_scene
from carnet.demo.writing import today, write_day
from carnet.desk.queries.day import first_open_day
from carnet.resources.queries import next_opening
from carnet.scheduling.hours import day_span, local
from carnet.scheduling.seconds import at_seconds
from tests.demo.conftest import OpenSalon, paris

IN_HOURS = [
    "2026-11-24 10:30",
    "2026-11-24 13:02",
    "2026-11-23 08:40",
    "2026-11-28 17:45",
    "2026-11-27 19:10",
]
OUT_OF_HOURS = ["2026-11-22 15:00", "2026-12-25 12:00", "2026-11-24 23:40", "2026-11-24 04:30"]


def visits_today(crew: Crew, now: datetime) -> list[Appointment]:
    span = day_span(today(crew, now), crew.organisation.zone)
    return list(Appointment.objects.filter(starts_at__gte=span.start, starts_at__lt=span.end))


def to_close(now: datetime) -> list[Appointment]:
    return list(Appointment.objects.filter(ends_at__lte=now, status__in=OPEN))


def first_free(crew: Crew, now: datetime, after: datetime) -> datetime:
    """Return the first start from `after` on at which anything can be booked."""
    access = crew.front_desk(now)
    starts = []
    for service in services_to_book(access):
        _known, slots = next_slots(access, [Ask(service)], after, limit=1)
        starts += [at_seconds(slot.start) for slot in slots]
    return min(starts)


@pytest.mark.parametrize("clock", IN_HOURS)
def test_while_the_salon_is_open_every_kind_of_visit_is_there(open_small_salon: OpenSalon, clock: str) -> None:
    now = paris(clock)
    crew = open_small_salon(now)
    set_scene(crew, now)
    there = visits_today(crew, now)
    assert any(visit.status == Status.COMPLETED for visit in there)
    assert any(visit.status == Status.IN_PROGRESS and visit.starts_at <= now < visit.ends_at for visit in there)
    assert any(visit.status == Status.SCHEDULED and visit.starts_at > now for visit in there)
    assert first_free(crew, now, now) <= now + timedelta(hours=2)
    assert len(to_close(now)) == 2


@pytest.mark.parametrize("clock", OUT_OF_HOURS)
def test_while_it_is_closed_nobody_is_served_and_the_next_open_day_has_visits_and_a_free_place(
    open_small_salon: OpenSalon, clock: str
) -> None:
    """At night, on a Sunday, on a holiday: the past is finished but for two visits, and the book goes on."""
    now = paris(clock)
    crew = open_small_salon(now)
    opening = next_opening(crew.organisation, now)
    assert opening is not None
    write_day(crew, today(crew, opening), now)
    set_scene(crew, now)
    assert Appointment.objects.filter(status=Status.COMPLETED, ends_at__lte=now).exists()
    assert not Appointment.objects.filter(status=Status.IN_PROGRESS).exists()
    assert len(to_close(now)) == 2
    assert Appointment.objects.filter(status=Status.SCHEDULED, starts_at__gte=opening).count() > 10
    assert first_free(crew, now, opening) <= opening + timedelta(hours=2)
    if local(now, crew.organisation.zone).time.hour < 20:
        assert first_open_day(crew.front_desk(now)) == today(crew, opening)


def test_no_visit_is_booked_or_ended_after_the_moment_somebody_looks(open_small_salon: OpenSalon) -> None:
    """Everything was made in its own past: nothing bears a time that has not come."""
    now = paris("2026-11-24 10:30")
    crew = open_small_salon(now)
    set_scene(crew, now)
    for visit in Appointment.objects.all():
        assert visit.created_at <= min(now, visit.starts_at)
        assert visit.ended_at is None or visit.ended_at <= now
        assert visit.started_at is None or visit.started_at <= now
