"""Stretches of time, and sets of them."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.scheduling.spans import Span, Spans, complement, intersect, merge, overlapping, subtract

from .law import law

START = datetime(2026, 6, 16, 8, tzinfo=UTC)


def hours(start: int, end: int) -> Span:
    return Span(START + timedelta(hours=start), START + timedelta(hours=end))


any_span = st.tuples(st.integers(0, 30), st.integers(1, 8)).map(lambda pair: hours(pair[0], pair[0] + pair[1]))
any_spans = st.lists(any_span, max_size=8).map(merge)


def hours_of(spans: Spans) -> set[int]:
    return {hour for hour in range(-5, 45) for span in spans if span.contains(START + timedelta(hours=hour))}


def is_tidy(spans: Spans) -> bool:
    return all(before.end < after.start for before, after in itertools.pairwise(spans))


def test_a_span_without_time_zone_is_refused():
    with pytest.raises(ValueError):
        Span(datetime(2026, 6, 16, 8), datetime(2026, 6, 16, 9))  # noqa: DTZ001


def test_a_span_of_wall_times_is_refused_for_it_would_be_an_hour_wrong_twice_a_year():
    paris = ZoneInfo("Europe/Paris")
    with pytest.raises(ValueError):
        Span(datetime(2026, 3, 29, 1, tzinfo=paris), datetime(2026, 3, 29, 4, tzinfo=paris))


def test_a_span_that_does_not_last_is_refused():
    with pytest.raises(ValueError):
        Span(START, START)
    with pytest.raises(ValueError):
        hours(2, 1)


def test_spans_that_touch_do_not_overlap():
    assert not hours(0, 1).overlaps(hours(1, 2))
    assert not hours(1, 2).overlaps(hours(0, 1))
    assert hours(0, 2).overlaps(hours(1, 3))


def test_a_span_contains_its_start_and_not_its_end():
    assert hours(0, 1).contains(START)
    assert not hours(0, 1).contains(START + timedelta(hours=1))
    assert hours(0, 3).contains(hours(0, 3))
    assert not hours(0, 3).contains(hours(2, 4))


def test_touching_spans_become_one():
    assert merge([hours(2, 3), hours(0, 1), hours(1, 2)]) == (hours(0, 3),)


@law(100)
@given(st.lists(any_span, max_size=8))
def test_merging_keeps_every_instant_and_is_tidy(spans):
    assert hours_of(merge(spans)) == hours_of(tuple(spans))
    assert is_tidy(merge(spans))


@law(150)
@given(any_spans, any_spans)
def test_sets_of_spans_behave_as_sets_of_instants(a, b):
    assert hours_of(intersect(a, b)) == hours_of(a) & hours_of(b)
    assert hours_of(subtract(a, b)) == hours_of(a) - hours_of(b)
    assert is_tidy(intersect(a, b))
    assert is_tidy(subtract(a, b))


@law(100)
@given(any_spans, any_span)
def test_what_is_in_a_stretch_and_what_is_missing_make_it_whole(spans, within):
    inside = intersect(spans, (within,))
    assert merge([*inside, *complement(spans, within)]) == (within,)
    assert overlapping(spans, within) == tuple(span for span in spans if span.overlaps(within))
