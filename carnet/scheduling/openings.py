"""The next chance after a refusal: when something opens, when somebody is free."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from carnet.scheduling.question import Person, Question, Step
from carnet.scheduling.seconds import at_seconds, ceil_seconds, floor_seconds
from carnet.scheduling.spans import Span, Spans, intersect, subtract


def stretch_at(spans: Spans, at: datetime) -> Span | None:
    """Return the one of `spans` that holds the instant `at`."""
    return next((span for span in spans if span.contains(at)), None)


def next_start(spans: Spans, after: datetime) -> datetime | None:
    """Return the first start of one of `spans` that comes after `after`."""
    return next((span.start for span in spans if span.start > after), None)


def first_fit(spans: Iterable[Span], after: datetime, length: timedelta) -> datetime | None:
    """Return the first instant from `after` on at which `length` fits whole into one of the sorted `spans`."""
    for span in spans:
        start = max(span.start, after)
        if start + length <= span.end:
            return start
    return None


def busy_stretches(person: Person) -> list[tuple[int, int]]:
    """Return when the person is held, in epoch seconds, sorted, with holds that touch as one stretch."""
    stretches: list[tuple[int, int]] = []
    for start, end in sorted(person.busy):
        if stretches and start <= stretches[-1][1]:
            stretches[-1] = (stretches[-1][0], max(end, stretches[-1][1]))
        else:
            stretches.append((start, end))
    return stretches


def earliest_start(question: Question, step: Step, person: Person, after: datetime) -> datetime | None:
    """Return the first whole second from `after` on at which this person could take the whole step, buffers included.

    All that concerns her and the service counts: hours, absence, claims, outages, period, notice and horizon. None if
    it is never, as far as the question tells.
    """
    bounds = [after, *([] if question.allow_past else [question.earliest]), *filter(None, [step.offer.starts])]
    at = ceil_seconds(max(bounds))
    limits = [ceil_seconds(limit) for limit in (step.offer.ends, question.horizon) if limit is not None]
    lasts, before, after_it = step.minutes * 60, step.before * 60, step.after * 60
    busy, held = busy_stretches(person), 0
    for place in _places(question, step, person, at_seconds(at)):
        at = max(at, ceil_seconds(place.start))
        # `at` only moves forward, so a stretch once passed needs no second look.
        while held < len(busy) and busy[held][0] < at + lasts + after_it:
            if busy[held][1] > at - before:
                at = busy[held][1] + before
            held += 1
        if any(at >= limit for limit in limits):
            return None
        if at + lasts <= floor_seconds(place.end):
            return at_seconds(at)
    return None


def _places(question: Question, step: Step, person: Person, after: datetime) -> Iterator[Span]:
    """Yield, in order, where the step could lie for this person if nobody had booked anything."""
    for work in person.at_work:
        if work.end > after:
            place = intersect((work,), question.business)
            if step.offer.hours is not None:
                place = intersect(place, step.offer.hours)
            yield from subtract(subtract(place, person.absent), step.offer.outages)
