"""When each of many services can next be had: a whole catalogue is asked about at once."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from carnet.appointments.availability import Ask, step_of
from carnet.appointments.held import held_within
from carnet.appointments.timetable import Timetable, timetable_of
from carnet.catalogue.models import Service
from carnet.organisations.access import Access
from carnet.organisations.models import Member
from carnet.scheduling import hours as wall
from carnet.scheduling.question import Person, Question
from carnet.scheduling.slots import first_starts
from carnet.scheduling.spans import Span

#: How far ahead is looked: mostly something is free within days, and reading two months for that would be dear.
LOOKS = (3, 14, 60)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class First:
    """The first free start of a service for its usual length, and who comes first of those who are free then."""

    at: datetime
    member: Member


def first_free_starts(access: Access, services: Iterable[Service]) -> dict[int, First]:
    """Return by service id when it can next be had, within sixty days; who is missing has no free start till then.

    What is found for each is what a search for that service alone finds first. One statement reads the claims of all
    members for each look ahead, of which there are at most three, whatever the services.
    """
    timetable = timetable_of(access.organisation, access.organisation.timetable)
    # What is equal in all that the rules read has the same answer, and is asked once.
    alike: dict[Hashable, list[Service]] = {}
    for service in services:
        if service.in_use and service.deleted_at is None and timetable.providers.get(service.pk):
            alike.setdefault(_needs(timetable, service), []).append(service)
    found: dict[int, First] = {}
    waiting = list(alike.values())
    since = access.now
    for days in LOOKS:
        if not waiting:
            break
        within = Span(since, access.now + days * _DAY)
        answers = _answers(access, timetable, [group[0] for group in waiting], within)
        for group, first in zip(waiting, answers, strict=True):
            if first is not None:
                found |= {service.pk: first for service in group}
        waiting = [group for group, first in zip(waiting, answers, strict=True) if first is None]
        since = within.end
    return found


def _needs(timetable: Timetable, service: Service) -> Hashable:
    pk = service.pk
    return (
        service.usual,
        service.before,
        service.after,
        service.offered_from,
        service.offered_until,
        timetable.providers.get(pk),
        timetable.needs.get(pk),
        timetable.offered.get(pk),
        timetable.outages.get(pk),
    )


def _answers(access: Access, timetable: Timetable, services: Sequence[Service], within: Span) -> list[First | None]:
    """Return the first start of each of `services` inside `within`."""
    organisation = access.organisation
    longest = timedelta(minutes=max(service.before + service.usual + service.after for service in services))
    reach = Span(within.start - _DAY, within.end + longest + _DAY)
    first, last = wall.local(reach.start, organisation.zone).date, wall.local(reach.end, organisation.zone).date
    steps = tuple(step_of(timetable, organisation, Ask(service), first, last) for service in services)
    involved = tuple(dict.fromkeys(pk for step in steps for pk in (*step.providers, *step.attendees)))
    busy = held_within(involved, Span(within.start - longest, within.end + longest))
    people: Mapping[int, Person] = {
        pk: Person(
            id=pk,
            at_work=timetable.at_work(pk, first, last),
            absent=timetable.absent.get(pk, ()),
            busy=busy.get(pk, ()),
        )
        for pk in involved
    }
    question = Question(
        now=access.now,
        zone=organisation.zone,
        business=timetable.business_open(first, last),
        people=people,
        steps=steps,
        grid=organisation.grid,
    )
    return [
        First(datetime.fromtimestamp(slot.start, UTC), timetable.members[slot.providers[0]]) if slot else None
        for slot in first_starts(question, within)
    ]
