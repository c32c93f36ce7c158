"""Wall clocks: weekly hours and local days to instants and back. The only file that knows time zones."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import chain
from typing import TypeAlias
from zoneinfo import ZoneInfo

from carnet.scheduling.seconds import at_seconds, ceil_seconds
from carnet.scheduling.spans import Span, Spans, merge

#: (opens, closes) in wall minutes since local midnight; `closes` beyond 1440 lies on the next day.
Window: TypeAlias = tuple[int, int]
#: Weekday, 0 = Monday, to that day's windows.
WeeklyHours: TypeAlias = Mapping[int, tuple[Window, ...]]

MINUTES_A_DAY = 1440
_SECOND = timedelta(seconds=1)
_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)
# Far below the time between two changes of any zone's offset, so that none goes unseen between two looks.
_LOOK = 3 * 3600


class NoSuchTime(ValueError):
    """The clocks jump over this wall time, or over the whole day."""


@dataclass(frozen=True, slots=True)
class LocalTime:
    """What a wall clock shows; `fold` is 1 the second time it shows it."""

    date: date
    time: time
    fold: int


def to_zone(at: datetime, zone: str) -> datetime:
    """Return the same instant as a datetime in `zone`."""
    return at.astimezone(ZoneInfo(zone))


def local(at: datetime, zone: str) -> LocalTime:
    """Return what the wall clock in `zone` shows at the instant `at`."""
    there = to_zone(at, zone)
    return LocalTime(there.date(), there.time().replace(fold=0), there.fold)


def is_ambiguous(at: datetime, zone: str) -> bool:
    """Tell whether the wall clock in `zone` shows the time of `at` twice."""
    there = to_zone(at, zone)
    return there.utcoffset() != there.replace(fold=1 - there.fold).utcoffset()


def instant(day: date, minutes: int, zone: str, fold: int = 0) -> datetime:
    """Return in UTC when the wall clock shows `minutes` since midnight of `day`; beyond 1440 is the next day.

    `fold` chooses between the two where it happens twice. Raises NoSuchTime where the clocks jump over it.
    """
    wall = _wall(day, minutes)
    at = wall.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)
    if at.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0) != wall:
        raise NoSuchTime(f"the clocks of {zone} jump over {wall.isoformat(' ', 'minutes')}")
    return at


def day_span(day: date, zone: str) -> Span:
    """Return the local day, from its first instant to the first of the next day: 23 or 25 hours when clocks change.

    Raises NoSuchTime for a day that the zone left out whole (Apia, 30 December 2011).
    """
    start, end = _edge(day, 0, zone, fold=0), _edge(day, MINUTES_A_DAY, zone, fold=0)
    if start >= end:
        raise NoSuchTime(f"there was no {day.isoformat()} in {zone}")
    return Span(start, end)


def open_spans(
    weekly: WeeklyHours,
    first: date,
    last: date,
    zone: str,
    *,
    closed_on: Collection[date] = (),
    dated: Mapping[date, Iterable[Window]] | None = None,
) -> Spans:
    """Return when `weekly` hours are open, for all windows that begin on `first` to `last`, both included.

    A window begun the day before `first` counts too, and none is cut at midnight: ask for one day more where a visit
    may run past midnight of `last`. `closed_on` drops the windows that begin on those days; `dated` replaces the
    weekly windows on its days, closed or not. A wall time that the clocks jump over becomes the first instant after
    the jump; of one that happens twice, an opening is the first and a closing the second.

    ValueError unless 0 <= opens < 1440, closes > opens, and no window lasts longer than 24 hours.
    """
    return _open_spans(
        tuple((weekday, _windows(weekly[weekday])) for weekday in sorted(weekly)),
        first,
        last,
        zone,
        frozenset(closed_on),
        tuple((day, _windows(dated[day])) for day in sorted(dated)) if dated else (),
    )


def starts_on_grid(within: Span, zone: str, grid: int) -> tuple[int, ...]:
    """Return, in epoch seconds, every instant of `within` whose wall minutes since midnight are a multiple of `grid`.

    Both occurrences of a repeated time are there, and none of a time that the clocks jump over.
    """
    return tuple(chain.from_iterable(grid_ranges(within, zone, grid)))


@lru_cache(maxsize=256)
def grid_ranges(within: Span, zone: str, grid: int) -> tuple[range, ...]:
    """Return `starts_on_grid` as few ascending ranges: one, unless clocks change or `grid` does not divide the day."""
    if not 1 <= grid <= MINUTES_A_DAY:
        raise ValueError("a grid is 1 to 1440 minutes wide")
    step, day = grid * 60, MINUTES_A_DAY * 60
    ranges: list[range] = []
    for start, end, offset in _steady_stretches(ceil_seconds(within.start), ceil_seconds(within.end), zone):
        # While the offset stays the same, the wall clock is a plain count of seconds, shifted.
        wall, wall_end = start + offset, end + offset
        while wall < wall_end:
            midnight = wall - wall % day
            # A grid that does not divide the day begins anew at each midnight.
            until = wall_end if day % step == 0 else min(wall_end, midnight + day)
            first = midnight - (midnight - wall) // step * step
            if first < until:
                ranges.append(range(first - offset, until - offset, step))
            wall = until
    return tuple(ranges)


def _steady_stretches(start: int, end: int, zone: str) -> Iterator[tuple[int, int, int]]:
    """Yield (start, end, offset) in seconds, so that the zone's offset is constant inside each stretch."""
    while start < end:
        offset, seen, change = _offset(start, zone), start, end
        while seen < end:
            ahead = min(seen + _LOOK, end)
            if _offset(ahead, zone) != offset:
                change = _first_change(seen, ahead, offset, zone)
                break
            seen = ahead
        yield start, change, offset
        start = change


