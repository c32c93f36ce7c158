"""A small salon in Paris, and short ways to say when and who."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from carnet.scheduling.hours import WeeklyHours, instant, open_spans
from carnet.scheduling.question import Offer, Person, Question, Step
from carnet.scheduling.spans import Span, Spans

PARIS = "Europe/Paris"
#: A Tuesday without anything special.
DAY = date(2026, 6, 16)
WEEK: WeeklyHours = dict.fromkeys(range(6), ((540, 780), (840, 1080)))
LEA, HUGO, ROOM = 1, 2, 3


def minutes(clock: str) -> int:
    """Return "9:30" as minutes since midnight; "26:00" is two in the morning after."""
    hours, _, rest = clock.partition(":")
    return int(hours) * 60 + int(rest)


def at(clock: str, day: date = DAY, zone: str = PARIS, fold: int = 0) -> datetime:
    return instant(day, minutes(clock), zone, fold)


def span(start: str, end: str, day: date = DAY, zone: str = PARIS) -> Span:
    return Span(at(start, day, zone), at(end, day, zone))


def seconds(span: Span) -> tuple[int, int]:
    return int(span.start.timestamp()), int(span.end.timestamp())


def week_of(day: date = DAY, zone: str = PARIS, weekly: WeeklyHours = WEEK) -> Spans:
    return open_spans(weekly, day - timedelta(days=7), day + timedelta(days=7), zone)


def person(id: int, *busy: Span, at_work: Spans | None = None, absent: Spans = ()) -> Person:
    return Person(id, week_of() if at_work is None else at_work, absent, tuple(seconds(one) for one in busy))


HAIRCUT = Offer(10, shortest=15, longest=120)
COLOUR = Offer(20, shortest=30, longest=180)


def haircut(**changes: Any) -> Step:
    return replace(Step(HAIRCUT, 30, providers=(LEA, HUGO)), **changes)


def ask(*steps: Step, people: Iterable[Person] | None = None, **changes: Any) -> Question:
    """Return a question asked at eight in the morning, about a haircut by Léa or Hugo unless other steps are given."""
    known = {one.id: one for one in (person(LEA), person(HUGO), person(ROOM))}
    known |= {one.id: one for one in people or ()}
    question = Question(now=at("8:00"), zone=PARIS, business=week_of(), people=known, steps=steps or (haircut(),))
    return replace(question, **changes)
