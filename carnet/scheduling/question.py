"""All that the engine is told before it answers: it reads nothing else, not even a clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from carnet.scheduling.spans import Span, Spans

#: Nothing is held longer, buffers included.
LONGEST_HOLD = 2 * 1440


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever or whatever can be held: a member's time, a room, a machine.

    `busy` are the claims on it, buffers included, as (start, end) in epoch seconds, in any order, fractions of a
    second rounded outward. Pairs of numbers, for there are thousands of them.
    """

    id: int
    at_work: Spans
    absent: Spans = ()
    busy: Sequence[tuple[int, int]] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """What is to be known of one service; lengths in minutes.

    `hours` is None when it is offered whenever the business is open. It is offered for starts from `starts`, included,
    to `ends`, excluded; None is no limit.
    """

    id: int
    in_use: bool = True
    hours: Spans | None = None
    starts: datetime | None = None
    ends: datetime | None = None
    outages: Spans = ()
    shortest: int = 5
    longest: int = 1440


@dataclass(frozen=True, slots=True)
class Step:
    """One service asked for: how long, with what time kept free before and after it, all in minutes, and by whom.

    One of `providers`, named in order of preference, does it; all `attendees`, people or rooms, must be free too.
    ValueError when it would hold them for no time at all, or for more than 48 hours.
    """

    offer: Offer
    minutes: int
    before: int = 0
    after: int = 0
    providers: tuple[int, ...] = ()
    attendees: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.minutes < 1 or self.before < 0 or self.after < 0:
            raise ValueError("a step lasts at least a minute, and its buffers are not negative")
        if self.before + self.minutes + self.after > LONGEST_HOLD:
            raise ValueError("a step holds nobody for more than 48 hours")

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Question:
    """A visit asked for, and everything that bears on the answer.

    The steps follow each other without a pause. `grid` is in minutes, `load` the minutes each person is already booked
    that day, by which "anyone" is chosen; starts lie before `horizon`. `allow_past` is for recording what has happened.
    """

    now: datetime
    zone: str
    business: Spans
    people: Mapping[int, Person]
    steps: tuple[Step, ...]
    grid: int = 15
    notice: timedelta = timedelta(0)
    horizon: datetime | None = None
    load: Mapping[int, int] = field(default_factory=dict)
    allow_past: bool = False

    def __post_init__(self) -> None:
        if not self.steps:
            raise ValueError("a visit has at least one step")
        if self.notice < timedelta(0):
            raise ValueError("notice is not negative")
        unknown = {who for step in self.steps for who in (*step.providers, *step.attendees)} - self.people.keys()
        if unknown:
            raise ValueError(f"nothing is known of {sorted(unknown)}")

    @property
    def earliest(self) -> datetime:
        """Return the first instant at which a visit may start; meaningless when the past is allowed."""
        return self.now + self.notice

    def spans_from(self, start: datetime) -> tuple[Span, ...]:
        """Return when each step takes place if the first starts at `start`, in order, touching each other."""
        spans = []
        for step in self.steps:
            spans.append(Span(start, start + step.length))
            start += step.length
        return tuple(spans)