def _first_change(before: int, after: int, offset: int, zone: str) -> int:
    """Return the first second in (before, after] whose offset is no longer `offset`."""
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(middle, zone) == offset:
            before = middle
        else:
            after = middle
    return after


def _offset(seconds: int, zone: str) -> int:
    offset = datetime.fromtimestamp(seconds, ZoneInfo(zone)).utcoffset()
    assert offset is not None  # an aware datetime always has one
    return offset // _SECOND


def _wall(day: date, minutes: int) -> datetime:
    # Add on the local calendar, then convert: one of these days lasts 25 hours.
    return datetime.combine(day, time.min) + minutes * _MINUTE


def _edge(day: date, minutes: int, zone: str, fold: int) -> datetime:
    """Return the instant of a wall time; the first instant after the jump for one that the clocks jump over."""
    try:
        return instant(day, minutes, zone, fold)
    except NoSuchTime:
        # In a gap, fold 0 reads the clock as before the jump (so lands after it), fold 1 as after (so lands before).
        wall = _wall(day, minutes).replace(tzinfo=ZoneInfo(zone))
        before, after = (ceil_seconds(wall.replace(fold=fold).astimezone(UTC)) for fold in (1, 0))
        return at_seconds(_first_change(before, after, _offset(before, zone), zone))


def _windows(windows: Iterable[Window]) -> tuple[Window, ...]:
    checked = tuple((opens, closes) for opens, closes in windows)
    for opens, closes in checked:
        if not 0 <= opens < MINUTES_A_DAY or not opens < closes <= opens + MINUTES_A_DAY:
            raise ValueError(f"no window runs from minute {opens} to minute {closes}")
    return checked


@lru_cache(maxsize=512)
def _open_spans(
    weekly: tuple[tuple[int, tuple[Window, ...]], ...],
    first: date,
    last: date,
    zone: str,
    closed_on: frozenset[date],
    dated: tuple[tuple[date, tuple[Window, ...]], ...],
) -> Spans:
    by_weekday, by_date = dict(weekly), dict(dated)
    spans = []
    day = first - _DAY
    while day <= last:
        windows = by_date.get(day, () if day in closed_on else by_weekday.get(day.weekday(), ()))
        for opens, closes in windows:
            if day < first and closes <= MINUTES_A_DAY:
                continue
            start, end = _edge(day, opens, zone, fold=0), _edge(day, closes, zone, fold=1)
            # A window that lies inside a jump of the clocks does not exist on that day.
            if start < end:
                spans.append(Span(start, end))
        day += _DAY
    return merge(spans)
