"""Whatever day and hour the demo is started: what is seen then, and what is left for the visitor to do."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from carnet.appointments.availability import Ask, next_slots
from carnet.appointments.models import OPEN, Appointment, Status
from carnet.catalogue.queries import services_to_book
from carnet.demo.crew import Crew
from carnet.demo.scene import LEFT, set_scene
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
CLOSED = ["2026-11-22 15:00", "2026-12-25 12:00", "2026-11-24 23:40", "2026-12-25 06:20", "2026-12-24 23:59"]


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
    assert len(to_close(now)) == LEFT


def test_every_hour_of_a_day_shows_what_can_be_true_at_it(open_small_salon: OpenSalon) -> None:
    """A Tuesday on which the salon is open from 8:00 to 20:00, each hour as if the demo were first run at it."""
    midnight = paris("2026-11-24 00:00")
    crew = open_small_salon(midnight)
    opens, closes = paris("2026-11-24 08:00"), paris("2026-11-24 20:00")
    write_day(crew, today(crew, closes) + timedelta(days=1), midnight)
    for minutes in (1, *range(25, 24 * 60, 60), 24 * 60 - 1):
        now = midnight + timedelta(minutes=minutes)
        with transaction.atomic():
            set_scene(crew, now)
            there = visits_today(crew, now)
            about = f"at {minutes // 60}:{minutes % 60:02}"
            assert any(visit.status == Status.COMPLETED and visit.ended_at <= now for visit in there), about
            under_way = [visit for visit in there if visit.status == Status.IN_PROGRESS and visit.ends_at > now]
            coming = [visit for visit in there if visit.status == Status.SCHEDULED and visit.starts_at > now]
            free = first_free(crew, now, now)
            assert len(to_close(now)) == LEFT, about
            if now < closes:
                assert under_way, about
                assert coming, about
                assert free <= max(now, opens) + timedelta(hours=2), about
            else:
                # After closing time only what is over can be told of today; the rest is tomorrow's.
                assert not under_way, about
                assert free <= opens + timedelta(hours=24 + 2), about
            for visit in there:
                assert visit.started_at is None or visit.started_at <= now, about
                assert local(visit.started_at or now, crew.organisation.zone).date == today(crew, now), about
            transaction.set_rollback(True)


@pytest.mark.parametrize("clock", CLOSED)
def test_while_it_is_closed_nobody_is_served_and_the_next_open_day_has_visits_and_a_free_place(
    open_small_salon: OpenSalon, clock: str
) -> None:
    """After closing time, on a Sunday, on a holiday: the past is finished but for two visits, and the book goes on."""
    now = paris(clock)
    crew = open_small_salon(now)
    opening = next_opening(crew.organisation, now)
    assert opening is not None
    write_day(crew, today(crew, opening), now)
    set_scene(crew, now)
    assert Appointment.objects.filter(status=Status.COMPLETED, ends_at__lte=now).exists()
    assert not Appointment.objects.filter(status=Status.IN_PROGRESS).exists()
    assert len(to_close(now)) == LEFT
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
