"""Stretches of time, and sets of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import TypeAlias


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From `start`, included, to `end`, excluded; both in `datetime.UTC`. ValueError for anything else."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        # Datetimes of one zone subtract on the wall clock: anything but UTC would be an hour wrong twice a year.
        if self.start.tzinfo is not UTC or self.end.tzinfo is not UTC:
            raise ValueError("a span runs between two instants in datetime.UTC")
        if self.start >= self.end:
            raise ValueError("a span ends after it starts")

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        """Tell whether the two share an instant; spans that only touch do not."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span | datetime) -> bool:
        """Tell whether all of `other` lies inside; the end itself is outside as an instant."""
        if isinstance(other, Span):
            return self.start <= other.start and other.end <= self.end
        return self.start <= other < self.end


#: Sorted, disjoint, and never touching: neighbours that touch are one span.
Spans: TypeAlias = tuple[Span, ...]

_end_of = attrgetter("end")


def merge(spans: Iterable[Span]) -> Spans:
    """Return the instants covered by any of `spans`, which may come in any order and overlap."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end:
            if span.end > merged[-1].end:
                merged[-1] = Span(merged[-1].start, span.end)
        else:
            merged.append(span)
    return tuple(merged)


def overlapping(spans: Spans, span: Span) -> Spans:
    """Return those of `spans` that share an instant with `span`, whole."""
    first = bisect_right(spans, span.start, key=_end_of)
    last = first
    while last < len(spans) and spans[last].start < span.end:
        last += 1
    return spans[first:last]


def intersect(a: Spans, b: Spans) -> Spans:
    """Return the instants that lie in both."""
    if len(a) > len(b):
        a, b = b, a
    return tuple(
        Span(max(span.start, other.start), min(span.end, other.end)) for span in a for other in overlapping(b, span)
    )


def subtract(free: Spans, busy: Spans) -> Spans:
    """Return what is left of `free` once every span of `busy` is taken out."""
    left: list[Span] = []
    for span in free:
        start = span.start
        for taken in overlapping(busy, span):
            if taken.start > start:
                left.append(Span(start, taken.start))
            start = taken.end
        if start < span.end:
            left.append(Span(start, span.end))
    return tuple(left)


def complement(spans: Spans, within: Span) -> Spans:
    """Return what lies inside `within` and in none of `spans`."""
    return subtract((within,), spans)
