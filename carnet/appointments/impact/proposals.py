"""A better start or member for each visit that a change hits, none in the way of another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice

from carnet.appointments.availability import Ask
from carnet.appointments.held import held_by_visits
from carnet.appointments.impact.asking import Asker
from carnet.appointments.impact.hit import Standing, span_of
from carnet.appointments.impact.rules import Rules
from carnet.appointments.models import MOVABLE
from carnet.organisations.access import Access
from carnet.organisations.models import Member
from carnet.scheduling.holds import holds
from carnet.scheduling.question import Question
from carnet.scheduling.rules import refusals_of, refusals_whoever_does_it
from carnet.scheduling.slots import free_starts
from carnet.scheduling.spans import Span

#: How far ahead a better start is looked for, from the visit on: mostly it is near, and reading far is dear.
LOOK = (timedelta(days=2), timedelta(days=14), timedelta(days=60))
#: How far back, if there is nothing ahead.
BACK = timedelta(days=14)

Taken = defaultdict[int, list[tuple[int, int]]]


@dataclass(frozen=True)
class Proposal:
    """Where a visit could go: its start (UTC), and who provides each of its services."""

    start: datetime
    providers: tuple[Member, ...]


def can_be_moved(access: Access, visit: Standing) -> bool:
    """Return whether it is not too late: a visit that should have begun by now is left alone."""
    return visit.appointment.status in MOVABLE and visit.starts_at > access.now


def proposals(access: Access, hit: Sequence[Standing], then: Rules, *, same_start: bool = False) -> dict[int, Proposal]:
    """Return visit id -> where it could go under the rules as they would be; nothing for one that can go nowhere.

    The same start with somebody else; or the next free start with the same person; or the next with anyone, within
    60 days; or else the last before it, within two weeks. All may be taken together, or any of them: visits that
    stand count as standing until all are moved. With `same_start`, nothing but the same start with somebody else.
    """
    visits = [one for one in hit if can_be_moved(access, one)]
    if not visits:
        return {}
    search = _Search(access, then, visits)
    found = {}
    for visit in visits:
        proposal = search.best(visit, same_start=same_start)
        if proposal is not None:
            found[visit.appointment.pk] = proposal
    return found


class _Search:
    def __init__(self, access: Access, rules: Rules, visits: Sequence[Standing]) -> None:
        self.now = access.now
        ahead = span_of(visits, LOOK[-1])
        reach = Span(max(access.now, ahead.start - BACK), ahead.end)
        self.asker = Asker(access, rules, reach)
        self.rules = rules
        timetable = rules.timetable
        concerned: set[int] = set()
        for ask in (ask for visit in visits for ask in visit.asks):
            concerned |= {*timetable.providers.get(ask.service.pk, ()), *timetable.needs.get(ask.service.pk, ())}
            concerned |= {self.asker.resource_of(member) for member in ask.attendees}
        span = Span(reach.start - timedelta(days=2), reach.end + timedelta(days=2))
        #: What is held already, and what has been proposed.
        self.taken: Taken = defaultdict(list)
        self.own: dict[int, list[tuple[int, tuple[int, int]]]] = {}
        for resource, since, until, visit_id in held_by_visits(sorted(concerned), span):
            self.taken[resource].append((since, until))
            self.own.setdefault(visit_id, []).append((resource, (since, until)))

    def best(self, visit: Standing, *, same_start: bool = False) -> Proposal | None:
        busy = self._without(visit)
        question = self.asker.question(_by_anyone(visit), busy)
        if not all(step.offer.in_use and step.providers for step in question.steps):
            return None
        wanted = tuple(self.asker.resource_of(member) for member in visit.providers)
        same_people = self.asker.question(visit.asks, busy)
        starts = self._starts(visit, question, same_people)
        for asked, start in islice(starts, 1) if same_start else starts:
            people = _cast(asked, start, wanted)
            if people is not None:
                return self._proposed(asked, start, people)
        return None

    def _starts(self, visit: Standing, anyone: Question, same: Question) -> Iterator[tuple[Question, datetime]]:
        """Yield what to try, best first."""
        yield anyone, visit.starts_at
        for question in (same, anyone):
            if not all(step.providers for step in question.steps):
                continue
            since = visit.starts_at
            for reach in LOOK:
                until = visit.starts_at + reach
                slots = free_starts(question, Span(since, until))
                yield from ((question, datetime.fromtimestamp(slot.start, tz=UTC)) for slot in slots[:1])
                since = until
        since = max(self.now, visit.starts_at - BACK)
        for question in (same, anyone):
            if all(step.providers for step in question.steps):
                slots = free_starts(question, Span(since, visit.starts_at))
                yield from ((question, datetime.fromtimestamp(slot.start, tz=UTC)) for slot in slots[-1:])

    def _without(self, visit: Standing) -> Taken:
        """Return what is taken but for what the visit holds itself: it may go where it overlaps itself."""
        own = self.own.get(visit.appointment.pk)
        if not own:
            return self.taken
        busy = self.taken.copy()
        for resource in {resource for resource, _pair in own}:
            busy[resource] = list(busy[resource])
        for resource, pair in own:
            busy[resource].remove(pair)
        return busy

    def _proposed(self, question: Question, start: datetime, people: tuple[int, ...]) -> Proposal:
        for hold in holds(question, start, people):
            self.taken[hold.person].append((int(hold.span.start.timestamp()), int(hold.span.end.timestamp())))
        return Proposal(start, tuple(self.rules.timetable.members[pk] for pk in people))


def _by_anyone(visit: Standing) -> tuple[Ask, ...]:
    return tuple(replace(ask, member=None) for ask in visit.asks)


def _cast(question: Question, start: datetime, wanted: Sequence[int]) -> tuple[int, ...] | None:
    """Return who could do each step: who was to, else who is in the visit already, else anyone; None if nobody can."""
    if any(refusals_whoever_does_it(question, start)):
        return None
    people: list[int] = []
    for index, step in enumerate(question.steps):
        turn = [person for person in (wanted[index], *people) if person in step.providers]
        for person in dict.fromkeys([*turn, *step.providers]):
            if not any(refusals_of(question, start, index, person)):
                people.append(person)
                break
        else:
            return None
    return tuple(people)
