"""Wall clocks: what weekly hours and local days are on the days when clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.scheduling.hours import (
    LocalTime,
    NoSuchTime,
    day_span,
    instant,
    is_ambiguous,
    local,
    open_spans,
    starts_on_grid,
    to_zone,
)
from carnet.scheduling.spans import Span, merge

from .cast import PARIS, WEEK, at, minutes
from .law import law
from .reference import MINUTE, minutes_of_utc, wall_clock
from .strategies import CHANGES, changes, places, weekly_hours

SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
ROUND_THE_CLOCK = dict.fromkeys(range(7), ((0, 1440),))


def utc(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.min, UTC) + timedelta(minutes=minutes(clock))


def starts(span: Span, zone: str, grid: int) -> list[datetime]:
    return [datetime.fromtimestamp(second, UTC) for second in starts_on_grid(span, zone, grid)]


class TestInstants:
    def test_a_time_that_the_clocks_jump_over_does_not_exist(self):
        """(B1)"""
        with pytest.raises(NoSuchTime):
            instant(SPRING, minutes("2:30"), PARIS)
        with pytest.raises(NoSuchTime):
            instant(SPRING, minutes("2:30"), PARIS, fold=1)
        assert instant(SPRING, minutes("3:00"), PARIS) == utc(SPRING, "1:00")

    def test_a_time_that_happens_twice_is_two_instants(self):
        """(B2)"""
        assert instant(AUTUMN, minutes("2:30"), PARIS) == utc(AUTUMN, "0:30")
        assert instant(AUTUMN, minutes("2:30"), PARIS, fold=1) == utc(AUTUMN, "1:30")

    def test_minutes_past_midnight_belong_to_the_next_day(self):
        """(B12)"""
        assert instant(date(2028, 2, 28), minutes("25:00"), PARIS) == instant(date(2028, 2, 29), 60, PARIS)
        assert instant(date(2026, 12, 31), 1440, PARIS) == utc(date(2026, 12, 31), "23:00")

    def test_the_wall_clock_says_which_of_two_it_is(self):
        assert local(utc(AUTUMN, "0:30"), PARIS) == LocalTime(AUTUMN, time(2, 30), 0)
        assert local(utc(AUTUMN, "1:30"), PARIS) == LocalTime(AUTUMN, time(2, 30), 1)
        assert to_zone(utc(AUTUMN, "1:30"), PARIS).isoformat() == "2026-10-25T02:30:00+01:00"

    def test_only_repeated_times_are_ambiguous(self):
        assert is_ambiguous(utc(AUTUMN, "0:00"), PARIS)
        assert is_ambiguous(utc(AUTUMN, "1:59"), PARIS)
        assert not is_ambiguous(utc(AUTUMN, "2:00"), PARIS)
        assert not is_ambiguous(utc(SPRING, "1:00"), PARIS)

    @law(100)
    @given(places, st.integers(0, 3 * 1440))
    def test_an_instant_is_found_again_by_what_the_wall_clock_shows(self, place, minute):
        """(B4, B5)"""
        zone, day = place
        there = utc(day, "0:00") - timedelta(days=1) + minute * MINUTE
        shown = local(there, zone)
        sought = instant(shown.date, shown.time.hour * 60 + shown.time.minute, zone, shown.fold)
        assert sought + timedelta(seconds=shown.time.second) == there


class TestDays:
    def test_days_of_23_and_25_hours(self):
        """(B3)"""
        assert day_span(SPRING, PARIS).length == timedelta(hours=23)
        assert day_span(AUTUMN, PARIS).length == timedelta(hours=25)
        assert day_span(date(2026, 10, 4), "Australia/Lord_Howe").length == timedelta(hours=23, minutes=30)
        assert day_span(SPRING, "Antarctica/Troll").length == timedelta(hours=22)

    @pytest.mark.parametrize(
        ("zone", "day"),
        [
            ("Africa/Cairo", date(2026, 4, 24)),
            ("America/Havana", date(2026, 3, 8)),
            ("Asia/Beirut", date(2026, 3, 29)),
            ("America/Santiago", date(2026, 9, 6)),
            ("Atlantic/Azores", date(2026, 3, 29)),
        ],
    )
    def test_a_day_whose_midnight_is_skipped_begins_at_one(self, zone, day):
        """(B4)"""
        span = day_span(day, zone)
        assert local(span.start, zone) == LocalTime(day, time(1), 0)
        assert span.length == timedelta(hours=23)
        assert day_span(day - timedelta(days=1), zone).end == span.start

    def test_a_day_that_a_zone_left_out_does_not_exist(self):
        with pytest.raises(NoSuchTime):
            day_span(date(2011, 12, 30), "Pacific/Apia")

    @law(50)
    @given(changes, st.integers(-3, 3))
    def test_days_follow_each_other_and_hold_all_that_their_date_shows(self, place, shift):
        """(B4, B5)"""
        zone, day = place
        day += timedelta(days=shift)
        span = day_span(day, zone)
        assert span.end == day_span(day + timedelta(days=1), zone).start
        shown = {minute for minute in minutes_of_utc(day, day) if wall_clock(minute, zone).date() == day}
        assert shown == {minute for minute in minutes_of_utc(day, day) if span.contains(minute)}


class TestOpeningHours:
    def test_a_week_with_its_lunch_break_and_its_sunday(self):
        spans = open_spans(WEEK, date(2026, 6, 20), date(2026, 6, 22), PARIS)
        assert [(to_zone(span.start, PARIS).strftime("%a %H:%M"), span.length) for span in spans] == [
            ("Sat 09:00", timedelta(hours=4)),
            ("Sat 14:00", timedelta(hours=4)),
            ("Mon 09:00", timedelta(hours=4)),
            ("Mon 14:00", timedelta(hours=4)),
        ]

    def test_closing_time_is_wall_time_on_the_days_when_clocks_change(self):
        """(B3)"""
        night = {6: ((0, 360),)}
        (spring,) = open_spans(night, SPRING, SPRING, PARIS)
        (autumn,) = open_spans(night, AUTUMN, AUTUMN, PARIS)
        assert local(spring.end, PARIS).time == local(autumn.end, PARIS).time == time(6)
        assert (spring.length, autumn.length) == (timedelta(hours=5), timedelta(hours=7))

    def test_hours_past_midnight_belong_to_the_evening_they_begin_in(self):
        """(B12)"""
        bar = {4: ((1320, 1560),)}
        friday, saturday = date(2026, 6, 19), date(2026, 6, 20)
        evening = (Span(at("22:00", friday), at("2:00", saturday)),)
        assert open_spans(bar, friday, friday, PARIS) == evening
        assert open_spans(bar, saturday, saturday, PARIS) == evening
        assert open_spans(bar, saturday, saturday, PARIS, closed_on=[saturday]) == evening
        assert open_spans(bar, friday, saturday, PARIS, closed_on={friday}) == ()

    def test_dated_hours_replace_the_weekly_ones_even_on_a_closed_day(self):
        sunday, monday = date(2026, 6, 21), date(2026, 6, 22)
        dated = {sunday: ((600, 720),), monday: ()}
        assert open_spans(WEEK, sunday, monday, PARIS, closed_on=[sunday], dated=dated) == (
            Span(at("10:00", sunday), at("12:00", sunday)),
        )

    def test_an_edge_that_the_clocks_jump_over_moves_to_the_end_of_the_jump(self):
        (span,) = open_spans({6: ((150, 240),)}, SPRING, SPRING, PARIS)
        assert span == Span(at("3:00", SPRING), at("4:00", SPRING))
        (span,) = open_spans({6: ((60, 150),)}, SPRING, SPRING, PARIS)
        assert span == Span(at("1:00", SPRING), at("3:00", SPRING))
        assert open_spans({6: ((125, 175),)}, SPRING, SPRING, PARIS) == ()

    def test_a_repeated_opening_is_the_first_and_a_repeated_closing_the_second(self):
        (span,) = open_spans({6: ((135, 165),)}, AUTUMN, AUTUMN, PARIS)
        assert span == Span(at("2:15", AUTUMN), at("2:45", AUTUMN, fold=1))

    @pytest.mark.parametrize("window", [(-5, 60), (1440, 1500), (60, 60), (120, 60), (600, 2041)])
    def test_windows_that_make_no_sense_are_refused(self, window):
        with pytest.raises(ValueError):
            open_spans({0: (window,)}, SPRING, SPRING, PARIS)

    @law(60)
    @given(places)
    def test_round_the_clock_leaves_no_gap_and_keeps_every_day_whole(self, place):
        """(B4, B12)"""
        zone, day = place
        first, last = day - timedelta(days=2), day
        (span,) = open_spans(ROUND_THE_CLOCK, first, last, zone)
        assert span == merge([day_span(first, zone), day_span(first + timedelta(days=1), zone), day_span(day, zone)])[0]

    @law(40)
    @given(changes, weekly_hours, st.integers(-1, 1))
    def test_hours_are_what_somebody_watching_the_clock_would_see(self, place, weekly, shift):
        """(B3, B4, B5)"""
        zone, day = place
        day += timedelta(days=shift)
        shown: dict[datetime, list[datetime]] = {}
        for minute in minutes_of_utc(day - timedelta(days=1), day):
            shown.setdefault(wall_clock(minute, zone), []).append(minute)

        def edge(on: date, clock: int, last: bool) -> datetime:
            sought = datetime.combine(on, time.min) + clock * MINUTE
            while sought not in shown:
                sought += MINUTE
            return shown[sought][-1 if last else 0]

        expected = []
        for on in (day - timedelta(days=1), day):
            for opens, closes in weekly.get(on.weekday(), ()):
                start, end = edge(on, opens, last=False), edge(on, closes, last=True)
                if start < end and (on == day or closes > 1440):
                    expected.append(Span(start, end))
        assert open_spans(weekly, day, day, zone) == merge(expected)


class TestTheGrid:
    def test_a_start_in_the_gap_is_never_offered(self):
        """(B1)"""
        shown = [local(start, PARIS).time for start in starts(day_span(SPRING, PARIS), PARIS, 30)]
        assert time(2) not in shown
        assert time(2, 30) not in shown
        assert len(shown) == 46

    def test_a_repeated_hour_is_offered_twice_as_two_instants(self):
        """(B2)"""
        found = starts(day_span(AUTUMN, PARIS), PARIS, 30)
        assert len(found) == len(set(found)) == 50
        twice = [start for start in found if local(start, PARIS).time == time(2, 30)]
        assert twice == [utc(AUTUMN, "0:30"), utc(AUTUMN, "1:30")]
        havana = day_span(date(2026, 11, 1), "America/Havana")
        assert [local(start, "America/Havana").time for start in starts(havana, "America/Havana", 60)][:3] == [
            time(0),
            time(0),
            time(1),
        ]

    def test_a_quarter_past_is_a_quarter_past_in_kathmandu(self):
        """(B5)"""
        found = starts(day_span(date(2026, 6, 1), "Asia/Kathmandu"), "Asia/Kathmandu", 60)
        assert {local(start, "Asia/Kathmandu").time.minute for start in found} == {0}
        assert {start.minute for start in found} == {15}

    def test_a_grid_that_does_not_divide_the_day_begins_anew_at_midnight(self):
        two_days = Span(at("0:00", date(2026, 6, 16)), at("0:00", date(2026, 6, 18)))
        shown = [local(start, PARIS) for start in starts(two_days, PARIS, 420)]
        assert [one.time for one in shown] == [time(0), time(7), time(14), time(21)] * 2

    @pytest.mark.parametrize("grid", [0, -15, 1441])
    def test_a_grid_is_a_part_of_a_day(self, grid):
        with pytest.raises(ValueError):
            starts_on_grid(day_span(SPRING, PARIS), PARIS, grid)

    @law(40)
    @given(places, st.sampled_from((5, 15, 25, 30, 45, 60, 7)), st.integers(-100_000, 100_000), st.integers(1, 200_000))
    def test_the_grid_is_what_somebody_watching_the_clock_would_count(self, place, grid, shift, length):
        """(B1, B2, B4, B5)"""
        zone, day = place
        start = utc(day, "0:00") + timedelta(seconds=shift)
        span = Span(start, start + timedelta(seconds=length))
        # Long ago, offsets were not whole minutes: watch as often as the wall clock shows a full one.
        odd = (60 - wall_clock(utc(day, "0:00"), zone).second) % 60
        expected = []
        for minute in minutes_of_utc(day - timedelta(days=1), day + timedelta(days=1)):
            for watched in {minute, minute + timedelta(seconds=odd)}:
                shown = wall_clock(watched, zone)
                if span.contains(watched) and shown.second == 0 and (shown.hour * 60 + shown.minute) % grid == 0:
                    expected.append(watched)
        assert starts(span, zone, grid) == expected

    @pytest.mark.parametrize(("zone", "day"), CHANGES)
    def test_no_slot_is_lost_or_told_twice_between_two_days(self, zone, day):
        """(B4)"""
        days = [day + timedelta(days=shift) for shift in (-1, 0, 1)]
        apart = [second for one in days for second in starts_on_grid(day_span(one, zone), zone, 15)]
        whole = Span(day_span(days[0], zone).start, day_span(days[-1], zone).end)
        assert apart == list(starts_on_grid(whole, zone, 15))
        assert all(local(start, zone).date == day for start in starts(day_span(day, zone), zone, 15))

    def test_clocks_that_change_for_a_month_lose_no_slot(self):
        """(B5) Morocco sets its clocks back for Ramadan and forward again a month later."""
        zone = "Africa/Casablanca"
        days = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
        apart = [second for day in days for second in starts_on_grid(day_span(day, zone), zone, 120)]
        assert apart == list(
            starts_on_grid(Span(day_span(days[0], zone).start, day_span(days[-1], zone).end), zone, 120)
        )
