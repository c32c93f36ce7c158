"""Bits of time against the plain reading of what they stand for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from carnet.scheduling.spans import Span, merge
from carnet.scheduling.ticks import Ticks, runs

from .law import law

ORIGIN = datetime(2026, 6, 16, tzinfo=UTC)
HOUR = Ticks(int(ORIGIN.timestamp()), 300, 12)


def in_microseconds(start: int, length: int) -> Span:
    begin = ORIGIN + timedelta(microseconds=start)
    return Span(begin, begin + timedelta(microseconds=length))


#: Spans around the hour, some of them sharing an edge with a tick, some missing it by a microsecond.
edges = st.builds(lambda tick, off: tick * 300_000_000 + off, st.integers(-3, 15), st.integers(-1, 1))
any_spans = st.lists(
    st.tuples(edges, edges)
    .filter(lambda pair: pair[0] < pair[1])
    .map(lambda pair: in_microseconds(pair[0], pair[1] - pair[0])),
    max_size=4,
).map(merge)
any_pairs = st.lists(
    st.tuples(st.integers(-900, 4500), st.integers(1, 2000)).map(
        lambda pair: (HOUR.origin + pair[0], HOUR.origin + pair[0] + pair[1])
    ),
    max_size=6,
)


def ticks() -> list[Span]:
    return [Span(ORIGIN + timedelta(minutes=5 * tick), ORIGIN + timedelta(minutes=5 * tick + 5)) for tick in range(12)]


def set_bits(bits: int) -> list[bool]:
    assert 0 <= bits <= HOUR.all
    return [bool(bits >> tick & 1) for tick in range(HOUR.count)]


@law(200)
@given(any_spans)
def test_free_time_is_rounded_inward_and_taken_time_outward(spans):
    assert set_bits(HOUR.inside(spans)) == [any(span.contains(tick) for span in spans) for tick in ticks()]
    assert set_bits(HOUR.outside(spans)) == [not any(span.overlaps(tick) for span in spans) for tick in ticks()]


@law(200)
@given(any_pairs)
def test_claims_at_any_second_are_rounded_outward(pairs):
    expected = []
    for tick in range(12):
        start = HOUR.origin + 300 * tick
        expected.append(not any(since < start + 300 and until > start for since, until in pairs))
    assert set_bits(HOUR.clear_of(pairs)) == expected


@law(100)
@given(st.integers(0, HOUR.all), st.integers(0, 14))
def test_runs_begin_where_enough_ticks_follow(bits, length):
    marks = set_bits(bits)
    expected = [marks[tick : tick + length] == [True] * length for tick in range(12)]
    if length:
        assert set_bits(runs(bits, length)) == expected
    else:
        assert runs(bits, length) == bits


@law(50)
@given(st.integers(0, HOUR.all), st.integers(0, 12), st.integers(1, 5))
def test_marks_are_the_bits_in_order(bits, first, stride):
    asked = range(first, HOUR.count, stride)
    # As a grid is written: its end may lie beyond the last tick, none of its starts does.
    grid = range(first, first + len(asked) * stride, stride)
    assert list(HOUR.marks(bits, asked)) == list(HOUR.marks(bits, grid)) == set_bits(bits)[first::stride]
