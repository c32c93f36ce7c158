"""Searching and choosing: every start that can be offered, and who does a visit that is booked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache, reduce
from itertools import compress
from math import gcd
from operator import or_

from carnet.scheduling.hours import grid_ranges
from carnet.scheduling.question import Question, Step
from carnet.scheduling.rules import Refusal, refusals_of, refusals_whoever_does_it
from carnet.scheduling.seconds import ceil_seconds
from carnet.scheduling.spans import Span
from carnet.scheduling.ticks import Ticks, runs

#: Seconds in a tick, where all lengths are multiples of it; else it is their largest common measure.
TICK = 300


@dataclass(slots=True)
class Slot:
    """A start that can be offered, in epoch seconds, and who can provide the first step of the visit then."""

    start: int
    providers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Who does each step, or, if the visit cannot take place, nobody and why."""

    people: tuple[int, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    #: What says no and is overridden knowingly: see `carnet.scheduling.outside`.
    overridden: tuple[Refusal, ...] = ()


def choose(question: Question, start: datetime, provider: int | None = None) -> Choice:
    """Choose who does each step of a visit that starts at `start`: the first by `provider`, or by anyone if None.

    Anyone is who has least `load` that day, then who comes first in the service's order. Later steps are done by who
    is already in the visit, if she can; else by anyone. Where nobody can, the refusals of all who were asked are told.
    """
    found = list(refusals_whoever_does_it(question, start))
    people: list[int] = []
    for index, step in enumerate(question.steps):
        asked = [provider] if index == 0 and provider is not None else _in_turn(question, step, people)
        refused: list[Refusal] = []
        for person in asked:
            reasons = tuple(refusals_of(question, start, index, person))
            if not reasons:
                people.append(person)
                break
            refused.extend(reasons)
        else:
            found.extend(refused or [Refusal("provides", index)])
    return Choice(refusals=tuple(found)) if found else Choice(people=tuple(people))


def free_starts(question: Question, within: Span) -> list[Slot]:
    """Return every start inside `within`, on the grid of the local clock, at which the visit can be booked, in order.

    The question must tell what is so until the last of these visits ends. Law: a start on the grid is here, with a
    provider, exactly when `choose` accepts it with that provider.
    """
    if not all(
        step.offer.in_use and step.offer.shortest <= step.minutes <= step.offer.longest for step in question.steps
    ):
        return []
    first, last = _bounds(question)
    size = _tick(question)
    boards: dict[int, _Board] = {}
    slots: list[Slot] = []
    for starts in grid_ranges(within, question.zone, question.grid):
        starts = _clipped(starts, first, last)
        if starts:
            # One phase, hence one board, in every zone of today; old offsets of odd seconds make more.
            phase = starts.start % size
            if phase not in boards:
                boards[phase] = _Board(question, within, size, phase)
            slots.extend(boards[phase].slots(starts))
    return slots


def first_starts(question: Question, within: Span) -> list[Slot | None]:
    """Return for each step of the question, as a visit of its own, the first of its free starts inside `within`.

    Law: what `free_starts` finds first when it is asked for that step alone. People and hours that the steps share are
    looked at once for all of them.
    """
    first, *others = question.steps
    # A board for whatever takes longest, so that it is wide enough for each.
    widest = replace(
        first,
        minutes=max(step.minutes for step in question.steps),
        before=max(step.before for step in question.steps),
        after=max(step.after for step in question.steps),
    )
    shared = replace(question, steps=(widest,))
    size = _tick(question)
    boards: dict[int, _Board] = {}
    found: list[Slot | None] = []
    for step in (first, *others):
        slot = None
        if step.offer.in_use and step.offer.shortest <= step.minutes <= step.offer.longest:
            since, until = _bounds(replace(question, steps=(step,)))
            for starts in grid_ranges(within, question.zone, question.grid):
                starts = _clipped(starts, since, until)
                if starts and slot is None:
                    phase = starts.start % size
                    if phase not in boards:
                        boards[phase] = _Board(shared, within, size, phase)
                    slot = boards[phase].first(step, starts)
        found.append(slot)
    return found


class _Board:
    """Who can do the first step from which tick on, the rest of the visit being possible too.

    Every start it is asked about begins a tick, and every length is a whole number of ticks, so a visit covers ticks
    whole. Free time rounded inward and busy time rounded outward to ticks therefore answer exactly as seconds would.
    """

    def __init__(self, question: Question, within: Span, size: int, phase: int) -> None:
        lead = max(step.before for step in question.steps) * 60
        tail = sum(step.minutes for step in question.steps) * 60 + max(step.after for step in question.steps) * 60
        origin = ceil_seconds(within.start) - lead
        origin -= (origin - phase) % size
        self.question = question
        self.ticks = Ticks(origin, size, -((origin - ceil_seconds(within.end) - tail) // size))
        self._clear: dict[int, int] = {}
        self._there: dict[tuple[int, int, int], int] = {}
        first, *later = question.steps
        able = self._able(first)
        offset = first.minutes
        for step in later:
            anyone = reduce(or_, self._able(step).values(), 0) >> self._count(offset)
            able = {person: bits & anyone for person, bits in able.items()}
            offset += step.minutes
        self.able = {person: bits for person, bits in able.items() if bits}

    def slots(self, starts: range) -> list[Slot]:
        """Return the slots among `starts`, which begin ticks."""
        people, width = tuple(self.able), len(self.able)
        first, stride = (starts.start - self.ticks.origin) // self.ticks.size, starts.step // self.ticks.size
        at_starts = range(first, first + len(starts) * stride, stride)
        # A table in one string, a row for each start and a column for each person: rows repeat, so few are ever read.
        table = bytearray(width * len(starts))
        for column, bits in enumerate(self.able.values()):
            table[column::width] = self.ticks.marks(bits, at_starts)
        rows = bytes(table)
        anyone = self.ticks.marks(reduce(or_, self.able.values(), 0), at_starts)
        known: dict[bytes, tuple[int, ...]] = {}
        slots = []
        for start, at in compress(zip(starts, range(0, len(rows), width or 1), strict=False), anyone):
            row = rows[at : at + width]
            providers = known.get(row)
            if providers is None:
                providers = known[row] = tuple(compress(people, row))
            slots.append(Slot(start, providers))
        return slots

    def first(self, step: Step, starts: range) -> Slot | None:
        """Return the first slot of a visit of this step alone among `starts`, which begin ticks."""
        able = self._able(step)
        first, stride = (starts.start - self.ticks.origin) // self.ticks.size, starts.step // self.ticks.size
        possible = reduce(or_, able.values(), 0) & _every(stride, len(starts)) << first
        if not possible:
            return None
        earliest = (possible & -possible).bit_length() - 1
        providers = tuple(person for person, bits in able.items() if bits >> earliest & 1)
        return Slot(self.ticks.origin + earliest * self.ticks.size, providers)

    def _able(self, step: Step) -> dict[int, int]:
        """Return from which ticks each provider can do this step, all who attend it being free."""
        possible = self.ticks.inside(self.question.business) & self.ticks.outside(step.offer.outages)
        if step.offer.hours is not None:
            possible &= self.ticks.inside(step.offer.hours)
        possible = runs(possible, self._count(step.minutes))
        for attendee in step.attendees:
            possible &= self._free(attendee, step)
        return {
            person: possible & self._free(person, step) for person in step.providers if person not in step.attendees
        }

    def _free(self, who: int, step: Step) -> int:
        """Return from which ticks this person can be held for the step."""
        person = self.question.people[who]
        if who not in self._clear:
            self._clear[who] = self.ticks.clear_of(person.busy)
        before, lasts, after = self._count(step.before), self._count(step.minutes), self._count(step.after)
        # Most people keep the same hours: those are then one and the same object, which need not even be compared.
        hours = id(person.at_work), id(person.absent), lasts
        if hours not in self._there:
            self._there[hours] = runs(self.ticks.inside(person.at_work) & self.ticks.outside(person.absent), lasts)
        return self._there[hours] & runs(self._clear[who], before + lasts + after) << before

    def _count(self, minutes: int) -> int:
        return minutes * 60 // self.ticks.size


@lru_cache(maxsize=256)
def _every(stride: int, count: int) -> int:
    """Return `count` bits, each `stride` after the one before."""
    return ((1 << stride * count) - 1) // ((1 << stride) - 1)


def _in_turn(question: Question, step: Step, already: list[int]) -> list[int]:
    """Return who may do a step in the order to ask them: who is in the visit already, then by load and preference."""
    others = sorted(step.providers, key=lambda person: question.load.get(person, 0))
    return list(dict.fromkeys([*(person for person in already if person in step.providers), *others]))


def _bounds(question: Question) -> tuple[int | None, int | None]:
    """Return the first epoch second at which the visit may start, and the first at which it may no longer."""
    lows = [] if question.allow_past else [ceil_seconds(question.earliest)]
    highs = [] if question.horizon is None else [ceil_seconds(question.horizon)]
    offset = 0
    for step in question.steps:
        if step.offer.starts is not None:
            lows.append(ceil_seconds(step.offer.starts) - offset)
        if step.offer.ends is not None:
            highs.append(ceil_seconds(step.offer.ends) - offset)
        offset += step.minutes * 60
    return max(lows, default=None), min(highs, default=None)


def _clipped(starts: range, first: int | None, last: int | None) -> range:
    """Return those of `starts` from `first`, included, to `last`, excluded."""
    since = 0 if first is None else max(0, -((starts.start - first) // starts.step))
    until = len(starts) if last is None else max(0, -((starts.start - last) // starts.step))
    return starts[since:until]


def _tick(question: Question) -> int:
    lengths = (minutes for step in question.steps for minutes in (step.minutes, step.before, step.after))
    return gcd(TICK, *(60 * minutes for minutes in (question.grid, *lengths)))
