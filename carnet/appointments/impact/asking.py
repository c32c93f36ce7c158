"""Putting the engine's questions about many visits under one set of rules: what they share is read once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from carnet.appointments.availability import Ask, step_of
from carnet.appointments.impact.rules import Rules
from carnet.organisations.access import Access
from carnet.organisations.models import Member
from carnet.scheduling import hours as wall
from carnet.scheduling.question import Person, Question
from carnet.scheduling.spans import Span

#: Resource id -> from and until when it is held, in epoch seconds.
Busy = Mapping[int, Sequence[tuple[int, int]]]


class Asker:
    """Asks about visits inside `span`; time held is what each question says of it, none if it says nothing."""

    def __init__(self, access: Access, rules: Rules, span: Span) -> None:
        self.access, self.rules = access, rules
        zone = access.organisation.zone
        day = timedelta(days=1)
        self.first, self.last = wall.local(span.start - day, zone).date, wall.local(span.end + day, zone).date
        self._business = rules.timetable.business_open(self.first, self.last)
        self._people: dict[int, Person] = {}

    def resource_of(self, member: Member | None) -> int:
        """Return the resource that is the member's time; nobody's id (0), who may do nothing, without one."""
        return self.rules.timetable.resource_of.get(member.pk, 0) if member else 0

    def question(self, asks: Sequence[Ask], busy: Busy | None = None, *, standing: bool = False) -> Question:
        """Return what to ask the engine about a visit; one that is `standing` may have begun already."""
        organisation = self.access.organisation
        timetable = self.rules.timetable
        steps = tuple(step_of(timetable, organisation, ask, self.first, self.last) for ask in self.rules.asks(asks))
        involved = {pk for step in steps for pk in (*step.providers, *step.attendees)}
        involved |= {self.resource_of(ask.member) for ask in asks if ask.member} - {0}
        return Question(
            now=self.access.now,
            zone=organisation.zone,
            business=self._business,
            people={pk: self._person(pk, busy or {}) for pk in involved},
            steps=steps,
            grid=organisation.grid,
            allow_past=standing,
        )

    def _person(self, pk: int, busy: Busy) -> Person:
        person = self._people.get(pk)
        if person is None:
            timetable = self.rules.timetable
            at_work = timetable.at_work(pk, self.first, self.last)
            person = self._people[pk] = Person(pk, at_work, timetable.absent.get(pk, ()))
        held = busy.get(pk, ())
        return Person(pk, person.at_work, person.absent, held) if held else person
