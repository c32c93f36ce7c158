"""From instants to rows of five minutes and words of the wall clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache

from carnet.desk.queries.day.times import Times
from carnet.desk.queries.day.values import ROW, Closed, Free, Hour, Visit, row_of
from carnet.organisations.access import Access
from carnet.scheduling import hours as wall
from carnet.scheduling.seconds import at_seconds, ceil_seconds
from carnet.scheduling.spans import Span, Spans, complement, intersect, merge
from carnet.scheduling.spans import overlapping as reaching


def drawn_span(times: Times, work: Iterable[Spans], visits: Iterable[list[Visit]]) -> Span | None:
    """Return the full hours from the earliest opening to the latest closing or visit, None if nothing happens."""
    day = times.day
    stretches = [*times.business, *(span for spans in work for span in spans)]
    stretches += [Span(visit.starts_at, visit.ends_at) for column in visits for visit in column]
    within = intersect(merge(stretches), (day,))
    if not within:
        return None
    full_hours = [at_seconds(seconds) for seconds in wall.starts_on_grid(day, times.zone, 60)]
    start, end = within[0].start, within[-1].end
    return Span(
        max((at for at in full_hours if at <= start), default=day.start),
        min((at for at in full_hours if at >= end), default=day.end),
    )


def hours_of(span: Span, zone: str) -> Iterator[Hour]:
    for seconds in wall.starts_on_grid(span, zone, 60):
        at = at_seconds(seconds)
        local = wall.to_zone(at, zone)
        yield Hour(
            row_of(at, span), at, f"{local.hour}:{local:%M}", f"{local:%z}" if wall.is_ambiguous(at, zone) else ""
        )


def on_grid(at: datetime, zone: str, grid: int) -> datetime:
    """Return the first start on the grid that is not before `at`."""
    # Clocks may jump ahead, and a grid need not divide the day: look well beyond one step.
    ahead = wall.starts_on_grid(Span(at_seconds(ceil_seconds(at)), at + timedelta(hours=3, minutes=grid)), zone, grid)
    return at_seconds(ahead[0]) if ahead else at


def free_stretches(free: Spans, span: Span, earliest: datetime, access: Access) -> Iterator[Free]:
    zone, grid = access.organisation.zone, access.organisation.grid
    for stretch in free:
        if stretch.end <= earliest:
            continue
        start = on_grid(max(stretch.start, earliest), zone, grid)
        if stretch.end - start >= 2 * ROW:
            local = wall.to_zone(start, zone)
            yield Free(
                *_place(start, stretch.end, span),
                start,
                stretch.end,
                begins=clock(start, zone),
                finishes=clock(stretch.end, zone),
                start=local.isoformat(),
            )


def closed_stretches(
    at_work: Spans, absences: Sequence[tuple[Span, str]], span: Span, *, told: bool
) -> Iterator[Closed]:
    for stretch in complement(reaching(at_work, span), span):
        yield Closed(*_place(stretch.start, stretch.end, span), stretch.start, stretch.end)
    for absence, reason in absences:
        for stretch in intersect(at_work, intersect((absence,), (span,))):
            yield Closed(
                *_place(stretch.start, stretch.end, span),
                stretch.start,
                stretch.end,
                away=True,
                reason=reason if told else "",
            )


def placed(visit: Visit, span: Span, zone: str) -> Visit:
    row, rows = _place(max(visit.starts_at, span.start), min(visit.ends_at, span.end), span)
    begins, finishes = clock(visit.starts_at, zone), clock(visit.ends_at, zone)
    return replace(visit, row=row, rows=rows, begins=begins, finishes=finishes)


@lru_cache(maxsize=4096)
def clock(at: datetime, zone: str) -> str:
    """Return what the wall clock shows, "9:30", and the offset too where it shows that twice.

    A page says the same few times hundreds of times.
    """
    local = wall.to_zone(at, zone)
    shown = f"{local.hour}:{local:%M}"
    return f"{shown} ({local:%z})" if wall.is_ambiguous(at, zone) else shown


def _place(start: datetime, end: datetime, span: Span) -> tuple[int, int]:
    """Return the row and the number of rows of a stretch; both ends round down, so that neighbours never collide."""
    row = row_of(start, span)
    return row, max(1, row_of(end, span) - row)


def floored(at: datetime) -> datetime:
    """Return the last full five minutes, so that the page changes no more often than its rows."""
    return at_seconds(ceil_seconds(at) // 300 * 300)
