"""Absences of a member: noted, ended, taken away; and what day her work has."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from carnet.base.errors import Invalid, NotPermitted
from carnet.organisations.models import Activity
from carnet.resources.actions import add_time_off, end_time_off, set_resource_hours
from carnet.resources.models import TimeOff
from carnet.resources.queries import end_of_morning, times_open_to, working_day
from tests.cast import Business

PARIS = ZoneInfo("Europe/Paris")


def test_an_absence_is_noted_once_however_often_it_is_sent(salon: Business) -> None:
    alice, lea = salon.access("alice"), salon.resource("lea")
    for _again in range(2):
        add_time_off(alice, lea, salon.at("09:00"), salon.at("12:00"), reason="Dentist")
    assert TimeOff.objects.count() == 1
    assert Activity.objects.filter(kind="time_off.added").count() == 1


def test_an_absence_has_an_end_that_lies_ahead_and_within_two_years(salon: Business) -> None:
    alice, lea, at = salon.access("alice"), salon.resource("lea"), salon.at("09:00")
    add_time_off(alice, lea, at, at + timedelta(days=731))
    for starts_at, ends_at in (
        (at, at),
        (at, at - timedelta(hours=1)),
        (alice.now - timedelta(days=2), alice.now),
        (at, at + timedelta(days=731, minutes=1)),
    ):
        with pytest.raises(Invalid) as refused:
            add_time_off(alice, lea, starts_at, ends_at)
        assert list(refused.value.errors) == ["ends_at"]
    with pytest.raises(Invalid):
        add_time_off(alice, lea, at, at + timedelta(days=1), reason="x" * 121)
    assert TimeOff.objects.count() == 1


def test_who_is_back_early_was_absent_until_then(salon: Business) -> None:
    alice, lea = salon.access("alice"), salon.resource("lea")
    begun = add_time_off(alice, lea, alice.now - timedelta(days=1), alice.now + timedelta(days=1))
    planned = add_time_off(alice, lea, salon.at("09:00"), salon.at("12:00"))
    end_time_off(alice, begun)
    end_time_off(alice, planned)
    assert list(TimeOff.objects.values_list("ends_at", flat=True)) == [alice.now]
    end_time_off(salon.access("alice", alice.now + timedelta(days=3)), begun)
    assert TimeOff.objects.get().ends_at == alice.now
    with pytest.raises(NotPermitted):
        end_time_off(salon.access("bea"), begun)


def test_a_provider_with_the_right_to_set_hours_sets_only_those_within_reach(salon: Business) -> None:
    profile = salon.members["lea"].profile
    profile.permissions = [*profile.permissions, "resources.edit"]
    profile.save()
    assert [one.name for one in times_open_to(salon.access("lea"))] == ["Lea"]
    assert {one.name for one in times_open_to(salon.access("alice"))} >= {"Lea", "Max"}


def test_a_day_of_work_is_the_local_day_also_when_clocks_change(salon: Business) -> None:
    """(B3)"""
    spring = working_day(salon.organisation, salon.resource("lea"), date(2026, 3, 29))
    autumn = working_day(salon.organisation, salon.resource("lea"), date(2026, 10, 25))
    assert (spring.end - spring.start, autumn.end - autumn.start) == (timedelta(hours=23), timedelta(hours=25))


def test_a_shift_past_midnight_belongs_to_the_day_on_which_it_began(salon: Business) -> None:
    lea = salon.resource("lea")
    # From 18:00 to 2:00 on Fridays and Saturdays only.
    set_resource_hours(salon.access("alice"), lea, {4: [(18 * 60, 26 * 60)], 5: [(18 * 60, 26 * 60)]})
    friday, saturday, sunday = date(2026, 3, 27), date(2026, 3, 28), date(2026, 3, 29)

    def local(day: date, hour: int) -> datetime:
        return datetime(day.year, day.month, day.day, hour, tzinfo=PARIS)

    first = working_day(salon.organisation, lea, friday)
    assert (first.start, first.end) == (local(friday, 0), local(saturday, 2))
    second = working_day(salon.organisation, lea, saturday)
    # That night the clocks leap from 2:00 to 3:00.
    assert (second.start, second.end) == (local(saturday, 2), local(sunday, 3))
    last = working_day(salon.organisation, lea, sunday)
    assert (last.start, last.end) == (local(sunday, 3), local(sunday + timedelta(days=1), 0))


def test_who_works_without_end_has_plain_days(salon: Business) -> None:
    lea = salon.resource("lea")
    set_resource_hours(salon.access("alice"), lea, dict.fromkeys(range(7), ((720, 2160),)))
    day = working_day(salon.organisation, lea, salon.day)
    assert day.end - day.start == timedelta(days=1)


def test_half_a_day_ends_at_the_break_else_at_noon(salon: Business) -> None:
    lea = salon.resource("lea")
    assert end_of_morning(lea, salon.day) == 13 * 60
    set_resource_hours(salon.access("alice"), lea, {salon.day.weekday(): [(480, 600), (615, 1080)]})
    assert end_of_morning(lea, salon.day) == 12 * 60
