"""Which visits a change hits: those that the rules allow as they are, and would refuse as they would be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch, Q

from carnet.appointments.availability import Ask
from carnet.appointments.impact.asking import Asker
from carnet.appointments.impact.rules import Rules
from carnet.appointments.models import OPEN, Appointment, Segment, SegmentMember
from carnet.appointments.promised import asks_by, provider_of
from carnet.base.periods import LONGEST
from carnet.organisations.access import Access
from carnet.organisations.models import Member
from carnet.scheduling.rules import Refusal, refusals
from carnet.scheduling.spans import Span


@dataclass(frozen=True)
class Standing:
    """A visit as it was promised: when, with whom, for how long; `length` may no longer be one of its service's."""

    appointment: Appointment
    asks: tuple[Ask, ...]
    providers: tuple[Member | None, ...]

    @property
    def starts_at(self) -> datetime:
        return self.appointment.starts_at

    @property
    def ends_at(self) -> datetime:
        return self.appointment.ends_at


@dataclass(frozen=True)
class Hit:
    """A visit that the change would no longer allow, and the first reason why."""

    visit: Standing
    refusal: Refusal


def standing_visits(access: Access, which: Q) -> list[Standing]:
    """Return the open visits that have not ended, in the order of their starts, whoever may see them.

    A fixed number of statements, however many they are.
    """
    segments = Segment.objects.order_by("position").select_related("service")
    people = SegmentMember.objects.select_related("member")
    # Chosen apart, for the condition may join, and a visit is one however many of its services match.
    chosen = Appointment.objects.filter(which, starts_at__gt=access.now - LONGEST, ends_at__gt=access.now)
    found = (
        Appointment.objects.filter(pk__in=chosen.filter(status__in=OPEN).order_by().values("pk"))
        .select_related("customer")
        .prefetch_related(Prefetch("segments", segments), Prefetch("segments__segment_members", people))
        .order_by("starts_at", "pk")
    )
    return [standing_as(appointment) for appointment in found]


def standing_as(appointment: Appointment) -> Standing:
    """Return the visit with what it asks for; reads prefetched segments and members."""
    segments = list(appointment.segments.all())
    providers = [provider_of(segment) for segment in segments]
    return Standing(appointment, asks_by(segments, providers), tuple(providers))


def hits(access: Access, visits: Sequence[Standing], now: Rules, then: Rules) -> list[Hit]:
    """Return which of the visits are refused `then` and not `now`, each with the first reason.

    Who holds time is left out: a visit that stands is in nobody's way. What was refused before is not news.
    """
    if not visits:
        return []
    span = span_of(visits)
    as_is, as_would_be = Asker(access, now, span), Asker(access, then, span)
    found = []
    for visit in visits:
        before = {_name(refusal) for refusal in _refusals(as_is, visit)}
        new = next((refusal for refusal in _refusals(as_would_be, visit) if _name(refusal) not in before), None)
        if new is not None:
            found.append(Hit(visit, new))
    return found


def span_of(visits: Iterable[Standing], more: timedelta = timedelta(0)) -> Span:
    visits = list(visits)
    return Span(min(visit.starts_at for visit in visits), max(visit.ends_at for visit in visits) + more)


def of_other_length(visits: Sequence[Standing], now: Rules, then: Rules) -> list[Standing]:
    """Return the visits whose length was, and would no longer be, one of their service's: they keep it."""
    return [visit for visit in visits if any(_fits(ask, now) and not _fits(ask, then) for ask in visit.asks)]


def _fits(ask: Ask, rules: Rules) -> bool:
    service = rules.service(ask.service)
    return service.shortest <= ask.own_minutes <= service.longest


def _refusals(asker: Asker, visit: Standing) -> tuple[Refusal, ...]:
    people = tuple(asker.resource_of(member) for member in visit.providers)
    return refusals(asker.question(visit.asks, standing=True), visit.starts_at, people)


def _name(refusal: Refusal) -> tuple[str, int, int | None]:
    return refusal.rule, refusal.step, refusal.person
